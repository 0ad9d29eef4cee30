package ringside.bench;

import java.nio.file.Path;
import ringside.bench.result.Run;

/// How a run ended.
///
/// @param run as written to `run.json`
/// @param directory where it and everything else of the run is
/// @param interrupted whether [Bench#stop()] ended it early
public record BenchResult(Run run, Path directory, boolean interrupted) {

    /// Whether every planned trial ran and counts.
    public boolean isGood() {
        return run.complete()
                && run.trials().stream().allMatch(trial -> trial.isValid())
                && run.ledger().trials().stream()
                        .allMatch(counted -> counted.trial().isValid());
    }
}
