package ringside.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import ringside.bench.judge.Judgement;
import ringside.bench.result.Side;
import ringside.bench.result.Spread;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;
import ringside.bench.result.Workload;

/// The sides of one workload by CPU per request: lowest median first, and what the judge says of each other side
/// against the one that is lowest. Nobody is called best who isn't shown to be.
///
/// Sides that different generators asked aren't ranked together: the generator's share of the work differs.
///
/// @param group what is ranked
/// @param rows by generator, cheapest first; sides without a known CPU cost last
record Ranking(Group group, List<Row> rows) {

    /// What is said of the lowest side's CPU per request against that of another.
    @FunctionalInterface
    interface Duels {
        /// @param rivals how many the lowest is held against
        /// @return improved: the lowest is shown to be lower; equivalent: they are the same
        Judgement of(Side lowest, Side other, int rivals);
    }

    /// Engines that read no file when they serve it.
    private static final Set<String> READ_NOTHING = Set.of("memory");

    /// Engines that read the device, whatever the page cache holds.
    private static final Set<String> READ_DEVICE = Set.of("direct", "uring-direct");

    enum Standing {
        /// The only one with a known cost: there is nothing to rank.
        ONLY,
        /// Shown to be lower than every other, and lowest by busy time of the core, too.
        BEST,
        /// Lowest here, but it isn't shown to be lower than every other, nor the same.
        LOWEST,
        /// Shown to be the same as the lowest; or the lowest itself, shown to be the same as another and lower than the
        /// rest.
        TIED,
        /// Shown to cost more than the lowest.
        BEHIND,
        /// More than the lowest, and nothing is shown.
        ABOVE,
        /// Reads no file: shown for scale, not ranked.
        CEILING,
        /// Reads the device while the others read memory: shown, not ranked.
        DEVICE,
        /// CPU per request is unknown.
        UNRANKED
    }

    /// @param ratio CPU relative to the cheapest ranked side of its generator; empty when either is unknown
    /// @param duel the lowest against this one; empty for the lowest itself, and where nothing is ranked
    record Row(Point point, Standing standing, OptionalDouble ratio, Optional<Judgement> duel) {
        String label() {
            return point.side().label() + (standing == Standing.DEVICE ? " (device)" : "");
        }

        boolean isRanked() {
            return switch (standing) {
                case ONLY, BEST, LOWEST, TIED, BEHIND, ABOVE -> true;
                case CEILING, DEVICE, UNRANKED -> false;
            };
        }
    }

    Ranking {
        rows = List.copyOf(rows);
    }

    static Ranking of(Group group, Duels duels) {
        List<Row> rows = new ArrayList<>();
        for (String generator : generators(group)) {
            List<Point> points = group.points().stream()
                    .filter(point -> point.side().generator().equals(generator))
                    .toList();
            rows.addAll(ranked(points, group.workload(), duels));
        }
        return new Ranking(group, rows);
    }

    private static List<Row> ranked(List<Point> points, Workload workload, Duels duels) {
        List<Point> candidates = points.stream()
                .filter(point -> exemption(point.side(), workload).isEmpty())
                .filter(point -> point.cpuMicros() instanceof Spread.Over)
                .toList();
        Optional<Point> lowest = lowest(candidates, Point::cpuMicros);
        List<Row> rows = new ArrayList<>();
        for (Point point : points) {
            if (lowest.filter(least -> isSame(least, point)).isEmpty()) {
                rows.add(other(point, lowest, candidates.size() - 1, workload, duels));
            }
        }
        lowest.ifPresent(point ->
                rows.add(new Row(point, first(point, candidates, rows), OptionalDouble.of(1), Optional.empty())));
        rows.sort(Comparator.comparingDouble(
                row -> row.point().cpuMicros() instanceof Spread.Over cpu ? cpu.median() : Double.MAX_VALUE));
        return rows;
    }

    private static Row other(Point point, Optional<Point> lowest, int rivals, Workload workload, Duels duels) {
        Optional<Standing> exemption = exemption(point.side(), workload);
        if (!(point.cpuMicros() instanceof Spread.Over cpu)) {
            return new Row(point, Standing.UNRANKED, OptionalDouble.empty(), Optional.empty());
        }
        if (lowest.isEmpty() || !(lowest.get().cpuMicros() instanceof Spread.Over least)) {
            return new Row(point, exemption.orElse(Standing.UNRANKED), OptionalDouble.empty(), Optional.empty());
        }
        OptionalDouble ratio =
                least.median() == 0 ? OptionalDouble.empty() : OptionalDouble.of(cpu.median() / least.median());
        if (exemption.isPresent()) {
            return new Row(point, exemption.get(), ratio, Optional.empty());
        }
        Judgement duel = duels.of(lowest.get().side(), point.side(), rivals);
        Standing standing = switch (duel.verdict()) {
            case IMPROVED -> Standing.BEHIND;
            case EQUIVALENT -> Standing.TIED;
            case REGRESSED, INCONCLUSIVE -> Standing.ABOVE;
        };
        return new Row(point, standing, ratio, Optional.of(duel));
    }

    private static Standing first(Point lowest, List<Point> candidates, List<Row> others) {
        if (candidates.size() == 1) {
            return Standing.ONLY;
        }
        if (others.stream().anyMatch(row -> row.standing() == Standing.ABOVE)) {
            return Standing.LOWEST;
        }
        if (others.stream().anyMatch(row -> row.standing() == Standing.TIED)) {
            return Standing.TIED;
        }
        return isSame(lowest(candidates, Point::coreBusyMicros).orElse(lowest), lowest)
                ? Standing.BEST
                : Standing.LOWEST;
    }

    /// Within one workload a side occurs once.
    static boolean isSame(Point a, Point b) {
        return a.side().equals(b.side());
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
