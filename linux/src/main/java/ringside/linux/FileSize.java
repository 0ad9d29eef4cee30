package ringside.linux;

/// Asks for the size of an open file in the cheapest way there is: lseek(2) to its end, which looks at the inode's
/// size and at nothing else, where statx(2) collects a dozen fields.
///
/// Moves the descriptor's position: only for those that are read at explicit offsets.
public final class FileSize {

    private static final int SEEK_END = 2; // unistd.h

    private FileSize() {}

    /// @return bytes, or the negated errno: −ESPIPE for what has no size
    public static long tryOf(Kernel kernel, int fd) {
        return kernel.call(Syscall.LSEEK, fd, 0, SEEK_END);
    }
}
