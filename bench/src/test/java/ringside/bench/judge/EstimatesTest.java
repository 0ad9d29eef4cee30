package ringside.bench.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;

class EstimatesTest {

    private static final double[] DIFFERENCES = {0.021, 0.034, 0.012, 0.051, 0.027, 0.018};

    /// scipy.stats.ttest_1samp gives t = 4.7854.
    @Test
    void studentsTIsTheTextbooks() {
        Estimate estimate = Student.paired(DIFFERENCES);
        assertEquals(0.0271667, estimate.log(), 1e-7);
        assertEquals(0.004946834, estimate.p(), 1e-7);
        assertEquals(0.0125736, estimate.within95().low(), 1e-6);
        assertEquals(0.0417597, estimate.within95().high(), 1e-6);
    }

    /// scipy.stats.ttest_ind(equal_var=False).
    @Test
    void welchsTIsTheTextbooks() {
        double[] baseline = {1.00, 1.02, 0.99, 1.01};
        double[] candidate = {1.05, 1.09, 1.02, 1.11, 1.04};
        Estimate estimate = Student.unpaired(baseline, candidate);
        assertEquals(0.057, estimate.log(), 1e-12);
        assertEquals(0.022802461, estimate.p(), 1e-7);
        assertEquals(0.0117263, estimate.within95().low(), 1e-6);
    }

    @Test
    void equalLaunchesAreNotCertainty() {
        Estimate estimate = Student.paired(new double[] {0.0, 0.0});
        assertEquals(1, estimate.p());
        assertTrue(
                estimate.within95().high() > 0.004, "two equal launches resolve nothing finer than a histogram does");
        assertTrue(Student.paired(new double[] {0.004, 0.004}).p() > 0.05);
    }

    @Test
    void theBootstrapFollowsFromItsSeed() {
        double[] differences = many(20, 1);
        assertEquals(Bootstrap.paired(differences, 7), Bootstrap.paired(differences, 7));
        assertNotEquals(Bootstrap.paired(differences, 7), Bootstrap.paired(differences, 8));
    }

    /// Of normal values both are right, so they agree.
    @Test
    void theBootstrapAgreesWithStudentWhereThatIsExact() {
        double[] differences = many(60, 2);
        Estimate bootstrap = Bootstrap.paired(differences, 1);
        Estimate student = Student.paired(differences);
        double width = student.within95().high() - student.within95().low();
        assertEquals(student.log(), bootstrap.log(), 1e-15);
        assertEquals(student.within95().low(), bootstrap.within95().low(), 0.06 * width);
        assertEquals(student.within95().high(), bootstrap.within95().high(), 0.06 * width);
        assertEquals(student.p(), bootstrap.p(), 0.04);
    }

    /// The interval leans to the side of the long tail, where Student's is symmetric.
    @Test
    void theBootstrapLeansWithTheSkew() {
        double[] skewed = many(40, 3);
        for (int i = 0; i < skewed.length; i++) {
            skewed[i] = StrictMath.exp(30 * skewed[i]);
        }
        Estimate estimate = Bootstrap.paired(skewed, 5);
        assertTrue(
                estimate.within95().high() - estimate.log()
                        > 1.1 * (estimate.log() - estimate.within95().low()),
                estimate::toString);
    }

    @Test
    void pAndIntervalOfTheBootstrapAgree() {
        for (int seed = 0; seed < 50; seed++) {
            double[] differences = many(20, seed);
            for (int i = 0; i < differences.length; i++) {
                differences[i] += 0.015;
            }
            Estimate estimate = Bootstrap.paired(differences, seed);
            boolean excludes =
                    estimate.within95().low() > 0 || estimate.within95().high() < 0;
            if (Math.abs(estimate.p() - 0.05) > 0.002) {
                assertEquals(estimate.p() < 0.05, excludes, estimate::toString);
            }
        }
    }

    /// Holm's own example has the form 0.01, 0.04, 0.03, 0.005: adjusted 0.03, 0.06, 0.06, 0.02.
    @Test
    void holmAdjustsStepByStep() {
        assertArrayEquals(
                new double[] {0.03, 0.06, 0.06, 0.02}, Holm.adjust(new double[] {0.01, 0.04, 0.03, 0.005}), 1e-15);
        assertArrayEquals(new double[] {1, 1}, Holm.adjust(new double[] {0.9, 0.8}));
        assertEquals(0, Holm.adjust(new double[0]).length);
    }

    private static double[] many(int count, long seed) {
        return Launches.differences(Launches.Shape.LOG_NORMAL, count, 0, RandomSource.XO_SHI_RO_256_PP.create(seed));
    }
}
