package ringside.bench.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What ends a run.
public enum Until {
    /// All blocks of `repeats` ran.
    REPEATS,
    /// Every wanted interval is as narrow as asked for, or the budget is used up.
    RESOLVED,
    /// The budget is used up.
    BUDGET;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException a sentence for a person
    public static Until parse(String text) {
        return Arrays.stream(values())
                .filter(until -> until.text().equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' ends no run. Choose one of: "
                        + Arrays.stream(values()).map(Until::text).collect(Collectors.joining(", "))));
    }
}
