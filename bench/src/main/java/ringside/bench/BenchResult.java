package ringside.bench;

import java.nio.file.Path;
import ringside.bench.report.ReportedRun;
import ringside.bench.result.LedgerTrial;
import ringside.bench.result.Run;
import ringside.bench.result.Trial;

/// How a run ended.
///
/// @param reported the run as written to `run.json`, with what its reports say of it
/// @param interrupted whether [Bench#stop()] ended it early
public record BenchResult(ReportedRun reported, boolean interrupted) {

    /// As written to `run.json`.
    public Run run() {
        return reported.run();
    }

    /// Where it and everything else of the run is.
    public Path directory() {
        return reported.directory();
    }

    /// Whether the run is complete and can be relied on: every trial counts; or those that don't were disturbed by
    /// something else on the machine, and enough are left of each point. In a search for a knee a rate that can't
    /// be held makes a trial void, which is an answer.
    public boolean isGood() {
        Run run = run();
        return run.complete()
                && run.trials().stream().allMatch(this::isNoFault)
                && run.ledger().trials().stream()
                        .map(LedgerTrial::trial)
                        .allMatch(trial -> trial.isValid() || (trial.isDisturbed() && isCounted(trial)));
    }

    private boolean isNoFault(Trial trial) {
        boolean searching = !run().plan().knee().isEmpty();
        return trial.isValid()
                || (searching && trial.measurements().isPresent())
                || (trial.isDisturbed() && launches(trial) >= launchesLeast());
    }

    /// A single launch has no known spread; of a comparison's blocks at least half have to have both sides.
    private int launchesLeast() {
        int planned = run().plan().repeats();
        return Math.max(Math.min(2, planned), Math.ceilDiv(planned, 2));
    }

    /// How many valid ones its point has.
    private long launches(Trial of) {
        return run().trials().stream()
                .filter(trial -> trial.isValid() && isAtPoint(trial, of))
                .count();
    }

    private boolean isCounted(Trial of) {
        return run().ledger().trials().stream()
                .map(LedgerTrial::trial)
                .anyMatch(trial -> trial.isValid() && isAtPoint(trial, of));
    }

    private static boolean isAtPoint(Trial trial, Trial of) {
        return trial.side().equals(of.side()) && trial.workload().equals(of.workload());
    }
}
