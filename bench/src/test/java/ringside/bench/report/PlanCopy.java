package ringside.bench.report;

import java.util.List;
import ringside.bench.result.Plan;
import ringside.bench.result.Run;

/// Runs whose plan says something else.
final class PlanCopy {

    private PlanCopy() {}

    /// The same run, asked for a map.
    static Run withMap(Run run, List<String> axes) {
        Plan plan = run.plan();
        Plan mapped = new Plan(
                plan.engines(),
                plan.transports(),
                plan.sizeBytes(),
                plan.connections(),
                plan.loads(),
                plan.caches(),
                plan.durationSeconds(),
                plan.warmUpSeconds(),
                plan.repeats(),
                plan.peers(),
                plan.generators(),
                plan.generatorTransport(),
                plan.root(),
                plan.baseline(),
                plan.control(),
                plan.knee(),
                axes,
                plan.until(),
                plan.resolve(),
                plan.yaml());
        return new Run(
                run.schemaVersion(),
                run.name(),
                run.startedAt(),
                run.finishedAt(),
                run.complete(),
                run.seed(),
                run.commandLine(),
                run.ringsideVersion(),
                run.commit(),
                run.dirty(),
                run.environment(),
                mapped,
                run.rules(),
                run.skipped(),
                run.trials(),
                run.ledger(),
                run.binary(),
                run.notes());
    }
}
