package ringside.bench.result;

/// The checks that the records of a run share.
final class Require {
    private Require() {}

    static void text(String name, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(name + " must not be blank");
        }
    }

    static void notNegative(String name, double number) {
        if (!(number >= 0) || Double.isInfinite(number)) {
            throw new IllegalArgumentException(name + " must be a number of at least 0, not " + number);
        }
    }

    static void positive(String name, double number) {
        if (!(number > 0) || Double.isInfinite(number)) {
            throw new IllegalArgumentException(name + " must be a number above 0, not " + number);
        }
    }

    static void notNegative(String name, long number) {
        if (number < 0) {
            throw new IllegalArgumentException(name + " must be at least 0, not " + number);
        }
    }

    static void positive(String name, long number) {
        if (number <= 0) {
            throw new IllegalArgumentException(name + " must be above 0, not " + number);
        }
    }

    static void notNegative(String name, Measured measured) {
        if (measured instanceof Measured.Value(double value)) {
            notNegative(name, value);
        }
    }

    static void fraction(String name, Measured measured) {
        if (measured instanceof Measured.Value(double value) && !(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must lie between 0 and 1, not " + value);
        }
    }
}
