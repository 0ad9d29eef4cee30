package ringside.engines;

import java.util.Locale;

/// Sizes as people write and read them; units are powers of 1024.
public final class ByteSize {

    private static final String[] UNITS = {"", "k", "m", "g"};
    private static final String[] NAMES = {"B", "KiB", "MiB", "GiB"};

    private ByteSize() {}

    /// Reads `4096`, `1k`, `16K`, `1m`, `2g`. The range is the caller's to check: `-1` is read as well.
    ///
    /// @throws IllegalArgumentException with a message for a person: no whole number, or more than a `long`
    public static long parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        int power = lower.isEmpty() ? 0 : 1 + "kmg".indexOf(lower.charAt(lower.length() - 1));
        String digits = power > 0 ? lower.substring(0, lower.length() - 1) : lower;
        try {
            return Math.multiplyExact(Long.parseLong(digits), 1L << (10 * power));
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is no size: write bytes, or 1k, 16k, 1m, 2g", e);
        }
    }

    /// `16k`: the shortest text that [#parse(String)] reads as `bytes`. Fit for a path.
    public static String text(long bytes) {
        int power = power(bytes);
        return (bytes >> (10 * power)) + UNITS[power];
    }

    /// `16 KiB`: for people.
    public static String name(long bytes) {
        int power = power(bytes);
        return (bytes >> (10 * power)) + " " + NAMES[power];
    }

    /// The greatest power of 1024 that divides the size.
    private static int power(long bytes) {
        int power = 0;
        while (power + 1 < UNITS.length && bytes != 0 && bytes % (1L << (10 * (power + 1))) == 0) {
            power++;
        }
        return power;
    }
}
