package ringside.bench.judge;

import java.util.Optional;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/// How many pairs of launches tell which difference, found in at least 90 of 100 runs.
///
/// A pair's log-ratio has a standard deviation that a pilot shows; a difference is found when Student's t exceeds the
/// critical value of Holm's first step over the metrics: J. Cohen, "Statistical Power Analysis" (1988), chapter 2.
/// Where
/// several metrics move together, fewer pairs do.
///
/// ```java
/// Power power = Power.ofPilot(baseline, control, Metric.CPU).orElseThrow();
/// power.differenceFor(10);   // 0.032 with a spread of 2 %: 10 pairs tell 3.2 % apart
/// power.pairsFor(0.01);      // 68: that many for 1 %
/// ```
///
/// @param logSpread standard deviation of the log-ratio of a pair, above 0
/// @param metrics that are judged together, at least 1
public record Power(double logSpread, int metrics) {

    /// With which probability a difference is found.
    public static final double WANTED = 0.9;

    /// What is judged of a closed loop: throughput, two costs, four percentiles.
    public static final int METRICS_USUAL = 7;

    /// More than anyone has time for.
    public static final int PAIRS_MAX = 100_000;

    /// A pilot's spread is itself uncertain: it is taken as large as it is in 4 of 5 cases at most (R. H. Browne, "On
    /// the Use of a Pilot Sample for Sample Size Determination", Statistics in Medicine 14 (1995)).
    private static final double CAUTION = 0.8;

    private static final int BISECTIONS = 50;

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    public Power {
        if (!(logSpread > 0) || Double.isInfinite(logSpread) || metrics < 1) {
            throw new IllegalArgumentException("a spread of " + logSpread + " over " + metrics + " metrics is none");
        }
    }

    /// Of a pilot: two sides in the same blocks, best the baseline and its twin.
    ///
    /// @return empty with fewer than two pairs that have the metric
    public static Optional<Power> ofPilot(Sample baseline, Sample other, Metric metric) {
        if (baseline.whyNot(metric, false).isPresent()
                || other.whyNot(metric, false).isPresent()) {
            return Optional.empty();
        }
        double[] differences = Estimator.differences(baseline, other, metric);
        if (differences.length < 2) {
            return Optional.empty();
        }
        int freedom = differences.length - 1;
        double tooLow = ChiSquaredDistribution.of(freedom).inverseCumulativeProbability(1 - CAUTION);
        return Optional.of(new Power(StrictMath.sqrt(Spread.variance(differences) * freedom / tooLow), METRICS_USUAL));
    }

    /// The smallest relative difference that so many pairs find: 0.03 for 3 %.
    ///
    /// @param pairs at least 2
    public double differenceFor(int pairs) {
        Chance chance = new Chance(pairs, metrics);
        double low = 0;
        double high = 1;
        while (chance.ofFinding(high) < WANTED) {
            high *= 2;
        }
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (chance.ofFinding(middle) < WANTED) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return StrictMath.exp(high * logSpread) - 1;
    }

    /// How many pairs find a relative difference.
    ///
    /// @param difference above 0: 0.05 for 5 %
    /// @return at least 2; [#PAIRS_MAX] when even that many don't
    public int pairsFor(double difference) {
        if (!(difference > 0)) {
            throw new IllegalArgumentException("a difference of " + difference + " can't be looked for");
        }
        double spreads = StrictMath.log(1 + difference) / logSpread;
        int low = 2;
        int high = PAIRS_MAX;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (new Chance(middle, metrics).ofFinding(spreads) >= WANTED) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// Of finding a difference with so many pairs: that of a noncentral t beyond the critical value. The spread that an
    /// experiment sees is averaged over the quantiles of its own distribution.
    private static final class Chance {
        private static final int QUANTILES = 200;

        private final double rootOfPairs;
        private final double[] limits = new double[QUANTILES];

        Chance(int pairs, int metrics) {
            if (pairs < 2) {
                throw new IllegalArgumentException(pairs + " pairs show no spread: at least 2 are needed");
            }
            rootOfPairs = StrictMath.sqrt(pairs);
            double critical = TDistribution.of(pairs - 1).inverseSurvivalProbability(Judge.LEVEL / 2 / metrics);
            ChiSquaredDistribution seen = ChiSquaredDistribution.of(pairs - 1);
            for (int i = 0; i < QUANTILES; i++) {
                double square = seen.inverseCumulativeProbability((i + 0.5) / QUANTILES) / (pairs - 1);
                limits[i] = critical * StrictMath.sqrt(square);
            }
        }

        /// @param spreads the difference, in standard deviations of a pair's log-ratio
        double ofFinding(double spreads) {
            double sum = 0;
            for (double limit : limits) {
                sum += NORMAL.survivalProbability(limit - spreads * rootOfPairs);
            }
            return sum / QUANTILES;
        }
    }
}
