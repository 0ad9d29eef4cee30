package ringside.bench.judge;

import org.apache.commons.statistics.distribution.TDistribution;
import ringside.bench.judge.Estimate.Design;
import ringside.bench.judge.Estimate.Limits;
import ringside.bench.judge.Estimate.Method;

/// Student's t interval of a mean of log-ratios ("The Probable Error of a Mean", Biometrika 1908), and Welch's of a
/// difference of two means (Biometrika 1947).
///
/// It supposes that the mean is about normally distributed. The difference of two launches of the same kind is
/// symmetric whatever a launch's own distribution, which is why it holds from two pairs on: tested, not hoped
/// (`CoverageTest`, docs/decisions/0010). With two pairs it is 12.7 standard errors wide, as it should be.
final class Student {

    private Student() {}

    /// @param differences at least two
    static Estimate paired(double[] differences) {
        double squaredError = Spread.variance(differences) / differences.length;
        return of(
                Design.PAIRED,
                differences.length,
                differences.length,
                Numbers.mean(differences),
                StrictMath.sqrt(squaredError),
                differences.length - 1);
    }

    /// @param baseline logarithms of at least two launches
    /// @param candidate likewise
    static Estimate unpaired(double[] baseline, double[] candidate) {
        return of(
                Design.UNPAIRED,
                baseline.length,
                candidate.length,
                Numbers.mean(candidate) - Numbers.mean(baseline),
                StrictMath.sqrt(
                        Spread.variance(baseline) / baseline.length + Spread.variance(candidate) / candidate.length),
                degreesOfFreedom(baseline, candidate));
    }

    /// Satterthwaite's approximation.
    static double degreesOfFreedom(double[] a, double[] b) {
        double ofA = Spread.variance(a) / a.length;
        double ofB = Spread.variance(b) / b.length;
        return (ofA + ofB) * (ofA + ofB) / (ofA * ofA / (a.length - 1) + ofB * ofB / (b.length - 1));
    }

    private static Estimate of(
            Design design, int baselineLaunches, int candidateLaunches, double mean, double error, double freedom) {
        TDistribution t = TDistribution.of(freedom);
        return new Estimate(
                design,
                Method.STUDENT_T,
                baselineLaunches,
                candidateLaunches,
                mean,
                limits(mean, error * t.inverseSurvivalProbability(0.025)),
                limits(mean, error * t.inverseSurvivalProbability(0.05)),
                Math.min(1, 2 * t.survivalProbability(Math.abs(mean) / error)));
    }

    private static Limits limits(double mean, double half) {
        return new Limits(mean - half, mean + half);
    }
}
