package ringside.bench.judge;

import java.util.List;

/// Sums over launches, always in the same order and by [StrictMath], so that a verdict can be derived again bit for
/// bit.
final class Numbers {

    private Numbers() {}

    static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    static double mean(List<Double> values) {
        return mean(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    static double geometricMean(double[] values) {
        return StrictMath.exp(mean(logs(values)));
    }

    static double[] logs(double[] values) {
        double[] logs = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            logs[i] = StrictMath.log(values[i]);
        }
        return logs;
    }

    /// Unbiased; 0 for a single value.
    static double variance(double[] values) {
        if (values.length < 2) {
            return 0;
        }
        double mean = mean(values);
        double sum = 0;
        for (double value : values) {
            sum += (value - mean) * (value - mean);
        }
        return sum / (values.length - 1);
    }
}
