package ringside.bench.history;

import java.time.Instant;
import java.util.List;
import ringside.bench.judge.Metric;
import ringside.bench.result.Workload;

/// One metric of one side at one workload, over runs.
///
/// @param side its label
/// @param workload what it was asked
/// @param metric which quantity
/// @param observations one for each run that has it, oldest first
/// @param changes where its level changed, oldest first
public record Series(
        String side, Workload workload, Metric metric, List<Observation> observations, List<Change> changes) {

    /// @param run name of its directory
    /// @param startedAt when the run began
    /// @param commit of the source, in full, or why it is unknown
    /// @param value of the side in that run
    public record Observation(String run, Instant startedAt, String commit, double value) {}

    /// @param index of the first observation after the change
    /// @param before geometric mean of the observations from the change before to this one
    /// @param after of those from this one to the next
    /// @param p how often chance alone makes as much of a change
    public record Change(int index, double before, double after, double p) {
        public double ratio() {
            return after / before;
        }
    }

    public Series {
        observations = List.copyOf(observations);
        changes = List.copyOf(changes);
    }

    /// Whether a change is for the worse.
    public boolean isWorse(Change change) {
        return change.after() > change.before() == (metric.better() == Metric.Better.LOWER);
    }
}
