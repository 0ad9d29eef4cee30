package ringside.bench.result;

import org.HdrHistogram.AbstractHistogram;

/// Percentiles of one launch, in microseconds. Never averaged over launches: [Summary] merges the histograms
/// instead.
public record Latency(
        Measured p50Micros, Measured p90Micros, Measured p99Micros, Measured p999Micros, Measured maxMicros) {
    private static final double NANOS_PER_MICRO = 1000;

    public Latency {
        Require.notNegative("p50Micros", p50Micros);
        Require.notNegative("p90Micros", p90Micros);
        Require.notNegative("p99Micros", p99Micros);
        Require.notNegative("p999Micros", p999Micros);
        Require.notNegative("maxMicros", maxMicros);
    }

    /// @param nanos values in nanoseconds, as all `.hlog` files of a run; an empty histogram gives unmeasurable
    public static Latency of(AbstractHistogram nanos) {
        if (nanos.getTotalCount() == 0) {
            return unmeasurable("no request was answered");
        }
        return new Latency(
                micros(nanos, 50), micros(nanos, 90), micros(nanos, 99), micros(nanos, 99.9), micros(nanos, 100));
    }

    public static Latency unmeasurable(String why) {
        Measured unknown = Measured.unmeasurable(why);
        return new Latency(unknown, unknown, unknown, unknown, unknown);
    }

    /// @param percent 50, 90, 99 or 99.9
    public Measured at(double percent) {
        if (percent == 50) {
            return p50Micros;
        }
        if (percent == 90) {
            return p90Micros;
        }
        if (percent == 99) {
            return p99Micros;
        }
        if (percent == 99.9) {
            return p999Micros;
        }
        throw new IllegalArgumentException("the percentile of " + percent + " isn't kept");
    }

    private static Measured micros(AbstractHistogram nanos, double percent) {
        return Measured.of(nanos.getValueAtPercentile(percent) / NANOS_PER_MICRO);
    }
}
