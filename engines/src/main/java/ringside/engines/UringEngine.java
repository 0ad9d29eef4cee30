package ringside.engines;

import java.util.List;
import ringside.linux.Kernel;

/// `IORING_OP_READ` (Linux 5.6) or `READ_FIXED`: on the event loop's own ring where there is one, else, or with a
/// poll thread, on a ring of our own.
///
/// Registered buffers are off by default: they spare the kernel little while the page cache has the bytes, and
/// they pin memory for good.
final class UringEngine implements ReadingEngine {

    static final EngineOption QUEUE_DEPTH = new EngineOption(
            "queue-depth", 128, 1, 4096, "Reads that an event loop has under way at once; further ones wait.");

    static final EngineOption REGISTERED = EngineOption.onOff(
            "registered",
            "READ_FIXED into registered buffers, READ when those are out. Each loop locks up to 67108864"
                    + " bytes of memory, which an unprivileged process must be allowed (RLIMIT_MEMLOCK, ulimit -l).");

    /// For the head of a response, in front of the first chunk.
    private static final int HEAD_BYTES = 4096;

    private static final EngineSpec SPEC = new EngineSpec(
            "uring",
            List.of(),
            "IORING_OP_READ: page cache → buffer → socket, system calls shared by all connections of the loop",
            "the files are hot and the connections few: then pread(2) costs less than a submission",
            ReadingEngine.options(
                    QUEUE_DEPTH,
                    REGISTERED,
                    OwnRing.SQPOLL,
                    OwnRing.SQPOLL_IDLE_MILLIS,
                    OwnRing.SQPOLL_CPU,
                    FileReadOptions.FADVISE,
                    FileReadOptions.DONTCACHE));

    @Override
    public EngineSpec spec() {
        return SPEC;
    }

    @Override
    public void check(EngineOptions options) {
        OwnRing.check(SPEC, options);
    }

    @Override
    public Availability probeOn(Kernel kernel, Transport transport) {
        return RingReaders.probe(kernel, transport);
    }

    @Override
    public FileReader openReader(LoopContext loop, EngineOptions options) {
        OwnRing ring = OwnRing.of(Math.toIntExact(options.get(QUEUE_DEPTH)), options);
        int registeredBytes = options.get(REGISTERED) == 1 ? Math.toIntExact(options.get(CHUNK_BYTES)) + HEAD_BYTES : 0;
        FileReadOptions reads = FileReadOptions.of(loop.kernel(), options);
        return RingReaders.open(loop, new BufferedAccess(reads), ring, registeredBytes);
    }
}
