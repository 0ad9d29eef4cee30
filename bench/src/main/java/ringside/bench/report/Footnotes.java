package ringside.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import ringside.bench.result.LedgerTrial;
import ringside.bench.result.Measured;
import ringside.bench.result.Measurements;
import ringside.bench.result.Run;
import ringside.bench.result.Spread;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;
import ringside.bench.result.Trial;
import ringside.bench.result.WarmUp;

/// What isn't in a table and why: unknown numbers, trials that don't count, sides that can't run.
final class Footnotes {
    private Footnotes() {}

    /// Reasons behind the dashes of one workload's table, each once.
    static List<String> unknown(Group group) {
        Set<String> notes = new LinkedHashSet<>();
        for (Point point : group.points()) {
            String label = point.side().label();
            if (point.valid() == 0) {
                notes.add(label + ": no valid launch");
                continue;
            }
            note(notes, label, "CPU per request", point.cpuMicros());
            note(notes, label, "core busy time", point.coreBusyMicros());
            if (point.times().latency().p50Micros() instanceof Measured.Unmeasurable(String why)) {
                notes.add(label + ": percentiles are unmeasurable: " + why);
            } else {
                point.times()
                        .missing()
                        .forEach(missing -> notes.add(label + ": percentiles lack a launch: " + missing));
            }
        }
        return List.copyOf(notes);
    }

    /// Void and failed trials of a workload, in order of execution; then the sides whose launches weren't steady.
    static List<String> notCounted(Run run, Group group) {
        List<String> notes = new ArrayList<>();
        for (Trial trial : run.trials()) {
            if (trial.workload().equals(group.workload()) && !trial.isValid()) {
                String what = trial.measurements().isPresent() ? "void" : "failed";
                notes.add("%s: trial %d %s: %s"
                        .formatted(
                                trial.side().label(),
                                trial.index(),
                                what,
                                trial.reason().orElse("")));
            }
        }
        for (LedgerTrial counted : run.ledger().trials()) {
            Trial trial = counted.trial();
            if (trial.workload().equals(group.workload()) && !trial.isValid()) {
                notes.add("%s: its ledger, trial %d, doesn't count: %s"
                        .formatted(
                                trial.side().label(),
                                trial.index(),
                                trial.reason().orElse("")));
            }
        }
        notes.addAll(unsteady(run, group));
        return notes;
    }

    /// One line a side: they count, but their numbers were still on the move.
    private static List<String> unsteady(Run run, Group group) {
        List<String> notes = new ArrayList<>();
        for (Point point : group.points()) {
            List<WarmUp> all = run.trials().stream()
                    .filter(trial -> trial.workload().equals(group.workload())
                            && trial.side().equals(point.side())
                            && trial.isValid())
                    .flatMap(trial -> trial.measurements().stream())
                    .map(Measurements::warmUp)
                    .toList();
            List<WarmUp> unsteady = all.stream()
                    .filter(warmUp -> warmUp.ended() == WarmUp.Ended.UNSTEADY)
                    .toList();
            if (!unsteady.isEmpty()) {
                notes.add("%s: %d of %d launches counted without a steady state (%s): allow more, --warmup auto:10s"
                        .formatted(
                                point.side().label(),
                                unsteady.size(),
                                all.size(),
                                unsteady.getLast().sentence()));
            }
        }
        return notes;
    }

    static String skipped(Run.Skipped skipped) {
        return skipped.label() + ": " + skipped.reason()
                + (skipped.remedy().isBlank() ? "" : "; remedy: " + skipped.remedy());
    }

    private static void note(Set<String> notes, String label, String what, Spread spread) {
        if (spread instanceof Spread.Unknown(String why)) {
            notes.add(label + ": " + what + " is unmeasurable: " + why);
        }
    }
}
