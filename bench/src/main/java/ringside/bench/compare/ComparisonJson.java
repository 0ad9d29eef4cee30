package ringside.bench.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import ringside.bench.evidence.VerdictsFile;

/// Two runs side by side as JSON: everything that the table shows and all other metrics.
public final class ComparisonJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ComparisonJson() {}

    public static String render(RunComparison comparison) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("schemaVersion", VerdictsFile.SCHEMA_VERSION);
        json.set("old", run(comparison.old()));
        json.set("new", run(comparison.now()));
        json.set("changes", array(comparison.changes()));
        json.set("comparisons", VerdictsFile.comparisons(comparison.comparisons()));
        json.set("onlyOld", array(comparison.onlyOld()));
        json.set("onlyNew", array(comparison.onlyNow()));
        json.set("notes", array(comparison.notes()));
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values can't be written", e);
        }
    }

    private static ObjectNode run(KeptRun kept) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("directory", kept.directory().toString());
        json.put("name", kept.run().name());
        json.put("startedAt", kept.run().startedAt().toString());
        json.put("commit", kept.run().commit());
        json.put("complete", kept.run().complete());
        return json;
    }

    private static ArrayNode array(List<String> texts) {
        ArrayNode array = MAPPER.createArrayNode();
        texts.forEach(array::add);
        return array;
    }
}
