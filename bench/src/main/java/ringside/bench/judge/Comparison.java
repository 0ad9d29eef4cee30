package ringside.bench.judge;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ringside.bench.result.Workload;

/// One side against its baseline at one workload.
///
/// @param workload what both were asked
/// @param baseline label of the side that is compared with
/// @param candidate label of the side that is judged
/// @param role whether the candidate is judged, or is the baseline's twin
/// @param judgements one for each metric that either side has, in the order of [Metric#all]
public record Comparison(Workload workload, String baseline, String candidate, Role role, List<Judgement> judgements) {

    /// What the candidate is there for.
    public enum Role {
        /// It is judged.
        CANDIDATE,
        /// It is the same as the baseline (A/A arm; between two runs, a peer that didn't change). A verdict of improved
        /// or regressed says that this machine shows
        /// differences where there are none.
        CONTROL
    }

    public Comparison {
        judgements = List.copyOf(judgements);
        Set<Metric> seen = new HashSet<>();
        for (Judgement judgement : judgements) {
            if (!seen.add(judgement.metric())) {
                throw new IllegalArgumentException(judgement.metric().id() + " is judged twice");
            }
        }
    }

    public Optional<Judgement> of(Metric metric) {
        return judgements.stream()
                .filter(judgement -> judgement.metric().equals(metric))
                .findFirst();
    }

    /// The judgement of the metric that ranks sides: CPU per request, or throughput where CPU can't be measured.
    public Optional<Judgement> headline() {
        return of(Metric.CPU).filter(judgement -> !judgement.isUnmeasurable()).or(() -> of(Metric.THROUGHPUT));
    }

    /// The verdict over some metrics, as [Verdict#overall]; a metric that wasn't judged is left out.
    public Verdict over(Collection<Metric> metrics) {
        return Verdict.overall(judgements.stream()
                .filter(judgement -> metrics.contains(judgement.metric()))
                .map(Judgement::verdict)
                .toList());
    }
}
