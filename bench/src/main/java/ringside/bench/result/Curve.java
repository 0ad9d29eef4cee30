package ringside.bench.result;

import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.HistogramIterationValue;

/// The percentile spectrum of a histogram at fixed levels: enough for tables and plots, small enough to keep
/// hundreds.
///
/// Levels are evenly spaced on a logarithmic axis of 1 / (1 − p), from 1 (the minimum) to at most the number of
/// values: beyond it a histogram says nothing.
public final class Curve {
    private static final int LEVELS_PER_DECADE = 12;
    private static final double NANOS_PER_MICRO = 1000;

    private final long count;
    private final double[] oneIn;
    private final double[] micros;
    private final Latency latency;

    private Curve(AbstractHistogram nanos) {
        count = nanos.getTotalCount();
        int levels = (int) Math.floor(Math.log10((double) count) * LEVELS_PER_DECADE) + 1;
        oneIn = new double[levels];
        micros = new double[levels];
        long[] upTo = new long[levels];
        for (int i = 0; i < levels; i++) {
            oneIn[i] = Math.pow(10, (double) i / LEVELS_PER_DECADE);
            upTo[i] = Math.max(1, (long) Math.ceil(Math.nextDown(1 - 1 / oneIn[i]) * count));
        }
        // One pass for all levels: each getValueAtPercentile would be one.
        micros[0] = nanos.getValueAtPercentile(0) / NANOS_PER_MICRO;
        int level = 1;
        for (HistogramIterationValue value : nanos.recordedValues()) {
            while (level < levels && value.getTotalCountToThisValue() >= upTo[level]) {
                micros[level++] = value.getValueIteratedTo() / NANOS_PER_MICRO;
            }
        }
        latency = Latency.of(nanos);
    }

    /// @param nanos at least one value, in nanoseconds
    public static Curve of(AbstractHistogram nanos) {
        if (nanos.getTotalCount() == 0) {
            throw new IllegalArgumentException("an empty histogram has no curve");
        }
        return new Curve(nanos);
    }

    /// How many values the histogram held.
    public long count() {
        return count;
    }

    public int levels() {
        return oneIn.length;
    }

    /// 1 / (1 − p) of the level: 100 stands for p99, one request in a hundred was slower.
    public double oneIn(int level) {
        return oneIn[level];
    }

    public double micros(int level) {
        return micros[level];
    }

    public Latency latency() {
        return latency;
    }
}
