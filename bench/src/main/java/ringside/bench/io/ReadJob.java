package ringside.bench.io;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import ringside.engines.ByteSize;
import ringside.engines.ChosenEngine;
import ringside.engines.EngineOption;
import ringside.engines.ReadingEngine;
import ringside.engines.Transport;

/// What one process reads, and how.
///
/// @param engine reads; a [ReadingEngine]
/// @param transport drives the event loop that the engine is opened on
/// @param kernel way of the engine's system calls, as `Kernels.byName` takes it
/// @param file a regular file
/// @param area what is read of it
/// @param depth reads under way at once
/// @param times when it measures
/// @param ratePerSecond open loop: so many reads start per second; empty: each read starts when another has
///     ended
/// @param cache what the page cache holds; [CacheState#PAST] if and only if the engine reads with `O_DIRECT`
/// @param verify whether the bytes are checked
/// @param contentSeed what a generated file was generated from; empty: a foreign file
/// @param seed decides the order of blocks
/// @param histogramLog where the `.hlog` goes, if anywhere
public record ReadJob(
        ChosenEngine engine,
        Transport transport,
        String kernel,
        Path file,
        Area area,
        int depth,
        Times times,
        OptionalDouble ratePerSecond,
        CacheState cache,
        boolean verify,
        OptionalLong contentSeed,
        long seed,
        Optional<Path> histogramLog) {

    static final int DEPTH_MAX = 4096;

    private static final double RATE_MAX = 1e9;
    static final int BLOCK_BYTES_MIN = 512;
    static final int BLOCK_BYTES_MAX = 64 << 20;

    /// What all reads in flight may take together.
    private static final long BUFFERS_BYTES_MAX = 1L << 30;

    /// The part of the file that is read: its first `sizeBytes`, in whole blocks.
    ///
    /// @param blockBytes of each read: 512 to 64 MiB
    public record Area(long sizeBytes, int blockBytes, ReadPattern pattern) {
        public Area {
            if (blockBytes < BLOCK_BYTES_MIN || blockBytes > BLOCK_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "a block of " + blockBytes + " bytes: choose --block 512 to " + ByteSize.text(BLOCK_BYTES_MAX));
            }
            sizeBytes -= sizeBytes % blockBytes;
            if (sizeBytes < blockBytes) {
                throw new IllegalArgumentException("the --size is less than one block of " + ByteSize.text(blockBytes)
                        + ": choose a larger --size or a smaller --block");
            }
        }

        public long blockCount() {
            return sizeBytes / blockBytes;
        }
    }

    /// When a run measures: not in `ramp`, in which the JVM compiles and queues fill, but in the `window`
    /// after it.
    ///
    /// @param tail how long the reads go on after the window, uncounted, while its cost is read
    public record Times(Duration ramp, Duration window, Duration tail) {

        private static final Duration WINDOW_MIN = Duration.ofMillis(100);

        public Times {
            if (ramp.isNegative() || tail.isNegative()) {
                throw new IllegalArgumentException("a ramp of " + ramp + " and a tail of " + tail);
            }
            if (window.compareTo(WINDOW_MIN) < 0) {
                throw new IllegalArgumentException("a window of " + window.toMillis()
                        + " ms is too short for a measurement: choose --seconds 0.1 or more");
            }
        }
    }

    /// @throws IllegalArgumentException with a message for a person
    public ReadJob {
        if (!(engine.engine() instanceof ReadingEngine)) {
            throw new IllegalArgumentException("engine " + engine.name() + " sends: the kernel moves its bytes to a"
                    + " socket, and here is none. Measure it with 'ringside bench --engines " + engine.name() + "'");
        }
        if (depth < 1 || depth > DEPTH_MAX) {
            throw new IllegalArgumentException("a depth of " + depth + ": choose --depth 1 to " + DEPTH_MAX);
        }
        requireRoom(engine, depth);
        if ((long) depth * area.blockBytes() > BUFFERS_BYTES_MAX) {
            throw new IllegalArgumentException(depth + " blocks of " + ByteSize.text(area.blockBytes())
                    + " take more than " + ByteSize.text(BUFFERS_BYTES_MAX)
                    + " of memory: choose a smaller --depth or --block");
        }
        boolean direct = DirectReading.isOf(engine.engine());
        if (direct != (cache == CacheState.PAST)) {
            throw new IllegalArgumentException(
                    direct
                            ? "engine " + engine.name() + " reads past the page cache, whether it is " + cache.id()
                                    + " or not: leave --cache out"
                            : "engine " + engine.name() + " reads through the page cache: choose --cache hot or cold");
        }
        if (verify) {
            BlockChecksums.requireFew(area.sizeBytes(), area.blockBytes());
        }
        ratePerSecond.ifPresent(ReadJob::requireRate);
    }

    private static void requireRate(double ratePerSecond) {
        if (!(ratePerSecond > 0) || ratePerSecond > RATE_MAX) {
            throw new IllegalArgumentException("a rate of " + ratePerSecond
                    + " reads per second: choose --rate above 0, and at most " + (long) RATE_MAX);
        }
    }

    /// Reads beyond the engine's own queue would wait in the engine and not in the kernel.
    private static void requireRoom(ChosenEngine engine, int depth) {
        for (Map.Entry<EngineOption, Long> option : engine.options().values().entrySet()) {
            if (option.getKey().name().equals("queue-depth") && option.getValue() < depth) {
                throw new IllegalArgumentException("engine " + engine.name() + " has a queue of " + option.getValue()
                        + " reads, and --depth is " + depth + ": write --engine " + engine.name() + ":queue-depth="
                        + depth);
            }
        }
    }

    /// The engine with those options that aren't as they are by default: `uring:registered=on`.
    public String engineText() {
        List<String> changed = new ArrayList<>();
        engine.options().values().forEach((option, value) -> {
            if (value != option.defaultValue()) {
                changed.add(option.name() + "=" + option.text(value));
            }
        });
        return changed.isEmpty() ? engine.name() : engine.name() + ":" + String.join(",", changed);
    }

    public boolean direct() {
        return cache == CacheState.PAST;
    }

    /// Whether each block is read once at most.
    boolean once() {
        return cache == CacheState.COLD;
    }

    /// As arguments of `ringside`, for the process that runs it.
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("io", "--events"));
        arguments.addAll(List.of("--engine", engineText()));
        arguments.addAll(List.of("--transport", transport.id()));
        arguments.addAll(List.of("--kernel", kernel));
        arguments.addAll(List.of("--file", file.toString()));
        arguments.addAll(List.of("--size", Long.toString(area.sizeBytes())));
        arguments.addAll(List.of("--block", Integer.toString(area.blockBytes())));
        arguments.addAll(List.of("--pattern", area.pattern().id()));
        arguments.addAll(List.of("--depth", Integer.toString(depth)));
        arguments.addAll(List.of("--ramp", times.ramp().toMillis() + "ms"));
        arguments.addAll(List.of("--seconds", times.window().toMillis() + "ms"));
        arguments.addAll(List.of("--tail", times.tail().toMillis() + "ms"));
        arguments.addAll(List.of("--seed", Long.toString(seed)));
        if (cache != CacheState.PAST) {
            arguments.addAll(List.of("--cache", cache.id()));
        }
        ratePerSecond.ifPresent(rate -> arguments.addAll(List.of("--rate", Double.toString(rate))));
        if (verify) {
            arguments.add("--verify");
        }
        contentSeed.ifPresent(content -> arguments.addAll(List.of("--content-seed", Long.toString(content))));
        histogramLog.ifPresent(log -> arguments.addAll(List.of("--hlog", log.toString())));
        return arguments;
    }
}
