package ringside.bench.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `results/schema/run-v1.schema.json` says what [RunFile] writes, no more and no less.
class RunSchemaTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /// Fields that came to version 1 later: a run without them is of before.
    private static final Set<String> LATER = Set.of(
            "/ledger",
            "/binary",
            "/notes",
            "/plan/baseline",
            "/plan/control",
            "/plan/knee",
            "/plan/map",
            "/plan/until",
            "/plan/yaml",
            "/trials/0/side/build",
            "/trials/0/side/jvmFlags",
            "/trials/0/side/command",
            "/rules",
            "/trials/0/outcome/measurements/warmUp",
            "/trials/0/outcome/measurements/surroundings",
            "/trials/0/outcome/measurements/voidFor",
            "/trials/0/outcome/measurements/generator/busyShare",
            "/trials/0/outcome/measurements/generator/collections",
            "/trials/0/outcome/measurements/generator/pauseMillis",
            "/trials/0/outcome/measurements/generator/longestPauseMillis");

    @TempDir
    Path directory;

    private final JsonSchema schema;

    RunSchemaTest() throws IOException {
        String text = Files.readString(Path.of("../results/schema/run-v1.schema.json"));
        schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(text);
    }

    @Test
    void writtenRunsAreValid() throws IOException {
        assertEquals(Set.of(), schema.validate(written(SampleRuns.small())));
        assertEquals(Set.of(), schema.validate(written(SampleRuns.interrupted())));
        assertEquals(Set.of(), schema.validate(written(SampleRuns.counted(SampleRuns.small()))));
        assertEquals(Set.of(), schema.validate(written(SampleRuns.controlled(SampleRuns.small()))));
        List<Load> loads = List.of(new Load.Open(5000.5), new Load.Closed());
        Run open = SampleRuns.generate(
                null, "open", List.of(Side.engine("uring", "io_uring")), List.of(0L), 1, loads, Long.MIN_VALUE);
        assertEquals(Set.of(), schema.validate(written(open)));
    }

    @Test
    void mangledRunsAreNot() throws IOException {
        mangled(run -> run.put("schemaVersion", 2));
        mangled(run -> run.put("extra", 1));
        mangled(run -> run.put("startedAt", "yesterday"));
        mangled(run -> object(run, "/environment").put("cpuCount", "two"));
        mangled(run -> object(run, "/environment").put("memoryBytes", "unmeasurable: "));
        mangled(run -> object(run, "/trials/0/side").put("kind", "ENGINE"));
        mangled(run -> object(run, "/trials/0/side").put("build", "mine"));
        mangled(run -> object(run, "/plan").put("until", "noon"));
        mangled(run -> object(run, "/plan").putArray("map").add("size"));
        mangled(run -> object(run, "/trials/0/workload").put("connections", 0));
        mangled(run -> object(run, "/trials/0/workload/load").put("ratePerSecond", 1));
        mangled(run -> object(run, "/trials/0/outcome").put("status", "fine"));
        mangled(run -> object(run, "/trials/0/outcome/measurements").put("residencyBefore", 1.5));
        mangled(run -> object(run, "/trials/0/outcome/measurements").put("hlogFile", "/tmp/x.hlog"));
    }

    @Test
    void everyFieldIsRequired() throws IOException {
        JsonNode whole = written(SampleRuns.counted(SampleRuns.small()));
        for (String place : List.of(
                "",
                "/environment",
                "/plan",
                "/rules/warmUp",
                "/rules/guard",
                "/trials/0",
                "/trials/0/side",
                "/trials/0/outcome/measurements",
                "/trials/0/outcome/measurements/warmUp",
                "/trials/0/outcome/measurements/surroundings",
                "/trials/0/outcome/measurements/surroundings/within",
                "/ledger",
                "/ledger/overhead",
                "/ledger/overhead/cpu",
                "/ledger/trials/0",
                "/ledger/trials/0/ledger",
                "/ledger/trials/0/ledger/entries/0")) {
            List<String> names = new ArrayList<>();
            whole.at(place).fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                if (LATER.contains(place + "/" + name)) {
                    continue;
                }
                ObjectNode copy = whole.deepCopy();
                object(copy, place).remove(name);
                assertFalse(schema.validate(copy).isEmpty(), "passes without " + place + "/" + name);
            }
        }
    }

    private void mangled(Consumer<ObjectNode> mangle) throws IOException {
        ObjectNode run = written(SampleRuns.small()).deepCopy();
        ObjectNode before = run.deepCopy();
        mangle.accept(run);
        Set<ValidationMessage> complaints = schema.validate(run);
        assertFalse(run.equals(before), "nothing was mangled");
        assertFalse(complaints.isEmpty(), "a mangled run passes the schema");
    }

    private static ObjectNode object(ObjectNode run, String place) {
        return (ObjectNode) run.at(place);
    }

    private JsonNode written(Run run) throws IOException {
        RunFile.write(directory, run);
        return MAPPER.readTree(directory.resolve(RunFile.NAME).toFile());
    }
}
