package ringside.bench.result;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/// The times of a run's valid trials, from their histogram logs: each log is read once, and reduced to what
/// tables, plots and verdicts need, so that a thousand of them fit in memory.
///
/// Immutable once read.
public final class RunTimes {

    /// One launch under one tag.
    public sealed interface Launch {
        /// @param curve of the whole window
        /// @param course through the window
        record Times(Curve curve, Course course) implements Launch {}

        /// @param why its log gives nothing, a sentence that names the file
        record Missing(String why) implements Launch {}
    }

    private record LaunchKey(int trial, String tag) {}

    private record PointKey(Side side, Workload workload, String tag) {}

    private final Map<LaunchKey, Launch> launches;
    private final Map<PointKey, Curve> merged;

    private RunTimes(Map<LaunchKey, Launch> launches, Map<PointKey, Curve> merged) {
        this.launches = launches;
        this.merged = merged;
    }

    /// Reads the log of every valid trial: service times, and response times of an open loop.
    ///
    /// @param runDirectory where `run.json` is
    public static RunTimes of(Run run, Path runDirectory) {
        Map<LaunchKey, Launch> launches = new HashMap<>();
        Map<PointKey, Histogram> sums = new HashMap<>();
        for (Trial trial : run.trials()) {
            if (trial.isValid()) {
                Measurements measured = trial.measurements().orElseThrow();
                read(trial, measured, runDirectory.resolve(measured.hlogFile()), launches, sums);
            }
        }
        Map<PointKey, Curve> merged = new HashMap<>();
        sums.forEach((point, nanos) -> merged.put(point, Curve.of(nanos)));
        return new RunTimes(launches, merged);
    }

    private static void read(
            Trial trial,
            Measurements measured,
            Path log,
            Map<LaunchKey, Launch> launches,
            Map<PointKey, Histogram> sums) {
        try {
            Map<String, List<HlogFile.Interval>> intervals = HlogFile.intervals(log);
            for (String tag : tags(trial.workload())) {
                List<HlogFile.Interval> tagged = intervals.getOrDefault(tag, List.of());
                try {
                    Histogram nanos = HlogFile.sum(log, tag, tagged, measured.requests());
                    launches.put(
                            new LaunchKey(trial.index(), tag), new Launch.Times(Curve.of(nanos), Course.of(tagged)));
                    sums.computeIfAbsent(
                                    new PointKey(trial.side(), trial.workload(), tag),
                                    _ -> new Histogram(HlogFile.SIGNIFICANT_DIGITS))
                            .add(nanos);
                } catch (IOException e) {
                    launches.put(new LaunchKey(trial.index(), tag), missing(e));
                }
            }
        } catch (IOException e) {
            tags(trial.workload()).forEach(tag -> launches.put(new LaunchKey(trial.index(), tag), missing(e)));
        }
    }

    private static Launch.Missing missing(IOException e) {
        return new Launch.Missing(String.valueOf(e.getMessage()));
    }

    private static List<String> tags(Workload workload) {
        return switch (workload.load()) {
            case Load.Closed _ -> List.of(HlogFile.SERVICE);
            case Load.Open _ -> List.of(HlogFile.SERVICE, HlogFile.RESPONSE);
        };
    }

    /// The tag of the times that reports show: since the intended start where there is one.
    public static String shownTag(Workload workload) {
        return tags(workload).getLast();
    }

    /// @param trial a valid one of the run
    /// @param tag [HlogFile#SERVICE]; in an open loop [HlogFile#RESPONSE], too
    public Launch launch(Trial trial, String tag) {
        return Optional.ofNullable(launches.get(new LaunchKey(trial.index(), tag)))
                .orElseThrow(() -> new IllegalArgumentException("no " + tag + " times of trial " + trial.index()));
    }

    /// All launches of a point whose log could be read, as one; empty when there is none.
    public Optional<Curve> merged(Side side, Workload workload, String tag) {
        return Optional.ofNullable(merged.get(new PointKey(side, workload, tag)));
    }
}
