package ringside.bench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import ringside.bench.plan.Axis;
import ringside.bench.plan.BenchPlan;
import ringside.bench.plan.Objective;
import ringside.bench.plan.PlanText;
import ringside.bench.result.Environment;
import ringside.bench.result.Ledgers;
import ringside.bench.result.Plan;
import ringside.bench.result.Run;
import ringside.bench.trial.Asker;
import ringside.bench.trial.Contender;
import ringside.loadtest.LoadPlan;

/// What a run's record says before the first trial.
///
/// @param plan with its spans fixed
record RunHead(BenchPlan plan, Contenders contenders, Budget budget, Bench.RunWords words) {

    Run run(Instant now, Environment environment) throws InterruptedException {
        SourceCommit commit = SourceCommit.of(words.source());
        return new Run(
                Run.SCHEMA_VERSION,
                plan.name(),
                now,
                now,
                false,
                plan.seed(),
                words.commandLine(),
                words.version(),
                commit.hash(),
                commit.dirty(),
                environment,
                recorded(),
                budget.rules(plan),
                contenders.skipped(),
                List.of(),
                Ledgers.NONE,
                words.binary(),
                List.of());
    }

    /// As results keep it.
    private Plan recorded() {
        List<String> transports = contenders.running().stream()
                .filter(Contender.Ours.class::isInstance)
                .map(contender -> ((Contender.Ours) contender).transport().id())
                .distinct()
                .toList();
        return new Plan(
                plan.engines().stream().map(engine -> engine.name()).distinct().toList(),
                transports,
                plan.sizeBytes(),
                plan.connections(),
                plan.loads(),
                plan.caches(),
                budget.duration().toMillis() / 1e3,
                budget.warmUp().toMillis() / 1e3,
                plan.repeats(),
                plan.peers().stream().map(peer -> peer.name()).toList(),
                contenders.askers().stream().map(Asker::id).toList(),
                LoadPlan.defaultTransport().id(),
                plan.root().map(Path::toString).orElse(""),
                contenders.baselineEntrant().map(Contenders.Entrant::label).orElse(""),
                contenders.control().map(Contenders.Entrant::label).orElse(""),
                plan.knee().map(Objective::text).orElse(""),
                plan.map().stream().map(Axis::text).toList(),
                plan.until().text(),
                plan.resolve(),
                PlanText.yaml(plan));
    }
}
