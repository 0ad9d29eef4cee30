package ringside.loadtest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// What the loops counted, interval by interval. For the thread that steers them.
///
/// An interval is kept as the loops left it until the window is over: adding histograms up and encoding them takes up
/// to a millisecond, and this thread has its CPU from the loops. Tallies for all of that are made before the load
/// begins. A window of more than [#KEPT_MOST] intervals gives up its oldest as it goes.
final class IntervalTallies {

    /// So many intervals of one loop are kept: 11 MB of histograms in a closed loop, 33 MB in an open one.
    static final int KEPT_MOST = 40;

    private static final long[] LENGTHS_MILLIS = {100, 250, 1000};

    /// @param endNanos when it was taken, on the clock of [System#nanoTime()]
    private record Interval(long endNanos, List<Tally> loops) {}

    private final boolean open;
    private final int loopCount;
    private final long intervalNanos;
    private final ArrayDeque<Interval> kept = new ArrayDeque<>();
    private final ArrayDeque<Tally> spares = new ArrayDeque<>();
    private final Tally sum;
    private Tally total;
    private @Nullable IntervalLog log;

    IntervalTallies(LoadPlan plan) {
        open = plan.mode().open();
        loopCount = plan.threads();
        intervalNanos = intervalNanos(plan.duration().toNanos());
        sum = new Tally(open);
        total = new Tally(open);
        long intervals = Math.min(keptMost(), plan.duration().toNanos() / intervalNanos + 3);
        for (long i = 0; i < intervals * loopCount; i++) {
            spares.add(new Tally(open));
        }
    }

    /// 100 ms in windows of up to 4 s, 250 ms up to 10 s, and a second beyond: so short that a stall or a late compile
    /// shows where it was, so long that an interval has enough answers for percentiles.
    static long intervalNanos(long windowNanos) {
        for (long millis : LENGTHS_MILLIS) {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            if (windowNanos <= nanos * KEPT_MOST) {
                return nanos;
            }
        }
        return TimeUnit.SECONDS.toNanos(1);
    }

    long intervalNanos() {
        return intervalNanos;
    }

    /// A clean tally for a loop to count in.
    Tally spare() {
        Tally spare = spares.poll();
        return spare == null ? new Tally(open) : spare;
    }

    /// Drops all that came so far: the window begins.
    ///
    /// @param windowLog where its intervals go
    void beginWindow(@Nullable IntervalLog windowLog) {
        settleAll();
        total = new Tally(open);
        log = windowLog;
    }

    /// @param endNanos when the interval ended
    /// @param loops what each loop counted in it
    void add(long endNanos, List<Tally> loops) {
        kept.add(new Interval(endNanos, loops));
        if (kept.size() > keptMost()) {
            settle(kept.remove());
        }
    }

    private int keptMost() {
        return Math.max(2, KEPT_MOST / loopCount);
    }

    /// Writes down and adds up what is kept.
    ///
    /// @return all that was counted since the window began
    Tally settleAll() {
        while (!kept.isEmpty()) {
            settle(kept.remove());
        }
        return total;
    }

    private void settle(Interval interval) {
        sum.clear();
        for (Tally loop : interval.loops) {
            sum.add(loop);
            loop.clear();
            spares.add(loop);
        }
        total.add(sum);
        if (log != null) {
            log.write(sum, interval.endNanos);
        }
    }

    /// Right answers in the intervals that ended after a moment.
    long completedSince(long nanos) {
        return since(nanos).stream().mapToLong(tally -> tally.completed).sum();
    }

    /// A percentile over the intervals that ended after a moment: of the response time in an open loop, of the service
    /// time in a closed one; in µs, 0 if there was no answer.
    double percentileMicrosSince(long nanos, double percentile) {
        Histogram merged = new Histogram(Tally.NANOS_MAX, Tally.SIGNIFICANT_DIGITS);
        since(nanos).forEach(tally -> merged.add(open ? tally.response : tally.service));
        return merged.getTotalCount() == 0 ? 0 : merged.getValueAtPercentile(percentile) / 1e3;
    }

    private List<Tally> since(long nanos) {
        List<Tally> tallies = new ArrayList<>();
        for (Interval interval : kept) {
            if (interval.endNanos - nanos > 0) {
                tallies.addAll(interval.loops);
            }
        }
        return tallies;
    }

    /// Errors since the window, or the warm-up, began.
    long errors() {
        long errors = total.errors().total();
        for (Interval interval : kept) {
            for (Tally loop : interval.loops) {
                errors += loop.errors().total();
            }
        }
        return errors;
    }
}
