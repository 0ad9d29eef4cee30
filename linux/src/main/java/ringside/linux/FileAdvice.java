package ringside.linux;

/// What a program tells the kernel about how it will read a file: posix_fadvise(2).
public enum FileAdvice {
    NORMAL(0),
    /// No read-ahead.
    RANDOM(1),
    /// Twice the read-ahead.
    SEQUENTIAL(2),
    /// Starts reading into the page cache; may block while requests are queued.
    WILLNEED(3),
    /// Drops the range's clean, unmapped pages from the page cache. [PageResidency] proves that they went.
    DONTNEED(4),
    NOREUSE(5);

    private final int number;

    FileAdvice(int number) {
        this.number = number;
    }

    /// `POSIX_FADV_…` in `linux/fadvise.h`.
    public int number() {
        return number;
    }

    /// @param lengthBytes 0 = to the end of the file
    /// @return 0, or the negated errno: −ESPIPE for a pipe
    public long give(Kernel kernel, int fd, long offset, long lengthBytes) {
        return Interruptions.restart(kernel, Syscall.FADVISE64, fd, offset, lengthBytes, number);
    }
}
