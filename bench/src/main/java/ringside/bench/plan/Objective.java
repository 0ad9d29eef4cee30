package ringside.bench.plan;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import ringside.bench.result.Latency;
import ringside.bench.result.Measured;

/// A latency objective: `p99<5ms`. Of the response time since the intended start, which an overloaded server can't hide
/// by answering fewer requests.
///
/// @param percentile what is held against the limit
/// @param limit above 0
public record Objective(Percentile percentile, Duration limit) {

    private static final Pattern FORM = Pattern.compile("\\s*([a-z0-9.]+)\\s*<\\s*([0-9.]+\\s*[a-zµ]+)\\s*");
    private static final double NANOS_PER_MICRO = 1000;

    /// Those that a trial keeps.
    public enum Percentile {
        P50("p50"),
        P90("p90"),
        P99("p99"),
        P999("p99.9"),
        MAX("max");

        private final String text;

        Percentile(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        Measured of(Latency latency) {
            return switch (this) {
                case P50 -> latency.p50Micros();
                case P90 -> latency.p90Micros();
                case P99 -> latency.p99Micros();
                case P999 -> latency.p999Micros();
                case MAX -> latency.maxMicros();
            };
        }
    }

    public Objective {
        if (limit.isZero() || limit.isNegative()) {
            throw new IllegalArgumentException("a latency objective needs a limit above 0, not " + Spans.text(limit));
        }
    }

    /// @throws IllegalArgumentException a sentence for a person
    public static Objective parse(String text) {
        Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no latency objective. Write a percentile, <, and a"
                    + " limit with its unit: p99<5ms");
        }
        Percentile percentile = Arrays.stream(Percentile.values())
                .filter(p -> p.text.equals(matcher.group(1)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + matcher.group(1)
                        + "' is no percentile that trials keep. Choose one of: "
                        + Arrays.stream(Percentile.values()).map(p -> p.text).collect(Collectors.joining(", "))));
        return new Objective(percentile, Spans.parse(matcher.group(2).replaceAll("\\s", "")));
    }

    /// What [#parse] reads back.
    public String text() {
        return percentile.text + "<" + Spans.text(limit);
    }

    /// Whether a trial's response times keep the objective; one whose percentile is unmeasurable doesn't.
    public boolean holds(Latency responseTime) {
        return percentile.of(responseTime) instanceof Measured.Value(double micros)
                && micros * NANOS_PER_MICRO < limit.toNanos();
    }

    /// The percentile of a trial, in microseconds.
    public Measured of(Latency responseTime) {
        return percentile.of(responseTime);
    }
}
