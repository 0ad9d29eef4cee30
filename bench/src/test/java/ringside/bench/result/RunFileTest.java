package ringside.bench.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileTest {
    @TempDir
    Path directory;

    @Test
    void aRunReadsBackEqual() throws IOException {
        Run run = SampleRuns.small();
        RunFile.write(directory, run);
        assertEquals(run, RunFile.read(directory));
        assertFalse(Files.exists(directory.resolve("run.json.tmp")));
    }

    @Test
    void ledgersReadBackEqualAndAFileWithoutOneIsARun() throws IOException {
        Run run = SampleRuns.counted(SampleRuns.small());
        assertFalse(run.ledger().isEmpty());
        RunFile.write(directory, run);
        assertEquals(run, RunFile.read(directory));
        RunFile.write(directory, SampleRuns.small());
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode tree =
                (ObjectNode) mapper.readTree(directory.resolve(RunFile.NAME).toFile());
        tree.remove("ledger");
        write(mapper.writeValueAsString(tree));
        assertEquals(SampleRuns.small(), RunFile.read(directory));
    }

    @Test
    void aRunOfBeforeThereWereBaselinesAndBuildsIsARun() throws IOException {
        Run run = SampleRuns.counted(SampleRuns.controlled(SampleRuns.small()));
        RunFile.write(directory, run);
        assertEquals(run, RunFile.read(directory));
        RunFile.write(directory, SampleRuns.counted(SampleRuns.small()));
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode tree =
                (ObjectNode) mapper.readTree(directory.resolve(RunFile.NAME).toFile());
        tree.remove(List.of("binary", "notes"));
        ((ObjectNode) tree.get("plan"))
                .remove(List.of("baseline", "control", "knee", "map", "until", "resolve", "yaml"));
        tree.findValues("side").forEach(side -> ((ObjectNode) side).remove(List.of("build", "jvmFlags", "command")));
        write(mapper.writeValueAsString(tree));
        Run earlier = RunFile.read(directory);
        assertEquals("", earlier.plan().baseline());
        assertEquals(SampleRuns.small().trials(), earlier.trials());
    }

    @Test
    void aRunOfBeforeThereWereRulesSaysSo() throws IOException {
        RunFile.write(directory, SampleRuns.counted(SampleRuns.small()));
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode tree =
                (ObjectNode) mapper.readTree(directory.resolve(RunFile.NAME).toFile());
        tree.remove("rules");
        for (JsonNode measured : tree.findValues("measurements")) {
            ((ObjectNode) measured).remove(List.of("warmUp", "surroundings", "voidFor"));
            ((ObjectNode) measured.path("generator"))
                    .remove(List.of("busyShare", "collections", "pauseMillis", "longestPauseMillis"));
        }
        write(mapper.writeValueAsString(tree));
        Run run = RunFile.read(directory);
        assertEquals(WarmUpRule.time(1), run.rules().warmUp());
        assertEquals(GuardRule.Mode.OFF, run.rules().guard().mode());
        int limited = 0;
        for (Trial trial : run.trials()) {
            Optional<Measurements> measured = trial.measurements();
            if (measured.isPresent()) {
                assertEquals(WarmUp.Ended.TIME, measured.get().warmUp().ended());
                assertFalse(measured.get().surroundings().within().othersCpus().isKnown());
                assertFalse(measured.get().generator().pauseMillis().isKnown());
                assertEquals(
                        measured.get().generator().limited().isYes(),
                        measured.get().voidFor().containsKey(Quantity.THROUGHPUT));
                limited += measured.get().voidFor().isEmpty() ? 0 : 1;
            }
        }
        assertTrue(limited > 0);
    }

    @Test
    void aTrialIsVoidAsAWholeOrForWhatTheGeneratorSpoilt() {
        Run run = SampleRuns.small();
        Trial voided = run.trials().get(4);
        assertEquals(Optional.of("12 requests failed: connection reset"), voided.whyVoidFor(Quantity.COST));
        Trial limited = run.trials().stream()
                .filter(trial -> trial.isValid()
                        && trial.measurements()
                                .orElseThrow()
                                .generator()
                                .limited()
                                .isYes())
                .findFirst()
                .orElseThrow();
        assertEquals(Optional.of("the generator was the limit"), limited.whyVoidFor(Quantity.LATENCY));
        assertEquals(Optional.of("the generator was the limit"), limited.whyVoidFor(Quantity.THROUGHPUT));
        assertEquals(Optional.empty(), limited.whyVoidFor(Quantity.COST));
    }

    @Test
    void aSecondWriteReplacesTheFirst() throws IOException {
        RunFile.write(directory, SampleRuns.interrupted());
        RunFile.write(directory, SampleRuns.small());
        assertEquals(SampleRuns.small(), RunFile.read(directory));
    }

    @Test
    void unknownNumbersAreStringsThatSayWhy() throws IOException {
        RunFile.write(directory, SampleRuns.small());
        assertTrue(Files.readString(directory.resolve(RunFile.NAME))
                .contains("\"unmeasurable: a closed loop has no intended start\""));
    }

    @Test
    void eachWayOfBeingUnreadableIsNamed() throws IOException {
        assertMessage("holds no run.json");
        write("");
        assertMessage("is empty");
        write("not json");
        assertMessage("isn't JSON: line 1");
        write("[1]");
        assertMessage("must be an object");
        write("{}");
        assertMessage("no schemaVersion");
        write("{\"schemaVersion\": 2}");
        assertMessage("schema version 2, this ringside knows 1");
        write("{\"schemaVersion\": 1}");
        assertMessage("isn't a valid run: at name");
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        RunFile.write(directory, SampleRuns.small());
        String whole = Files.readString(directory.resolve(RunFile.NAME));
        int end = whole.lastIndexOf('}');
        for (int length = 2; length <= end; length += 97) {
            write(whole.substring(0, length));
            assertMessage("is truncated");
        }
    }

    @Test
    void aWrongValueIsNamedWithItsPlace() throws IOException {
        RunFile.write(directory, SampleRuns.small());
        String whole = Files.readString(directory.resolve(RunFile.NAME));
        write(whole.replaceFirst("\"connections\" : 64", "\"connections\" : 0"));
        assertMessage("at trials[0].workload");
        write(whole.replaceFirst("\"status\" : \"valid\"", "\"status\" : \"fine\""));
        assertMessage("at trials[0].outcome");
        write(whole.replaceFirst("\"p50Micros\" : [0-9.]+", "\"p50Micros\" : \"fast\""));
        assertMessage("p50Micros");
        write(whole.replaceFirst("\"startedAt\" : \"[^\"]*\"", "\"startedAt\" : \"yesterday\""));
        assertMessage("ISO-8601");
        write(whole.replaceFirst("\"engine\" : \"blocking\"", "\"engine\" : \"uring\""));
        assertMessage("two different sides are both called blocking/epoll");
        write(whole + "{}");
        assertThrows(UnreadableRunException.class, () -> RunFile.read(directory));
    }

    private void write(String text) throws IOException {
        Files.writeString(directory.resolve(RunFile.NAME), text);
    }

    private void assertMessage(String part) {
        UnreadableRunException e = assertThrows(UnreadableRunException.class, () -> RunFile.read(directory));
        assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
        assertFalse(String.valueOf(e.getMessage()).contains("Exception"), e.getMessage());
    }
}
