package ringside.bench.result;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A run by point (side × workload) over its launches. Only valid trials count; the others are counted.
///
/// Percentiles come from the merged histograms, never from averaged percentiles; costs and throughput are
/// medians of the launches with their range.
///
/// @param groups one per workload, smallest files first
public record Summary(List<Group> groups) {
    public Summary {
        groups = List.copyOf(groups);
    }

    /// @param workload what was asked
    /// @param points one per side, in the order in which sides first ran; without the control
    /// @param control the A/A arm, where one ran: it is the baseline once more, and no side to rank
    public record Group(Workload workload, List<Point> points, Optional<Point> control) {
        public Group {
            points = List.copyOf(points);
        }

        /// Without a control.
        public Group(Workload workload, List<Point> points) {
            this(workload, points, Optional.empty());
        }

        /// The point of the side with this label.
        public Optional<Point> point(String label) {
            return points.stream()
                    .filter(point -> point.side().label().equals(label))
                    .findFirst();
        }
    }

    /// @param side who served
    /// @param valid launches that count
    /// @param voided launches that were measured and don't count
    /// @param failed launches without measurement
    /// @param userMicros user CPU of the server per request
    /// @param systemMicros system CPU of the server per request
    /// @param cpuMicros their sum, taken per launch
    /// @param coreBusyMicros busy time of the server's cores per request
    /// @param requestsPerSecond throughput
    /// @param generatorMicros CPU of the generator per request
    /// @param generatorLimited valid launches in which the generator was the limit
    /// @param times response time since the intended start in an open loop, service time in a closed one
    public record Point(
            Side side,
            int valid,
            int voided,
            int failed,
            Spread userMicros,
            Spread systemMicros,
            Spread cpuMicros,
            Spread coreBusyMicros,
            Spread requestsPerSecond,
            Spread generatorMicros,
            int generatorLimited,
            Times times) {}

    /// @param merged all valid launches as one; empty without a readable histogram
    /// @param launches one by one
    /// @param missing what couldn't be read, a sentence each: then `merged` lacks those launches
    public record Times(Optional<Curve> merged, List<Curve> launches, List<String> missing) {
        public Times {
            launches = List.copyOf(launches);
            missing = List.copyOf(missing);
        }

        public Latency latency() {
            return merged.map(Curve::latency)
                    .orElseGet(() -> Latency.unmeasurable(missing.isEmpty() ? "no valid launch" : missing.getFirst()));
        }
    }

    /// Reads every valid trial's `.hlog`. One that can't be read is named in [Times#missing] and doesn't stop
    /// the rest.
    ///
    /// @param runDirectory where `run.json` is
    public static Summary of(Run run, Path runDirectory) {
        return of(run, RunTimes.of(run, runDirectory));
    }

    /// @param times of the same run
    public static Summary of(Run run, RunTimes times) {
        Map<Workload, Map<Side, List<Trial>>> byPoint = new LinkedHashMap<>();
        for (Trial trial : run.trials()) {
            byPoint.computeIfAbsent(trial.workload(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(trial.side(), _ -> new ArrayList<>())
                    .add(trial);
        }
        List<Workload> workloads = new ArrayList<>(byPoint.keySet());
        workloads.sort(Workload.ORDER);
        List<Side> sides = run.trials().stream().map(Trial::side).distinct().toList();
        List<Group> groups = new ArrayList<>();
        for (Workload workload : workloads) {
            Map<Side, List<Trial>> bySide = byPoint.getOrDefault(workload, Map.of());
            List<Point> points = new ArrayList<>();
            Optional<Point> control = Optional.empty();
            for (Side side : sides) {
                List<Trial> trials = bySide.get(side);
                if (trials != null && side.label().equals(run.plan().control())) {
                    control = Optional.of(point(side, workload, trials, times));
                } else if (trials != null) {
                    points.add(point(side, workload, trials, times));
                }
            }
            groups.add(new Group(workload, points, control));
        }
        return new Summary(groups);
    }

    private static Point point(Side side, Workload workload, Collection<Trial> trials, RunTimes times) {
        List<Measurements> valid = new ArrayList<>();
        int voided = 0;
        int failed = 0;
        int limited = 0;
        for (Trial trial : trials) {
            switch (trial.outcome()) {
                case Outcome.Valid(Measurements measurements) -> {
                    valid.add(measurements);
                    limited += measurements.generator().limited().isYes() ? 1 : 0;
                }
                case Outcome.Voided _ -> voided++;
                case Outcome.Failed _ -> failed++;
            }
        }
        return new Point(
                side,
                valid.size(),
                voided,
                failed,
                spread(valid, m -> m.server().userMicrosPerRequest()),
                spread(valid, m -> m.server().systemMicrosPerRequest()),
                spread(valid, m -> m.server().cpuMicrosPerRequest()),
                spread(valid, m -> m.server().coreBusyMicrosPerRequest()),
                spread(valid, m -> Measured.of(m.requestsPerSecond())),
                spread(valid, m -> m.generator().cpuMicrosPerRequest()),
                limited,
                times(side, workload, trials, times));
    }

    private static Spread spread(List<Measurements> valid, Function<Measurements, Measured> quantity) {
        return Spread.of(valid.stream().map(quantity).toList());
    }

    private static Times times(Side side, Workload workload, Collection<Trial> trials, RunTimes times) {
        String tag = RunTimes.shownTag(workload);
        List<Curve> launches = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Trial trial : trials) {
            if (trial.isValid()) {
                switch (times.launch(trial, tag)) {
                    case RunTimes.Launch.Times(Curve curve, Course _) -> launches.add(curve);
                    case RunTimes.Launch.Missing(String why) -> missing.add(why);
                }
            }
        }
        return new Times(times.merged(side, workload, tag), launches, missing);
    }
}
