package ringside.bench.evidence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import ringside.bench.judge.Metric;
import ringside.bench.judge.Sample;
import ringside.bench.result.Load;
import ringside.bench.result.Measured;
import ringside.bench.result.Side;
import ringside.bench.result.Workload;

/// A run as its points (side × workload), as every format wants it.
public final class Points {

    /// @param values by metric: one for each launch that has it, in order of execution
    public record Point(Side side, Workload workload, Sample sample, Map<Metric, List<Double>> values) {

        /// The side's own value: percentiles of the merged histogram.
        public Measured value(Metric metric) {
            return sample.value(metric);
        }
    }

    private Points() {}

    /// In the order of the evidence.
    public static List<Point> of(Evidence evidence) {
        List<Point> points = new ArrayList<>();
        for (Workload workload : evidence.workloads()) {
            for (Side side : evidence.sides(workload)) {
                Sample sample = evidence.sample(workload, side.label()).orElseThrow();
                points.add(new Point(side, workload, sample, values(sample)));
            }
        }
        return points;
    }

    private static Map<Metric, List<Double>> values(Sample sample) {
        Map<Metric, List<Double>> values = new LinkedHashMap<>();
        for (Metric metric : Metric.all()) {
            List<Double> known = new ArrayList<>();
            for (Sample.Launch launch : sample.launches()) {
                if (launch.values().get(metric) instanceof Measured.Value(double value)) {
                    known.add(value);
                }
            }
            if (!known.isEmpty()) {
                values.put(metric, known);
            }
        }
        return values;
    }

    /// What makes a point what it is, as names and values in a fixed order.
    public static void labels(Side side, Workload workload, BiConsumer<String, String> label) {
        label.accept("side", side.label());
        label.accept("engine", side.engine());
        label.accept("transport", side.transport());
        label.accept("generator", side.generator());
        label.accept("fileBytes", Long.toString(workload.fileBytes()));
        label.accept("connections", Integer.toString(workload.connections()));
        label.accept(
                "cache",
                switch (workload.cache()) {
                    case HOT -> "hot";
                    case COLD -> "cold";
                });
        label.accept("load", load(workload.load()));
    }

    /// `closed`, `open:5000.0`.
    public static String load(Load load) {
        return switch (load) {
            case Load.Closed _ -> "closed";
            case Load.Open(double rate) -> "open:" + rate;
        };
    }
}
