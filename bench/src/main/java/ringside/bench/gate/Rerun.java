package ringside.bench.gate;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import ringside.bench.BenchPlan;
import ringside.bench.BenchPlanBuilder;
import ringside.bench.compare.KeptRun;
import ringside.bench.judge.Comparison;
import ringside.bench.result.Load;
import ringside.bench.result.Plan;
import ringside.bench.result.Side;
import ringside.bench.result.Workload;

/// Makes a plan that measures points of a kept run again, as they were measured then.
///
/// Engines run on every transport and at every workload that any of the points asks for, so that a plan may have more
/// points than were named.
public final class Rerun {

    private Rerun() {}

    /// A plan for all points of a run.
    ///
    /// @param resultsDirectory where the new run's directory is made
    /// @throws UnsupportedOperationException a sentence: what in it can't be run again from its record
    public static BenchPlan ofAll(KeptRun kept, String name, Path resultsDirectory) {
        return of(kept, withoutTwin(kept), kept.evidence().workloads(), name, resultsDirectory);
    }

    /// A plan for some of its points. As [#ofAll].
    public static BenchPlan of(KeptRun kept, List<Comparison> points, String name, Path resultsDirectory) {
        Set<String> labels = points.stream().map(Comparison::candidate).collect(Collectors.toSet());
        return of(
                kept,
                withoutTwin(kept).stream()
                        .filter(side -> labels.contains(side.label()))
                        .toList(),
                points.stream().map(Comparison::workload).distinct().toList(),
                name,
                resultsDirectory);
    }

    private static BenchPlan of(
            KeptRun kept, List<Side> sides, List<Workload> workloads, String name, Path resultsDirectory) {
        Plan plan = kept.run().plan();
        sides.stream().filter(Rerun::isForeign).findFirst().ifPresent(side -> {
            throw new UnsupportedOperationException(side.label() + " is of another build, with flags of its own, or a"
                    + " command, which can't be run again from its record: repeat its plan with ringside bench");
        });
        if (sides.isEmpty() || workloads.isEmpty()) {
            throw new UnsupportedOperationException(kept.name() + " has no valid launch that could be repeated");
        }
        BenchPlanBuilder builder = new BenchPlanBuilder()
                .name(name)
                .resultsDirectory(resultsDirectory)
                .engines(engines(sides))
                .transports(distinct(sides, Side.Kind.ENGINE, Side::transport))
                .peers(distinct(sides, Side.Kind.PEER, Side::engine))
                .generators(sides.stream()
                        .map(side -> side.generator().equals("builtin") ? "ringside" : side.generator())
                        .distinct()
                        .toList())
                .connections(
                        workloads.stream().map(Workload::connections).distinct().toList())
                .caches(workloads.stream()
                        .map(workload -> workload.cache().name())
                        .distinct()
                        .toList())
                .warmUp(Duration.ofMillis(Math.round(plan.warmUpSeconds() * 1e3)))
                .duration(Duration.ofMillis(Math.round(plan.durationSeconds() * 1e3)))
                .repeats(plan.repeats())
                .ledger(!kept.run().ledger().isEmpty());
        if (plan.root().isEmpty()) {
            builder.sizes(workloads.stream()
                    .map(workload -> Long.toString(workload.fileBytes()))
                    .distinct()
                    .toList());
        } else {
            builder.root(Path.of(plan.root()));
        }
        load(builder, workloads, kept);
        return builder.build();
    }

    /// The A/A arm: every run has one of its own.
    private static List<Side> withoutTwin(KeptRun kept) {
        return kept.evidence().sides().stream()
                .filter(side -> !side.label().equals(kept.run().plan().control()))
                .toList();
    }

    private static boolean isForeign(Side side) {
        return side.kind() == Side.Kind.COMMAND
                || !side.build().isEmpty()
                || !side.jvmFlags().isEmpty();
    }

    private static void load(BenchPlanBuilder builder, List<Workload> workloads, KeptRun kept) {
        List<Load> loads = workloads.stream().map(Workload::load).distinct().toList();
        if (loads.size() > 1) {
            throw new UnsupportedOperationException(
                    kept.name() + " has several loads (" + loads.size() + "), which one plan can't repeat");
        }
        if (loads.getFirst() instanceof Load.Open(double rate)) {
            builder.rate(rate);
        }
    }

    private static List<String> engines(List<Side> sides) {
        Set<String> engines = new TreeSet<>();
        for (Side side : sides) {
            if (side.kind() == Side.Kind.ENGINE) {
                String options = side.engineOptions().entrySet().stream()
                        .map(Map.Entry::toString)
                        .collect(Collectors.joining(","));
                engines.add(options.isEmpty() ? side.engine() : side.engine() + ":" + options);
            }
        }
        return new ArrayList<>(engines);
    }

    private static List<String> distinct(
            List<Side> sides, Side.Kind kind, java.util.function.Function<Side, String> part) {
        return sides.stream()
                .filter(side -> side.kind() == kind)
                .map(part)
                .distinct()
                .toList();
    }
}
