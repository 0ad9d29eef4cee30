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
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;
import ringside.bench.plan.BenchPlan;
import ringside.bench.plan.BenchPlanBuilder;
import ringside.bench.report.ReportedRun;
import ringside.bench.result.Answer;
import ringside.bench.result.Latency;
import ringside.bench.result.Load;
import ringside.bench.result.Measured;
import ringside.bench.result.Measurements;
import ringside.bench.result.Outcome;
import ringside.bench.result.Run;
import ringside.bench.result.SampleRuns;
import ringside.bench.result.Side;
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

    /// Which trials the machine disturbs is given by their index.
    @Test
    void aDisturbedTrialIsRepeatedAtOnceInItsBlock() {
        BenchPlan plan = plan().repeats(3).build();
        BlockCourse course = new BlockCourse(plan, BASELINE, points("blocking", "sendfile", "aio"));
        List<Trial> quiet = run(course, 1000, _ -> 10);
        List<Trial> disturbed = run(course, 1000, Set.of(1, 2, 7));
        assertEquals(9 + 3, disturbed.size());
        assertEquals(9, course.count(progress(quiet)));
        assertEquals(9 + 3, course.count(progress(disturbed)));
        List<Trial> valid = disturbed.stream().filter(Trial::isValid).toList();
        for (int i = 0; i < quiet.size(); i++) {
            assertEquals(quiet.get(i).side(), valid.get(i).side());
            assertEquals(quiet.get(i).block(), valid.get(i).block());
        }
        for (int cut = 0; cut < disturbed.size(); cut++) {
            assertNext(course, disturbed, cut);
        }
        assertTrue(course.ending(progress(disturbed)).orElseThrow().startsWith("3 trials were disturbed"));
        assertEquals(Optional.empty(), course.ending(progress(quiet)));
    }

    @Test
    void aMachineThatIsNeverQuietDoesNotKeepARunFromItsEnd() {
        BenchPlan plan = plan().repeats(3).build();
        Set<Integer> always = IntStream.range(0, 1000).boxed().collect(Collectors.toSet());
        List<Trial> trials = run(new BlockCourse(plan, BASELINE, points("blocking", "aio")), 1000, always);
        assertEquals(6 + 3, trials.size());
        assertFalse(result(plan, trials).isGood());
    }

    @Test
    void aRunIsGoodWhenEnoughUndisturbedLaunchesAreLeft() {
        BenchPlan plan = plan().repeats(4).build();
        List<Trial> trials = run(blocks(plan), 1000, _ -> 10);
        trials.set(0, disturbed(trials.get(0)));
        trials.set(5, disturbed(trials.get(5)));
        assertTrue(result(plan, trials).isGood());
        trials.replaceAll(trial -> trial.block() < 3 ? disturbed(trial) : trial);
        assertFalse(result(plan, trials).isGood());
        List<Trial> wrong = run(blocks(plan), 1000, _ -> 10);
        wrong.set(0, SampleRuns.withOutcome(wrong.get(0), new Outcome.Failed("it died")));
        assertFalse(result(plan, wrong).isGood());
    }

    private static BenchResult result(BenchPlan plan, List<Trial> trials) {
        Run planned = SampleRuns.generate(
                null,
                "sample",
                List.of(Side.engine("blocking", "epoll")),
                plan.sizeBytes(),
                plan.repeats(),
                plan.loads(),
                plan.seed());
        return new BenchResult(ReportedRun.of(SampleRuns.copy(planned, true, trials), Path.of("/")), false);
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
            trials.add(trial(trials.size(), next.get(), cpuMicros.applyAsDouble(point)));
            next = course.next(progress(trials));
        }
        return trials;
    }

    private static Trial trial(int index, Course.Turn turn, double cpuMicros) {
        return new Trial(
                index,
                turn.block(),
                turn.point().side(),
                turn.point().workload(),
                Instant.EPOCH,
                new Outcome.Valid(measurements(cpuMicros)),
                List.of());
    }

    private static List<Trial> run(Course course, int trialsMax, Set<Integer> disturbed) {
        List<Trial> trials = new ArrayList<>();
        Optional<Course.Turn> next = course.next(progress(trials));
        while (next.isPresent() && trials.size() < trialsMax) {
            Trial trial = trial(trials.size(), next.get(), 10);
            trials.add(disturbed.contains(trial.index()) ? disturbed(trial) : trial);
            next = course.next(progress(trials));
        }
        return trials;
    }

    private static Trial disturbed(Trial trial) {
        Surroundings.Span unknown = Surroundings.Span.unknown("not looked at");
        Surroundings surroundings = new Surroundings(unknown, unknown, unknown, List.of("make used a CPU"));
        return SampleRuns.withOutcome(
                trial, new Outcome.Voided("disturbed: make used a CPU", measurements(10, surroundings)));
    }

    private static Measurements measurements(double cpuMicros) {
        return measurements(cpuMicros, Surroundings.unknown("not looked at"));
    }

    private static Measurements measurements(double cpuMicros, Surroundings surroundings) {
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
                surroundings,
                Map.of(),
                "x.hlog");
    }
}
