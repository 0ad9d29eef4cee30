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
///
/// Of the warm-up only the last [#KEPT_IN_WARM_UP] intervals are kept, and nothing is added up; the window begins by
/// laying them aside. (When forty of them were added up there, an open loop began each window with the 20 to 100 ms
/// that this had kept its loop from sending: kernel-notes/the-first-interval.md.)
final class IntervalTallies {

    /// So many intervals of one loop are kept: 11 MB of histograms in a closed loop, 33 MB in an open one.
    static final int KEPT_MOST = 40;

    /// Of the warm-up: a second of them, and what a busy machine lets slip.
    private static final int KEPT_IN_WARM_UP = 12;

    private static final long[] LENGTHS_MILLIS = {100, 250, 1000};

    /// @param endNanos when it was taken, on the clock of [System#nanoTime()]
    private record Interval(long endNanos, List<Tally> loops) {}

    private final boolean open;
    private final int loopCount;
    private final long intervalNanos;
    private final ArrayDeque<Interval> kept = new ArrayDeque<>();
    private final ArrayDeque<Tally> spares = new ArrayDeque<>();
    private final ArrayDeque<Tally> soiled = new ArrayDeque<>();
    private final Tally sum;
    private final Tally total;
    private boolean inWindow;
    private long warmUpErrors;
    private @Nullable IntervalLog log;

    IntervalTallies(LoadPlan plan) {
        open = plan.mode().open();
        loopCount = plan.threads();
        intervalNanos = intervalNanos(plan.duration().toNanos());
        sum = new Tally(open);
        total = new Tally(open);
        long ofWindow = Math.min(keptMost(), plan.duration().toNanos() / intervalNanos + 3);
        for (long i = 0; i < (ofWindow + KEPT_IN_WARM_UP) * loopCount; i++) {
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
        if (spare != null) {
            return spare;
        }
        Tally used = soiled.poll();
        if (used == null) {
            return new Tally(open);
        }
        used.clear();
        return used;
    }

    /// Drops all that came so far: the window begins.
    ///
    /// @param windowLog where its intervals go
    void beginWindow(@Nullable IntervalLog windowLog) {
        while (!kept.isEmpty()) {
            soiled.addAll(kept.remove().loops);
        }
        inWindow = true;
        log = windowLog;
    }

    /// @param endNanos when the interval ended
    /// @param loops what each loop counted in it
    void add(long endNanos, List<Tally> loops) {
        kept.add(new Interval(endNanos, loops));
        if (kept.size() > (inWindow ? keptMost() : KEPT_IN_WARM_UP)) {
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
        if (!inWindow) {
            for (Tally loop : interval.loops) {
                warmUpErrors += loop.errors().total();
                loop.clear();
                spares.add(loop);
            }
            return;
        }
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
        long errors = inWindow ? total.errors().total() : warmUpErrors;
        for (Interval interval : kept) {
            for (Tally loop : interval.loops) {
                errors += loop.errors().total();
            }
        }
        return errors;
    }
}
