package ringside.engines;

import java.util.List;
import org.jspecify.annotations.Nullable;
import ringside.linux.Kernel;
import ringside.linux.MemoryAdvice;
import ringside.linux.PageResidency;

/// A mapped file, and page faults on the event loop. See [MmapReader] for what a file that shrinks does.
final class MmapEngine implements ReadingEngine {

    static final EngineOption WINDOW_BYTES = new EngineOption(
            "window-bytes",
            1L << 30,
            PageResidency.PAGE_BYTES,
            1L << 40,
            "Larger files are mapped by windows of this size, rounded up to whole pages.");

    static final EngineOption WINDOWS = new EngineOption(
            "windows",
            1024,
            1,
            65_536,
            "Windows that an event loop keeps mapped; the least recently used is unmapped. Each counts against sysctl"
                    + " vm.max_map_count.");

    static final EngineOption ADVICE = EngineOption.choice(
            "advice",
            List.of("normal", "sequential", "random", "willneed"),
            "madvise(2) for each window: sequential reads ahead aggressively, random reads no page but the one that"
                    + " is missing, willneed starts to read the whole window.");

    static final EngineOption POPULATE = EngineOption.onOff(
            "populate",
            "MAP_POPULATE: when a window is mapped the event loop waits until all of it is in memory, and has no"
                    + " page faults later.");

    private static final EngineSpec SPEC = new EngineSpec(
            "mmap",
            List.of(),
            "mapped file, page faults on the event loop: page cache → buffer → socket",
            "files may be cold (a fault stalls every connection of the loop), come and go, or are each asked for"
                    + " once: a mapping costs more than a read",
            ReadingEngine.options(WINDOW_BYTES, WINDOWS, ADVICE, POPULATE));

    @Override
    public EngineSpec spec() {
        return SPEC;
    }

    @Override
    public Availability probeOn(Kernel kernel, Transport transport) {
        return Availability.available();
    }

    @Override
    public FileReader openReader(LoopContext loop, EngineOptions options) {
        long page = PageResidency.PAGE_BYTES;
        return new MmapReader(
                loop,
                (options.get(WINDOW_BYTES) + page - 1) / page * page,
                Math.toIntExact(options.get(WINDOWS)),
                advice(options),
                options.get(POPULATE) == 1);
    }

    private static @Nullable MemoryAdvice advice(EngineOptions options) {
        return switch (ADVICE.text(options.get(ADVICE))) {
            case "sequential" -> MemoryAdvice.SEQUENTIAL;
            case "random" -> MemoryAdvice.RANDOM;
            case "willneed" -> MemoryAdvice.WILLNEED;
            default -> null; // what the kernel does unasked
        };
    }
}
