package ringside.bench;

/// Names of file sizes: `1k` in paths, `1 KiB` for people.
final class Sizes {

    private static final String[] UNITS = {"", "k", "m", "g"};
    private static final String[] NAMES = {"B", "KiB", "MiB", "GiB"};

    private Sizes() {}

    static String path(long bytes) {
        int power = power(bytes);
        return (bytes >> (10 * power)) + UNITS[power];
    }

    static String name(long bytes) {
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
