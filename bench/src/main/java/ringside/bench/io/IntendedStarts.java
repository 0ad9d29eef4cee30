package ringside.bench.io;

/// When the reads of an open loop are to start: evenly spaced, whatever the reads before them do. The n-th
/// start is computed from n, so that no rounding error accumulates. One thread; the clock is the caller's.
final class IntendedStarts {

    private final double ratePerSecond;
    private long originNanos;
    private long count;
    private long dueNanos = Long.MAX_VALUE;

    IntendedStarts(double ratePerSecond) {
        if (!(ratePerSecond > 0) || Double.isInfinite(ratePerSecond)) {
            throw new IllegalArgumentException("a rate of " + ratePerSecond + " reads per second");
        }
        this.ratePerSecond = ratePerSecond;
    }

    /// The first read is due at `nowNanos`.
    void begin(long nowNanos) {
        originNanos = nowNanos;
        count = 0;
        dueNanos = nowNanos;
    }

    /// No read is due any more.
    void end() {
        dueNanos = Long.MAX_VALUE;
    }

    /// When the next read is to start; [Long#MAX_VALUE] before the beginning and after the end.
    long dueNanos() {
        return dueNanos;
    }

    /// The read that was due has started: the next one is due a gap after *it was due*.
    void advance() {
        count++;
        dueNanos = originNanos + (long) (count * (1e9 / ratePerSecond));
    }
}
