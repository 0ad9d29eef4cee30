package ringside.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.bench.compare.Altered;
import ringside.bench.compare.KeptRun;
import ringside.bench.compare.RunComparison;
import ringside.bench.gate.GateResult.Answer;
import ringside.bench.judge.Metric;
import ringside.bench.plan.BenchPlan;
import ringside.bench.result.SampleRuns;

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
    void aPlanIsMadeOfARecord() throws IOException {
        KeptRun kept = Altered.run(directory.resolve("old"), 1, 1, "CPU", false);
        BenchPlan plan = Rerun.ofAll(kept, "gate", directory);
        assertEquals(List.of(1024L), plan.sizeBytes());
        assertEquals(5, plan.repeats());
        assertEquals(2, plan.engines().size());
        assertEquals(2, plan.transports().size());
        assertEquals(5000, plan.duration().orElseThrow().toMillis());
        RunComparison comparison = RunComparison.of(kept, kept, false, 0);
        BenchPlan one = Rerun.of(kept, comparison.comparisons().subList(0, 1), "gate", directory);
        assertEquals("blocking", one.engines().getFirst().name());
        assertEquals(1, one.transports().size());
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
        ringside.bench.result.RunFile.write(kept.directory(), SampleRuns.counted(kept.run()));
        return KeptRun.read(kept.directory());
    }
}
