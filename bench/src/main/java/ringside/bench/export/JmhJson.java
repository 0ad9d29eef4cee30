package ringside.bench.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import ringside.bench.compare.KeptRun;
import ringside.bench.evidence.Points;
import ringside.bench.judge.Metric;
import ringside.bench.result.Measured;
import ringside.bench.result.Run;

/// The result format of JMH (`-rf json`), which many tools draw and compare. A point is a benchmark with its workload
/// as parameters, a launch is a fork of one iteration. CPU per request is the primary metric, all others are
/// secondary. Where JMH has an interval of the mean stands the range of the launches.
public final class JmhJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private JmhJson() {}

    public static String render(KeptRun kept) {
        ArrayNode results = MAPPER.createArrayNode();
        for (Points.Point point : Points.of(kept.evidence())) {
            Metric primary = point.values().containsKey(Metric.CPU) ? Metric.CPU : Metric.THROUGHPUT;
            if (point.values().containsKey(primary)) {
                results.add(result(kept.run(), point, primary));
            }
        }
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(results) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values can't be written", e);
        }
    }

    private static ObjectNode result(Run run, Points.Point point, Metric primary) {
        List<Double> launches = point.values().getOrDefault(primary, List.of());
        ObjectNode json = MAPPER.createObjectNode();
        json.put("jmhVersion", "1.37");
        json.put(
                "benchmark",
                "ringside." + point.side().engine() + "." + point.side().transport());
        json.put("mode", primary.equals(Metric.CPU) ? "avgt" : "thrpt");
        json.put("threads", point.workload().connections());
        json.put("forks", launches.size());
        json.put("jvm", "");
        ArrayNode flags = json.putArray("jvmArgs");
        run.environment().jvmFlags().forEach(flags::add);
        json.put("jdkVersion", run.environment().jdkVersion());
        json.put("vmName", run.environment().jdkVendor());
        json.put("vmVersion", run.environment().jdkVersion());
        json.put("warmupIterations", 1);
        json.put("warmupTime", run.plan().warmUpSeconds() + " s");
        json.put("warmupBatchSize", 1);
        json.put("measurementIterations", 1);
        json.put("measurementTime", run.plan().durationSeconds() + " s");
        json.put("measurementBatchSize", 1);
        ObjectNode parameters = json.putObject("params");
        Points.labels(point.side(), point.workload(), parameters::put);
        json.set("primaryMetric", metric(point, primary, launches));
        ObjectNode secondary = json.putObject("secondaryMetrics");
        for (Map.Entry<Metric, List<Double>> entry : point.values().entrySet()) {
            if (!entry.getKey().equals(primary)) {
                secondary.set(entry.getKey().id(), metric(point, entry.getKey(), entry.getValue()));
            }
        }
        return json;
    }

    private static ObjectNode metric(Points.Point point, Metric metric, List<Double> launches) {
        ObjectNode json = MAPPER.createObjectNode();
        double score = point.value(metric) instanceof Measured.Value(double value) ? value : Double.NaN;
        double low = launches.stream().mapToDouble(Double::doubleValue).min().orElse(score);
        double high = launches.stream().mapToDouble(Double::doubleValue).max().orElse(score);
        json.put("score", score);
        json.put("scoreError", (high - low) / 2);
        json.putArray("scoreConfidence").add(low).add(high);
        ObjectNode percentiles = json.putObject("scorePercentiles");
        percentiles.put("0.0", low);
        percentiles.put("100.0", high);
        json.put("scoreUnit", unit(metric));
        ArrayNode raw = json.putArray("rawData");
        launches.forEach(launch -> raw.addArray().add(launch));
        return json;
    }

    private static String unit(Metric metric) {
        return switch (metric.unit()) {
            case "µs" -> "us/op";
            case "requests/s" -> "ops/s";
            default -> "#/op";
        };
    }
}
