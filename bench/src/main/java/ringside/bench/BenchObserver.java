package ringside.bench;

import java.nio.file.Path;
import java.time.Duration;
import ringside.bench.result.Run;
import ringside.bench.result.Trial;

/// Told how a run proceeds. All calls come from the thread that called [Bench#run], in this order: `planned` once,
/// `preparing` any number of times, then `trialStarted` and `trialFinished` in turn, `finished` once, if
/// anything was run.
public interface BenchObserver {

    /// An observer that looks away.
    BenchObserver NONE = new BenchObserver() {};

    /// What is going to happen; nothing has been written but the directory.
    ///
    /// @param trialCount how many launches
    /// @param estimate of the whole run
    default void planned(Run run, Path directory, int trialCount, Duration estimate) {}

    /// Something that takes a moment before the first trial.
    ///
    /// @param what `writing 64 files of 1 KiB`
    default void preparing(String what) {}

    /// Something that a reader should know of the run's course: what can be told apart, why it ended. At any time.
    ///
    /// @param sentence as in the run's notes
    default void said(String sentence) {}

    /// @param index from 0
    /// @param trialCount how many there will be, as far as is known now
    /// @param label what runs: `uring/io_uring · 1 KiB`
    /// @param left estimate of the time to the end of the run, this trial included
    default void trialStarted(int index, int trialCount, String label, Duration left) {}

    default void trialFinished(int index, int trialCount, String label, Trial trial, Duration left) {}

    /// The files are written.
    ///
    /// @param run complete, or what there is of it
    default void finished(Run run, Path directory) {}
}
