package ringside.bench;

import java.nio.file.Path;
import ringside.bench.report.ReportedRun;
import ringside.bench.result.Run;

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

    /// Whether every planned trial ran and counts. In a search for a knee a rate that can't be held makes a trial void,
    /// which is an answer.
    public boolean isGood() {
        Run run = run();
        boolean searching = !run.plan().knee().isEmpty();
        return run.complete()
                && run.trials().stream()
                        .allMatch(trial -> trial.isValid()
                                || (searching && trial.measurements().isPresent()))
                && run.ledger().trials().stream()
                        .allMatch(counted -> counted.trial().isValid());
    }
}
