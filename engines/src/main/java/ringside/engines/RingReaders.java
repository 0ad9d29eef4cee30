package ringside.engines;

import org.jspecify.annotations.Nullable;
import ringside.linux.EventFd;
import ringside.linux.IoUring;
import ringside.linux.IoUringAbi;
import ringside.linux.IoUringSetup;
import ringside.linux.IoUringSupport;
import ringside.linux.Kernel;
import ringside.linux.KernelException;

/// What the engines that read by io_uring have in common: whether they can run, and whose ring they use.
///
/// | | transport io_uring | epoll, nio |
/// |---|---|---|
/// | plain reads | the event loop's ring: [LoopRingReader] | a ring of our own: [OwnRingReader] |
/// | SQPOLL, IOPOLL | a ring of our own | a ring of our own |
final class RingReaders {

    private RingReaders() {}

    static Availability probe(Kernel kernel, Transport transport) {
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

    /// @param access the reader's, or closed when this throws
    /// @param ring of how many reads, and what a ring of our own is to be
    /// @param registeredBytes the size of the buffers to register, 0 for none
    static FileReader open(LoopContext loop, FileAccess access, OwnRing ring, int registeredBytes) {
        boolean opened = false;
        try {
            RegisteredBuffers buffers =
                    registeredBytes == 0 ? null : RegisteredBuffers.of(loop, ring.depth(), registeredBytes);
            FileReader reader = open(loop, access, ring, buffers);
            opened = true;
            return reader;
        } finally {
            if (!opened) {
                access.close();
            }
        }
    }

    private static FileReader open(
            LoopContext loop, FileAccess access, OwnRing ring, @Nullable RegisteredBuffers buffers) {
        return loop.transport() == Transport.IO_URING && !ring.isNeeded()
                ? new LoopRingReader(loop, access, ring.depth(), buffers)
                : OwnRingReader.open(loop, access, ring, buffers);
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
}
