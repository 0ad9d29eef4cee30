package ringside.cli;

import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

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
            String unit = text.replaceFirst("^[0-9.]+", "").toLowerCase(Locale.ROOT);
            double nanosPerUnit = switch (unit) {
                case "ms" -> 1e6;
                case "", "s" -> 1e9;
                case "m", "min" -> 60e9;
                case "h" -> 3600e9;
                default -> throw notSpan(text);
            };
            double nanos = number(text.substring(0, text.length() - unit.length()), text) * nanosPerUnit;
            if (nanos > 30 * 86_400e9) {
                throw new TypeConversionException("'" + text + "' is more than 30 days");
            }
            return Duration.ofNanos(Math.round(nanos));
        }

        private static double number(String digits, String text) {
            try {
                return Double.parseDouble(digits);
            } catch (NumberFormatException e) {
                throw notSpan(text);
            }
        }

        private static TypeConversionException notSpan(String text) {
            return new TypeConversionException("'" + text + "' is not a duration. Write 500ms, 10s, 2m or 1h");
        }
    }
}
