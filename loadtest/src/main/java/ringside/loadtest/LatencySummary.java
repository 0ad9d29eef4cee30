package ringside.loadtest;

import java.util.OptionalDouble;
import org.HdrHistogram.AbstractHistogram;

/// A distribution of times at a glance, in microseconds. The whole of it is in the `.hlog`.
///
/// A number that can't be told from so few values is absent, `null` in JSON: all of them when there is no value; a
/// percentile p when fewer than one of the values would lie above it, `count` · (1 − p/100) < 1, so that it would only
/// be another name for the maximum. The 99.9th needs 1000 values.
///
/// @param count of values
public record LatencySummary(
        long count,
        OptionalDouble minMicros,
        OptionalDouble meanMicros,
        OptionalDouble p50Micros,
        OptionalDouble p90Micros,
        OptionalDouble p99Micros,
        OptionalDouble p999Micros,
        OptionalDouble maxMicros) {

    public LatencySummary {
        if (count < 0) {
            throw new IllegalArgumentException("count " + count);
        }
    }

    /// @param nanos holds values in nanoseconds
    public static LatencySummary ofNanos(AbstractHistogram nanos) {
        long count = nanos.getTotalCount();
        return new LatencySummary(
                count,
                micros(count >= 1, (double) nanos.getMinValue()),
                micros(count >= 1, nanos.getMean()),
                micros(count >= 2, (double) nanos.getValueAtPercentile(50)),
                micros(count >= 10, (double) nanos.getValueAtPercentile(90)),
                micros(count >= 100, (double) nanos.getValueAtPercentile(99)),
                micros(count >= 1000, (double) nanos.getValueAtPercentile(99.9)),
                micros(count >= 1, (double) nanos.getMaxValue()));
    }

    private static OptionalDouble micros(boolean known, double nanos) {
        return known ? OptionalDouble.of(nanos / 1e3) : OptionalDouble.empty();
    }
}
