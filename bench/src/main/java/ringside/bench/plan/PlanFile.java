package ringside.bench.plan;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// A plan in a file: YAML 1.2, one mapping whose keys are the flags of `bench` (docs/plan.md).
///
/// Every complaint names the file, the line and the column, and what to write instead.
public final class PlanFile {

    private final String name;
    private final Map<String, Mark> places = new HashMap<>();

    private PlanFile(String name) {
        this.name = name;
    }

    /// Says to a builder what the file says. What is said to the builder afterwards wins over the file.
    ///
    /// @throws IOException when the file can't be read
    /// @throws IllegalArgumentException a sentence with the place: `plan.yaml:3:1: unknown key …`
    public static PlanFile read(Path file, BenchPlanBuilder plan) throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException(file + " is no UTF-8 text: save it as UTF-8", e);
        }
        return parse(file.toString(), text, plan);
    }

    /// As [#read], of a text.
    ///
    /// @param name of the file, for messages
    public static PlanFile parse(String name, String text, BenchPlanBuilder plan) {
        PlanFile file = new PlanFile(name);
        file.apply(text, plan);
        return file;
    }

    /// Puts the place in front of a complaint about the plan as a whole, which names its flags: `--rates`.
    public IllegalArgumentException placed(IllegalArgumentException complaint) {
        String message = String.valueOf(complaint.getMessage());
        Mark place = null;
        int first = Integer.MAX_VALUE;
        for (Map.Entry<String, Mark> key : places.entrySet()) {
            int at = message.indexOf("--" + key.getKey());
            if (at >= 0 && at < first) {
                first = at;
                place = key.getValue();
            }
        }
        return place == null
                ? new IllegalArgumentException(name + ": " + message, complaint)
                : at(place, message, complaint);
    }

    private void apply(String text, BenchPlanBuilder plan) {
        Node root = compose(text);
        if (!(root instanceof MappingNode mapping)) {
            throw at(root, "a plan is a mapping, such as `engines: [blocking, uring]`");
        }
        for (NodeTuple entry : mapping.getValue()) {
            String key = key(entry.getKeyNode());
            if (places.put(key, mark(entry.getKeyNode())) != null) {
                throw at(entry.getKeyNode(), "'" + key + "' is there twice: leave one of them out");
            }
            if (key.equals(PlanKey.SIDES)) {
                plan.sides(sides(entry.getValueNode()));
                continue;
            }
            PlanKey known = PlanKey.byText(key)
                    .orElseThrow(() -> at(
                            entry.getKeyNode(),
                            "unknown key '" + key + "'. " + Nearest.sentence(key, PlanKey.texts()) + "Keys: "
                                    + String.join(", ", PlanKey.texts())));
            List<String> values = values(known.text(), known.isList(), entry.getValueNode());
            try {
                known.apply(plan, values);
            } catch (IllegalArgumentException e) {
                throw at(place(e, entry.getValueNode()), String.valueOf(e.getMessage()), e);
            }
        }
    }

    private Node compose(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setUseMarks(true)
                .setMaxAliasesForCollections(10)
                .build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            return root.orElseThrow(() -> new IllegalArgumentException(
                    name + ": the file says nothing. A plan is a mapping, such as `engines: [blocking, uring]`"));
        } catch (MarkedYamlEngineException e) {
            String problem = String.valueOf(e.getProblem());
            throw e.getProblemMark()
                    .map(mark -> at(mark, "no YAML: " + problem, e))
                    .orElseGet(() -> new IllegalArgumentException(name + ": no YAML: " + problem, e));
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(name + ": no YAML: " + e.getMessage(), e);
        }
    }

    private List<SideSpec> sides(Node node) {
        if (!(node instanceof SequenceNode sequence)) {
            throw at(node, "'sides' is a list, each entry with a name and keys of its own");
        }
        List<SideSpec> sides = new ArrayList<>();
        for (Node entry : sequence.getValue()) {
            sides.add(side(entry));
        }
        return sides;
    }

    private SideSpec side(Node node) {
        if (node instanceof ScalarNode flag) {
            try {
                return SideSpec.parse(flag.getValue());
            } catch (IllegalArgumentException e) {
                throw at(mark(node), String.valueOf(e.getMessage()), e);
            }
        }
        if (!(node instanceof MappingNode mapping)) {
            throw at(node, "a side is a mapping: `name: old` and `commit: HEAD~1`, say");
        }
        String sideName = "";
        Map<SideSpec.Key, String> values = new EnumMap<>(SideSpec.Key.class);
        for (NodeTuple entry : mapping.getValue()) {
            String key = key(entry.getKeyNode());
            if (key.equals("name")) {
                sideName = values(key, false, entry.getValueNode()).getFirst();
                continue;
            }
            try {
                SideSpec.Key known = SideSpec.key(key);
                String value = String.join(" ", values(key, known == SideSpec.Key.JVM, entry.getValueNode()));
                if (values.put(known, value) != null) {
                    throw at(entry.getKeyNode(), "'" + key + "' is there twice: leave one of them out");
                }
            } catch (PlacedException e) {
                throw e;
            } catch (IllegalArgumentException e) {
                throw at(mark(entry.getKeyNode()), String.valueOf(e.getMessage()), e);
            }
        }
        if (sideName.isEmpty()) {
            throw at(node, "this side has no name: add `name: old`, say");
        }
        try {
            return new SideSpec(sideName, values);
        } catch (IllegalArgumentException e) {
            throw at(mark(node), String.valueOf(e.getMessage()), e);
        }
    }

    private String key(Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw at(node, "a key is a word, such as `engines`");
    }

    /// @param list whether several are allowed: a sequence, or one text with commas
    private List<String> values(String key, boolean list, Node node) {
        List<String> values = new ArrayList<>();
        if (node instanceof ScalarNode scalar) {
            String text = scalar.getValue().strip();
            values.addAll(
                    list ? Arrays.stream(text.split(",", -1)).map(String::strip).toList() : List.of(text));
        } else if (node instanceof SequenceNode sequence && list) {
            for (Node element : sequence.getValue()) {
                if (!(element instanceof ScalarNode scalar)) {
                    throw at(element, "'" + key + "' is a list of words or numbers, and this is neither");
                }
                values.add(scalar.getValue().strip());
            }
        } else {
            throw at(
                    node,
                    "'" + key + "' has " + (list ? "a list of words or numbers" : "one value") + ", such as `" + key
                            + ": " + (list ? "[a, b]" : "a") + "`");
        }
        if (values.isEmpty() || values.contains("")) {
            throw at(node, "'" + key + "' has an empty value: write one, or leave the key out");
        }
        return values;
    }

    /// The element of a list that a complaint quotes, or the whole value.
    private static Mark place(IllegalArgumentException e, Node value) {
        if (value instanceof SequenceNode sequence) {
            for (Node element : sequence.getValue()) {
                if (element instanceof ScalarNode scalar
                        && String.valueOf(e.getMessage()).contains("'" + scalar.getValue() + "'")) {
                    return mark(element);
                }
            }
        }
        return mark(value);
    }

    /// One that says its place already.
    private static final class PlacedException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        PlacedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private IllegalArgumentException at(Node node, String message) {
        return at(mark(node), message, new IllegalArgumentException(message));
    }

    private IllegalArgumentException at(Mark mark, String message, Exception cause) {
        return new PlacedException(
                "%s:%d:%d: %s".formatted(name, mark.getLine() + 1, mark.getColumn() + 1, message), cause);
    }

    private static Mark mark(Node node) {
        return node.getStartMark().orElseThrow(() -> new IllegalStateException("composed without marks"));
    }
}
