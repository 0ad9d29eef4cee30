package ringside.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import ringside.bench.result.Load;
import ringside.bench.result.Run;
import ringside.bench.result.Summary;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Workload;
import ringside.bench.sweep.Knee;

/// What several workloads say together, as lines of text: the knees that were searched for, latency against rate, and
/// the map of who wins where.
final class SweepText {

    /// Behind who is lowest where that isn't shown.
    static final String NOBODY = "?";

    private static final String GAP = "  ";

    private SweepText() {}

    /// A heading, then lines; several blocks, each after the other; empty when the run swept nothing.
    record Block(String heading, List<String> lines) {
        Block {
            lines = List.copyOf(lines);
        }
    }

    static List<Block> of(ReportedRun reported) {
        Run run = reported.run();
        List<Block> blocks = new ArrayList<>(knees(run));
        if (run.plan().knee().isEmpty()) {
            blocks.addAll(rates(reported.summary()));
        }
        blocks.addAll(maps(reported));
        return blocks;
    }

    private static List<Block> knees(Run run) {
        Map<Workload, List<Knee>> byWorkload = new TreeMap<>(Workload.ORDER);
        for (Knee knee : Knee.of(run)) {
            byWorkload.computeIfAbsent(knee.workload(), _ -> new ArrayList<>()).add(knee);
        }
        List<Block> blocks = new ArrayList<>();
        byWorkload.forEach((workload, knees) -> {
            List<String> lines = new ArrayList<>();
            knees.sort(Comparator.comparingDouble(
                    knee -> knee.side().label().equals(run.plan().control())
                            ? Double.MAX_VALUE
                            : -knee.search().floor()));
            for (Knee knee : knees) {
                lines.add("%s %s (%s)"
                        .formatted(
                                knee.side().label(),
                                knee.sentence(),
                                Words.count(knee.search().trials().size(), "trial", "trials")));
            }
            betweenEquals(run, knees).ifPresent(lines::add);
            blocks.add(new Block("Highest rate that holds " + run.plan().knee() + " · " + unpaced(workload), lines));
        });
        return blocks;
    }

    /// By how much the knees of two equal servers differ; empty without both.
    private static Optional<String> betweenEquals(Run run, List<Knee> knees) {
        OptionalDouble baseline = floor(knees, run.plan().baseline());
        OptionalDouble control = floor(knees, run.plan().control());
        if (baseline.isEmpty() || control.isEmpty()) {
            return Optional.empty();
        }
        double less = Math.min(baseline.getAsDouble(), control.getAsDouble());
        double more = Math.max(baseline.getAsDouble(), control.getAsDouble());
        return Optional.of(
                "Two equal servers (%s, and once more) are %.0f %% apart: what differs by less isn't shown to differ."
                        .formatted(run.plan().baseline(), (more / less - 1) * 100));
    }

    private static OptionalDouble floor(List<Knee> knees, String label) {
        return knees.stream()
                .filter(knee -> knee.side().label().equals(label))
                .mapToDouble(knee -> knee.search().floor())
                .filter(rate -> rate > 0)
                .findFirst();
    }

    /// The 99th percentile of each side at each rate, where there are several rates.
    private static List<Block> rates(Summary summary) {
        Map<Workload, List<Group>> sweeps = new LinkedHashMap<>();
        for (Group group : summary.groups()) {
            if (group.workload().load() instanceof Load.Open) {
                sweeps.computeIfAbsent(Knee.unpaced(group.workload()), _ -> new ArrayList<>())
                        .add(group);
            }
        }
        List<Block> blocks = new ArrayList<>();
        sweeps.forEach((workload, groups) -> {
            if (groups.size() > 1) {
                List<List<String>> rows = new ArrayList<>();
                List<String> head = new ArrayList<>(List.of("side"));
                groups.forEach(group -> head.add(Words.rate(rate(group)) + "/s"));
                rows.add(head);
                for (String label : labels(groups)) {
                    List<String> row = new ArrayList<>(List.of(label));
                    for (Group group : groups) {
                        row.add(group.point(label)
                                .map(point -> Words.time(point.times().latency().p99Micros())
                                        + (point.generatorLimited() > 0 ? "*" : ""))
                                .orElse(Words.UNKNOWN));
                    }
                    rows.add(row);
                }
                blocks.add(new Block("p99 of the response time by rate · " + unpaced(workload), aligned(rows)));
            }
        });
        return blocks;
    }

    private static double rate(Group group) {
        return group.workload().load() instanceof Load.Open(double rate) ? rate : 0;
    }

    private static List<String> labels(List<Group> groups) {
        return groups.stream()
                .flatMap(group -> group.points().stream())
                .map(point -> point.side().label())
                .distinct()
                .toList();
    }

    private static List<Block> maps(ReportedRun reported) {
        return CrossoverMap.of(reported).stream()
                .map(map -> new Block(
                        "%s (%s: not shown to be lowest; ≈: the same)".formatted(map.heading(), NOBODY),
                        aligned(map.table())))
                .toList();
    }

    private static String unpaced(Workload workload) {
        return Words.files(workload) + " · " + Words.count(workload.connections(), "connection", "connections") + " · "
                + workload.cache().name().toLowerCase(Locale.ROOT) + " cache";
    }

    /// Columns of equal width, the first to the left, the others to the right.
    private static List<String> aligned(List<List<String>> rows) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                line.append(i == 0 ? row.get(i) + padding : GAP + padding + row.get(i));
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
