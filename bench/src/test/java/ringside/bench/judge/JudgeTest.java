package ringside.bench.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import ringside.bench.judge.Judgement.Basis;
import ringside.bench.result.Measured;

class JudgeTest {

    private static final Judge JUDGE = new Judge(1);
    private static final double[] STEADY = {5.00, 5.03, 4.98, 5.01, 5.02};
    private static final Metric CALLS = Metric.byId("count:system calls").orElseThrow();

    @Test
    void moreCpuIsARegressionAndLessAnImprovement() {
        Judgement dearer = judge(Metric.CPU, scaled(1.05), Floors.NONE);
        assertEquals(Verdict.REGRESSED, dearer.verdict(), dearer::reason);
        assertEquals(1.05, dearer.ratio().orElse(0), 0.003);
        assertTrue(dearer.reason().contains("+5.") && dearer.reason().contains("5 pairs"), dearer::reason);
        assertEquals(0, interval(dearer).superiority());
        assertEquals(
                Verdict.IMPROVED, judge(Metric.CPU, scaled(0.95), Floors.NONE).verdict());
    }

    @Test
    void lessThroughputIsARegression() {
        assertEquals(
                Verdict.REGRESSED,
                judge(Metric.THROUGHPUT, scaled(0.95), Floors.NONE).verdict());
        assertEquals(
                Verdict.IMPROVED,
                judge(Metric.THROUGHPUT, scaled(1.05), Floors.NONE).verdict());
    }

    @Test
    void aDifferenceBelowTheMarginIsEquivalent() {
        Judgement judgement = judge(Metric.CPU, scaled(1.008), Floors.NONE);
        assertEquals(Verdict.EQUIVALENT, judgement.verdict(), judgement::reason);
        assertTrue(interval(judgement).adjustedP() <= Judge.LEVEL, "it is there, it only doesn't matter");
    }

    @Test
    void aWideSpreadIsInconclusive() {
        Judgement judgement = judge(Metric.CPU, new double[] {4.4, 5.6, 4.7, 5.5, 5.1}, Floors.NONE);
        assertEquals(Verdict.INCONCLUSIVE, judgement.verdict());
        assertTrue(judgement.reason().contains("more launches"), judgement::reason);
    }

    @Test
    void anIntervalThatIsOneOfManyIsNotEnoughAndSaysSo() {
        double[] cpu = {5.30, 5.10, 5.62, 5.21, 5.33};
        double[] noise = {4.4, 5.6, 4.7, 5.5, 5.1};
        assertEquals(Verdict.REGRESSED, judge(Metric.CPU, cpu, Floors.NONE).verdict(), "alone it is shown");
        Judgement judgement = JUDGE.compare(
                        Launches.WORKLOAD, several("a", STEADY, STEADY), several("b", cpu, noise), Floors.NONE)
                .of(Metric.CPU)
                .orElseThrow();
        assertTrue(interval(judgement).isShownOnlyAlone());
        assertEquals(Verdict.INCONCLUSIVE, judgement.verdict(), judgement::reason);
        assertTrue(judgement.reason().contains("one metric of many"), judgement::reason);
    }

    private static Sample several(String label, double[] cpu, double[] others) {
        List<Sample.Launch> launches = new ArrayList<>();
        for (int block = 0; block < cpu.length; block++) {
            Measured other = Measured.of(others[block]);
            launches.add(new Sample.Launch(
                    block,
                    Map.of(Metric.CPU, Measured.of(cpu[block]), Metric.CORE_BUSY, other, Metric.THROUGHPUT, other)));
        }
        return new Sample(label, launches, Map.of());
    }

    @Test
    void aDifferenceNearTheMarginIsNeither() {
        Judgement judgement = judge(Metric.CPU, scaled(1.0195), Floors.NONE);
        assertEquals(Verdict.INCONCLUSIVE, judgement.verdict(), judgement::reason);
        assertTrue(judgement.reason().contains("nor to be smaller"), judgement::reason);
    }

    @Test
    void oneLaunchDecidesNothing() {
        Comparison comparison = JUDGE.compare(
                Launches.WORKLOAD,
                Launches.sample("a", Metric.CPU, 5),
                Launches.sample("b", Metric.CPU, 9),
                Floors.NONE);
        Judgement judgement = comparison.of(Metric.CPU).orElseThrow();
        assertEquals(Verdict.INCONCLUSIVE, judgement.verdict());
        assertTrue(judgement.reason().contains("at least two"), judgement::reason);
        assertFalse(judgement.isUnmeasurable());
    }

    @Test
    void aLeaderSharesTheLevelAmongItsRivals() {
        Sample leader = Launches.sample("a", Metric.CPU, STEADY);
        Sample near = Launches.sample("b", Metric.CPU, 5.18, 5.15, 5.12, 5.21, 5.09);
        assertEquals(Verdict.IMPROVED, lead(near, leader, 1).verdict());
        assertEquals(Verdict.INCONCLUSIVE, lead(near, leader, 50).verdict());
        assertEquals(1, interval(lead(near, leader, 1_000_000)).adjustedP());
        assertEquals(
                Verdict.EQUIVALENT,
                lead(Launches.sample("b", Metric.CPU, scaled(1.005)), leader, 1).verdict());
        assertEquals(
                Verdict.INCONCLUSIVE,
                lead(Launches.sample("b", Metric.CPU, 9), leader, 1).verdict());
    }

    /// The bootstrap of skewed launches tells no level below about 1 %: many rivals would never be beaten.
    @Test
    void aClearLeadOfManyLaunchesIsSeenAmongManyRivals() {
        double[] fast = new double[17];
        double[] slow = new double[17];
        for (int i = 0; i < fast.length; i++) {
            fast[i] = 5 + 0.01 * (i % 4);
            slow[i] = 6.5 + (i == 3 ? 0.9 : 0.01 * (i % 5));
        }
        Judgement judgement = lead(Launches.sample("b", Metric.CPU, slow), Launches.sample("a", Metric.CPU, fast), 3);
        assertEquals(Estimate.Method.BCA, interval(judgement).estimate().method());
        assertEquals(Verdict.IMPROVED, judgement.verdict(), judgement::reason);
    }

    private static Judgement lead(Sample rival, Sample leader, int rivals) {
        return JUDGE.lead(Launches.WORKLOAD, rival, leader, Metric.CPU, Floors.NONE, rivals);
    }

    /// Two pairs can show what is enormous and steady, and nothing else.
    @Test
    void twoLaunchesDecideLittle() {
        Judgement judgement = judge(Metric.CPU, new double[] {5.50, 5.70}, new double[] {5.00, 5.03}, Floors.NONE);
        assertEquals(Verdict.INCONCLUSIVE, judgement.verdict(), judgement::reason);
        assertEquals(Estimate.Method.STUDENT_T, interval(judgement).estimate().method());
    }

    @Test
    void whatTheControlShowsIsNoDifference() {
        Sample baseline = Launches.sample("a", Metric.CPU, STEADY);
        Floors floors = Floors.of(baseline, Launches.sample("a'", Metric.CPU, scaled(1.05)));
        assertEquals(0.05, floors.of(Metric.CPU).orElse(0), 0.003);
        Judgement judgement = judge(Metric.CPU, scaled(1.045), floors);
        assertEquals(Verdict.INCONCLUSIVE, judgement.verdict(), judgement::reason);
        Judgement beyond = judge(Metric.CPU, scaled(1.08), floors);
        assertEquals(Verdict.REGRESSED, beyond.verdict(), beyond::reason);
        Judgement within = judge(Metric.CPU, scaled(1.02), floors);
        assertEquals(Verdict.INCONCLUSIVE, within.verdict(), "5 % apart is more than twice what matters");
        assertTrue(within.reason().contains("two equal sides"), within::reason);
    }

    @Test
    void anUnmeasurableLaunchMakesTheMetricUnknown() {
        Sample.Launch known = new Sample.Launch(0, Map.of(Metric.CPU, Measured.of(5)));
        Sample.Launch unknown = new Sample.Launch(1, Map.of(Metric.CPU, Measured.unmeasurable("no permission")));
        Sample baseline = new Sample("a", List.of(known, unknown), Map.of());
        Judgement judgement = JUDGE.compare(
                        Launches.WORKLOAD, baseline, Launches.sample("b", Metric.CPU, STEADY), Floors.NONE)
                .of(Metric.CPU)
                .orElseThrow();
        assertEquals(Verdict.INCONCLUSIVE, judgement.verdict());
        assertEquals("a: no permission", judgement.reason());
        assertTrue(judgement.isUnmeasurable());
    }

    @Test
    void zeroHasNoRatio() {
        Judgement judgement = judge(Metric.CPU, new double[] {0, 5, 5, 5, 5}, Floors.NONE);
        assertEquals(Verdict.INCONCLUSIVE, judgement.verdict());
        assertTrue(judgement.reason().contains("0"), judgement::reason);
    }

    @Test
    void launchesWithoutPartnersAreHeldAgainstAll() {
        Sample baseline = Launches.sample("a", Metric.CPU, STEADY);
        Judgement judgement = JUDGE.compareApart(
                        Launches.WORKLOAD, baseline, Launches.sample("b", Metric.CPU, scaled(1.05)), Floors.NONE)
                .of(Metric.CPU)
                .orElseThrow();
        assertEquals(Estimate.Design.UNPAIRED, interval(judgement).estimate().design());
        assertEquals(Verdict.REGRESSED, judgement.verdict(), judgement::reason);
        assertTrue(judgement.reason().contains("5 and 5 launches"), judgement::reason);
    }

    @Test
    void aFewMissingPartnersLeaveThePairs() {
        Judgement judgement = judge(Metric.CPU, new double[] {5.25, 5.28, 5.23}, STEADY, Floors.NONE);
        assertEquals(Estimate.Design.PAIRED, interval(judgement).estimate().design());
        assertEquals(3, interval(judgement).estimate().candidateLaunches());
    }

    @Test
    void countsAreJudgedByTolerance() {
        assertEquals(
                Verdict.EQUIVALENT,
                judge(CALLS, new double[] {2.03}, new double[] {2.0}, Floors.NONE)
                        .verdict());
        Judgement more = judge(CALLS, new double[] {3.0}, new double[] {2.0}, Floors.NONE);
        assertEquals(Verdict.REGRESSED, more.verdict());
        assertInstanceOf(Basis.Tolerance.class, more.basis());
        assertEquals(1.5, more.ratio().orElse(0));
        assertEquals(
                Verdict.REGRESSED,
                judge(CALLS, new double[] {1}, new double[] {0}, Floors.NONE).verdict());
        assertEquals(
                Verdict.EQUIVALENT,
                judge(CALLS, new double[] {0.001}, new double[] {0}, Floors.NONE)
                        .verdict());
    }

    @Test
    void inconclusiveIsNoPass() {
        assertEquals(Verdict.INCONCLUSIVE, Verdict.overall(List.of()));
        assertEquals(
                Verdict.INCONCLUSIVE,
                Verdict.overall(List.of(Verdict.IMPROVED, Verdict.INCONCLUSIVE, Verdict.EQUIVALENT)));
        assertEquals(Verdict.REGRESSED, Verdict.overall(List.of(Verdict.INCONCLUSIVE, Verdict.REGRESSED)));
        assertEquals(Verdict.IMPROVED, Verdict.overall(List.of(Verdict.IMPROVED, Verdict.EQUIVALENT)));
        assertEquals(Verdict.EQUIVALENT, Verdict.overall(List.of(Verdict.EQUIVALENT)));
    }

    private static double[] scaled(double factor) {
        double[] noise = {1.001, 0.999, 1.002, 1.000, 0.998};
        double[] values = STEADY.clone();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor * noise[i];
        }
        return values;
    }

    private static Judgement judge(Metric metric, double[] candidate, Floors floors) {
        return judge(metric, candidate, STEADY, floors);
    }

    private static Judgement judge(Metric metric, double[] candidate, double[] baseline, Floors floors) {
        return JUDGE.compare(
                        Launches.WORKLOAD,
                        Launches.sample("a", metric, baseline),
                        Launches.sample("b", metric, candidate),
                        floors)
                .of(metric)
                .orElseThrow();
    }

    private static Basis.Interval interval(Judgement judgement) {
        return assertInstanceOf(Basis.Interval.class, judgement.basis());
    }
}
