package ringside.linux;

/// Gives descriptors back.
final class Descriptors {

    private Descriptors() {}

    /// close(2). Whatever Linux answers, the descriptor is gone; `EINTR` and `EIO` are about data that was
    /// written, of which these have none. Only `EBADF` is worth a word: somebody else has closed it.
    ///
    /// @param object what it was, for the message
    /// @throws KernelException for `EBADF`
    static void close(Kernel kernel, int fd, String object) {
        long result = kernel.call(Syscall.CLOSE, fd);
        if (result == -Errno.EBADF) {
            throw KernelException.of(Syscall.CLOSE, object + " " + fd, result);
        }
    }
}
