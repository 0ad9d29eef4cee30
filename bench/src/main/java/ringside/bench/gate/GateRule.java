package ringside.bench.gate;

import java.util.ArrayList;
import java.util.List;
import ringside.bench.judge.Metric;

/// What a gate lets pass.
///
/// @param metrics that are looked at
/// @param failOnImproved whether an improvement fails as a regression does: then the baseline is to be made anew
/// @param skipUnmeasurable whether a metric without a number on this machine is left out, with a sentence, instead of
///     leaving the gate inconclusive
public record GateRule(List<Metric> metrics, boolean failOnImproved, boolean skipUnmeasurable) {

    /// Counts that hardly depend on the machine's speed, in one word of the command line.
    public static final String COUNTS = "counts";

    /// Everything.
    public static final String ALL = "all";

    public GateRule {
        metrics = List.copyOf(metrics);
        if (metrics.isEmpty()) {
            throw new IllegalArgumentException("a gate needs at least one metric");
        }
    }

    /// CPU per request, and the counts that hardly depend on the machine's speed.
    public static List<Metric> usualMetrics() {
        List<Metric> usual = new ArrayList<>(List.of(Metric.CPU));
        usual.addAll(steadyCounts());
        return usual;
    }

    /// @param names ids of metrics, or `counts`, or `all`
    /// @throws IllegalArgumentException with the names that there are
    public static List<Metric> metrics(List<String> names) {
        List<Metric> metrics = new ArrayList<>();
        for (String name : names) {
            switch (name) {
                case COUNTS -> metrics.addAll(steadyCounts());
                case ALL -> metrics.addAll(Metric.all());
                default ->
                    metrics.add(Metric.byId(name)
                            .orElseThrow(() -> new IllegalArgumentException("there is no metric '" + name
                                    + "'. Choose of: counts, all, "
                                    + String.join(
                                            ", ",
                                            Metric.all().stream()
                                                    .map(Metric::id)
                                                    .toList()))));
            }
        }
        return metrics.stream().distinct().toList();
    }

    private static List<Metric> steadyCounts() {
        return Metric.counts().stream().filter(Metric::isSteadyCount).toList();
    }
}
