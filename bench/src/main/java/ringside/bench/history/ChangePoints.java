package ringside.bench.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/// Where the distribution of a series changes: E-divisive, the hierarchical search with the energy statistic (α = 1) of
/// D. S. Matteson and N. A. James, "A Nonparametric Approach for Multiple Change Point Analysis of Multivariate Data",
/// JASA 109 (2014).
///
/// The series is cut where the two parts differ most, then the parts likewise, as long as a permutation test within the
/// parts finds a cut that deep by chance in at most [#LEVEL] of cases. It supposes nothing of the distribution; values
/// must not depend on each other beyond their level. Everything follows from the values and the seed.
final class ChangePoints {

    /// Runs on each side of a change at least: one odd run is no change.
    static final int SEGMENT_LEAST = 3;

    /// Of a change where there is none.
    static final double LEVEL = 0.05;

    private static final int PERMUTATIONS = 499;

    private ChangePoints() {}

    /// @param index of the first value after the change
    /// @param p how often chance alone cuts as deep
    record Change(int index, double p) {}

    /// A cut and how deep it is; depth 0 and index 0 where a part is too short.
    private record Cut(int index, double depth) {
        static final Cut NONE = new Cut(0, 0);
    }

    /// @return in the order of the series
    static List<Change> of(double[] series, long seed) {
        UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(seed);
        List<Integer> ends = new ArrayList<>(List.of(0, series.length));
        List<Change> changes = new ArrayList<>();
        while (true) {
            Cut deepest = deepest(series, ends);
            if (deepest.depth() <= 0) {
                break;
            }
            double p = chance(series, ends, deepest.depth(), random);
            if (p > LEVEL) {
                break;
            }
            changes.add(new Change(deepest.index(), p));
            ends.add(deepest.index());
            ends.sort(Comparator.naturalOrder());
        }
        changes.sort(Comparator.comparingInt(Change::index));
        return changes;
    }

    private static Cut deepest(double[] series, List<Integer> ends) {
        Cut deepest = Cut.NONE;
        for (int i = 1; i < ends.size(); i++) {
            Cut cut = cut(series, ends.get(i - 1), ends.get(i));
            if (cut.depth() > deepest.depth()) {
                deepest = cut;
            }
        }
        return deepest;
    }

    /// The share of permutations within the parts, the observed order among them, whose deepest cut is as deep.
    private static double chance(double[] series, List<Integer> ends, double depth, UniformRandomProvider random) {
        int asDeep = 1;
        double[] shuffled = series.clone();
        for (int i = 0; i < PERMUTATIONS; i++) {
            for (int part = 1; part < ends.size(); part++) {
                shuffle(shuffled, ends.get(part - 1), ends.get(part), random);
            }
            if (deepest(shuffled, ends).depth() >= depth) {
                asDeep++;
            }
        }
        return asDeep / (PERMUTATIONS + 1.0);
    }

    private static void shuffle(double[] values, int from, int to, UniformRandomProvider random) {
        for (int i = to - 1; i > from; i--) {
            int other = from + random.nextInt(i - from + 1);
            double kept = values[i];
            values[i] = values[other];
            values[other] = kept;
        }
    }

    /// The deepest cut of one part, by n·m/(n+m) times the energy distance of the two sides: twice the mean distance
    /// across, less the mean distances within (the paper's equations 5 to 7). Sums are carried from cut to cut.
    private static Cut cut(double[] series, int from, int to) {
        if (to - from < 2 * SEGMENT_LEAST) {
            return Cut.NONE;
        }
        double across = 0;
        double withinLeft = 0;
        double withinRight = 0;
        for (int i = from; i < to; i++) {
            for (int j = from; j < i; j++) {
                withinRight += Math.abs(series[i] - series[j]);
            }
        }
        Cut deepest = Cut.NONE;
        for (int moved = from; moved < to - SEGMENT_LEAST; moved++) {
            double toLeft = 0;
            double toRight = 0;
            for (int i = from; i < to; i++) {
                double distance = Math.abs(series[i] - series[moved]);
                if (i < moved) {
                    toLeft += distance;
                } else {
                    toRight += distance;
                }
            }
            withinLeft += toLeft;
            withinRight -= toRight;
            across += toRight - toLeft;
            double left = moved + 1.0 - from;
            double right = to - moved - 1.0;
            if (left >= SEGMENT_LEAST) {
                double energy = 2 * across / (left * right)
                        - 2 * withinLeft / (left * (left - 1))
                        - 2 * withinRight / (right * (right - 1));
                double depth = left * right / (left + right) * energy;
                if (depth > deepest.depth()) {
                    deepest = new Cut(moved + 1, depth);
                }
            }
        }
        return deepest;
    }
}
