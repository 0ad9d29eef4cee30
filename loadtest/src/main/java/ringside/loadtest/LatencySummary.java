package ringside.loadtest;

import org.HdrHistogram.AbstractHistogram;

/// A distribution of times at a glance, in microseconds. The whole of it is in the `.hlog`.
///
/// @param count of values; with 0 every other number is 0 and means nothing
public record LatencySummary(
        long count,
        double minMicros,
        double meanMicros,
        double p50Micros,
        double p90Micros,
        double p99Micros,
        double p999Micros,
        double maxMicros) {

    /// Of no values.
    public static final LatencySummary EMPTY = new LatencySummary(0, 0, 0, 0, 0, 0, 0, 0);

    public LatencySummary {
        if (count < 0) {
            throw new IllegalArgumentException("count " + count);
        }
    }

    /// @param nanos holds values in nanoseconds
    public static LatencySummary ofNanos(AbstractHistogram nanos) {
        if (nanos.getTotalCount() == 0) {
            return EMPTY;
        }
        return new LatencySummary(
                nanos.getTotalCount(),
                nanos.getMinValue() / 1e3,
                nanos.getMean() / 1e3,
                nanos.getValueAtPercentile(50) / 1e3,
                nanos.getValueAtPercentile(90) / 1e3,
                nanos.getValueAtPercentile(99) / 1e3,
                nanos.getValueAtPercentile(99.9) / 1e3,
                nanos.getMaxValue() / 1e3);
    }
}
