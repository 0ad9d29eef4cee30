package ringside.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.bench.compare.Altered;
import ringside.bench.compare.KeptRun;
import ringside.bench.compare.RunComparison;
import ringside.bench.gate.GateResult.Answer;
import ringside.bench.judge.Comparison;
import ringside.bench.judge.Metric;
import ringside.bench.plan.BenchPlan;
import ringside.bench.result.RunFile;
import ringside.bench.result.SampleRuns;
import ringside.engines.ChosenEngine;

class GateTest {

    private static final GateRule CPU = new GateRule(List.of(Metric.CPU), false, false);
    private static final List<Metric> COUNTS = GateRule.metrics(List.of("counts"));

    @TempDir
    private static Path directory = Path.of("");

    @Test
    void aRegressionFailsWhenASecondRunSaysSo() throws IOException {
        Gate gate = new Gate(CPU, against(run("new", 2, 1.4)));
        assertEquals(1, gate.suspects().size());
        assertEquals("blocking/epoll", gate.suspects().getFirst().candidate());
        gate.confirm(against(run("again", 3, 1.4)));
        GateResult result = gate.result();
        assertEquals(Answer.REGRESSED, result.answer());
        assertEquals(1, result.answer().exitCode());
        assertTrue(result.toString().contains("a second run says the same"), result::toString);
    }

    @Test
    void aRegressionThatDoesNotComeBackIsWhatTheSecondRunSays() throws IOException {
        Gate gate = new Gate(CPU, against(run("new", 2, 1.4)));
        gate.confirm(against(run("again", 3, 1)));
        assertTrue(gate.suspects().isEmpty());
        assertEquals(
                0, gate.result().with(ringside.bench.judge.Verdict.REGRESSED).size());
    }

    @Test
    void withoutASecondRunTheFirstCounts() throws IOException {
        Gate gate = new Gate(CPU, against(run("new", 2, 1.4)));
        gate.unconfirmed("nginx isn't installed");
        assertEquals(Answer.REGRESSED, gate.result().answer());
        assertTrue(gate.result().toString().contains("not confirmed by a second run: nginx"));
    }

    /// Five launches with a few per cent of spread, and a drift of 8 %: nobody can call that equal.
    @Test
    void inconclusiveIsNoPass() throws IOException {
        KeptRun old = Altered.run(directory.resolve("old"), 1, 1, "CPU", false);
        KeptRun now = Altered.run(directory.resolve("new"), 2, 1, "CPU", false);
        GateResult result = new Gate(CPU, RunComparison.of(old, now, false, 0.08)).result();
        assertEquals(Answer.INCONCLUSIVE, result.answer());
        assertEquals(2, result.answer().exitCode());
        assertTrue(result.sentence().contains("open"), result::sentence);
    }

    @Test
    void equalCountsPass() throws IOException {
        KeptRun old = counted("old", 1);
        KeptRun now = counted("new", 2);
        RunComparison comparison = RunComparison.of(old, now, false, 0.08);
        GateRule strict = new GateRule(COUNTS, false, false);
        assertEquals(Answer.INCONCLUSIVE, new Gate(strict, comparison).result().answer());
        GateResult lenient = new Gate(new GateRule(COUNTS, false, true), comparison).result();
        assertEquals(Answer.PASS, lenient.answer(), lenient::toString);
        assertTrue(lenient.skipped().toString().contains("page-cache inserts isn't gated"), lenient::toString);
    }

    /// What CI gates on is in the baseline, and can be measured again by its plan.
    @Test
    void ourOwnBaselinePassesAgainstItself() throws IOException {
        KeptRun kept = KeptRun.read(Path.of("../results/baseline/counts"));
        List<Metric> metrics = GateRule.metrics(List.of("count:system calls", "count:bytes allocated on the heap"));
        GateResult result =
                new Gate(new GateRule(metrics, false, false), RunComparison.of(kept, kept, false, 0.08)).result();
        assertEquals(Answer.PASS, result.answer(), result::toString);
        assertEquals(2 * 2, result.findings().size());
        assertEquals(2, Rerun.ofAll(kept, "gate", directory).sides().size());
    }

    @Test
    void nothingToJudgeIsNoPass() throws IOException {
        GateResult result = new Gate(new GateRule(COUNTS, false, false), against(run("new", 2, 1))).result();
        assertEquals(Answer.INCONCLUSIVE, result.answer());
        assertEquals("inconclusive: there was nothing to judge", result.sentence());
    }

    @Test
    void aPointThatIsGoneIsNoPass() throws IOException {
        KeptRun now = Altered.run(directory.resolve("new"), 1, 1, "Example CPU @ 2.6 GHz", false);
        KeptRun old = run("same", 1, 1);
        GateResult result = new Gate(CPU, RunComparison.of(old, now, false, 0)).result();
        assertEquals(Answer.INCONCLUSIVE, result.answer());
        assertTrue(result.notes().toString().contains("nginx"), result::toString);
    }

    @Test
    void anImprovementFailsOnlyWhenAsked() throws IOException {
        RunComparison comparison = against(run("new", 2, 0.6));
        GateRule changed = new GateRule(List.of(Metric.CPU), true, false);
        assertEquals(Answer.REGRESSED, new Gate(changed, comparison).result().answer());
        assertTrue(new Gate(changed, comparison).result().sentence().contains("make the baseline anew"));
        assertTrue(new Gate(CPU, comparison).result().answer() != Answer.REGRESSED);
    }

    @Test
    void aRunIsRepeatedByItsPlan() throws IOException {
        String yaml = """
                engines: [blocking, uring]
                transports: [epoll, io_uring]
                sizes: [1k, 16k]
                repeats: 5
                seed: 7
                sides:
                  - name: burnt
                    engine: blocking
                    jvm: -Dringside.burn=5
                """;
        KeptRun kept = planned(Altered.run(directory.resolve("old"), 1, 1, "CPU", false), yaml);
        BenchPlan plan = Rerun.ofAll(kept, "gate", directory);
        assertEquals(List.of(1024L, 16_384L), plan.sizeBytes());
        assertEquals(5, plan.repeats());
        assertEquals("burnt", plan.sides().getFirst().name());
        assertTrue(plan.seed() != 7, "order and contents of its own");
        RunComparison comparison = RunComparison.of(kept, kept, false, 0);
        Comparison suspect = comparison.comparisons().stream()
                .filter(point -> point.candidate().equals("uring/io_uring"))
                .findFirst()
                .orElseThrow();
        BenchPlan some = Rerun.of(kept, List.of(suspect), "gate", directory);
        assertEquals(
                List.of("blocking", "uring"),
                some.engines().stream().map(ChosenEngine::name).toList(),
                "the baseline is needed");
        assertEquals(List.of(), some.sides());
        assertEquals(List.of(1024L), some.sizeBytes());
        BenchPlan burnt = plan.only(Set.of("burnt"), List.of(suspect.workload()));
        assertEquals(List.of(), burnt.engines());
        assertEquals(plan.sides(), burnt.sides());
    }

    @Test
    void aRunWithoutAPlanIsNotRepeated() throws IOException {
        KeptRun kept = planned(Altered.run(directory.resolve("older"), 1, 1, "CPU", false), "");
        UnsupportedOperationException why =
                assertThrows(UnsupportedOperationException.class, () -> Rerun.ofAll(kept, "gate", directory));
        assertTrue(String.valueOf(why.getMessage()).contains("of before plans were kept"), why::getMessage);
    }

    @Test
    void anUnknownMetricIsNamedWithThoseThatAre() {
        IllegalArgumentException unknown =
                assertThrows(IllegalArgumentException.class, () -> GateRule.metrics(List.of("speed")));
        assertTrue(String.valueOf(unknown.getMessage()).contains("service-p99.9"), unknown::getMessage);
    }

    private RunComparison against(KeptRun now) throws IOException {
        return RunComparison.of(run("old", 1, 1), now, false, 0.08);
    }

    private KeptRun run(String name, long seed, double dearer) throws IOException {
        // Made once for all tests: none changes what is kept.
        Path kept = directory.resolve(name + "-" + seed + "-" + dearer);
        return java.nio.file.Files.exists(kept) ? KeptRun.read(kept) : Altered.run(kept, seed, dearer);
    }

    private KeptRun counted(String name, long seed) throws IOException {
        KeptRun kept = Altered.run(directory.resolve(name), seed, 1, "CPU", false);
        RunFile.write(kept.directory(), SampleRuns.counted(kept.run()));
        return KeptRun.read(kept.directory());
    }

    private static KeptRun planned(KeptRun kept, String yaml) throws IOException {
        RunFile.write(kept.directory(), SampleRuns.planned(kept.run(), yaml));
        return KeptRun.read(kept.directory());
    }
}
