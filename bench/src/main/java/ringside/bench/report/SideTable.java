package ringside.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import ringside.bench.result.Run;
import ringside.bench.result.Side;
import ringside.bench.result.Trial;

/// What the sides of a run are, and what they differ in: a column for each thing that isn't the same for all, and a
/// sentence for what is.
final class SideTable {

    private record Feature(String name, Function<Side, String> value) {}

    private final Run run;
    private final List<Side> sides;

    SideTable(Run run) {
        this.run = run;
        sides = run.trials().stream().map(Trial::side).distinct().toList();
    }

    boolean isEmpty() {
        return sides.isEmpty();
    }

    private List<Feature> features() {
        return List.of(
                new Feature("kind", side -> switch (side.kind()) {
                    case ENGINE -> "engine of ringside";
                    case PEER -> "peer";
                    case COMMAND -> "command";
                }),
                new Feature("engine", Side::engine),
                new Feature("options", side -> options(side.engineOptions())),
                new Feature("transport", Side::transport),
                new Feature("asked by", side -> GeneratorComparison.name(side.generator())),
                new Feature("version", this::version),
                new Feature("JVM flags of its own", side -> String.join(" ", side.jvmFlags())),
                new Feature("command", Side::command));
    }

    /// The heads, then a line for each side; what all have in common is left out.
    List<List<String>> rows() {
        List<Feature> differing = features().stream()
                .filter(feature -> values(feature).size() > 1)
                .toList();
        List<List<String>> rows = new ArrayList<>();
        List<String> heads = new ArrayList<>(List.of("side", "role"));
        differing.forEach(feature -> heads.add(feature.name()));
        rows.add(heads);
        for (Side side : sides) {
            List<String> row = new ArrayList<>(List.of(side.label(), role(side)));
            differing.forEach(feature -> row.add(shown(feature.value().apply(side))));
            rows.add(row);
        }
        return rows;
    }

    /// `The same for all: asked by the built-in generator; …`; empty when nothing is.
    String common() {
        String same = features().stream()
                .filter(feature -> values(feature).size() == 1)
                .map(feature -> Map.entry(feature.name(), values(feature).getFirst()))
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining("; "));
        return same.isEmpty() ? "" : "The same for all: " + same + ".";
    }

    private List<String> values(Feature feature) {
        return sides.stream().map(feature.value()).distinct().toList();
    }

    private String role(Side side) {
        if (side.label().equals(run.plan().control())) {
            return "A/A arm: the baseline once more";
        }
        return side.label().equals(run.plan().baseline()) ? "baseline" : "candidate";
    }

    private String version(Side side) {
        return switch (side.kind()) {
            case PEER -> run.environment().peerVersions().getOrDefault(side.engine(), "");
            case COMMAND -> "";
            case ENGINE ->
                side.build().isEmpty()
                        ? "ringside " + run.ringsideVersion() + ", commit " + run.commit()
                                + (run.dirty().isYes() ? ", with uncommitted changes" : "")
                        : side.build();
        };
    }

    private static String options(Map<String, String> options) {
        return options.entrySet().stream()
                .map(option -> option.getKey() + "=" + option.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String shown(String value) {
        return value.isEmpty() ? Words.UNKNOWN : value;
    }
}
