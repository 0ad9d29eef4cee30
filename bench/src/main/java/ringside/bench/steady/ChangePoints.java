package ringside.bench.steady;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// Cuts a series into stretches of one level each.
///
/// The cut is the one with the least cost, where a stretch costs Σ(x − mean)² / noise² and each further stretch
/// [#PENALTY_PER_LOG] · ln(length): optimal partitioning (Jackson et al., "An algorithm for optimal partitioning of
/// data on an interval", IEEE Signal Processing Letters 12, 2005), which PELT makes faster for long series
/// (Killick, Fearnhead, Eckley, JASA 107, 2012). A drift comes out as a flight of steps.
final class ChangePoints {

    /// Twice the Bayesian information criterion's for a place and a level (2 ln n): a step is believed late rather than
    /// where there is none.
    static final double PENALTY_PER_LOG = 4;

    /// 1.4826 · median absolute deviation is the standard deviation of what is normal; a second difference has √6 of
    /// it.
    private static final double DEVIATION_PER_MAD = 1.4826 / Math.sqrt(6);

    private ChangePoints() {}

    /// @param begin index of its first value
    /// @param end index behind its last
    /// @param mean of its values
    record Stretch(int begin, int end, double mean) {
        int length() {
            return end - begin;
        }
    }

    /// The noise of a series around its levels, by the median of its second differences, which steps hardly touch and a
    /// drift doesn't.
    ///
    /// @param least what the answer is at least
    static double noise(double[] values, double least) {
        if (values.length < 4) {
            return least;
        }
        double[] differences = new double[values.length - 2];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = Math.abs(values[i] - 2 * values[i + 1] + values[i + 2]);
        }
        Arrays.sort(differences);
        return Math.max(least, differences[differences.length / 2] * DEVIATION_PER_MAD);
    }

    /// The series with each value replaced by the median of it and its neighbours: a single stray one is gone, a step
    /// stays.
    static double[] withoutStrays(double[] values) {
        double[] smooth = values.clone();
        for (int i = 1; i + 1 < values.length; i++) {
            double low = Math.min(values[i - 1], values[i + 1]);
            double high = Math.max(values[i - 1], values[i + 1]);
            smooth[i] = Math.clamp(values[i], low, high);
        }
        return smooth;
    }

    /// @param noise standard deviation within a stretch, above 0
    /// @return the stretches in order; none of an empty series
    static List<Stretch> stretches(double[] values, double noise) {
        int n = values.length;
        double[] sums = new double[n + 1];
        double[] squares = new double[n + 1];
        for (int i = 0; i < n; i++) {
            sums[i + 1] = sums[i] + values[i];
            squares[i + 1] = squares[i] + values[i] * values[i];
        }
        double penalty = PENALTY_PER_LOG * Math.log(Math.max(2, n));
        double[] best = new double[n + 1];
        int[] begins = new int[n + 1];
        best[0] = -penalty;
        for (int end = 1; end <= n; end++) {
            best[end] = Double.POSITIVE_INFINITY;
            for (int begin = 0; begin < end; begin++) {
                double sum = sums[end] - sums[begin];
                double scatter = squares[end] - squares[begin] - sum * sum / (end - begin);
                double cost = best[begin] + scatter / (noise * noise) + penalty;
                if (cost < best[end]) {
                    best[end] = cost;
                    begins[end] = begin;
                }
            }
        }
        List<Stretch> stretches = new ArrayList<>();
        for (int end = n; end > 0; end = begins[end]) {
            int begin = begins[end];
            stretches.add(new Stretch(begin, end, (sums[end] - sums[begin]) / (end - begin)));
        }
        Collections.reverse(stretches);
        return stretches;
    }

    /// The last stretch with those before it whose levels differ from its own by `tolerance` at most.
    ///
    /// @param stretches at least one
    static Stretch last(List<Stretch> stretches, double tolerance) {
        Stretch last = stretches.getLast();
        for (int i = stretches.size() - 2; i >= 0; i--) {
            Stretch before = stretches.get(i);
            if (Math.abs(before.mean - last.mean) > tolerance) {
                break;
            }
            double sum = before.mean * before.length() + last.mean * last.length();
            last = new Stretch(before.begin, last.end, sum / (last.end - before.begin));
        }
        return last;
    }
}
