package ringside.engines;

import java.util.List;
import ringside.linux.EventFd;
import ringside.linux.IoUring;
import ringside.linux.IoUringAbi;
import ringside.linux.IoUringSetup;
import ringside.linux.IoUringSupport;
import ringside.linux.Kernel;
import ringside.linux.KernelException;

/// `IORING_OP_READ` (Linux 5.6) or `READ_FIXED`: on the event loop's own ring where there is one, else on a ring
/// of our own.
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

    /// What an event loop registers at most. It counts against RLIMIT_MEMLOCK of an unprivileged process.
    private static final int REGISTERED_BYTES_MAX = 64 << 20;
    /// For the head of a response, in front of the first chunk.
    private static final int HEAD_BYTES = 4096;

    private static final EngineSpec SPEC = new EngineSpec(
            "uring",
            List.of(),
            "IORING_OP_READ: page cache → buffer → socket, system calls shared by all connections of the loop",
            "the files are hot and the connections few: then pread(2) costs less than a submission",
            ReadingEngine.options(QUEUE_DEPTH, REGISTERED));

    @Override
    public EngineSpec spec() {
        return SPEC;
    }

    @Override
    public Availability probeOn(Kernel kernel, Transport transport) {
        return switch (IoUring.probe(kernel)) {
            case IoUringSupport.Unavailable refused -> Availability.unavailable(refused.reason(), refused.remedy());
            case IoUringSupport.Available found
            when !found.supports(IoUringAbi.IORING_OP_READ) ->
                Availability.unavailable("the kernel's io_uring has no IORING_OP_READ", "Use Linux 5.6 or later.");
            case IoUringSupport.Available found -> {
                if (transport != Transport.IO_URING && !wakes(kernel)) {
                    yield Availability.unavailable(
                            "the kernel's io_uring can't signal an eventfd (IORING_REGISTER_EVENTFD)",
                            "Use Linux 5.6 or later; in a container, allow io_uring_register and eventfd2 in its"
                                    + " seccomp profile.");
                }
                String ring = transport == Transport.IO_URING
                        ? "ring of the event loop"
                        : "ring of its own, woken by eventfd";
                yield found.supports(IoUringAbi.IORING_OP_READ_FIXED)
                        ? Availability.available(ring, "READ_FIXED")
                        : Availability.available(ring);
            }
        };
    }

    private static boolean wakes(Kernel kernel) {
        try (IoUring ring = new IoUring(kernel, IoUringSetup.plain(1));
                EventFd eventFd = new EventFd(kernel, EventFd.Mode.NON_BLOCKING)) {
            ring.registerEventFd(eventFd, false);
            ring.unregisterEventFd();
            return true;
        } catch (KernelException e) {
            return false;
        }
    }

    @Override
    public FileReader openReader(LoopContext loop, EngineOptions options) {
        int depth = Math.toIntExact(options.get(QUEUE_DEPTH));
        RegisteredBuffers buffers = options.get(REGISTERED) == 1
                ? registered(loop, depth, Math.toIntExact(options.get(CHUNK_BYTES)) + HEAD_BYTES)
                : null;
        return switch (loop.transport()) {
            case IO_URING -> new LoopRingReader(loop, depth, buffers);
            case EPOLL, NIO -> OwnRingReader.open(loop, depth, buffers);
        };
    }

    private static RegisteredBuffers registered(LoopContext loop, int depth, int bufferBytes) {
        return new RegisteredBuffers(loop, Math.clamp(REGISTERED_BYTES_MAX / bufferBytes, 1, depth), bufferBytes);
    }
}
