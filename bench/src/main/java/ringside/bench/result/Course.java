package ringside.bench.result;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/// How one launch's times were spread in each interval of its window: histograms reduced to a few bins, small enough to
/// keep hundreds.
///
/// Bins are equally wide on a logarithmic axis, [#BINS_PER_DECADE] for each power of ten, the first beginning at 1 µs.
/// What lies outside is in the first or the last one.
public final class Course {
    /// Bins of one power of ten.
    public static final int BINS_PER_DECADE = 8;

    /// 1 µs to 100 s.
    public static final int BINS = 8 * BINS_PER_DECADE;

    private final double[] seconds;
    private final int[][] counts;
    private final long[] totals;
    private final int lowestBin;
    private final int highestBin;

    private Course(double[] seconds, int[][] counts) {
        this.seconds = seconds;
        this.counts = counts;
        totals = new long[counts.length];
        int lowest = BINS - 1;
        int highest = 0;
        for (int interval = 0; interval < counts.length; interval++) {
            for (int bin = 0; bin < BINS; bin++) {
                if (counts[interval][bin] > 0) {
                    totals[interval] += counts[interval][bin];
                    lowest = Math.min(lowest, bin);
                    highest = Math.max(highest, bin);
                }
            }
        }
        lowestBin = lowest;
        highestBin = highest;
    }

    /// Of the intervals of one launch under one tag; those without values are left out.
    static Course of(List<HlogFile.Interval> all) {
        List<HlogFile.Interval> intervals = all.stream()
                .filter(interval -> interval.nanos().getTotalCount() > 0)
                .toList();
        double[] seconds = new double[intervals.size()];
        int[][] counts = new int[intervals.size()][];
        for (int i = 0; i < seconds.length; i++) {
            HlogFile.Interval interval = intervals.get(i);
            seconds[i] = (interval.toMillis() - interval.fromMillis()) / 1e3;
            counts[i] = binned(interval.nanos());
        }
        return new Course(seconds, counts);
    }

    /// How many intervals have values.
    public int intervals() {
        return counts.length;
    }

    /// Length of an interval.
    public double seconds(int interval) {
        return seconds[interval];
    }

    /// Values of an interval in a bin.
    public int count(int interval, int bin) {
        return counts[interval][bin];
    }

    /// Values of an interval.
    public long total(int interval) {
        return totals[interval];
    }

    /// The first bin with a value in any interval.
    public int lowestBin() {
        return lowestBin;
    }

    /// The last bin with a value in any interval.
    public int highestBin() {
        return highestBin;
    }

    /// The course with at most so many intervals: neighbours are added up.
    public Course atMost(int intervalsMax) {
        if (intervalsMax < 1) {
            throw new IllegalArgumentException("a course of at most " + intervalsMax + " intervals is none");
        }
        int each = Math.ceilDiv(counts.length, intervalsMax);
        if (each <= 1) {
            return this;
        }
        List<int[]> merged = new ArrayList<>();
        double[] lengths = new double[Math.ceilDiv(counts.length, each)];
        for (int i = 0; i < counts.length; i++) {
            if (i % each == 0) {
                merged.add(new int[BINS]);
            }
            lengths[i / each] += seconds[i];
            int[] sum = merged.getLast();
            for (int bin = 0; bin < BINS; bin++) {
                sum[bin] += counts[i][bin];
            }
        }
        return new Course(lengths, merged.toArray(int[][]::new));
    }

    /// Where a bin begins, in µs.
    public static double micros(int bin) {
        return Math.pow(10, (double) bin / BINS_PER_DECADE);
    }

    private static int[] binned(Histogram nanos) {
        int[] counts = new int[BINS];
        for (HistogramIterationValue value : nanos.recordedValues()) {
            double micros = nanos.medianEquivalentValue(value.getValueIteratedTo()) / 1e3;
            int bin = (int) Math.floor(Math.log10(Math.max(micros, 1)) * BINS_PER_DECADE);
            counts[Math.min(bin, BINS - 1)] += Math.toIntExact(value.getCountAddedInThisIterationStep());
        }
        return counts;
    }
}
