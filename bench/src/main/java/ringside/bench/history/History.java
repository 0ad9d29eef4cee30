package ringside.bench.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ringside.bench.compare.KeptRun;
import ringside.bench.history.Series.Change;
import ringside.bench.history.Series.Observation;
import ringside.bench.judge.Metric;
import ringside.bench.judge.Sample;
import ringside.bench.result.Measured;
import ringside.bench.result.Side;
import ringside.bench.result.Workload;

/// Series of all points over runs, with their change points. A run counts once, however many launches it has: launches
/// of one run share its hour.
///
/// @param series by workload, side and metric
public record History(List<Series> series) {

    /// With fewer runs no change can be shown: 499 orders of seven runs hold too many as deep by chance.
    public static final int RUNS_LEAST = 8;

    public History {
        series = List.copyOf(series);
    }

    private record Key(Side side, Workload workload, Metric metric) {}

    /// @param runs in any order
    /// @param seed of the permutation tests
    public static History of(List<KeptRun> runs, List<Metric> metrics, long seed) {
        List<KeptRun> byTime = runs.stream()
                .sorted(Comparator.comparing(kept -> kept.run().startedAt()))
                .toList();
        Map<Workload, Map<Key, List<Observation>>> found = new TreeMap<>(Workload.ORDER);
        for (KeptRun kept : byTime) {
            for (Workload workload : kept.evidence().workloads()) {
                for (Side side : kept.evidence().sides(workload)) {
                    Sample sample =
                            kept.evidence().sample(workload, side.label()).orElseThrow();
                    for (Metric metric : metrics) {
                        if (sample.value(metric) instanceof Measured.Value(double value) && value > 0) {
                            found.computeIfAbsent(workload, _ -> new LinkedHashMap<>())
                                    .computeIfAbsent(new Key(side, workload, metric), _ -> new ArrayList<>())
                                    .add(new Observation(
                                            kept.name(),
                                            kept.run().startedAt(),
                                            kept.run().commit(),
                                            value));
                        }
                    }
                }
            }
        }
        List<Series> series = new ArrayList<>();
        found.values()
                .forEach(points -> points.forEach((key, observations) -> series.add(series(key, observations, seed))));
        return new History(series);
    }

    private static Series series(Key key, List<Observation> observations, long seed) {
        double[] logs = observations.stream()
                .mapToDouble(observation -> StrictMath.log(observation.value()))
                .toArray();
        List<ChangePoints.Change> found = ChangePoints.of(logs, seed);
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            int from = i == 0 ? 0 : found.get(i - 1).index();
            int at = found.get(i).index();
            int to = i + 1 < found.size() ? found.get(i + 1).index() : logs.length;
            changes.add(new Change(
                    at, level(logs, from, at), level(logs, at, to), found.get(i).p()));
        }
        return new Series(key.side().label(), key.workload(), key.metric(), observations, changes);
    }

    private static double level(double[] logs, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += logs[i];
        }
        return StrictMath.exp(sum / (to - from));
    }
}
