package ringside.bench.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.bench.result.Measured;

/// How often the judge cries wolf, and how often it sleeps: whole experiments with an A/A arm and seven metrics that
/// move together, as those of one launch do.
class AlarmTest {

    private static final List<Metric> METRICS = List.of(
            Metric.THROUGHPUT,
            Metric.CPU,
            Metric.CORE_BUSY,
            metric("service-p50"),
            metric("service-p90"),
            metric("service-p99"),
            metric("service-p99.9"));

    /// Spread of each over launches, about what 4 launches of a second show on a small virtual machine.
    private static final double[] SPREADS = {0.015, 0.015, 0.02, 0.02, 0.03, 0.08, 0.2};

    private static final int EXPERIMENTS = 200;

    @ParameterizedTest
    @CsvSource({"4", "10", "16"})
    void equalSidesRarelyDiffer(int pairs) {
        long alarms = IntStream.range(0, EXPERIMENTS)
                .parallel()
                .filter(i -> differs(experiment(pairs, 1, 1000L + i)))
                .count();
        System.out.printf("%d pairs: %d false alarms in %d experiments%n", pairs, alarms, EXPERIMENTS);
        assertTrue(alarms <= EXPERIMENTS * 0.05, () -> alarms + " false alarms in " + EXPERIMENTS);
    }

    /// A candidate that takes 5 % more CPU for a request, and whose throughput and median are worse by as much.
    @Test
    void fivePercentAreFoundByThePairsThatAreAdvertised() {
        int pairs = new Power(SPREADS[1] * StrictMath.sqrt(2), METRICS.size()).pairsFor(0.05);
        long found = IntStream.range(0, EXPERIMENTS)
                .parallel()
                .filter(i -> experiment(pairs, 1.05, 5000L + i)
                                .of(Metric.CPU)
                                .orElseThrow()
                                .verdict()
                        == Verdict.REGRESSED)
                .count();
        System.out.printf("5 %%, %d pairs: found in %d of %d experiments%n", pairs, found, EXPERIMENTS);
        assertTrue(found >= EXPERIMENTS * 0.9, () -> "found in " + found + " of " + EXPERIMENTS);
    }

    @Test
    void aDifferenceInOneMetricAloneIsFoundAsAdvertised() {
        for (int pairs : new int[] {4, 10, 16}) {
            Power power = new Power(0.03, METRICS.size());
            double log = StrictMath.log(1 + power.differenceFor(pairs));
            int experiments = 2000;
            long found = IntStream.range(0, experiments)
                    .parallel()
                    .filter(i -> {
                        UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(9000L + i);
                        double[] differences = new double[pairs];
                        Arrays.setAll(differences, _ -> log + 0.03 * Launches.normal(random));
                        return Student.paired(differences).p() <= Judge.LEVEL / METRICS.size();
                    })
                    .count();
            assertTrue(
                    found >= experiments * 0.89,
                    () -> pairs + " pairs found it in " + found + " of " + experiments + " experiments");
        }
    }

    @Test
    void powerAndPairsAreInverse() {
        Power power = new Power(0.03, 7);
        assertEquals(0.0323, new Power(0.02, 7).differenceFor(10), 0.0002);
        for (double difference : new double[] {0.01, 0.02, 0.05, 0.2}) {
            int pairs = power.pairsFor(difference);
            assertTrue(power.differenceFor(pairs) <= difference);
            assertTrue(pairs == 2 || power.differenceFor(pairs - 1) > difference);
        }
        assertEquals(Power.PAIRS_MAX, new Power(1, 7).pairsFor(0.0001));
    }

    @Test
    void aPilotIsTakenWithCaution() {
        Sample baseline = Launches.sample("a", Metric.CPU, 5, 5, 5);
        Sample twin = Launches.sample("b", Metric.CPU, 5.1, 4.9, 5.0);
        Power power = Power.ofPilot(baseline, twin, Metric.CPU).orElseThrow();
        assertEquals(0.02 * 2.117, power.logSpread(), 1e-3);
        assertTrue(Power.ofPilot(baseline, Launches.sample("b", Metric.CPU, 5), Metric.CPU)
                .isEmpty());
    }

    private static boolean differs(Comparison comparison) {
        return comparison.judgements().stream()
                .anyMatch(judgement ->
                        judgement.verdict() == Verdict.IMPROVED || judgement.verdict() == Verdict.REGRESSED);
    }

    private static Comparison experiment(int pairs, double factor, long seed) {
        UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(seed);
        Sample baseline = side("baseline", pairs, 1, random);
        Sample control = side("control", pairs, 1, random);
        Sample candidate = side("candidate", pairs, factor, random);
        return new Judge(seed).compare(Launches.WORKLOAD, baseline, candidate, Floors.of(baseline, control));
    }

    private static Sample side(String label, int launches, double factor, UniformRandomProvider random) {
        List<Sample.Launch> all = new ArrayList<>();
        for (int block = 0; block < launches; block++) {
            double ofLaunch = Launches.normal(random);
            Map<Metric, Measured> values = new HashMap<>();
            for (int i = 0; i < METRICS.size(); i++) {
                Metric metric = METRICS.get(i);
                double log = SPREADS[i] * (0.8 * ofLaunch + 0.6 * Launches.normal(random));
                boolean higher = metric.better() == Metric.Better.HIGHER;
                values.put(
                        metric,
                        Measured.of(100 * (higher ? 1 / factor : factor) * StrictMath.exp(higher ? -log : log)));
            }
            all.add(new Sample.Launch(block, values));
        }
        return new Sample(label, all, Map.of());
    }

    private static Metric metric(String id) {
        return Metric.byId(id).orElseThrow();
    }
}
