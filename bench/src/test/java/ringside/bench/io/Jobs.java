package ringside.bench.io;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;

/// Jobs for tests: short, over a small file.
final class Jobs {

    static final long SEED = 5;
    static final int FILE_BYTES = 1 << 20;

    private Jobs() {}

    static ReadShape shape(int depth, boolean verify) {
        return new ReadShape(
                Transport.preferred(),
                "ffm",
                4096,
                ReadPattern.RANDOM,
                depth,
                new ReadJob.Times(Duration.ofMillis(50), Duration.ofMillis(300), Duration.ZERO),
                OptionalDouble.empty(),
                Optional.empty(),
                verify,
                SEED);
    }

    static ReadShape atRate(double perSecond) {
        ReadShape shape = shape(8, true);
        return new ReadShape(
                shape.transport(),
                shape.kernel(),
                shape.blockBytes(),
                shape.pattern(),
                shape.depth(),
                shape.times(),
                OptionalDouble.of(perSecond),
                shape.cache(),
                shape.verify(),
                shape.seed());
    }

    static ReadShape cold(ReadPattern pattern) {
        ReadShape shape = shape(4, true);
        return new ReadShape(
                shape.transport(),
                shape.kernel(),
                shape.blockBytes(),
                pattern,
                shape.depth(),
                new ReadJob.Times(Duration.ZERO, Duration.ofSeconds(20), Duration.ZERO),
                shape.ratePerSecond(),
                Optional.of(CacheState.COLD),
                shape.verify(),
                shape.seed());
    }

    /// Of a file that [GeneratedFile] made from [#SEED].
    static ReadJob job(String engine, ReadShape shape, Path file) {
        return shape.job(ChosenEngine.parse(engine), file, FILE_BYTES, OptionalLong.of(SEED), Optional.empty());
    }
}
