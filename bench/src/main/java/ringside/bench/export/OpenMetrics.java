package ringside.bench.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import ringside.bench.compare.KeptRun;
import ringside.bench.evidence.Points;
import ringside.bench.judge.Comparison;
import ringside.bench.judge.Judgement;
import ringside.bench.judge.Metric;
import ringside.bench.judge.Verdict;
import ringside.bench.result.Measured;

/// The OpenMetrics text format, version 1.0.0 (prometheus/OpenMetrics): a gauge for each metric with a sample for each
/// point, stamped with the end of the run, and a state set of verdicts.
public final class OpenMetrics {

    private OpenMetrics() {}

    /// @param comparisons whose verdicts are told; may be empty
    public static String render(KeptRun kept, List<Comparison> comparisons) {
        StringBuilder text = new StringBuilder();
        String stamp =
                String.format(Locale.ROOT, "%.3f", kept.run().finishedAt().toEpochMilli() / 1e3);
        List<Points.Point> points = Points.of(kept.evidence());
        for (Metric metric : Metric.all()) {
            List<String> samples = new ArrayList<>();
            for (Points.Point point : points) {
                if (point.values().containsKey(metric) && point.value(metric) instanceof Measured.Value(double value)) {
                    List<String> labels = new ArrayList<>();
                    Points.labels(point.side(), point.workload(), (name, label) -> labels.add(label(name, label)));
                    samples.add("%s{%s} %s %s".formatted(name(metric), String.join(",", labels), value, stamp));
                }
            }
            if (!samples.isEmpty()) {
                text.append("# TYPE ").append(name(metric)).append(" gauge\n");
                text.append("# HELP ")
                        .append(name(metric))
                        .append(' ')
                        .append(escaped(metric.title() + ", " + metric.unit()))
                        .append('\n');
                samples.forEach(sample -> text.append(sample).append('\n'));
            }
        }
        verdicts(text, comparisons, stamp);
        return text.append("# EOF\n").toString();
    }

    private static void verdicts(StringBuilder text, List<Comparison> comparisons, String stamp) {
        if (comparisons.isEmpty()) {
            return;
        }
        text.append("# TYPE ringside_verdict stateset\n");
        text.append("# HELP ringside_verdict What is said of a side against its baseline\n");
        for (Comparison comparison : comparisons) {
            for (Judgement judgement : comparison.judgements()) {
                for (Verdict verdict : Verdict.values()) {
                    text.append("ringside_verdict{%s} %d %s%n"
                            .formatted(
                                    String.join(
                                            ",",
                                            label("baseline", comparison.baseline()),
                                            label("candidate", comparison.candidate()),
                                            label(
                                                    "fileBytes",
                                                    Long.toString(comparison
                                                            .workload()
                                                            .fileBytes())),
                                            label(
                                                    "connections",
                                                    Integer.toString(comparison
                                                            .workload()
                                                            .connections())),
                                            label(
                                                    "cache",
                                                    comparison
                                                            .workload()
                                                            .cache()
                                                            .name()
                                                            .toLowerCase(Locale.ROOT)),
                                            label(
                                                    "load",
                                                    Points.load(comparison
                                                            .workload()
                                                            .load())),
                                            label("metric", judgement.metric().id()),
                                            label("ringside_verdict", verdict.id())),
                                    verdict == judgement.verdict() ? 1 : 0,
                                    stamp));
                }
            }
        }
    }

    /// `ringside_service_p99_9_us`: letters, digits and underscores.
    static String name(Metric metric) {
        String unit = switch (metric.unit()) {
            case "µs" -> "_us";
            case "requests/s" -> "_requests_per_second";
            default -> "_per_request";
        };
        return "ringside_" + metric.id().replace("count:", "").replaceAll("[^A-Za-z0-9]+", "_") + unit;
    }

    private static String label(String name, String value) {
        return name + "=\"" + escaped(value) + "\"";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
