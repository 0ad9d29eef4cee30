package ringside.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;
import ringside.bench.plan.BenchPlan;
import ringside.bench.plan.BenchPlanBuilder;
import ringside.bench.result.Answer;
import ringside.bench.result.Latency;
import ringside.bench.result.Load;
import ringside.bench.result.Measured;
import ringside.bench.result.Measurements;
import ringside.bench.result.Outcome;
import ringside.bench.result.Surroundings;
import ringside.bench.result.Trial;
import ringside.bench.result.WarmUp;
import ringside.bench.result.Workload;
import ringside.bench.trial.Asker;
import ringside.bench.trial.Contender;
import ringside.bench.trial.FileSet;
import ringside.bench.trial.Point;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;

/// Courses run against servers that are numbers: what comes next, and when it is enough.
class CourseTest {

    private static final Duration TRIAL = Duration.ofSeconds(4);
    private static final String BASELINE = "blocking/epoll";

    @Test
    void aRunThatIsInterruptedAnywhereGoesOnAsItWouldHave() {
        BenchPlan plan = plan().repeats(3).ledger(false).build();
        List<Trial> whole = run(new BlockCourse(plan, BASELINE, points("blocking", "sendfile", "aio")), 1000, _ -> 10);
        assertEquals(9, whole.size());
        BenchPlan searching = plan().findKnee("p99<5ms").build();
        List<Trial> searched = run(
                new KneeCourse(searching, searching.knee().orElseThrow(), points("blocking", "aio")), 1000, _ -> 10);
        for (int cut = 0; cut < whole.size(); cut++) {
            assertNext(new BlockCourse(plan, BASELINE, points("blocking", "sendfile", "aio")), whole, cut);
        }
        for (int cut = 0; cut < searched.size(); cut++) {
            assertNext(
                    new KneeCourse(searching, searching.knee().orElseThrow(), points("blocking", "aio")),
                    searched,
                    cut);
        }
    }

    private static void assertNext(Course course, List<Trial> whole, int cut) {
        Course.Turn next = course.next(progress(whole.subList(0, cut))).orElseThrow();
        assertEquals(whole.get(cut).side(), next.point().side());
        assertEquals(whole.get(cut).workload(), next.point().workload());
        assertEquals(whole.get(cut).block(), next.block());
    }

    @Test
    void everySearchMakesOneStepInABlock() {
        BenchPlan plan = plan().findKnee("p99<5ms").build();
        KneeCourse course = new KneeCourse(plan, plan.knee().orElseThrow(), points("blocking", "sendfile", "aio"));
        List<Trial> trials = run(course, 1000, _ -> 10);
        for (Trial trial : trials) {
            assertEquals(
                    1,
                    trials.stream()
                            .filter(other -> other.block() == trial.block()
                                    && other.side().equals(trial.side()))
                            .count());
        }
        assertTrue(course.next(progress(trials)).isEmpty());
    }

    @Test
    void aQuietMachineIsResolvedSoonAndANoisyOneLater() {
        BenchPlan plan = plan().until("resolved")
                .resolve("3%")
                .budget(Duration.ofHours(9))
                .build();
        Random quiet = new Random(1);
        Random noisy = new Random(2);
        int few = run(blocks(plan), 10_000, _ -> 10 * Math.exp(0.01 * quiet.nextGaussian()))
                .size();
        int many = run(blocks(plan), 10_000, _ -> 10 * Math.exp(0.08 * noisy.nextGaussian()))
                .size();
        assertEquals(2 * 10, few);
        assertTrue(many > 2 * 30 && many % 4 == 0, () -> many + " trials");
    }

    @Test
    void theBudgetEndsWhatIsNotResolved() {
        BenchPlan plan = plan().until("resolved")
                .resolve("0.1%")
                .budget(Duration.ofMinutes(2))
                .build();
        Random random = new Random(3);
        Course course = blocks(plan);
        List<Trial> trials = run(course, 10_000, _ -> 10 * Math.exp(0.1 * random.nextGaussian()));
        // Two blocks more would have taken 16 s.
        assertEquals(120 / 16 * 4, trials.size());
        String why = course.ending(progress(trials)).orElseThrow();
        assertTrue(why.contains("budget of 2 min 00 s allows no two blocks more; not resolved: the widest is ±"), why);
        Course all = blocks(plan().until("budget").budget(Duration.ofMinutes(2)).build());
        assertEquals(trials.size(), run(all, 10_000, _ -> 10).size());
    }

    @Test
    void aSideWithoutAValidLaunchDoesNotKeepARunFromItsEnd() {
        BenchPlan plan = plan().until("resolved").build();
        List<Trial> trials = new ArrayList<>(run(blocks(plan), 10_000, _ -> 10));
        Trial other = trials.getFirst();
        trials.add(new Trial(
                trials.size(),
                0,
                points("aio").getFirst().side(),
                other.workload(),
                other.startedAt(),
                new Outcome.Failed("it died"),
                List.of()));
        Widths widths = Widths.of(BASELINE, trials);
        assertEquals(List.of("aio/epoll"), widths.without());
        assertTrue(widths.isWithin(0.03), widths::sentence);
        assertFalse(Widths.of(BASELINE, List.of()).isWithin(0.5));
    }

    /// Stopping at a width doesn't take coverage away, for normal and for heavy-tailed launches: the interval at the
    /// end holds the truth in 93 to 97.5 of 100 runs, and calls two equal sides different in the others.
    @Test
    void stoppingWhenItIsNarrowEnoughKeepsTheErrorAtFivePercent() {
        assertCoverage(random -> 0.04 * random.nextGaussian());
        assertCoverage(random -> 0.02 * random.nextGaussian() + (random.nextInt(8) == 0 ? 0.12 : 0));
    }

    private static void assertCoverage(ToDoubleFunction<Random> noise) {
        int runs = 2000;
        int covered = 0;
        Random random = new Random(5);
        for (int i = 0; i < runs; i++) {
            List<Double> differences = new ArrayList<>();
            double half = Double.MAX_VALUE;
            while (half > Math.log1p(0.03) && differences.size() < 400) {
                int more = differences.isEmpty() ? 10 : 2;
                for (int pair = 0; pair < more; pair++) {
                    double baseline = noise.applyAsDouble(random);
                    differences.add(noise.applyAsDouble(random) - baseline);
                }
                double[] values = differences.stream().mapToDouble(d -> d).toArray();
                half = TDistribution.of(values.length - 1).inverseSurvivalProbability(0.025)
                        * Math.sqrt(Widths.variance(values) / values.length);
            }
            double mean = differences.stream().mapToDouble(d -> d).average().orElseThrow();
            covered += Math.abs(mean) <= half ? 1 : 0;
        }
        double share = (double) covered / runs;
        assertTrue(share >= 0.93 && share <= 0.975, () -> "coverage " + share);
    }

    private static BlockCourse blocks(BenchPlan plan) {
        return new BlockCourse(plan, BASELINE, points("blocking", "sendfile"));
    }

    private static BenchPlanBuilder plan() {
        return new BenchPlanBuilder().seed(42);
    }

    private static List<Point> points(String... engines) {
        FileSet files = new FileSet(Path.of("/"), List.of(new FileSet.Entry(Path.of("/x"), "/x", 1024, 0)));
        List<Point> points = new ArrayList<>();
        for (String engine : engines) {
            Contender contender = new Contender.Ours(ChosenEngine.parse(engine), Transport.EPOLL);
            Workload workload = new Workload(1024, false, 1, 64, new Load.Closed(), Workload.Cache.HOT);
            points.add(new Point(contender, Asker.RINGSIDE, workload, files, Optional.empty()));
        }
        return points;
    }

    private static Course.Progress progress(List<Trial> trials) {
        return new Course.Progress(trials, List.of(), TRIAL.multipliedBy(trials.size()));
    }

    private static List<Trial> run(Course course, int trialsMax, ToDoubleFunction<Point> cpuMicros) {
        List<Trial> trials = new ArrayList<>();
        Optional<Course.Turn> next = course.next(progress(trials));
        while (next.isPresent() && trials.size() < trialsMax) {
            Point point = next.get().point();
            trials.add(new Trial(
                    trials.size(),
                    next.get().block(),
                    point.side(),
                    point.workload(),
                    Instant.EPOCH,
                    new Outcome.Valid(measurements(cpuMicros.applyAsDouble(point))),
                    List.of()));
            next = course.next(progress(trials));
        }
        return trials;
    }

    private static Measurements measurements(double cpuMicros) {
        Measured unknown = Measured.unmeasurable("not looked at");
        Measured p99 = Measured.of(1000);
        return new Measurements(
                1,
                1000,
                1000,
                1e6 / cpuMicros,
                Latency.unmeasurable("not looked at"),
                new Latency(unknown, unknown, p99, unknown, unknown),
                Latency.unmeasurable("not looked at"),
                new Measurements.ServerCost(
                        Measured.of(cpuMicros), Measured.of(0), unknown, unknown, unknown, Map.of()),
                new Measurements.GeneratorCost(unknown, unknown, unknown, unknown, unknown, Answer.of(false), ""),
                Measured.of(1),
                Measured.of(1),
                Map.of(),
                0,
                new WarmUp(1, WarmUp.Ended.STEADY, "the level has held"),
                Surroundings.unknown("not looked at"),
                Map.of(),
                "x.hlog");
    }
}
