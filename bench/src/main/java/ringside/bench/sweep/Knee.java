package ringside.bench.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ringside.bench.plan.Objective;
import ringside.bench.result.Load;
import ringside.bench.result.Run;
import ringside.bench.result.Side;
import ringside.bench.result.Trial;
import ringside.bench.result.Workload;

/// What a search found for one side at one workload.
///
/// @param side who served; the A/A arm as well
/// @param workload but for its load, which is given as closed
/// @param search with all its trials
public record Knee(Side side, Workload workload, KneeSearch search) {

    /// The searches of a run, in the order in which their points first ran; none when the run looked for no knee.
    public static List<Knee> of(Run run) {
        if (run.plan().knee().isEmpty()) {
            return List.of();
        }
        Objective objective = Objective.parse(run.plan().knee());
        Map<Side, Map<Workload, List<Trial>>> points = new LinkedHashMap<>();
        for (Trial trial : run.trials()) {
            points.computeIfAbsent(trial.side(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(unpaced(trial.workload()), _ -> new ArrayList<>())
                    .add(trial);
        }
        List<Knee> knees = new ArrayList<>();
        points.forEach((side, workloads) -> workloads.forEach((workload, trials) -> knees.add(
                new Knee(side, workload, KneeSearch.of(objective, run.plan().resolve(), trials)))));
        return List.copyOf(knees);
    }

    /// The same workload in a closed loop: what stays the same in a search.
    public static Workload unpaced(Workload workload) {
        return paced(workload, new Load.Closed());
    }

    public static Workload paced(Workload workload, Load load) {
        return new Workload(
                workload.fileBytes(),
                workload.sizesDiffer(),
                workload.fileCount(),
                workload.connections(),
                load,
                workload.cache());
    }

    /// `holds p99<5ms at …`, or where the search stands.
    public String sentence() {
        return switch (search.next()) {
            case KneeSearch.Step.Done(String sentence) -> sentence;
            case KneeSearch.Step.Capacity _ -> "not yet searched";
            case KneeSearch.Step.Rate _ -> "the search isn't finished: " + search.between();
        };
    }
}
