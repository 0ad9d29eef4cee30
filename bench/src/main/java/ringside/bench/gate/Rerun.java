package ringside.bench.gate;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ringside.bench.compare.KeptRun;
import ringside.bench.judge.Comparison;
import ringside.bench.plan.BenchPlan;
import ringside.bench.plan.BenchPlanBuilder;
import ringside.bench.plan.PlanFile;
import ringside.bench.result.Run;

/// Makes a plan that measures a kept run again: by the plan that is in its record, with a seed of its own, so that
/// order and
/// contents are other ones.
public final class Rerun {

    private Rerun() {}

    /// The whole plan once more.
    ///
    /// @param resultsDirectory where the new run's directory is made
    /// @throws UnsupportedOperationException a sentence: why it can't be run again from its record
    public static BenchPlan ofAll(KeptRun kept, String name, Path resultsDirectory) {
        Run run = kept.run();
        if (run.plan().yaml().isEmpty()) {
            throw new UnsupportedOperationException(
                    kept.name() + " is a run of before plans were kept: repeat its command line with ringside bench");
        }
        if (!run.plan().knee().isEmpty()) {
            throw new UnsupportedOperationException(
                    kept.name() + " searched for the highest rate: there are no points in it that could be repeated");
        }
        BenchPlanBuilder builder = new BenchPlanBuilder();
        PlanFile.parse("the plan of " + kept.name(), run.plan().yaml(), builder);
        return builder.name(name)
                .resultsDirectory(resultsDirectory)
                .seed(new SecureRandom().nextLong() & Long.MAX_VALUE)
                .build();
    }

    /// Only the sides and workloads of some of its points, and the baseline, without which nothing can be told of a
    /// time. A plan runs every side at every workload, so that it may have more points than were named.
    public static BenchPlan of(KeptRun kept, List<Comparison> points, String name, Path resultsDirectory) {
        Set<String> labels = new LinkedHashSet<>();
        points.forEach(point -> labels.add(point.candidate()));
        Optional.of(kept.run().plan().baseline())
                .filter(label -> !label.isEmpty())
                .ifPresent(labels::add);
        return ofAll(kept, name, resultsDirectory)
                .only(labels, points.stream().map(Comparison::workload).toList());
    }
}
