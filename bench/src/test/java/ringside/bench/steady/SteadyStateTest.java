package ringside.bench.steady;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.bench.result.WarmUpRule;
import ringside.bench.steady.ChangePoints.Stretch;
import ringside.bench.steady.SteadyState.JvmActivity;

class SteadyStateTest {

    private static final WarmUpRule RULE = WarmUpRule.untilSteady(10);
    private static final JvmActivity QUIET = new JvmActivity(0.2e6, 0.1e6, 100e6);
    private static final int SERIES = 500;

    @Test
    void aStepIsFoundWhereItIs() {
        double[] values = series(new Random(5), 30, 0.02, i -> i < 12 ? 1 : 1.2);
        List<Stretch> stretches = ChangePoints.stretches(values, ChangePoints.noise(values, 0.001));
        assertEquals(2, stretches.size(), stretches::toString);
        assertEquals(12, stretches.getLast().begin(), 1);
        assertEquals(1.2, stretches.getLast().mean(), 0.02);
        assertEquals(30, stretches.getLast().end());
        assertEquals(18, ChangePoints.last(stretches, 0.03).length(), 1);
        assertEquals(30, ChangePoints.last(stretches, 0.3).length());
        assertEquals(List.of(), ChangePoints.stretches(new double[0], 1));
    }

    @Test
    void aGeneratorThatStillCompilesIsWaitedFor() {
        SteadyState state = new SteadyState(RULE);
        JvmActivity compiling = new JvmActivity(20e6, 0, 100e6);
        for (int i = 0; i < 30; i++) {
            state.add(0.1, 5_000, Optional.empty(), Optional.of(compiling));
        }
        assertFalse(state.isSteady());
        assertTrue(state.describe().contains("the generator's 20.0 % of its own"), state::describe);
        for (int i = 0; i < 30; i++) {
            state.add(0.1, 5_000, Optional.empty(), Optional.of(QUIET));
        }
        assertTrue(state.isSteady(), state::describe);
        assertFalse(state.describe().contains("generator"), state::describe);
    }

    @Test
    void whatIsNoiseIsSeldomTakenForAStep() {
        Random random = new Random(11);
        int whole = 0;
        for (int run = 0; run < SERIES; run++) {
            double[] values = series(random, 20, 0.03, i -> 7);
            whole += ChangePoints.stretches(values, ChangePoints.noise(values, 0.001))
                                    .size()
                            == 1
                    ? 1
                    : 0;
        }
        assertTrue(whole >= 0.9 * SERIES, whole + " of " + SERIES);
    }

    @Test
    void theNoiseOfASeriesIsNotThatOfItsSteps() {
        double[] values = series(new Random(3), 200, 0.02, i -> Math.floor(i / 50.0));
        assertEquals(0.02, ChangePoints.noise(values, 0.001), 0.005);
        assertEquals(0.1, ChangePoints.noise(values, 0.1));
        assertEquals(0.1, ChangePoints.noise(new double[2], 0.1));
    }

    @Test
    void aStrayValueIsNoChange() {
        assertEquals(
                Arrays.toString(new double[] {1, 1, 1, 1, 1, 5, 5, 5}),
                Arrays.toString(ChangePoints.withoutStrays(new double[] {1, 1, 9, 1, 1, 5, 5, 5})));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.005, 0.02, 0.05})
    void aLevelThatHoldsIsSteady(double noise) {
        Random random = new Random(17);
        int steady = 0;
        for (int run = 0; run < SERIES; run++) {
            steady += fed(random, 25, noise, i -> 100_000, QUIET).isSteady() ? 1 : 0;
        }
        assertTrue(steady >= 0.9 * SERIES, steady + " of " + SERIES);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.005, 0.02})
    void aLevelThatRisesIsNot(double noise) {
        Random random = new Random(19);
        int steady = 0;
        for (int run = 0; run < SERIES; run++) {
            // A quarter more in each tenth of a second at first, and still 5 % in the last.
            steady += fed(random, 20, noise, i -> 100_000 * Math.exp(-3 * Math.exp(-i / 7.0)), QUIET)
                            .isSteady()
                    ? 1
                    : 0;
        }
        assertTrue(steady <= 0.05 * SERIES, steady + " of " + SERIES);
    }

    @Test
    void aStepJustBeforeTheEndIsNoSteadyState() {
        SteadyState state = fed(new Random(23), 20, 0.01, i -> i < 17 ? 100_000 : 120_000, QUIET);
        assertFalse(state.isSteady());
        assertTrue(state.describe().contains("has held for 0.3 s"), state::describe);
    }

    @Test
    void compilersHaveToBeDoneFirst() {
        SteadyState state = fed(new Random(29), 20, 0.01, i -> 100_000, new JvmActivity(50e6, 0, 100e6));
        assertFalse(state.isSteady());
        assertEquals(0.5, state.compilingShare().orElseThrow(), 1e-9);
        assertTrue(state.describe().contains("compilers used 50.0 % of the CPU time"), state::describe);
        for (int i = 0; i < RULE.heldIntervals(); i++) {
            assertFalse(state.isSteady());
            state.add(0.1, 100_000, Optional.of(QUIET), Optional.of(QUIET));
        }
        assertTrue(state.isSteady(), state::describe);
    }

    @Test
    void collectorsMayWorkButNoMoreAndNoLessThanBefore() {
        assertTrue(fed(new Random(31), 20, 0.01, i -> 100_000, new JvmActivity(0, 20e6, 100e6))
                .isSteady());
        SteadyState rising = new SteadyState(RULE);
        for (int i = 0; i < 20; i++) {
            rising.add(0.1, 100_000, Optional.of(new JvmActivity(0, 2e6 * i, 100e6)), Optional.of(QUIET));
        }
        assertFalse(rising.isSteady());
        assertTrue(rising.describe().contains("collectors' share still changed by 15 %"), rising::describe);
    }

    @Test
    void aServerThatIsNoJvmHasToHoldItsLevelOnly() {
        SteadyState state = new SteadyState(RULE);
        for (int i = 0; i < RULE.heldIntervals(); i++) {
            assertFalse(state.isSteady());
            state.add(0.1, 5_000, Optional.empty(), Optional.of(QUIET));
        }
        assertTrue(state.isSteady());
        assertTrue(state.compilingShare().isEmpty());
        assertEquals("the level has held for 1.5 s, within 3 %", state.describe());
        assertEquals(1.5, state.elapsedSeconds(), 1e-9);
    }

    @Test
    void aServerThatStopsAnsweringIsNotSteady() {
        SteadyState state = fed(new Random(37), 20, 0.01, i -> 100_000, QUIET);
        assertTrue(state.isSteady());
        state.add(0.1, 0, Optional.of(QUIET), Optional.of(QUIET));
        state.add(0.1, 0, Optional.of(QUIET), Optional.of(QUIET));
        assertFalse(state.isSteady());
    }

    private static SteadyState fed(
            Random random, int intervals, double noise, IntToDoubleFunction level, JvmActivity activity) {
        SteadyState state = new SteadyState(RULE);
        for (int i = 0; i < intervals; i++) {
            state.add(
                    0.1,
                    level.applyAsDouble(i) * Math.exp(noise * random.nextGaussian()),
                    Optional.of(activity),
                    Optional.of(QUIET));
        }
        return state;
    }

    private static double[] series(Random random, int length, double noise, IntToDoubleFunction level) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = level.applyAsDouble(i) + noise * random.nextGaussian();
        }
        return values;
    }
}
