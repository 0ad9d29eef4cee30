package ringside.bench;

import java.nio.file.Path;
import ringside.bench.result.Run;

/// How a run ended.
///
/// @param run as written to `run.json`
/// @param directory where it and everything else of the run is
/// @param interrupted whether [Bench#stop()] ended it early
public record BenchResult(Run run, Path directory, boolean interrupted) {

    /// Whether every planned trial ran and counts. In a search for a knee a rate that can't be held makes a trial void,
    /// which is an answer.
    public boolean isGood() {
        boolean searching = !run.plan().knee().isEmpty();
        return run.complete()
                && run.trials().stream()
                        .allMatch(trial -> trial.isValid()
                                || (searching && trial.measurements().isPresent()))
                && run.ledger().trials().stream()
                        .allMatch(counted -> counted.trial().isValid());
    }
}
