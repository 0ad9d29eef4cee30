package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// How many kernel threads (`iou-wrk`) may do what io_uring can't do without waiting:
/// `IORING_REGISTER_IOWQ_MAX_WORKERS`,
/// Linux 5.15. The threads belong to the calling thread, not to the ring: all rings that it submits to share them.
///
/// Bounded workers serve regular files and block devices. Unbounded ones serve the rest: sockets, pipes, and splices
/// into either.
///
/// @param bounded 0 where it was asked not to change it
/// @param unbounded likewise
public record IoWorkers(int bounded, int unbounded) {

    public IoWorkers {
        if (bounded < 0 || unbounded < 0) {
            throw new IllegalArgumentException(bounded + " bounded and " + unbounded + " unbounded workers");
        }
    }

    /// Call it on the thread that submits. 0 leaves a limit as it is.
    ///
    /// @return the limits before
    /// @throws KernelException `EINVAL` before 5.15
    public static IoWorkers limit(Kernel kernel, IoUring ring, int boundedMax, int unboundedMax) {
        IoWorkers wanted = new IoWorkers(boundedMax, unboundedMax);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment counts = arena.allocateFrom(ValueLayout.JAVA_INT, wanted.bounded(), wanted.unbounded());
            long result = kernel.call(
                    Syscall.IO_URING_REGISTER,
                    ring.fd(),
                    IoUringAbi.IORING_REGISTER_IOWQ_MAX_WORKERS,
                    counts.address(),
                    2);
            KernelException.check(Syscall.IO_URING_REGISTER, "worker threads of ring " + ring.fd(), result);
            return new IoWorkers(
                    counts.getAtIndex(ValueLayout.JAVA_INT, 0), counts.getAtIndex(ValueLayout.JAVA_INT, 1));
        }
    }
}
