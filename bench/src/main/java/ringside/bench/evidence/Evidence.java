package ringside.bench.evidence;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.bench.judge.Metric;
import ringside.bench.judge.Sample;
import ringside.bench.result.Course;
import ringside.bench.result.Curve;
import ringside.bench.result.HlogFile;
import ringside.bench.result.LedgerTrial;
import ringside.bench.result.Load;
import ringside.bench.result.Measured;
import ringside.bench.result.Measurements;
import ringside.bench.result.Quantity;
import ringside.bench.result.Run;
import ringside.bench.result.RunTimes;
import ringside.bench.result.Side;
import ringside.bench.result.Trial;
import ringside.bench.result.Workload;

/// The launches of a run by workload and side, with percentiles taken from the raw histograms: those of a launch from
/// its `.hlog`, those of a side from all of its launches' merged. Only valid trials are in it.
///
/// Immutable once read.
public final class Evidence {

    private final Map<Workload, Map<Side, Sample>> samples;
    private final List<String> broken;

    private Evidence(Map<Workload, Map<Side, Sample>> samples, List<String> broken) {
        this.samples = samples;
        this.broken = List.copyOf(broken);
    }

    /// Reads every valid trial's `.hlog`. One that can't be read makes the percentiles of its side unmeasurable, and is
    /// named in [#broken]; all else goes on.
    ///
    /// @param runDirectory where `run.json` is
    public static Evidence of(Run run, Path runDirectory) {
        return of(run, RunTimes.of(run, runDirectory));
    }

    /// @param times of the same run
    public static Evidence of(Run run, RunTimes times) {
        Map<Workload, Map<Side, Point>> points = new LinkedHashMap<>();
        for (Trial trial : run.trials()) {
            trial.measurements()
                    .filter(_ -> trial.isValid())
                    .ifPresent(measured -> point(points, trial).add(trial, measured, times));
        }
        for (LedgerTrial counted : run.ledger().trials()) {
            if (counted.trial().isValid()) {
                point(points, counted.trial()).add(counted);
            }
        }
        List<Workload> workloads = new ArrayList<>(points.keySet());
        workloads.sort(Workload.ORDER);
        List<String> broken = new ArrayList<>();
        Map<Workload, Map<Side, Sample>> samples = new LinkedHashMap<>();
        for (Workload workload : workloads) {
            Map<Side, Sample> sides = new LinkedHashMap<>();
            points.getOrDefault(workload, Map.of()).forEach((side, point) -> {
                sides.put(side, point.sample(side.label()));
                broken.addAll(point.broken);
            });
            samples.put(workload, sides);
        }
        return new Evidence(samples, broken);
    }

    /// In the order of [Workload#ORDER].
    public List<Workload> workloads() {
        return List.copyOf(samples.keySet());
    }

    /// Sides with a valid launch at this workload, in the order in which they first ran.
    public List<Side> sides(Workload workload) {
        return List.copyOf(samples.getOrDefault(workload, Map.of()).keySet());
    }

    /// All sides with a valid launch anywhere.
    public List<Side> sides() {
        return samples.values().stream()
                .flatMap(sides -> sides.keySet().stream())
                .distinct()
                .toList();
    }

    /// @return empty when that side has no valid launch at this workload
    public Optional<Sample> sample(Workload workload, String label) {
        return samples.getOrDefault(workload, Map.of()).entrySet().stream()
                .filter(entry -> entry.getKey().label().equals(label))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /// Histogram logs that should be there and can't be read, a sentence each.
    public List<String> broken() {
        return broken;
    }

    private static Point point(Map<Workload, Map<Side, Point>> points, Trial trial) {
        return points.computeIfAbsent(trial.workload(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(trial.side(), _ -> new Point());
    }

    /// A side at a workload while its trials are read.
    private static final class Point {
        private final List<Sample.Launch> launches = new ArrayList<>();
        private final Map<Boolean, Curve> merged = new HashMap<>();
        private final Map<Boolean, String> unreadable = new HashMap<>();
        private final List<String> broken = new ArrayList<>();

        void add(Trial trial, Measurements measured, RunTimes times) {
            Map<Metric, Measured> values = new HashMap<>();
            values.put(
                    Metric.THROUGHPUT,
                    trial.whyVoidFor(Quantity.THROUGHPUT)
                            .map(Measured::unmeasurable)
                            .orElseGet(() -> Measured.of(measured.requestsPerSecond())));
            values.put(Metric.CPU, measured.server().cpuMicrosPerRequest());
            values.put(Metric.CORE_BUSY, measured.server().coreBusyMicrosPerRequest());
            percentiles(trial, times, false, values);
            if (trial.workload().load() instanceof Load.Open) {
                percentiles(trial, times, true, values);
            }
            trial.whyVoidFor(Quantity.LATENCY).ifPresent(why -> {
                percentiles(false, values, _ -> Measured.unmeasurable(why));
                if (trial.workload().load() instanceof Load.Open) {
                    percentiles(true, values, _ -> Measured.unmeasurable(why));
                }
            });
            launches.add(new Sample.Launch(trial.block(), values));
        }

        void add(LedgerTrial counted) {
            Map<Metric, Measured> values = new HashMap<>();
            for (Metric metric : Metric.counts()) {
                if (metric.source() instanceof Metric.Source.Count(String entry)) {
                    values.put(metric, counted.ledger().perRequest(entry));
                }
            }
            launches.add(new Sample.Launch(counted.trial().block(), values));
        }

        private void percentiles(Trial trial, RunTimes times, boolean response, Map<Metric, Measured> values) {
            String tag = response ? HlogFile.RESPONSE : HlogFile.SERVICE;
            times.merged(trial.side(), trial.workload(), tag).ifPresent(curve -> merged.put(response, curve));
            switch (times.launch(trial, tag)) {
                case RunTimes.Launch.Times(Curve curve, Course _) ->
                    percentiles(response, values, percent -> micros(curve, percent));
                case RunTimes.Launch.Missing(String why) -> {
                    unreadable.putIfAbsent(response, why);
                    if (!response) {
                        broken.add(why);
                    }
                    percentiles(response, values, _ -> Measured.unmeasurable(why));
                }
            }
        }

        Sample sample(String label) {
            Map<Metric, Measured> whole = new HashMap<>();
            merged.forEach((response, curve) -> percentiles(response, whole, percent -> micros(curve, percent)));
            unreadable.forEach(
                    (response, why) -> percentiles(response, whole, _ -> Measured.unmeasurable(label + ": " + why)));
            return new Sample(label, launches, whole);
        }

        private static void percentiles(
                boolean response, Map<Metric, Measured> values, java.util.function.DoubleFunction<Measured> atPercent) {
            for (Metric metric : Metric.timed()) {
                if (metric.source() instanceof Metric.Source.Percentile(boolean ofResponse, double percent)
                        && ofResponse == response) {
                    values.put(metric, atPercent.apply(percent));
                }
            }
        }

        private static Measured micros(Curve curve, double percent) {
            return curve.count() < Math.round(100 / (100 - percent))
                    ? Measured.unmeasurable("too few requests for this percentile")
                    : curve.latency().at(percent);
        }
    }
}
