package ringside.bench.judge;

import ringside.bench.result.Measured;

/// The smallest difference that counts as one: the larger of the metric's own margin and of what two sides that don't
/// differ showed here.
///
/// @param own relative, of the metric
/// @param floor relative, what the A/A arm (or another yardstick) showed; unmeasurable where there was none
public record Margin(double own, Measured floor) {

    /// "Equivalent" means at most so many times the metric's own margin: on a machine where two equal sides differ by
    /// more, nothing can be called equivalent.
    static final double EQUIVALENT_FACTOR_MAX = 2;

    public Margin {
        if (!(own > 0) || (floor instanceof Measured.Value(double value) && value < 0)) {
            throw new IllegalArgumentException("a margin of " + own + " with floor " + floor + " is none");
        }
    }

    /// Relative: 0.02 for 2 %.
    public double relative() {
        return Math.max(own, floor.orElse(0));
    }

    /// Whether the floor leaves the word "equivalent" without a meaning.
    public boolean isTooWide() {
        return relative() > EQUIVALENT_FACTOR_MAX * own;
    }

    double log() {
        return StrictMath.log(1 + relative());
    }
}
