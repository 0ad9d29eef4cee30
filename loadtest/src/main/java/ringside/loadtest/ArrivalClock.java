package ringside.loadtest;

import java.util.SplittableRandom;

/// The intended starts of one loop of an open load, one after the other, whatever the answers do. Belongs to one loop.
///
/// With constant spacing the n-th start is computed from n, so that no rounding error accumulates. Poisson arrivals add
/// exponential gaps, −ln(U)·mean: the loops' independent processes together are one of the whole rate.
final class ArrivalClock {

    private final long originNanos;
    private final double gapNanos;
    private final boolean poisson;
    private final SplittableRandom random;
    private double offsetNanos;
    private long count;

    /// @param ratePerSecond of this loop alone
    /// @param phase 0 to 1, of a gap: keeps the loops of a constant load from starting together
    ArrivalClock(
            long originNanos, double ratePerSecond, LoadMode.Arrivals arrivals, double phase, SplittableRandom random) {
        this.originNanos = originNanos;
        this.gapNanos = 1e9 / ratePerSecond;
        this.poisson = arrivals == LoadMode.Arrivals.POISSON;
        this.random = random;
        this.offsetNanos = poisson ? exponential() : phase * gapNanos;
    }

    /// When the next request is to start, on the clock of `originNanos`.
    long dueNanos() {
        return originNanos + (long) (poisson ? offsetNanos : offsetNanos + count * gapNanos);
    }

    void advance() {
        count++;
        if (poisson) {
            offsetNanos += exponential();
        }
    }

    private double exponential() {
        return -Math.log(1 - random.nextDouble()) * gapNanos;
    }
}
