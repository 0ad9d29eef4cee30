package ringside.bench.plan;

import java.time.Duration;
import java.util.Locale;

/// Spans of time as people write them.
public final class Spans {

    private static final double NANOS_MAX = 30 * 86_400e9;

    private Spans() {}

    /// @param text `500us`, `500ms`, `10s`, `2m`, `1h`; a bare number is seconds
    /// @throws IllegalArgumentException a sentence for a person
    public static Duration parse(String text) {
        String unit = text.replaceFirst("^[0-9.]+", "").toLowerCase(Locale.ROOT);
        double nanosPerUnit = switch (unit) {
            case "us", "µs" -> 1e3;
            case "ms" -> 1e6;
            case "", "s" -> 1e9;
            case "m", "min" -> 60e9;
            case "h" -> 3600e9;
            default -> throw notSpan(text);
        };
        double nanos = number(text.substring(0, text.length() - unit.length()), text) * nanosPerUnit;
        if (nanos > NANOS_MAX) {
            throw new IllegalArgumentException("'" + text + "' is more than 30 days");
        }
        return Duration.ofNanos(Math.round(nanos));
    }

    /// What [#parse] reads back: `1500ms`, `10s`.
    public static String text(Duration span) {
        if (span.toNanos() % 1_000_000 != 0) {
            return span.toNanos() / 1e3 + "us";
        }
        return span.toMillis() % 1000 == 0 ? span.toSeconds() + "s" : span.toMillis() + "ms";
    }

    private static double number(String digits, String text) {
        try {
            return Double.parseDouble(digits);
        } catch (NumberFormatException e) {
            throw notSpan(text);
        }
    }

    private static IllegalArgumentException notSpan(String text) {
        return new IllegalArgumentException("'" + text + "' is not a duration. Write 500ms, 10s, 2m or 1h");
    }
}
