package ringside.bench.judge;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import ringside.bench.judge.Estimate.Design;
import ringside.bench.judge.Estimate.Limits;
import ringside.bench.judge.Estimate.Method;

/// The BCa interval of a mean of log-ratios, or of a difference of two means: B. Efron, "Better Bootstrap Confidence
/// Intervals", JASA 82 (1987); acceleration of several samples: A. C. Davison, D. V. Hinkley, "Bootstrap Methods and
/// their Application" (1997), section 5.3.
///
/// A bootstrap of n launches is too narrow by the factor √((n−1)/n) and by the ratio of the normal to the t quantile.
/// Both are made good by looking up the percentiles at the t quantile times √(n/(n−1)) (T. C. Hesterberg, "What
/// Teachers Should Know About the Bootstrap", The American Statistician 69 (2015), section 4.3 on expanded
/// percentiles).
///
/// Everything follows from the values and the seed.
final class Bootstrap {

    static final int RESAMPLES = 10_000;

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    private final double[][] samples;
    private final double[] signs;
    private final double[] replicates;
    private final double estimate;
    private final double bias;
    private final double acceleration;
    private final double widening;
    private final TDistribution t;

    private Bootstrap(double[][] samples, double[] signs, double freedom, long seed, int resamples) {
        this.samples = samples;
        this.signs = signs;
        estimate = estimate();
        replicates = replicates(seed, resamples);
        bias = quantile(shareBelow(estimate));
        acceleration = acceleration();
        widening = widening();
        t = TDistribution.of(freedom);
    }

    /// @param differences log-ratios of pairs, not all equal
    static Estimate paired(double[] differences, long seed) {
        return paired(differences, seed, RESAMPLES);
    }

    static Estimate paired(double[] differences, long seed, int resamples) {
        Bootstrap bootstrap =
                new Bootstrap(new double[][] {differences}, new double[] {1}, differences.length - 1, seed, resamples);
        return bootstrap.estimate(Design.PAIRED, differences.length, differences.length);
    }

    /// @param baseline logarithms of its launches, not all equal
    /// @param candidate likewise
    static Estimate unpaired(double[] baseline, double[] candidate, long seed) {
        return unpaired(baseline, candidate, seed, RESAMPLES);
    }

    static Estimate unpaired(double[] baseline, double[] candidate, long seed, int resamples) {
        Bootstrap bootstrap = new Bootstrap(
                new double[][] {candidate, baseline},
                new double[] {1, -1},
                Student.degreesOfFreedom(baseline, candidate),
                seed,
                resamples);
        return bootstrap.estimate(Design.UNPAIRED, baseline.length, candidate.length);
    }

    private Estimate estimate(Design design, int baselineLaunches, int candidateLaunches) {
        return new Estimate(
                design, Method.BCA, baselineLaunches, candidateLaunches, estimate, limits(0.025), limits(0.05), p());
    }

    private double estimate() {
        double sum = 0;
        for (int k = 0; k < samples.length; k++) {
            sum += signs[k] * Numbers.mean(samples[k]);
        }
        return sum;
    }

    /// @return sorted
    private double[] replicates(long seed, int resamples) {
        UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(seed);
        double[] drawn = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            double replicate = 0;
            for (int k = 0; k < samples.length; k++) {
                double[] sample = samples[k];
                double sum = 0;
                for (int j = 0; j < sample.length; j++) {
                    sum += sample[random.nextInt(sample.length)];
                }
                replicate += signs[k] * sum / sample.length;
            }
            drawn[i] = replicate;
        }
        Arrays.sort(drawn);
        return drawn;
    }

    /// Sixth of the skewness of the empirical influence values, which for a mean are the deviations from it.
    private double acceleration() {
        double cubes = 0;
        double squares = 0;
        for (int k = 0; k < samples.length; k++) {
            double mean = Numbers.mean(samples[k]);
            double length = samples[k].length;
            for (double value : samples[k]) {
                double influence = signs[k] * (value - mean);
                cubes += influence * influence * influence / (length * length * length);
                squares += influence * influence / (length * length);
            }
        }
        return cubes / (6 * squares * StrictMath.sqrt(squares));
    }

    /// √(n/(n−1)) of one sample; of two, what their variances weigh.
    private double widening() {
        double unbiased = 0;
        double biased = 0;
        for (double[] sample : samples) {
            double ofMean = Numbers.variance(sample) / sample.length;
            unbiased += ofMean;
            biased += ofMean * (sample.length - 1) / sample.length;
        }
        return StrictMath.sqrt(unbiased / biased);
    }

    private Limits limits(double tail) {
        double z = widening * t.inverseSurvivalProbability(tail);
        double low = replicate(-z);
        double high = replicate(z);
        // With little but ties among the replicates the corrected percentiles can miss the estimate.
        return new Limits(Math.min(low, estimate), Math.max(high, estimate));
    }

    /// The replicate at the bias-corrected and accelerated percentile of a normal quantile.
    private double replicate(double z) {
        double shifted = bias + z;
        double denominator = 1 - acceleration * shifted;
        double share =
                denominator > 0 ? NORMAL.cumulativeProbability(bias + shifted / denominator) : shifted < 0 ? 0 : 1;
        int index = (int) Math.floor(share * replicates.length);
        return replicates[Math.clamp(index, 0, replicates.length - 1)];
    }

    /// The level at which the interval would end at 0. It is at least about 1 / [#RESAMPLES], whatever the difference.
    private double p() {
        double y = quantile(shareBelow(0)) - bias;
        double z = y / (1 + acceleration * y) - bias;
        return Math.min(1, 2 * t.survivalProbability(Math.abs(z) / widening));
    }

    /// Ties count half; never 0 or 1, which have no quantile.
    private double shareBelow(double value) {
        int below = 0;
        int equal = 0;
        for (double replicate : replicates) {
            if (replicate < value) {
                below++;
            } else if (replicate == value) {
                equal++;
            }
        }
        double least = 0.5 / replicates.length;
        return Math.clamp((below + 0.5 * equal) / replicates.length, least, 1 - least);
    }

    private static double quantile(double share) {
        return NORMAL.inverseCumulativeProbability(share);
    }
}
