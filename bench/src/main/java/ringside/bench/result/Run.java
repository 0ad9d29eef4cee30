package ringside.bench.result;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Everything about one `ringside bench`: the content of `run.json`.
///
/// Written anew after each trial, so that an interrupted run is a valid one with `complete` false.
///
/// @param schemaVersion of `results/schema/run-v1.schema.json`
/// @param name of the run, part of its directory's name
/// @param startedAt when planning ended
/// @param finishedAt when the last trial written here ended
/// @param complete whether every planned trial is here
/// @param seed of the order of trials
/// @param commandLine arguments as given, without the program's name
/// @param ringsideVersion Maven version
/// @param commit full hash of the source, or `"unmeasurable: why"`
/// @param dirty whether the source differed from that commit
/// @param environment the machine
/// @param plan what was asked for
/// @param rules what was fixed before the first trial; of a file without it the warm-up took a given time
/// @param skipped pairs that can't run here
/// @param trials in order of execution
/// @param ledger trials in which the kernel's doings were counted, apart from the others; a file without it had none
/// @param binary SHA-256 of the class path that ran, in hexadecimal; empty in a run of before that was taken down
/// @param notes what a reader should know of the run's course, a sentence each: what it can tell apart, why it ended,
///     that it was resumed
public record Run(
        int schemaVersion,
        String name,
        Instant startedAt,
        Instant finishedAt,
        boolean complete,
        long seed,
        List<String> commandLine,
        String ringsideVersion,
        String commit,
        Answer dirty,
        Environment environment,
        Plan plan,
        Rules rules,
        List<Skipped> skipped,
        List<Trial> trials,
        Ledgers ledger,
        String binary,
        List<String> notes) {
    public static final int SCHEMA_VERSION = 1;

    /// A side that was asked for and can't run here.
    ///
    /// @param label as in [Side]
    /// @param reason why, a sentence
    /// @param remedy what would help; may be empty
    public record Skipped(String label, String reason, String remedy) {
        public Skipped {
            Require.text("label", label);
            Require.text("reason", reason);
        }
    }

    public Run {
        commandLine = List.copyOf(commandLine);
        skipped = List.copyOf(skipped);
        trials = List.copyOf(trials);
        notes = List.copyOf(notes);
        if (schemaVersion != SCHEMA_VERSION) {
            throw new IllegalArgumentException(
                    "schemaVersion " + schemaVersion + "; this ringside knows " + SCHEMA_VERSION);
        }
        Require.text("name", name);
        Require.text("ringsideVersion", ringsideVersion);
        Require.text("commit", commit);
        if (finishedAt.isBefore(startedAt)) {
            throw new IllegalArgumentException("finishedAt " + finishedAt + " lies before startedAt " + startedAt);
        }
        Map<String, Side> byLabel = new HashMap<>();
        List<Trial> all = Stream.concat(
                        trials.stream(), ledger.trials().stream().map(LedgerTrial::trial))
                .toList();
        for (Trial trial : all) {
            Side other = byLabel.putIfAbsent(trial.side().label(), trial.side());
            if (other != null && !other.equals(trial.side())) {
                throw new IllegalArgumentException(
                        "two different sides are both called " + trial.side().label());
            }
        }
        HashSet<Integer> indices = new HashSet<>();
        for (Trial trial : all) {
            if (!indices.add(trial.index())) {
                throw new IllegalArgumentException("two trials have index " + trial.index());
            }
        }
    }
}
