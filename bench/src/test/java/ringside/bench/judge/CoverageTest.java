package ringside.bench.judge;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.bench.judge.Launches.Shape;

/// Of 2,000 experiments with a known true ratio, in how many the 95 % interval has it. The standard error of that share
/// is 0.5 %. `-Djudge.experiments=20000` looks closer.
class CoverageTest {

    private static final int EXPERIMENTS = Integer.getInteger("judge.experiments", 2_000);

    private static final double TRUE_LOG = StrictMath.log(1.05);

    /// Fewer than in earnest: it is the launches that differ from experiment to experiment.
    private static final int RESAMPLES = 1_000;

    @ParameterizedTest
    @EnumSource(Shape.class)
    void ofTheUsualPairs(Shape shape) {
        covers(
                shape,
                10,
                seed -> Estimator.paired(
                        Launches.differences(shape, 10, TRUE_LOG, RandomSource.XO_SHI_RO_256_PP.create(seed)), seed));
    }

    @ParameterizedTest
    @CsvSource({"LOG_NORMAL, 2", "LOG_NORMAL, 4", "HEAVY_TAILED, 4", "HEAVY_TAILED, 5"})
    void ofFewPairs(Shape shape, int pairs) {
        covers(
                shape,
                pairs,
                seed -> Estimator.paired(
                        Launches.differences(shape, pairs, TRUE_LOG, RandomSource.XO_SHI_RO_256_PP.create(seed)),
                        seed));
    }

    @ParameterizedTest
    @CsvSource({
        "LOG_NORMAL, 15", "BIMODAL, 15", "HEAVY_TAILED, 15",
        "LOG_NORMAL, 30", "BIMODAL, 30", "HEAVY_TAILED, 30"
    })
    void ofTheBootstrap(Shape shape, int pairs) {
        covers(shape, pairs, seed -> {
            double[] differences =
                    Launches.differences(shape, pairs, TRUE_LOG, RandomSource.XO_SHI_RO_256_PP.create(seed));
            return Bootstrap.paired(differences, seed, RESAMPLES).noNarrowerThan(Student.paired(differences));
        });
    }

    @ParameterizedTest
    @CsvSource({"LOG_NORMAL, 10, 10", "BIMODAL, 10, 10", "HEAVY_TAILED, 10, 10", "LOG_NORMAL, 4, 10"})
    void ofUnpairedLaunches(Shape shape, int baseline, int candidate) {
        covers(shape, candidate, seed -> {
            var random = RandomSource.XO_SHI_RO_256_PP.create(seed);
            return Estimator.unpaired(
                    Launches.logs(shape, baseline, 0, random), Launches.logs(shape, candidate, TRUE_LOG, random), seed);
        });
    }

    @Test
    void ofTheUnpairedBootstrap() {
        covers(Shape.BIMODAL, 20, seed -> {
            var random = RandomSource.XO_SHI_RO_256_PP.create(seed);
            double[] baseline = Launches.logs(Shape.BIMODAL, 20, 0, random);
            double[] candidate = Launches.logs(Shape.BIMODAL, 20, TRUE_LOG, random);
            return Bootstrap.unpaired(baseline, candidate, seed, RESAMPLES)
                    .noNarrowerThan(Student.unpaired(baseline, candidate));
        });
    }

    private static void covers(Shape shape, int pairs, LongFunction<Estimate> experiment) {
        long covered = LongStream.range(0, EXPERIMENTS)
                .parallel()
                .filter(i -> {
                    Estimate estimate = experiment.apply(0x5eedL * 31 + i);
                    return estimate.within95().low() <= TRUE_LOG
                            && TRUE_LOG <= estimate.within95().high();
                })
                .count();
        double share = 100.0 * covered / EXPERIMENTS;
        System.out.printf("%s, %d: %.1f %% of the 95 %% intervals have the true ratio%n", shape, pairs, share);
        assertTrue(share >= 93 && share <= 97, () -> shape + " with " + pairs + ": " + share + " % are covered");
    }
}
