package ringside.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ringside.bench.Course.Progress;
import ringside.bench.result.LedgerTrial;
import ringside.bench.result.Ledgers;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.result.Trial;

/// The record of a run while it grows: after each trial `run.json` is a whole and valid one. What is added is in the
/// record even when it couldn't be written: the next write has it.
final class RunRecord {

    private final Path directory;
    private final RunClock clock;
    private final List<Trial> trials = new ArrayList<>();
    private final List<LedgerTrial> ledgerTrials = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Run run;

    private RunRecord(Path directory, RunClock clock, Run run) {
        this.directory = directory;
        this.clock = clock;
        this.run = run;
        trials.addAll(run.trials());
        ledgerTrials.addAll(run.ledger().trials());
        notes.addAll(run.notes());
    }

    /// Writes a record without trials, so that even a run that is killed in its first trial left its environment.
    ///
    /// @param run without trials
    static RunRecord begin(Path directory, RunClock clock, Run run) throws IOException {
        RunRecord record = new RunRecord(directory, clock, run);
        RunFile.write(directory, run);
        return record;
    }

    /// Goes on with a run that was interrupted. Nothing is written yet.
    static RunRecord resume(Path directory, RunClock clock, Run run) {
        return new RunRecord(directory, clock, run);
    }

    Run run() {
        return run;
    }

    Progress progress(Duration used) {
        return new Progress(trials, ledgerTrials, used);
    }

    void add(Trial trial) throws IOException {
        trials.add(trial);
        write(false);
    }

    void add(LedgerTrial trial) throws IOException {
        ledgerTrials.add(trial);
        write(false);
    }

    /// A sentence for the reader; written with the next trial, or at the end.
    void note(String sentence) {
        notes.add(sentence);
    }

    /// @param complete whether every planned trial is there
    Run finish(boolean complete) throws IOException {
        write(complete);
        return run;
    }

    private void write(boolean complete) throws IOException {
        run = new Run(
                run.schemaVersion(),
                run.name(),
                run.startedAt(),
                latest(),
                complete,
                run.seed(),
                run.commandLine(),
                run.ringsideVersion(),
                run.commit(),
                run.dirty(),
                run.environment(),
                run.plan(),
                run.rules(),
                run.skipped(),
                trials,
                Ledgers.of(ledgerTrials, trials),
                run.binary(),
                notes);
        RunFile.write(directory, run);
    }

    /// Not before the run's start: the clock may have been set back since.
    private Instant latest() {
        Instant now = clock.now();
        return now.isBefore(run.startedAt()) ? run.startedAt() : now;
    }

    /// Why the trial that was added last, or is under way, is told from others; empty when there is nothing to say.
    Optional<String> clockJump() {
        return clock.jump();
    }
}
