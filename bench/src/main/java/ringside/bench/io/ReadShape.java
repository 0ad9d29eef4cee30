package ringside.bench.io;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;

/// How to read, whichever engine does it and whatever the file: what the jobs of an experiment share.
/// Components are those of [ReadJob], which checks them.
///
/// @param cache empty: hot, for engines that read through the page cache
public record ReadShape(
        Transport transport,
        String kernel,
        int blockBytes,
        ReadPattern pattern,
        int depth,
        ReadJob.Times times,
        OptionalDouble ratePerSecond,
        Optional<CacheState> cache,
        boolean verify,
        long seed) {

    /// @param contentSeed what the file was generated from; empty: a foreign file
    /// @throws IllegalArgumentException with a message for a person
    public ReadJob job(
            ChosenEngine engine, Path file, long sizeBytes, OptionalLong contentSeed, Optional<Path> histogramLog) {
        CacheState otherwise = DirectReading.isOf(engine.engine()) ? CacheState.PAST : CacheState.HOT;
        return new ReadJob(
                engine,
                transport,
                kernel,
                file,
                new ReadJob.Area(sizeBytes, blockBytes, pattern),
                depth,
                times,
                ratePerSecond,
                cache.orElse(otherwise),
                verify,
                contentSeed,
                seed,
                histogramLog);
    }
}
