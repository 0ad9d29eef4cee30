package ringside.engines;

import java.util.List;
import ringside.linux.Kernel;

/// pread(2) on virtual threads. See [VirtualReader] for what that means for a call that can wait for a device.
final class VirtualEngine implements ReadingEngine {

    static final EngineOption QUEUE_DEPTH = new EngineOption(
            "queue-depth",
            128,
            1,
            4096,
            "Virtual threads that an event loop has reading at once; further reads wait on the loop. No more of them"
                    + " are in the kernel than the JVM has carriers: -Djdk.virtualThreadScheduler.parallelism.");

    private static final EngineSpec SPEC = new EngineSpec(
            "virtual",
            List.of(),
            "pread(2) on virtual threads: page cache → buffer → event loop → socket",
            "reads wait for a device: no more of them than processors are under way, whatever the number of threads",
            ReadingEngine.options(QUEUE_DEPTH, FileReadOptions.FADVISE, FileReadOptions.DONTCACHE));

    @Override
    public EngineSpec spec() {
        return SPEC;
    }

    @Override
    public Availability probeOn(Kernel kernel, Transport transport) {
        return Availability.available("up to " + carriers() + " carriers");
    }

    @Override
    public FileReader openReader(LoopContext loop, EngineOptions options) {
        return new VirtualReader(
                loop,
                FileReadOptions.of(loop.kernel(), options),
                SPEC.name(),
                Math.toIntExact(options.get(QUEUE_DEPTH)));
    }

    /// What `java.lang.VirtualThread` of JDK 25 takes for its scheduler's parallelism.
    private static int carriers() {
        return Integer.getInteger(
                "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());
    }
}
