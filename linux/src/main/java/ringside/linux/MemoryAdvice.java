package ringside.linux;

/// How a mapped file will be read: madvise(2).
public enum MemoryAdvice {
    NORMAL(0),
    /// No read-ahead: each page that isn't in the page cache is a fault that waits for the device.
    RANDOM(1),
    /// Reads ahead aggressively.
    SEQUENTIAL(2),
    /// Starts reading into the page cache; may block while requests are queued.
    WILLNEED(3);

    private final int number;

    MemoryAdvice(int number) {
        this.number = number;
    }

    /// `MADV_…` in `sys/mman.h`.
    int number() {
        return number;
    }
}
