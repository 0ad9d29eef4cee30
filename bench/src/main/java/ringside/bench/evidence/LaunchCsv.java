package ringside.bench.evidence;

import java.util.ArrayList;
import java.util.List;
import ringside.bench.judge.Metric;
import ringside.bench.judge.Sample;
import ringside.bench.result.Measured;

/// A line for each launch and metric (RFC 4180), for spreadsheets and R. What can't be known has an empty value and
/// says why in the last column. Percentiles are those of one launch: to combine launches, merge their histograms.
public final class LaunchCsv {

    private LaunchCsv() {}

    public static String render(Evidence evidence) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                List.of(
                        "side",
                        "engine",
                        "transport",
                        "generator",
                        "fileBytes",
                        "connections",
                        "cache",
                        "load",
                        "block",
                        "metric",
                        "unit",
                        "value",
                        "unmeasurable"));
        for (Points.Point point : Points.of(evidence)) {
            for (Sample.Launch launch : point.sample().launches()) {
                for (Metric metric : Metric.all()) {
                    Measured measured = launch.values().get(metric);
                    if (measured != null) {
                        List<String> fields = new ArrayList<>();
                        Points.labels(point.side(), point.workload(), (_, value) -> fields.add(value));
                        fields.add(Integer.toString(launch.block()));
                        fields.add(metric.id());
                        fields.add(metric.unit());
                        switch (measured) {
                            case Measured.Value(double value) -> {
                                fields.add(Double.toString(value));
                                fields.add("");
                            }
                            case Measured.Unmeasurable(String why) -> {
                                fields.add("");
                                fields.add(why);
                            }
                        }
                        line(text, fields);
                    }
                }
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, List<String> fields) {
        for (int i = 0; i < fields.size(); i++) {
            text.append(i == 0 ? "" : ",").append(quoted(fields.get(i)));
        }
        text.append("\r\n");
    }

    private static String quoted(String field) {
        boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? field : "\"" + field.replace("\"", "\"\"") + "\"";
    }
}
