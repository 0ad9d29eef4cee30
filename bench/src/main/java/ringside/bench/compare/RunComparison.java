package ringside.bench.compare;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ringside.bench.evidence.Evidence;
import ringside.bench.evidence.RunVerdicts;
import ringside.bench.judge.Comparison;
import ringside.bench.judge.Floors;
import ringside.bench.judge.Judge;
import ringside.bench.judge.Sample;
import ringside.bench.report.Words;
import ringside.bench.result.Side;
import ringside.bench.result.Workload;

/// A run against an older one: each side that is in both against itself.
///
/// Launches of two runs aren't pairs: what happened to the machine between them is in every difference, and isn't in
/// any
/// interval. So a yardstick says what it may have been: a peer that is in both runs in the same version didn't change,
/// and what it differs by is no difference of ours. Without one it is taken to be the drift that the caller names.
/// Counts
/// of the ledger need no yardstick.
///
/// @param old what is compared with
/// @param now what is judged
/// @param comparisons of the sides that are in both, by workload
/// @param onlyOld points that only the older run has, a label each
/// @param onlyNow points that only the newer run has
/// @param changes what differed between the runs, a clause each
/// @param notes what a reader should know, a sentence each
public record RunComparison(
        KeptRun old,
        KeptRun now,
        List<Comparison> comparisons,
        List<String> onlyOld,
        List<String> onlyNow,
        List<String> changes,
        List<String> notes) {

    /// What the same side differs by from one run to the next on an unremarkable virtual machine within an hour, most
    /// of
    /// the time: neighbours below it swap places.
    public static final double DRIFT_DEFAULT = 0.08;

    public RunComparison {
        comparisons = List.copyOf(comparisons);
        onlyOld = List.copyOf(onlyOld);
        onlyNow = List.copyOf(onlyNow);
        changes = List.copyOf(changes);
        notes = List.copyOf(notes);
    }

    /// @param acrossMachines whether two machines are compared all the same
    /// @param drift what is taken as the yardstick where there is none, relative
    /// @throws OtherMachineException when they are two machines and that isn't meant
    public static RunComparison of(KeptRun old, KeptRun now, boolean acrossMachines, double drift)
            throws OtherMachineException {
        List<String> notes = new ArrayList<>();
        requireOneMachine(old, now, acrossMachines).ifPresent(notes::add);
        incomplete(old, notes);
        incomplete(now, notes);
        old.evidence().broken().forEach(notes::add);
        now.evidence().broken().forEach(notes::add);
        List<Side> yardsticks = yardsticks(old, now);
        if (yardsticks.isEmpty()) {
            notes.add(("No peer of the same version is in both runs: what the machine itself changed by is unknown, and"
                            + " taken to be up to %.0f %%.")
                    .formatted(100 * drift));
        }
        List<Comparison> comparisons = new ArrayList<>();
        Judge judge = new Judge(now.run().seed());
        for (Workload workload : now.evidence().workloads()) {
            Floors floors = floors(old, now, workload, yardsticks, drift);
            for (Side side : withoutTwin(now, workload)) {
                Optional<Sample> before = old.evidence().sample(workload, side.label());
                if (before.isPresent()) {
                    Sample after = now.evidence().sample(workload, side.label()).orElseThrow();
                    comparisons.add(
                            yardsticks.contains(side)
                                    ? judge.controlApart(workload, before.get(), after)
                                    : judge.compareApart(workload, before.get(), after, floors));
                }
            }
        }
        return new RunComparison(
                old,
                now,
                comparisons,
                missing(old, now.evidence()),
                missing(now, old.evidence()),
                Machines.changes(old.run(), now.run()),
                notes);
    }

    /// @return a warning when they are two machines, and that is meant
    /// @throws OtherMachineException when they are, and it isn't
    public static Optional<String> requireOneMachine(KeptRun old, KeptRun now, boolean acrossMachines)
            throws OtherMachineException {
        List<String> machines =
                Machines.differences(old.run().environment(), now.run().environment());
        if (machines.isEmpty()) {
            return Optional.empty();
        }
        if (!acrossMachines) {
            throw new OtherMachineException(old, now, machines);
        }
        return Optional.of("Different machines: " + String.join("; ", machines)
                + ". Only counts and ratios within a run travel; times, costs and rates say little.");
    }

    private static void incomplete(KeptRun kept, List<String> notes) {
        if (!kept.run().complete()) {
            notes.add(kept.name() + " was broken off: not every planned trial is in it.");
        }
    }

    private static List<Side> yardsticks(KeptRun old, KeptRun now) {
        Map<String, String> before = old.run().environment().peerVersions();
        Map<String, String> after = now.run().environment().peerVersions();
        return now.evidence().sides().stream()
                .filter(side -> side.kind() == Side.Kind.PEER
                        && after.containsKey(side.engine())
                        && after.get(side.engine()).equals(before.get(side.engine()))
                        && old.evidence().sides().contains(side))
                .toList();
    }

    private static Floors floors(KeptRun old, KeptRun now, Workload workload, List<Side> yardsticks, double drift) {
        Floors floors = RunVerdicts.floors(old.run(), old.evidence(), workload)
                .max(RunVerdicts.floors(now.run(), now.evidence(), workload));
        boolean measured = false;
        for (Side yardstick : yardsticks) {
            Optional<Sample> before = old.evidence().sample(workload, yardstick.label());
            Optional<Sample> after = now.evidence().sample(workload, yardstick.label());
            if (before.isPresent() && after.isPresent()) {
                floors = floors.max(Floors.apart(before.get(), after.get()));
                measured = true;
            }
        }
        return measured ? floors : floors.max(Floors.drift(drift));
    }

    /// The A/A arm is its baseline once more: it says how far to trust a run, and isn't compared.
    private static List<Side> withoutTwin(KeptRun kept, Workload workload) {
        return kept.evidence().sides(workload).stream()
                .filter(side -> !side.label().equals(kept.run().plan().control()))
                .toList();
    }

    /// Points that one has and the other doesn't, as `side, workload`.
    private static List<String> missing(KeptRun of, Evidence from) {
        Set<String> missing = new LinkedHashSet<>();
        for (Workload workload : of.evidence().workloads()) {
            for (Side side : withoutTwin(of, workload)) {
                if (from.sample(workload, side.label()).isEmpty()) {
                    missing.add(side.label() + " at " + Words.brief(workload));
                }
            }
        }
        return List.copyOf(missing);
    }
}
