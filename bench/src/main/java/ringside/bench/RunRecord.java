package ringside.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import ringside.bench.result.Environment;
import ringside.bench.result.LedgerTrial;
import ringside.bench.result.Ledgers;
import ringside.bench.result.Plan;
import ringside.bench.result.Rules;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.result.Trial;

/// The record of a run while it grows: after each trial `run.json` is a whole and valid one.
final class RunRecord {

    private final Path directory;
    private final List<Trial> trials = new ArrayList<>();
    private final List<LedgerTrial> ledgerTrials = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Run run;

    /// Writes a record without trials, so that even a run that is killed in its first trial left its environment.
    RunRecord(
            Path directory,
            BenchPlan plan,
            Plan recordedPlan,
            Rules rules,
            Bench.RunWords words,
            SourceCommit commit,
            Environment environment,
            List<Run.Skipped> skipped)
            throws IOException {
        this.directory = directory;
        Instant now = Instant.now();
        run = new Run(
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
                recordedPlan,
                rules,
                skipped,
                trials,
                Ledgers.NONE,
                words.binary(),
                notes);
        RunFile.write(directory, run);
    }

    Run run() {
        return run;
    }

    void add(Trial trial) throws IOException {
        trials.add(trial);
        write(false);
    }

    void add(LedgerTrial trial) throws IOException {
        ledgerTrials.add(trial);
        write(false);
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
                Instant.now(),
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
}
