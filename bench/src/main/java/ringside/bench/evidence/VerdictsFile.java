package ringside.bench.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import ringside.bench.judge.Comparison;
import ringside.bench.judge.Estimate;
import ringside.bench.judge.Judgement;
import ringside.bench.judge.Judgement.Basis;
import ringside.bench.judge.Margin;
import ringside.bench.result.Measured;
import ringside.bench.result.Run;

/// `verdicts.json`: the verdicts of a run as a file of schema `results/schema/verdicts-v1.schema.json`.
///
/// Everything in it follows from `run.json` and the `.hlog` files, to the last bit: [Replay] holds it against them. It
/// is for those who read results without ringside.
public final class VerdictsFile {

    public static final String NAME = "verdicts.json";

    /// Of the schema. It changes with the estimators too: then the verdicts of an older file can't be derived again.
    public static final int SCHEMA_VERSION = 1;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private VerdictsFile() {}

    /// Judges a run and replaces its `verdicts.json` whole.
    ///
    /// @param runDirectory where `run.json` is
    /// @throws IOException when it can't be written
    public static RunVerdicts write(Run run, Path runDirectory) throws IOException {
        RunVerdicts verdicts = RunVerdicts.of(run, runDirectory);
        write(run, verdicts, runDirectory);
        return verdicts;
    }

    /// The same of a run that was judged already.
    public static void write(Run run, RunVerdicts verdicts, Path runDirectory) throws IOException {
        Path target = runDirectory.resolve(NAME);
        Path temporary = runDirectory.resolve(NAME + ".tmp");
        Files.writeString(temporary, text(run, verdicts));
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /// The content of the file.
    public static String text(Run run, RunVerdicts verdicts) {
        return print(json(run, verdicts));
    }

    /// As text: pretty, with a newline at the end.
    static String print(JsonNode json) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values can't be written", e);
        }
    }

    /// As a tree.
    public static ObjectNode json(Run run, RunVerdicts verdicts) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("schemaVersion", SCHEMA_VERSION);
        json.put("run", run.name());
        json.put("seed", run.seed());
        json.put("baseline", verdicts.baseline());
        json.put("control", verdicts.control().orElse(""));
        json.set("comparisons", comparisons(verdicts.comparisons()));
        ArrayNode notes = json.putArray("notes");
        verdicts.notes().forEach(notes::add);
        return json;
    }

    /// Comparisons as they stand in every JSON that has some.
    public static ArrayNode comparisons(Iterable<Comparison> comparisons) {
        ArrayNode array = MAPPER.createArrayNode();
        for (Comparison comparison : comparisons) {
            ObjectNode json = array.addObject();
            json.set("workload", MAPPER.valueToTree(comparison.workload()));
            json.put("baseline", comparison.baseline());
            json.put("candidate", comparison.candidate());
            json.put(
                    "role",
                    switch (comparison.role()) {
                        case CANDIDATE -> "candidate";
                        case CONTROL -> "control";
                    });
            ArrayNode metrics = json.putArray("metrics");
            comparison.judgements().forEach(judgement -> metrics.add(judgement(judgement)));
        }
        return array;
    }

    private static ObjectNode judgement(Judgement judgement) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("metric", judgement.metric().id());
        json.put("unit", judgement.metric().unit());
        json.put(
                "better",
                switch (judgement.metric().better()) {
                    case LOWER -> "lower";
                    case HIGHER -> "higher";
                });
        json.put("verdict", judgement.verdict().id());
        json.put("reason", judgement.reason());
        json.set("baselineValue", measured(judgement.baseline()));
        json.set("candidateValue", measured(judgement.candidate()));
        json.set("ratio", measured(judgement.ratio()));
        Margin margin = judgement.margin();
        ObjectNode margins = json.putObject("margin");
        margins.put("own", margin.own());
        margins.set("floor", measured(margin.floor()));
        margins.put("relative", margin.relative());
        json.set("basis", basis(judgement.basis()));
        return json;
    }

    private static ObjectNode basis(Basis basis) {
        ObjectNode json = MAPPER.createObjectNode();
        switch (basis) {
            case Basis.Interval(Estimate estimate, double adjustedP, double superiority) -> {
                json.put(
                        "method",
                        switch (estimate.method()) {
                            case STUDENT_T -> "student-t";
                            case BCA -> "bca";
                        });
                json.put(
                        "design",
                        switch (estimate.design()) {
                            case PAIRED -> "paired";
                            case UNPAIRED -> "unpaired";
                        });
                launches(json, estimate.baselineLaunches(), estimate.candidateLaunches());
                json.put("ratioLow95", estimate.within95().ratioLow());
                json.put("ratioHigh95", estimate.within95().ratioHigh());
                json.put("ratioLow90", estimate.within90().ratioLow());
                json.put("ratioHigh90", estimate.within90().ratioHigh());
                json.put("p", estimate.p());
                json.put("adjustedP", adjustedP);
                json.put("superiority", superiority);
            }
            case Basis.Tolerance(int baselineLaunches, int candidateLaunches) -> {
                json.put("method", "tolerance");
                launches(json, baselineLaunches, candidateLaunches);
            }
            case Basis.Nothing(String why) -> {
                json.put("method", "none");
                json.put("why", why);
            }
        }
        return json;
    }

    private static void launches(ObjectNode json, int baseline, int candidate) {
        json.put("baselineLaunches", baseline);
        json.put("candidateLaunches", candidate);
    }

    private static JsonNode measured(Measured measured) {
        return MAPPER.valueToTree(measured);
    }

    /// What is in the file of a run.
    ///
    /// @throws IOException when it can't be read
    static String read(Path runDirectory) throws IOException {
        return Files.readString(runDirectory.resolve(NAME), StandardCharsets.UTF_8);
    }
}
