package ringside.bench.result;

import java.util.Arrays;
import java.util.List;

/// One quantity over the launches of a point.
public sealed interface Spread {
    /// @param median of the launches
    /// @param min smallest launch
    /// @param max largest launch
    /// @param launches how many
    record Over(double median, double min, double max, int launches) implements Spread {
        public Over {
            Require.positive("launches", launches);
            if (!(min <= median && median <= max)) {
                throw new IllegalArgumentException("not in order: " + min + ", " + median + ", " + max);
            }
        }

        /// Whether the ranges of the two have a value in common.
        public boolean overlaps(Over other) {
            return min <= other.max && other.min <= max;
        }

        /// Width of the range as a fraction of the median; 0 when the median is 0.
        public double relativeRange() {
            return median == 0 ? 0 : (max - min) / median;
        }
    }

    record Unknown(String why) implements Spread {}

    /// Unknown as soon as one launch is: a median over those that happened to be measurable would be another
    /// quantity.
    static Spread of(List<Measured> launches) {
        if (launches.isEmpty()) {
            return new Unknown("no valid launch");
        }
        double[] values = new double[launches.size()];
        for (int i = 0; i < values.length; i++) {
            switch (launches.get(i)) {
                case Measured.Value(double value) -> values[i] = value;
                case Measured.Unmeasurable(String why) -> {
                    return new Unknown(why);
                }
            }
        }
        Arrays.sort(values);
        int middle = values.length / 2;
        double median = values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
        return new Over(median, values[0], values[values.length - 1], values.length);
    }
}
