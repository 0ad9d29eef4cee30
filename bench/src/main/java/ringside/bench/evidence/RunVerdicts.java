package ringside.bench.evidence;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.bench.judge.Comparison;
import ringside.bench.judge.Floors;
import ringside.bench.judge.Judge;
import ringside.bench.judge.Sample;
import ringside.bench.result.Run;
import ringside.bench.result.Side;
import ringside.bench.result.Workload;

/// Every side of a run against its baseline, at every workload.
///
/// @param baseline label of the side that the others are held against
/// @param control label of its twin, the A/A arm; empty when none ran
/// @param comparisons by workload; the A/A arm's first, then sides in the order in which they first ran
/// @param notes what a reader should know, a sentence each
public record RunVerdicts(String baseline, Optional<String> control, List<Comparison> comparisons, List<String> notes) {

    public RunVerdicts {
        comparisons = List.copyOf(comparisons);
        notes = List.copyOf(notes);
    }

    /// Reads the histograms of a run and judges it.
    ///
    /// @param runDirectory where `run.json` is
    public static RunVerdicts of(Run run, Path runDirectory) {
        return of(run, Evidence.of(run, runDirectory));
    }

    /// The same verdicts for the same run, whenever asked.
    public static RunVerdicts of(Run run, Evidence evidence) {
        List<Side> sides = evidence.sides();
        List<String> notes = new ArrayList<>(evidence.broken());
        Optional<Side> baseline = Arms.baseline(run, sides);
        if (baseline.isEmpty()) {
            notes.add("the baseline has no valid launch: there is nothing to judge");
            return new RunVerdicts("", Optional.empty(), List.of(), notes);
        }
        Optional<Side> control = Arms.control(run, sides);
        if (control.isEmpty()) {
            notes.add("no A/A arm ran: what two equal sides differ by here isn't known, and margins are those of the"
                    + " metrics");
        }
        Map<String, Side> baselines = baselinesByGenerator(baseline.get(), sides);
        Judge judge = new Judge(run.seed());
        List<Comparison> comparisons = new ArrayList<>();
        for (Workload workload : evidence.workloads()) {
            Floors floors = floors(run, evidence, workload);
            Optional<Sample> ofBaseline =
                    evidence.sample(workload, baseline.get().label());
            Optional<Sample> ofControl = control.flatMap(side -> evidence.sample(workload, side.label()));
            if (ofBaseline.isPresent() && ofControl.isPresent()) {
                comparisons.add(judge.control(workload, ofBaseline.get(), ofControl.get()));
            }
            for (Side side : evidence.sides(workload)) {
                Optional<Sample> against = Optional.ofNullable(baselines.get(side.generator()))
                        .filter(other -> !other.equals(side))
                        .flatMap(other -> evidence.sample(workload, other.label()));
                boolean isControl = control.filter(side::equals).isPresent();
                if (against.isPresent() && !isControl) {
                    Sample candidate = evidence.sample(workload, side.label()).orElseThrow();
                    comparisons.add(judge.compare(workload, against.get(), candidate, floors));
                }
            }
        }
        return new RunVerdicts(baseline.get().label(), control.map(Side::label), comparisons, notes);
    }

    /// What two equal sides of the run showed at a workload.
    public static Floors floors(Run run, Evidence evidence, Workload workload) {
        List<Side> sides = evidence.sides();
        Optional<Sample> baseline = Arms.baseline(run, sides).flatMap(side -> evidence.sample(workload, side.label()));
        Optional<Sample> control = Arms.control(run, sides).flatMap(side -> evidence.sample(workload, side.label()));
        return baseline.isPresent() && control.isPresent() ? Floors.of(baseline.get(), control.get()) : Floors.NONE;
    }

    /// Sides that different generators asked aren't compared, since the generator's share of the work differs: each is
    /// held against the baseline's server as asked by its own.
    private static Map<String, Side> baselinesByGenerator(Side baseline, List<Side> sides) {
        Map<String, Side> byGenerator = new HashMap<>();
        byGenerator.put(baseline.generator(), baseline);
        for (Side side : sides) {
            // Of the baseline's own generator there is one already, so that its twin is none.
            if (side.kind() == baseline.kind()
                    && side.engine().equals(baseline.engine())
                    && side.engineOptions().equals(baseline.engineOptions())
                    && side.transport().equals(baseline.transport())
                    && side.build().equals(baseline.build())
                    && side.jvmFlags().equals(baseline.jvmFlags())
                    && side.command().equals(baseline.command())) {
                byGenerator.putIfAbsent(side.generator(), side);
            }
        }
        return byGenerator;
    }
}
