package ringside.bench.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.bench.judge.Comparison;
import ringside.bench.judge.Judgement;
import ringside.bench.judge.Metric;
import ringside.bench.judge.Verdict;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.result.SampleRuns;
import ringside.bench.result.Trial;

/// Verdicts follow from what a run left behind, and whoever changed that is found out.
class ReplayTest {

    @TempDir
    private Path directory = Path.of("");

    @Test
    void theVerdictsOfARunAreDerivedAgain() throws IOException {
        write(SampleRuns.counted(SampleRuns.engines(directory)));
        Replay replay = Replay.of(directory);
        assertEquals(List.of(), replay.differences());
        assertEquals(32, replay.launches());
        Comparison uring = replay.verdicts().comparisons().stream()
                .filter(comparison -> comparison.candidate().equals("uring/io_uring"))
                .findFirst()
                .orElseThrow();
        assertEquals("blocking/epoll", uring.baseline());
        Judgement calls =
                uring.of(Metric.byId("count:system calls").orElseThrow()).orElseThrow();
        assertEquals(Verdict.IMPROVED, calls.verdict(), calls::reason);
    }

    @Test
    void verdictsFitTheirSchema() throws IOException {
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Files.readString(Path.of("../results/schema/verdicts-v1.schema.json")));
        for (Run run : List.of(
                SampleRuns.counted(SampleRuns.controlled(SampleRuns.small(directory))),
                SampleRuns.openLoop(directory),
                SampleRuns.single(directory),
                SampleRuns.interrupted())) {
            write(run);
            assertEquals(Set.of(), schema.validate(new ObjectMapper().readTree(VerdictsFile.read(directory))));
        }
    }

    @Test
    void theSeedDecidesTheBootstrap() {
        Run run = SampleRuns.generate(
                directory,
                "many",
                List.of(
                        ringside.bench.result.Side.engine("blocking", "epoll"),
                        ringside.bench.result.Side.engine("uring", "epoll")),
                List.of(1024L),
                16,
                List.of(new ringside.bench.result.Load.Closed()),
                7);
        String once = VerdictsFile.text(run, RunVerdicts.of(run, directory));
        assertEquals(once, VerdictsFile.text(run, RunVerdicts.of(run, directory)));
        assertTrue(once.contains("\"method\" : \"bca\""), once);
    }

    @Test
    void changedNumbersAreFound() throws IOException {
        Run run = SampleRuns.engines(directory);
        write(run);
        Path verdicts = directory.resolve(VerdictsFile.NAME);
        String text = Files.readString(verdicts);
        Files.writeString(verdicts, text.replaceFirst("\"adjustedP\" : [0-9.E-]+", "\"adjustedP\" : 0.987"));
        differs("verdicts.json/comparisons/0/metrics/0/basis/adjustedP is 0.987");
        Files.writeString(verdicts, text.substring(0, text.length() / 2));
        differs("isn't JSON");
        Files.writeString(verdicts, text.stripTrailing());
        differs("other characters");
    }

    @Test
    void aForeignHistogramIsFound() throws IOException {
        Run run = SampleRuns.engines(directory);
        write(run);
        Files.copy(
                directory.resolve("trials/000.hlog"),
                directory.resolve("trials/005.hlog"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        differs("trials/005.hlog: the percentiles of its service times aren't those in run.json");
    }

    @Test
    void aTruncatedHistogramLeavesTheOtherMetrics() throws IOException {
        Run run = SampleRuns.engines(directory);
        write(run);
        Path hlog = directory.resolve("trials/003.hlog");
        byte[] whole = Files.readAllBytes(hlog);
        Files.write(hlog, java.util.Arrays.copyOf(whole, whole.length - 40));
        differs("003.hlog");
        RunVerdicts verdicts = RunVerdicts.of(run, directory);
        String candidate = run.trials().get(3).side().label();
        Comparison comparison = verdicts.comparisons().stream()
                .filter(other -> other.candidate().equals(candidate)
                        && other.workload().equals(run.trials().get(3).workload()))
                .findFirst()
                .orElseThrow();
        Judgement p99 = comparison.of(Metric.byId("service-p99").orElseThrow()).orElseThrow();
        assertEquals(Verdict.INCONCLUSIVE, p99.verdict());
        assertTrue(p99.reason().contains("003.hlog"), p99::reason);
        assertTrue(p99.isUnmeasurable());
        assertTrue(comparison.of(Metric.CPU).orElseThrow().candidate().isKnown());
        assertTrue(verdicts.notes().toString().contains("003.hlog"));
    }

    @Test
    void withoutVerdictsThereIsARemedy() throws IOException {
        RunFile.write(directory, SampleRuns.small(directory));
        IOException missing = assertThrows(IOException.class, () -> Replay.of(directory));
        assertTrue(String.valueOf(missing.getMessage()).contains("--write"), missing::getMessage);
    }

    @Test
    void aRunWithoutValidTrialsHasNoVerdicts() {
        Run run = SampleRuns.small();
        List<Trial> none = new ArrayList<>();
        RunVerdicts verdicts = RunVerdicts.of(SampleRuns.copy(run, false, none), directory);
        assertEquals(List.of(), verdicts.comparisons());
        assertTrue(verdicts.notes().toString().contains("nothing to judge"));
    }

    private void write(Run run) throws IOException {
        RunFile.write(directory, run);
        VerdictsFile.write(run, directory);
    }

    private void differs(String sentence) throws IOException {
        Replay replay = Replay.of(directory);
        assertFalse(replay.isSame());
        assertTrue(
                replay.differences().toString().contains(sentence),
                () -> sentence + " isn't in " + replay.differences());
    }
}
