package ringside.bench.judge;

/// Spread of logarithms over launches.
final class Spread {

    /// Standard deviation of a log-value that a histogram of three digits can't tell from none: equal values mean that
    /// launches differ by less than that, not that they are the same.
    static final double RESOLUTION = 0.0005;

    private Spread() {}

    /// Unbiased variance, of at least what is resolved.
    static double variance(double[] logs) {
        return Math.max(RESOLUTION * RESOLUTION, Numbers.variance(logs));
    }

    /// Whether the values differ by more than what is resolved.
    static boolean isResolved(double[] logs) {
        return Numbers.variance(logs) > RESOLUTION * RESOLUTION;
    }
}
