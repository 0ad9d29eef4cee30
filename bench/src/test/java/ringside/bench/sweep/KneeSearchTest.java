package ringside.bench.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import ringside.bench.plan.BenchPlanBuilder;
import ringside.bench.plan.Objective;
import ringside.bench.result.Answer;
import ringside.bench.result.Latency;
import ringside.bench.result.Load;
import ringside.bench.result.Measured;
import ringside.bench.result.Measurements;
import ringside.bench.result.Outcome;
import ringside.bench.result.Side;
import ringside.bench.result.Surroundings;
import ringside.bench.result.Trial;
import ringside.bench.result.WarmUp;
import ringside.bench.result.Workload;

/// Against servers whose knee is known.
class KneeSearchTest {

    private static final Objective OBJECTIVE = Objective.parse("p99<5ms");
    private static final double CAPACITY = 50_000;

    @Test
    void findsTheKneeWhereverItLies() {
        for (double knee : new double[] {1_500, 10_000, 31_234, 49_000, 120_000}) {
            List<Trial> trials = search(rate -> rate <= knee ? 1.2 : 80);
            KneeSearch found = KneeSearch.of(OBJECTIVE, BenchPlanBuilder.KNEE_PRECISION, trials);
            assertTrue(found.floor() <= knee && knee < found.ceiling(), () -> knee + ": " + found);
            assertTrue(found.ceiling() - found.floor() <= 0.0501 * found.ceiling(), found::toString);
            assertTrue(trials.size() <= 1 + 2 * 11, () -> trials.size() + " trials");
            assertTrue(done(found).startsWith("holds p99<5ms at "), done(found));
        }
    }

    @Test
    void aServerThatHoldsAllItCanAnswerIsSaidToDoSo() {
        KneeSearch found = KneeSearch.of(OBJECTIVE, BenchPlanBuilder.KNEE_PRECISION, search(_ -> 1));
        assertTrue(found.floor() >= 4 * CAPACITY, found::toString);
        assertTrue(done(found).endsWith("times what it answers in a closed loop (50,000)"), done(found));
    }

    @Test
    void aServerThatHoldsNothingIsSaidToDoSo() {
        List<Trial> trials = search(_ -> 9);
        String said = done(KneeSearch.of(OBJECTIVE, BenchPlanBuilder.KNEE_PRECISION, trials));
        assertTrue(said.startsWith("doesn't hold p99<5ms at any rate that was tried, down to "), said);
        assertTrue(trials.size() < 20, () -> trials.size() + " trials");
    }

    /// Within a twentieth of the knee a trial is a coin; beyond it is right 9 times of 10. The majority of three finds
    /// the knee within a tenth, nearly always.
    @Test
    void noiseIsVotedDown() {
        int near = 0;
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            double knee = 30_000;
            List<Trial> trials = search(rate -> {
                boolean holds =
                        Math.abs(rate / knee - 1) < 0.05 ? random.nextBoolean() : rate < knee == random.nextInt(10) > 0;
                return holds ? 1 : 80;
            });
            double floor = KneeSearch.of(OBJECTIVE, BenchPlanBuilder.KNEE_PRECISION, trials)
                    .floor();
            near += Math.abs(floor / knee - 1) < 0.1 ? 1 : 0;
        }
        assertTrue(near >= 170, near + " of 200 within a tenth of the knee");
    }

    @Test
    void whatTheGeneratorCanNotSendIsNotBlamedOnTheServer() {
        List<Trial> trials = new ArrayList<>();
        while (true) {
            KneeSearch.Step step = KneeSearch.of(OBJECTIVE, BenchPlanBuilder.KNEE_PRECISION, trials)
                    .next();
            if (step instanceof KneeSearch.Step.Done) {
                break;
            }
            double rate = step instanceof KneeSearch.Step.Rate(double perSecond) ? perSecond : 0;
            boolean late = rate > 20_000;
            Measurements measured = measurements(rate, 1, late);
            trials.add(trial(
                    trials.size(),
                    rate,
                    late
                            ? new Outcome.Voided("not the load that was asked for", measured)
                            : new Outcome.Valid(measured)));
        }
        String said = done(KneeSearch.of(OBJECTIVE, BenchPlanBuilder.KNEE_PRECISION, trials));
        assertTrue(said.contains("the generator was the limit, so that the server may hold more"), said);
    }

    @Test
    void aServerThatDoesNotRunEndsTheSearch() {
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            assertInstanceOf(
                    KneeSearch.Step.Capacity.class,
                    KneeSearch.of(OBJECTIVE, BenchPlanBuilder.KNEE_PRECISION, trials)
                            .next());
            trials.add(trial(i, 0, new Outcome.Failed("it died")));
        }
        String said = done(KneeSearch.of(OBJECTIVE, BenchPlanBuilder.KNEE_PRECISION, trials));
        assertEquals("ended after 3 trials without a measurement: it died", said);
    }

    @Test
    void aDisturbedTrialHasNoVoteAndTooManyEndTheSearch() {
        List<Trial> trials = new ArrayList<>(List.of(trial(0, 0, new Outcome.Valid(measurements(0, 1, false)))));
        double first = 40_000;
        while (next(trials) instanceof KneeSearch.Step.Rate(double rate)) {
            assertEquals(first, rate, "nothing is known of it yet");
            trials.add(trial(trials.size(), rate, new Outcome.Voided("disturbed", disturbed(rate))));
        }
        assertEquals(9, trials.size());
        assertEquals(
                "ended after 8 trials that the machine disturbed: between 0 and 52,500 requests/s",
                done(KneeSearch.of(OBJECTIVE, BenchPlanBuilder.KNEE_PRECISION, trials)));
    }

    @Test
    void saysHowManyTrialsAreToCome() {
        List<Trial> trials = search(rate -> rate <= 31_234 ? 1.2 : 80);
        for (int done = 0; done <= trials.size(); done++) {
            int left = KneeSearch.of(OBJECTIVE, BenchPlanBuilder.KNEE_PRECISION, trials.subList(0, done))
                    .trialsLeft();
            assertEquals(trials.size() - done, left, done < 3 ? 5 : 2, "after " + done + " trials");
            assertEquals(done == trials.size(), left == 0);
        }
    }

    private static KneeSearch.Step next(List<Trial> trials) {
        return KneeSearch.of(OBJECTIVE, BenchPlanBuilder.KNEE_PRECISION, trials).next();
    }

    private static String done(KneeSearch search) {
        return assertInstanceOf(KneeSearch.Step.Done.class, search.next()).sentence();
    }

    private interface Server {
        /// @return p99 in milliseconds
        double p99(double rate);
    }

    private static List<Trial> search(Server server) {
        List<Trial> trials = new ArrayList<>();
        while (true) {
            switch (KneeSearch.of(OBJECTIVE, BenchPlanBuilder.KNEE_PRECISION, trials)
                    .next()) {
                case KneeSearch.Step.Capacity _ ->
                    trials.add(trial(trials.size(), 0, new Outcome.Valid(measurements(0, 1, false))));
                case KneeSearch.Step.Rate(double rate) ->
                    trials.add(
                            trial(trials.size(), rate, new Outcome.Valid(measurements(rate, server.p99(rate), false))));
                case KneeSearch.Step.Done _ -> {
                    return trials;
                }
            }
            assertTrue(trials.size() < 100, "the search doesn't end");
        }
    }

    private static Trial trial(int index, double rate, Outcome outcome) {
        Load load = rate > 0 ? new Load.Open(rate) : new Load.Closed();
        Workload workload = new Workload(1024, false, 64, 64, load, Workload.Cache.HOT);
        return new Trial(index, index, Side.engine("blocking", "epoll"), workload, Instant.EPOCH, outcome, List.of());
    }

    private static Measurements disturbed(double rate) {
        Surroundings.Span span = Surroundings.Span.unknown("not looked at");
        return measurements(rate, 80, false, new Surroundings(span, span, span, List.of("the hypervisor took 5 %")));
    }

    private static Measurements measurements(double rate, double p99Millis, boolean limited) {
        return measurements(rate, p99Millis, limited, Surroundings.unknown("not looked at"));
    }

    private static Measurements measurements(
            double rate, double p99Millis, boolean limited, Surroundings surroundings) {
        Measured unknown = Measured.unmeasurable("not looked at");
        Measured p99 = Measured.of(p99Millis * 1000);
        return new Measurements(
                1,
                1000,
                1000,
                rate > 0 ? rate : CAPACITY,
                Latency.unmeasurable("not looked at"),
                new Latency(unknown, unknown, p99, unknown, unknown),
                Latency.unmeasurable("not looked at"),
                new Measurements.ServerCost(unknown, unknown, unknown, unknown, unknown, Map.of()),
                new Measurements.GeneratorCost(unknown, unknown, unknown, unknown, unknown, Answer.of(limited), ""),
                Measured.of(1),
                Measured.of(1),
                Map.of(),
                0,
                new WarmUp(1, WarmUp.Ended.STEADY, "the level has held"),
                surroundings,
                Map.of(),
                "x.hlog");
    }
}
