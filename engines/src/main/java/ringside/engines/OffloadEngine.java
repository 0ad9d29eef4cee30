package ringside.engines;

import java.util.List;
import ringside.linux.Kernel;

/// pread(2) on a bounded pool of threads: what `aio` does beneath `AsynchronousFileChannel`, without the JDK's
/// machinery and with completions that come back in batches.
final class OffloadEngine implements ReadingEngine {

    private static final EngineSpec SPEC = new EngineSpec(
            "offload",
            List.of(),
            "pread(2) on a pool of threads: page cache → buffer → event loop → socket",
            "files are hot: two thread switches cost more than the read itself",
            ReadingEngine.options(
                    PoolReader.POOL_THREADS,
                    PoolReader.QUEUE_DEPTH,
                    FileReadOptions.FADVISE,
                    FileReadOptions.DONTCACHE));

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
        return PoolReader.open(
                loop,
                FileReadOptions.of(loop.kernel(), options),
                SPEC.name(),
                Math.toIntExact(options.get(PoolReader.POOL_THREADS)),
                Math.toIntExact(options.get(PoolReader.QUEUE_DEPTH)));
    }
}
