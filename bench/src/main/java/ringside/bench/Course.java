package ringside.bench;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import ringside.bench.result.LedgerTrial;
import ringside.bench.result.Trial;
import ringside.bench.trial.Point;

/// Which trial comes next. It follows from the plan and from what is finished, and from nothing that is remembered in
/// between: a run that is resumed goes on as it would have.
interface Course {

    /// One trial to run.
    ///
    /// @param block as in [Trial]
    /// @param counted whether the kernel's doings are counted
    record Turn(int block, Point point, boolean counted) {}

    /// What has been done.
    ///
    /// @param trials in order of execution
    /// @param counted likewise, those of the ledger
    /// @param used time that the run took for it
    record Progress(List<Trial> trials, List<LedgerTrial> counted, Duration used) {
        public Progress {
            trials = List.copyOf(trials);
            counted = List.copyOf(counted);
        }

        int count() {
            return trials.size() + counted.size();
        }
    }

    /// @return empty when the run is complete
    Optional<Turn> next(Progress progress);

    /// How many trials there will be, as far as is known now.
    int count(Progress progress);

    /// Why it ended, when that wants to be said.
    Optional<String> ending(Progress progress);
}
