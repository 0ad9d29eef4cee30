package ringside.bench.judge;

import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Chooses how two samples are held against each other, by what there is of them.
///
/// Paired over the blocks that have both sides, when those are at least two and at least half of the blocks of either;
/// else unpaired. Below [#BOOTSTRAP_LEAST] launches the interval is Student's t: resampling four launches gives 35
/// different means, whose extremes cover 87.5 % and no more. From there on it is the BCa bootstrap's, which leans with
/// a skew, and no limit is nearer than Student's, since with heavy tails the bootstrap alone covers 92 %
/// (docs/decisions/0010).
final class Estimator {

    /// Launches of the smaller side from which on the bootstrap's interval covers what it says.
    static final int BOOTSTRAP_LEAST = 15;

    private Estimator() {}

    /// @return empty with a single launch on one side: nobody knows its spread
    static Optional<Estimate> of(Sample baseline, Sample candidate, Metric metric, long seed) {
        return of(
                baseline,
                candidate,
                metric,
                differences -> paired(differences, seed),
                (before, after) -> unpaired(before, after, seed));
    }

    /// By Student's t however many launches there are: the bootstrap, of [Bootstrap#RESAMPLES], tells no level below
    /// about 1 % from another where launches are skewed, and a level that many share is below that.
    static Optional<Estimate> student(Sample baseline, Sample candidate, Metric metric) {
        return of(baseline, candidate, metric, Student::paired, Student::unpaired);
    }

    private static Optional<Estimate> of(
            Sample baseline,
            Sample candidate,
            Metric metric,
            Function<double[], Estimate> paired,
            BiFunction<double[], double[], Estimate> unpaired) {
        double[] differences = differences(baseline, candidate, metric);
        int blocksMax = Math.max(
                baseline.logsByBlock(metric).size(),
                candidate.logsByBlock(metric).size());
        if (differences.length >= 2 && 2 * differences.length >= blocksMax) {
            return Optional.of(paired.apply(differences));
        }
        double[] baselineLogs = Numbers.logs(baseline.values(metric));
        double[] candidateLogs = Numbers.logs(candidate.values(metric));
        return baselineLogs.length < 2 || candidateLogs.length < 2
                ? Optional.empty()
                : Optional.of(unpaired.apply(baselineLogs, candidateLogs));
    }

    /// Over common blocks when there are any, else over all launches. A single launch on each side is enough.
    static double meanLogRatio(Sample baseline, Sample candidate, Metric metric) {
        double[] differences = differences(baseline, candidate, metric);
        return differences.length > 0
                ? Numbers.mean(differences)
                : Numbers.mean(Numbers.logs(candidate.values(metric)))
                        - Numbers.mean(Numbers.logs(baseline.values(metric)));
    }

    /// Log-ratios of the blocks that have both sides.
    static double[] differences(Sample baseline, Sample candidate, Metric metric) {
        TreeMap<Integer, Double> before = baseline.logsByBlock(metric);
        return candidate.logsByBlock(metric).entrySet().stream()
                .filter(entry -> before.containsKey(entry.getKey()))
                .mapToDouble(entry -> entry.getValue() - before.getOrDefault(entry.getKey(), 0.0))
                .toArray();
    }

    static Estimate paired(double[] differences, long seed) {
        return differences.length >= BOOTSTRAP_LEAST && Spread.isResolved(differences)
                ? Bootstrap.paired(differences, seed).noNarrowerThan(Student.paired(differences))
                : Student.paired(differences);
    }

    static Estimate unpaired(double[] baseline, double[] candidate, long seed) {
        return Math.min(baseline.length, candidate.length) >= BOOTSTRAP_LEAST
                        && Spread.isResolved(baseline)
                        && Spread.isResolved(candidate)
                ? Bootstrap.unpaired(baseline, candidate, seed).noNarrowerThan(Student.unpaired(baseline, candidate))
                : Student.unpaired(baseline, candidate);
    }

    /// Probability that the candidate's launch is the better one of two: of a pair when there are pairs, else of any
    /// two (J. O. McGraw, S. P. Wong, "A Common Language Effect Size Statistic", Psychological Bulletin 111 (1992),
    /// as counted by Mann and Whitney). Ties count half.
    static double superiority(Sample baseline, Sample candidate, Metric metric, Estimate.Design design) {
        double better = 0;
        int compared = 0;
        switch (design) {
            case PAIRED -> {
                TreeMap<Integer, Double> before = baseline.logsByBlock(metric);
                for (var entry : candidate.logsByBlock(metric).entrySet()) {
                    Double other = before.get(entry.getKey());
                    if (other != null) {
                        better += wins(entry.getValue(), other, metric);
                        compared++;
                    }
                }
            }
            case UNPAIRED -> {
                for (double ours : candidate.values(metric)) {
                    for (double other : baseline.values(metric)) {
                        better += wins(ours, other, metric);
                        compared++;
                    }
                }
            }
        }
        return better / compared;
    }

    private static double wins(double ours, double other, Metric metric) {
        if (ours == other) {
            return 0.5;
        }
        return ours < other == (metric.better() == Metric.Better.LOWER) ? 1 : 0;
    }
}
