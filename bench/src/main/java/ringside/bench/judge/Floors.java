package ringside.bench.judge;

import java.util.HashMap;
import java.util.Map;
import ringside.bench.result.Measured;

/// By how much two sides differed that are the same, by metric: below it no difference is one. From the A/A arm of a
/// run, whose two sides are the same program; or, between two runs, from a side that didn't change.
public final class Floors {

    /// Where nothing of the kind ran.
    public static final Floors NONE = new Floors(Map.of(), "no A/A arm ran");

    private final Map<Metric, Double> relative;
    private final String whyMissing;

    private Floors(Map<Metric, Double> relative, String whyMissing) {
        this.relative = Map.copyOf(relative);
        this.whyMissing = whyMissing;
    }

    /// Of the same side at two times.
    public static Floors apart(Sample before, Sample after) {
        return of(before.apart(0), after.apart(before.launches().size()));
    }

    /// Of the baseline and its twin.
    public static Floors of(Sample baseline, Sample twin) {
        Map<Metric, Double> relative = new HashMap<>();
        for (Metric metric : Metric.timed()) {
            if (baseline.whyNot(metric, false).isEmpty()
                    && twin.whyNot(metric, false).isEmpty()) {
                double log = Estimator.meanLogRatio(baseline, twin, metric);
                relative.put(metric, StrictMath.exp(Math.abs(log)) - 1);
            }
        }
        return new Floors(relative, "the A/A arm gave no number");
    }

    /// What the same side may differ by at another time, of everything that depends on how fast the machine is.
    ///
    /// @param relative at least 0: 0.08 for 8 %
    public static Floors drift(double relative) {
        if (!(relative >= 0 && relative < 1)) {
            throw new IllegalArgumentException("a drift of " + relative + ": give a part of 1, such as 0.08");
        }
        Map<Metric, Double> all = new HashMap<>();
        Metric.timed().forEach(metric -> all.put(metric, relative));
        return new Floors(all, "nothing is known");
    }

    /// The larger of both, metric by metric.
    public Floors max(Floors other) {
        Map<Metric, Double> larger = new HashMap<>(relative);
        other.relative.forEach((metric, floor) -> larger.merge(metric, floor, Math::max));
        return new Floors(larger, relative.isEmpty() ? other.whyMissing : whyMissing);
    }

    /// Relative; unmeasurable where nothing is known.
    public Measured of(Metric metric) {
        Double floor = relative.get(metric);
        return floor == null ? Measured.unmeasurable(whyMissing) : Measured.of(floor);
    }
}
