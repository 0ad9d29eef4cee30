package ringside.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import ringside.bench.result.Spread;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;

/// The sides of one workload by CPU per request, with ties called ties.
///
/// A side ties with the lowest when its median is less than 8 % above it (neighbours closer than that swap from
/// hour to hour) or when the ranges of their launches overlap. These are ranges of a few launches, not
/// confidence intervals, and the words say so.
///
/// @param group what is ranked
/// @param rows cheapest first; sides without a known CPU cost last
record Ranking(Group group, List<Row> rows) {
    /// Gaps below this ratio are ties.
    static final double TIE_RATIO = 1.08;

    private static final int LAUNCHES_FEW = 5;

    enum Standing {
        /// The only one with a known cost: there is nothing to rank.
        ONLY,
        /// Cheapest, and nobody ties with it.
        BEST,
        /// Ties with the cheapest, or is the cheapest and others tie with it.
        TIED,
        BEHIND,
        /// Reads no file: shown for scale, not ranked.
        CEILING,
        /// CPU per request is unknown.
        UNRANKED
    }

    /// @param ratio CPU relative to the cheapest ranked side; empty when either is unknown
    record Row(Point point, Standing standing, OptionalDouble ratio) {
        String label() {
            return point.side().label();
        }
    }

    Ranking {
        rows = List.copyOf(rows);
    }

    static Ranking of(Group group) {
        Spread.Over best = null;
        int tied = 0;
        int ranked = 0;
        for (Point point : group.points()) {
            if (!isCeiling(point)
                    && point.cpuMicros() instanceof Spread.Over cpu
                    && (best == null || cpu.median() < best.median())) {
                best = cpu;
            }
        }
        for (Point point : group.points()) {
            if (!isCeiling(point) && point.cpuMicros() instanceof Spread.Over cpu && best != null) {
                ranked++;
                tied += ties(cpu, best) ? 1 : 0;
            }
        }
        Standing first = ranked == 1 ? Standing.ONLY : tied == 1 ? Standing.BEST : Standing.TIED;
        List<Row> rows = new ArrayList<>();
        for (Point point : group.points()) {
            rows.add(row(point, best, first));
        }
        rows.sort(Comparator.comparingDouble(
                row -> row.point().cpuMicros() instanceof Spread.Over cpu ? cpu.median() : Double.MAX_VALUE));
        return new Ranking(group, rows);
    }

    private static Row row(Point point, Spread.@Nullable Over best, Standing first) {
        if (!(point.cpuMicros() instanceof Spread.Over cpu)) {
            return new Row(point, Standing.UNRANKED, OptionalDouble.empty());
        }
        OptionalDouble ratio = best == null || best.median() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(cpu.median() / best.median());
        if (isCeiling(point) || best == null) {
            return new Row(point, Standing.CEILING, ratio);
        }
        if (!ties(cpu, best)) {
            return new Row(point, Standing.BEHIND, ratio);
        }
        return new Row(point, first, ratio);
    }

    private static boolean ties(Spread.Over cpu, Spread.Over best) {
        return cpu.median() < best.median() * TIE_RATIO || cpu.overlaps(best);
    }

    private static boolean isCeiling(Point point) {
        return point.side().engine().equals("memory");
    }

    List<Row> with(Standing standing) {
        return rows.stream().filter(row -> row.standing() == standing).toList();
    }

    /// Launches of the side that has fewest, among those with any.
    int launchesMin() {
        return rows.stream()
                .mapToInt(row -> row.point().valid())
                .filter(n -> n > 0)
                .min()
                .orElse(0);
    }

    boolean fewLaunches() {
        return launchesMin() < LAUNCHES_FEW;
    }
}
