package ringside.linux;

/// A second number for somebody else's open file, `F_DUPFD_CLOEXEC` of fcntl(2): for operations that the kernel looks
/// at later.
///
/// io_uring looks a descriptor up when it starts an operation, not when the operation was prepared (Linux 5.18 for
/// what is linked, "io_uring: defer file assignment"; splices always, on their worker thread). If its owner closes it
/// in between, the number may belong to another connection by then, and bytes would go there. A number that only
/// we close doesn't change hands.
///
/// The file itself stays open for as long: a socket whose owner has closed it sends no FIN before this is closed.
public final class HeldDescriptor implements AutoCloseable {

    // fcntl(2), asm-generic/fcntl.h and linux/fcntl.h
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int O_NONBLOCK = 0x800;
    // sys/socket.h
    private static final int SHUT_RDWR = 2;

    private final Kernel kernel;
    private final int fd;
    private boolean closed;

    private HeldDescriptor(Kernel kernel, int fd) {
        this.kernel = kernel;
        this.fd = fd;
    }

    /// @return the new descriptor, which [#of] takes, or the negated errno: `EMFILE`
    public static int duplicate(Kernel kernel, int fd) {
        return (int) kernel.call(Syscall.FCNTL, fd, F_DUPFD_CLOEXEC, 0);
    }

    /// @param duplicate from [#duplicate], owned by the new object
    public static HeldDescriptor of(Kernel kernel, int duplicate) {
        if (duplicate < 0) {
            throw new IllegalArgumentException("descriptor " + duplicate);
        }
        return new HeldDescriptor(kernel, duplicate);
    }

    /// Sets `O_NONBLOCK`, for everybody who has a number of this file.
    ///
    /// @throws KernelException when `fd` isn't open
    public static void dontBlock(Kernel kernel, int fd, String object) {
        long flags = kernel.call(Syscall.FCNTL, fd, F_GETFL, 0);
        KernelException.check(Syscall.FCNTL, object, flags);
        if ((flags & O_NONBLOCK) == 0) {
            long result = kernel.call(Syscall.FCNTL, fd, F_SETFL, flags | O_NONBLOCK);
            KernelException.check(Syscall.FCNTL, object, result);
        }
    }

    public int fd() {
        return fd;
    }

    /// shutdown(2) in both directions, of a socket: the peer hears of it, and operations in flight end with EPIPE.
    /// Has no effect on what isn't connected any more.
    public void shutdown() {
        long ignored = kernel.call(Syscall.SHUTDOWN, fd, SHUT_RDWR);
    }

    /// When no operation in flight names it.
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Descriptors.close(kernel, fd, "held descriptor");
        }
    }
}
