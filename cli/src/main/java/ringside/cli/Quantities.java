package ringside.cli;

import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import ringside.bench.plan.Spans;

/// Durations as people write them.
final class Quantities {

    private static final String[] BINARY_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Quantities() {}

    /// `10 s`, `500 ms`: for people.
    static String text(Duration span) {
        long millis = span.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }

    /// Whole seconds, rounded up: for what is counted in them.
    static int secondsUp(Duration span) {
        return (int) span.plusMillis(999).toSeconds();
    }

    /// `512 B`, `1.5 KiB`, `20 GiB`: for people.
    static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < BINARY_UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return String.format(
                Locale.ROOT, unit == 0 || amount >= 100 ? "%.0f %s" : "%.1f %s", amount, BINARY_UNITS[unit]);
    }

    /// `500ms`, `10s`, `2m`, `1h`; a bare number is seconds.
    static final class Span implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Spans.parse(text);
            } catch (IllegalArgumentException e) {
                throw notSpan(e);
            }
        }

        private static TypeConversionException notSpan(IllegalArgumentException e) {
            return new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
