package ringside.engines;

import java.nio.file.Path;
import java.util.List;
import ringside.linux.IoPollSupport;
import ringside.linux.Kernel;

/// `O_DIRECT` by io_uring: `IORING_OP_READ_FIXED` into registered, aligned buffers, `READ` when those are out; on the
/// event loop's own ring where there is one, else, or with polling, on a ring of our own.
///
/// Registered buffers are on by default: here they spare the kernel the pinning and unpinning of a read's pages, which
/// a direct read can't do without.
final class UringDirectEngine implements ReadingEngine {

    static final EngineOption QUEUE_DEPTH = new EngineOption(
            "queue-depth", 64, 1, 4096, "Reads that an event loop has under way at once; further ones wait.");

    static final EngineOption REGISTERED = new EngineOption(
            "registered",
            1,
            0,
            1,
            List.of("off", "on"),
            "READ_FIXED into registered buffers, READ when those are out. Each loop locks up to 67108864"
                    + " bytes of memory, which an unprivileged process must be allowed (RLIMIT_MEMLOCK, ulimit -l).");

    private static final EngineSpec SPEC = new EngineSpec(
            "uring-direct",
            List.of(),
            "O_DIRECT, IORING_OP_READ_FIXED: device → registered buffer → socket, past the page cache",
            "files are asked for more than once and would fit in memory: nothing is ever cached",
            ReadingEngine.options(
                    QUEUE_DEPTH,
                    REGISTERED,
                    OwnRing.SQPOLL,
                    OwnRing.SQPOLL_IDLE_MILLIS,
                    OwnRing.SQPOLL_CPU,
                    OwnRing.IOPOLL));

    private final Path blockDevices;

    UringDirectEngine() {
        this(IoPollSupport.BLOCK_DEVICES);
    }

    /// @param blockDevices as `/sys/block`
    UringDirectEngine(Path blockDevices) {
        this.blockDevices = blockDevices;
    }

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

    /// @throws UnsupportedOperationException with a message for a person, when reads are to be polled for and no device
    ///     can be
    @Override
    public FileReader openReader(LoopContext loop, EngineOptions options) {
        OwnRing ring = OwnRing.of(Math.toIntExact(options.get(QUEUE_DEPTH)), options);
        // Whether it is the device that has the files shows when the first of them is opened.
        if (ring.ioPoll() && !IoPollSupport.mayWork(blockDevices)) {
            throw new UnsupportedOperationException("iopoll=on can't work here: no block device of this machine has"
                    + " queues to poll (queue/io_poll under " + blockDevices
                    + " is 0 for all). Use a device with poll queues (boot with nvme.poll_queues=N or"
                    + " virtio_blk.poll_queues=N), or run with iopoll=off");
        }
        DirectAccess access = new DirectAccess(loop.kernel(), ring.ioPoll());
        int registeredBytes =
                options.get(REGISTERED) == 1 ? access.bufferBytes(0, Math.toIntExact(options.get(CHUNK_BYTES))) : 0;
        return RingReaders.open(loop, access, ring, registeredBytes);
    }
}
