package ringside.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.bench.judge.Judgement;
import ringside.bench.judge.Metric;
import ringside.bench.judge.Verdict;
import ringside.bench.result.RunFile;
import ringside.bench.result.UnreadableRunException;

class RunComparisonTest {

    private static final String OTHER_CPU = "Another CPU @ 4 GHz";

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aDearerSideIsFoundAndTheOthersAreNot() throws IOException {
        RunComparison comparison = compare(run("old", 1, 1), run("new", 2, 1.4));
        assertEquals(3, comparison.comparisons().size());
        Judgement blocking = cpu(comparison, "blocking/epoll");
        assertEquals(Verdict.REGRESSED, blocking.verdict(), blocking::reason);
        assertTrue(blocking.margin().floor().isKnown(), "nginx, in both, is the yardstick");
        assertTrue(cpu(comparison, "uring/io_uring").verdict() != Verdict.REGRESSED);
        String table = ComparisonTable.render(comparison.comparisons(), List.of(Metric.CPU));
        assertTrue(table.contains("1 KiB, 64 conn., hot, closed · CPU per request, µs"), table);
        assertTrue(
                table.lines().anyMatch(line -> line.matches("  blocking/epoll .*\\+[0-9.]+ % .*5 \\+ 5  regressed")),
                table);
        JsonNode json = new ObjectMapper().readTree(ComparisonJson.render(comparison));
        assertEquals("altered", json.at("/old/name").asText());
        assertEquals("regressed", json.at("/comparisons/0/metrics/1/verdict").asText(), json::toPrettyString);
    }

    @Test
    void withoutAYardstickDriftIsAllowedFor() throws IOException {
        KeptRun old = Altered.run(directory.resolve("old"), 1, 1, "CPU", false);
        KeptRun now = Altered.run(directory.resolve("new"), 2, 1.06, "CPU", false);
        RunComparison comparison = compare(old, now);
        Judgement blocking = cpu(comparison, "blocking/epoll");
        assertEquals(0.08, blocking.margin().relative());
        assertEquals(Verdict.INCONCLUSIVE, blocking.verdict(), blocking::reason);
        assertTrue(comparison.notes().toString().contains("8 %"), comparison.notes()::toString);
        RunComparison trusting = RunComparison.of(old, now, false, 0);
        assertEquals(0.02, cpu(trusting, "blocking/epoll").margin().relative());
    }

    @Test
    void anotherMachineIsRefused() throws IOException {
        KeptRun old = run("old", 1, 1);
        KeptRun now = Altered.run(directory.resolve("new"), 2, 1, OTHER_CPU, true);
        IOException refused = assertThrows(OtherMachineException.class, () -> compare(old, now));
        assertTrue(String.valueOf(refused.getMessage()).contains(OTHER_CPU), refused::getMessage);
        assertTrue(String.valueOf(refused.getMessage()).contains("--across-machines"), refused::getMessage);
        RunComparison meant = RunComparison.of(old, now, true, RunComparison.DRIFT_DEFAULT);
        assertTrue(meant.notes().getFirst().contains("Different machines"), meant.notes()::toString);
    }

    @Test
    void whatOnlyOneHasIsNamed() throws IOException {
        KeptRun now = Altered.run(directory.resolve("new"), 2, 1, "Example CPU @ 2.6 GHz", false);
        RunComparison comparison = compare(run("old", 1, 1), now);
        assertEquals(List.of("nginx at 1 KiB, 64 conn., hot, closed"), comparison.onlyOld());
        assertEquals(List.of(), comparison.onlyNow());
    }

    @Test
    void brokenRunsSayWhatIsWrong() throws IOException {
        assertTrue(unreadable("no-such").contains("there is no directory"));
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertTrue(unreadable("empty").contains("holds no run.json"));
        Files.writeString(empty.resolve(RunFile.NAME), "{\"schemaVersion\": 1, ");
        assertTrue(unreadable("empty").contains("truncated"));
        Files.writeString(empty.resolve(RunFile.NAME), "{\"schemaVersion\": 9}");
        assertTrue(unreadable("empty").contains("schema version 9"));
    }

    @Test
    void aTruncatedHistogramIsNamedAndCostsStay() throws IOException {
        KeptRun old = run("old", 1, 1);
        run("new", 2, 1);
        Path hlog = directory.resolve("new/trials/000.hlog");
        byte[] whole = Files.readAllBytes(hlog);
        Files.write(hlog, java.util.Arrays.copyOf(whole, whole.length / 2));
        RunComparison comparison = compare(old, KeptRun.read(directory.resolve("new")));
        assertTrue(comparison.notes().toString().contains("000.hlog"), comparison.notes()::toString);
        Judgement p50 = comparison
                .comparisons()
                .getFirst()
                .of(Metric.byId("service-p50").orElseThrow())
                .orElseThrow();
        assertTrue(p50.isUnmeasurable());
        assertFalse(cpu(comparison, "blocking/epoll").isUnmeasurable());
    }

    private KeptRun run(String name, long seed, double dearer) throws IOException {
        return Altered.run(directory.resolve(name), seed, dearer);
    }

    private String unreadable(String name) {
        return String.valueOf(assertThrows(UnreadableRunException.class, () -> KeptRun.read(directory.resolve(name)))
                .getMessage());
    }

    private static RunComparison compare(KeptRun old, KeptRun now) throws OtherMachineException {
        return RunComparison.of(old, now, false, RunComparison.DRIFT_DEFAULT);
    }

    private static Judgement cpu(RunComparison comparison, String side) {
        return comparison.comparisons().stream()
                .filter(other -> other.candidate().equals(side))
                .findFirst()
                .orElseThrow()
                .of(Metric.CPU)
                .orElseThrow();
    }
}
