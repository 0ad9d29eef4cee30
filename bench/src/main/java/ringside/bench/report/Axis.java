package ringside.bench.report;

import java.util.ArrayList;
import java.util.List;

/// A scale from values to a fraction of the plot's width or height, with ticks where people would put them.
///
/// @param min value at fraction 0
/// @param max value at fraction 1
/// @param logarithmic whether equal ratios are equally long
/// @param ticks ascending, within the range
record Axis(double min, double max, boolean logarithmic, List<Double> ticks) {
    private static final double[] NICE = {1, 2, 5, 10};
    private static final double[] DENSE = {1, 2, 5};
    private static final double[] MIDDLING = {1, 3};
    private static final double[] SPARSE = {1};

    /// Up to this span ratios are near 1.
    private static final double RATIOS_NEAR = 2.5;

    /// From this span on there is no room for each power of two on a telephone.
    private static final double RATIOS_FAR = 8;

    private static final int RATIO_STEPS_MAX = 6;

    Axis {
        ticks = List.copyOf(ticks);
        if (!(max > min) || (logarithmic && !(min > 0))) {
            throw new IllegalArgumentException("axis from " + min + " to " + max);
        }
    }

    /// From zero, since lengths are compared.
    ///
    /// @param largest to be shown
    /// @param ticksMax at most so many steps
    static Axis fromZero(double largest, int ticksMax) {
        double max = largest > 0 ? largest : 1;
        double step = step(max / ticksMax);
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; i * step <= max * 1.000001; i++) {
            ticks.add(i * step);
        }
        return new Axis(0, max, false, ticks);
    }

    /// Logarithmic around the values: ticks at powers of ten; with 3 between, or 2 and 5, when there are few
    /// decades.
    static Axis logarithmic(double smallest, double largest) {
        double min = Math.max(smallest, 1e-3) / 1.1;
        double max = Math.max(largest, min * 2) * 1.1;
        double decades = Math.log10(max / min);
        double[] digits = decades < 1.3 ? DENSE : decades < 2.5 ? MIDDLING : SPARSE;
        List<Double> ticks = new ArrayList<>();
        for (int exponent = (int) Math.floor(Math.log10(min)); exponent <= Math.log10(max); exponent++) {
            for (double digit : digits) {
                double tick = digit * Math.pow(10, exponent);
                if (tick >= min && tick <= max) {
                    ticks.add(tick);
                }
            }
        }
        return new Axis(min, max, true, ticks);
    }

    /// Logarithmic around 1, for ratios: ticks at round distances from 1 when all is near it, else at powers of two.
    ///
    /// @param low below 1
    /// @param high above 1
    static Axis ratios(double low, double high) {
        List<Double> ticks = new ArrayList<>();
        if (high / low > RATIOS_NEAR) {
            double[] few = high / low > RATIOS_FAR ? new double[] {0.25, 1, 4} : new double[] {0.5, 1, 2, 4};
            for (double tick : few) {
                if (tick >= low && tick <= high) {
                    ticks.add(tick);
                }
            }
        } else {
            double step = step((high - low) / RATIO_STEPS_MAX);
            for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high * 1.000001; i++) {
                ticks.add(Math.round(i * step * 1e6) / 1e6);
            }
        }
        return new Axis(low, high, true, ticks);
    }

    double fraction(double value) {
        double fraction = logarithmic ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
        return Math.clamp(fraction, 0, 1);
    }

    private static double step(double atLeast) {
        double power = Math.pow(10, Math.floor(Math.log10(atLeast)));
        for (double digit : NICE) {
            if (digit * power >= atLeast * 0.999999) {
                return digit * power;
            }
        }
        return 10 * power;
    }
}
