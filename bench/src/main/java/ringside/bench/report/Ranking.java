package ringside.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import ringside.bench.result.Side;
import ringside.bench.result.Spread;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;
import ringside.bench.result.Workload;

/// The sides of one workload by CPU per request, with ties called ties and nobody called best who isn't shown to
/// be.
///
/// A side ties with the lowest when its median is less than 8 % above it (neighbours closer than that swap from
/// hour to hour) or when the ranges of their launches overlap. Ranges that lie apart show a difference from four
/// launches a side on: those of two equal servers do so in 1 of 3 runs with two launches each, in 1 of 10 with
/// three, in 1 of 35 with four (2 / C(2n, n) orders of the launches).
///
/// Sides that different generators asked aren't ranked together: the generator's share of the work differs.
///
/// @param group what is ranked
/// @param rows by generator, cheapest first; sides without a known CPU cost last
record Ranking(Group group, List<Row> rows) {
    /// Gaps below this ratio are ties.
    static final double TIE_RATIO = 1.08;

    /// From here on ranges that lie apart show a difference.
    static final int LAUNCHES_SHOWN = 4;

    /// Above this ratio a difference is called clear even with fewer launches.
    static final double CLEAR_RATIO = 1.3;

    /// Engines that read no file when they serve it.
    private static final Set<String> READ_NOTHING = Set.of("memory");

    /// Engines that read the device, whatever the page cache holds.
    private static final Set<String> READ_DEVICE = Set.of("direct", "uring-direct");

    enum Standing {
        /// The only one with a known cost: there is nothing to rank.
        ONLY,
        /// Shown to be cheapest, by CPU and by busy time of the core.
        BEST,
        /// Cheapest here, and nobody ties with it, but it isn't shown to be best.
        LOWEST,
        /// Ties with the cheapest, or is the cheapest and others tie with it.
        TIED,
        /// Shown to cost more than the cheapest.
        BEHIND,
        /// Clearly more than the cheapest in too few launches to show it.
        HIGHER,
        /// More than the cheapest in too few launches to show it.
        ABOVE,
        /// Reads no file: shown for scale, not ranked.
        CEILING,
        /// Reads the device while the others read memory: shown, not ranked.
        DEVICE,
        /// CPU per request is unknown.
        UNRANKED
    }

    /// @param ratio CPU relative to the cheapest ranked side of its generator; empty when either is unknown
    record Row(Point point, Standing standing, OptionalDouble ratio) {
        String label() {
            return point.side().label() + (standing == Standing.DEVICE ? " (device)" : "");
        }

        boolean isRanked() {
            return switch (standing) {
                case ONLY, BEST, LOWEST, TIED, BEHIND, HIGHER, ABOVE -> true;
                case CEILING, DEVICE, UNRANKED -> false;
            };
        }
    }

    Ranking {
        rows = List.copyOf(rows);
    }

    static Ranking of(Group group) {
        List<Row> rows = new ArrayList<>();
        for (String generator : generators(group)) {
            List<Point> points = group.points().stream()
                    .filter(point -> point.side().generator().equals(generator))
                    .toList();
            rows.addAll(ranked(points, group.workload()));
        }
        return new Ranking(group, rows);
    }

    private static List<Row> ranked(List<Point> points, Workload workload) {
        List<Point> candidates = points.stream()
                .filter(point -> exemption(point.side(), workload).isEmpty())
                .filter(point -> point.cpuMicros() instanceof Spread.Over)
                .toList();
        Point lowest = lowest(candidates, Point::cpuMicros).orElse(null);
        List<Row> rows = new ArrayList<>();
        for (Point point : points) {
            rows.add(row(point, lowest, candidates, workload));
        }
        rows.sort(Comparator.comparingDouble(
                row -> row.point().cpuMicros() instanceof Spread.Over cpu ? cpu.median() : Double.MAX_VALUE));
        return rows;
    }

    private static Row row(Point point, @Nullable Point lowest, List<Point> candidates, Workload workload) {
        if (!(point.cpuMicros() instanceof Spread.Over cpu)) {
            return new Row(point, Standing.UNRANKED, OptionalDouble.empty());
        }
        Optional<Standing> exemption = exemption(point.side(), workload);
        if (lowest == null || !(lowest.cpuMicros() instanceof Spread.Over least)) {
            return new Row(point, exemption.orElse(Standing.UNRANKED), OptionalDouble.empty());
        }
        OptionalDouble ratio =
                least.median() == 0 ? OptionalDouble.empty() : OptionalDouble.of(cpu.median() / least.median());
        Standing standing = exemption.orElseGet(
                () -> isSame(point, lowest) ? first(lowest, least, candidates) : behind(cpu, least));
        return new Row(point, standing, ratio);
    }

    private static Standing first(Point lowest, Spread.Over least, List<Point> candidates) {
        boolean shown = isSame(lowest(candidates, Point::coreBusyMicros).orElse(lowest), lowest);
        for (Point other : candidates) {
            if (!isSame(other, lowest) && other.cpuMicros() instanceof Spread.Over cpu) {
                Standing standing = behind(cpu, least);
                if (standing == Standing.TIED) {
                    return Standing.TIED;
                }
                shown &= standing == Standing.BEHIND;
            }
        }
        return candidates.size() == 1 ? Standing.ONLY : shown ? Standing.BEST : Standing.LOWEST;
    }

    /// Within one workload a side occurs once.
    static boolean isSame(Point a, Point b) {
        return a.side().equals(b.side());
    }

    private static Standing behind(Spread.Over cpu, Spread.Over least) {
        if (cpu.median() < least.median() * TIE_RATIO || cpu.overlaps(least)) {
            return Standing.TIED;
        }
        if (Math.min(cpu.launches(), least.launches()) >= LAUNCHES_SHOWN) {
            return Standing.BEHIND;
        }
        return cpu.median() > least.median() * CLEAR_RATIO && Math.min(cpu.launches(), least.launches()) > 1
                ? Standing.HIGHER
                : Standing.ABOVE;
    }

    private static Optional<Standing> exemption(Side side, Workload workload) {
        if (side.kind() != Side.Kind.ENGINE) {
            return Optional.empty();
        }
        if (READ_NOTHING.contains(side.engine())) {
            return Optional.of(Standing.CEILING);
        }
        return workload.cache() == Workload.Cache.HOT && READ_DEVICE.contains(side.engine())
                ? Optional.of(Standing.DEVICE)
                : Optional.empty();
    }

    /// The point with the lowest median, of those where it is known.
    static Optional<Point> lowest(List<Point> points, Function<Point, Spread> quantity) {
        return points.stream()
                .filter(point -> quantity.apply(point) instanceof Spread.Over)
                .min(Comparator.comparingDouble(
                        point -> quantity.apply(point) instanceof Spread.Over over ? over.median() : Double.MAX_VALUE));
    }

    private static List<String> generators(Group group) {
        return group.points().stream()
                .map(point -> point.side().generator())
                .distinct()
                .toList();
    }

    /// One ranking for each generator that took part.
    List<Ranking> byGenerator() {
        return generators(group).stream()
                .map(generator -> new Ranking(
                        group,
                        rows.stream()
                                .filter(row -> row.point().side().generator().equals(generator))
                                .toList()))
                .toList();
    }

    boolean severalGenerators() {
        return generators(group).size() > 1;
    }

    List<Row> with(Standing standing) {
        return rows.stream().filter(row -> row.standing() == standing).toList();
    }

    List<Point> ranked() {
        return rows.stream().filter(Row::isRanked).map(Row::point).toList();
    }

    /// Launches of the ranked side that has fewest.
    int launchesMin() {
        return ranked().stream().mapToInt(Point::valid).min().orElse(0);
    }
}
