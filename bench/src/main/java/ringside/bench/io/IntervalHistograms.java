package ringside.bench.io;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/// Latencies on their way from the event loop, which records them, to the thread that adds them up and logs
/// them: the loop fills one histogram while the other thread works on the one before. Nothing is lost: where
/// the other thread is late, the interval just gets longer.
///
/// Before the window it works as in it, with shorter intervals: a branch that the compiled code had never
/// seen taken would throw that code away in the middle of what is measured.
final class IntervalHistograms {

    /// Longer ones are counted as this: an hour.
    static final long LATENCY_NANOS_MAX = TimeUnit.HOURS.toNanos(1);

    private static final int SIGNIFICANT_DIGITS = 3;
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RAMP_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ArrayBlockingQueue<Histogram> empty = new ArrayBlockingQueue<>(2);
    private final Consumer<Histogram> filled;
    private Histogram current = histogram();
    private long intervalNanos = RAMP_INTERVAL_NANOS;
    private long cutNanos = Long.MAX_VALUE;

    /// @param filled gets each interval, on the loop; whoever it goes to gives it back with [#recycle]
    IntervalHistograms(Consumer<Histogram> filled) {
        this.filled = filled;
        empty.add(histogram());
    }

    static Histogram histogram() {
        return new Histogram(1, LATENCY_NANOS_MAX, SIGNIFICANT_DIGITS);
    }

    /// The ramp begins: its intervals come too, and don't count. On the loop.
    void ramp(long nowNanos) {
        cutNanos = nowNanos + intervalNanos;
    }

    /// The window begins. On the loop.
    void begin(long nowNanos) {
        current.reset();
        intervalNanos = INTERVAL_NANOS;
        cutNanos = nowNanos + intervalNanos;
    }

    /// On the loop.
    ///
    /// @param nowNanos when the read completed
    void record(long latencyNanos, long nowNanos) {
        current.recordValue(Math.clamp(latencyNanos, 0, LATENCY_NANOS_MAX));
        if (nowNanos >= cutNanos) {
            cut();
        }
    }

    /// The window has ended: the last interval goes out, and what comes from now on goes nowhere. On the
    /// loop, once.
    void end() {
        filled.accept(current);
        current = histogram();
        cutNanos = Long.MAX_VALUE;
    }

    /// The interval has been added up. Any thread.
    void recycle(Histogram histogram) {
        histogram.reset();
        empty.add(histogram);
    }

    private void cut() {
        Histogram next = empty.poll();
        if (next != null) {
            filled.accept(current);
            current = next;
        }
        cutNanos += intervalNanos;
    }
}
