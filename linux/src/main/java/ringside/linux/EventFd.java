package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A counter behind a descriptor, eventfd2(2), Linux 2.6.27: how a completion queue wakes a thread that waits
/// for something else as well. The kernel adds to it (io_uring, Linux AIO), or any thread does ([#signal()]);
/// one thread drains it.
///
/// [#signal()] is safe from any thread. [#drain()] belongs to one thread. [#close()] comes after the last user
/// is done: a descriptor number that is in use elsewhere may be handed to another file.
public final class EventFd implements AutoCloseable {

    /// `EFD_CLOEXEC` of `sys/eventfd.h`.
    public static final int EFD_CLOEXEC = 0x80000;

    /// `EFD_NONBLOCK` of `sys/eventfd.h`.
    public static final int EFD_NONBLOCK = 0x800;

    /// `POLLIN` of `poll.h`: what poll(2) says while the count is above 0.
    public static final int POLLIN = 1;

    /// What [#drain()] does when nothing was signalled.
    public enum Mode {
        /// It waits.
        BLOCKING,
        /// It answers 0.
        NON_BLOCKING
    }

    private final Kernel kernel;
    private final Arena arena;
    private final MemorySegment count;
    private final MemorySegment one;
    private final int fd;
    private boolean closed;

    /// @throws KernelException when the process has no descriptor left
    public EventFd(Kernel kernel, Mode mode) {
        this.kernel = kernel;
        int flags = switch (mode) {
            case BLOCKING -> EFD_CLOEXEC;
            case NON_BLOCKING -> EFD_CLOEXEC | EFD_NONBLOCK;
        };
        this.fd =
                (int) KernelException.check(Syscall.EVENTFD2, "a new counter", kernel.call(Syscall.EVENTFD2, 0, flags));
        this.arena = Arena.ofShared();
        this.count = arena.allocate(ValueLayout.JAVA_LONG);
        this.one = arena.allocate(ValueLayout.JAVA_LONG);
        one.set(ValueLayout.JAVA_LONG, 0, 1);
    }

    /// The descriptor: readable (`POLLIN`) while the count is above 0.
    public int fd() {
        return fd;
    }

    /// Takes the whole count and sets it back to 0.
    ///
    /// @return how many signals there were since the last drain; 0, when there were none, in
    ///     [Mode#NON_BLOCKING] only
    public long drain() {
        while (true) {
            long result = kernel.call(Syscall.READ, fd, count.address(), Long.BYTES);
            if (result == Long.BYTES) {
                return count.get(ValueLayout.JAVA_LONG, 0);
            }
            if (result == -Errno.EAGAIN) {
                return 0;
            }
            if (result != -Errno.EINTR) {
                throw failed(Syscall.READ, result);
            }
        }
    }

    /// Adds 1 to the count and so wakes whoever waits. A count that is at its maximum (2^64 − 2) stays there.
    public void signal() {
        while (true) {
            long result = kernel.call(Syscall.WRITE, fd, one.address(), Long.BYTES);
            if (result == Long.BYTES || result == -Errno.EAGAIN) {
                return;
            }
            if (result != -Errno.EINTR) {
                throw failed(Syscall.WRITE, result);
            }
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            arena.close();
        } finally {
            Descriptors.close(kernel, fd, "eventfd");
        }
    }

    private RuntimeException failed(Syscall call, long result) {
        if (result >= 0) {
            return new IllegalStateException(
                    call.manName() + "(2) on eventfd " + fd + " moved " + result + " bytes, not " + Long.BYTES);
        }
        return KernelException.of(call, "eventfd " + fd, result);
    }
}
