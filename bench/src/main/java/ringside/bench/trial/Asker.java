package ringside.bench.trial;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Who sends the requests of a trial.
public enum Asker {
    /// Our load generator: histograms, checked bodies.
    RINGSIDE("builtin", "ringside"),
    /// wrk(1): the yardstick for what asking costs. It looks at no body and gives no histogram.
    WRK("wrk", "wrk");

    private final String id;
    private final String argument;

    Asker(String id, String argument) {
        this.id = id;
        this.argument = argument;
    }

    /// The name in results.
    public String id() {
        return id;
    }

    /// The name on command lines and in plan files.
    public String argument() {
        return argument;
    }

    /// The label of a side that this one drives: the usual generator goes without saying.
    public String label(String contender) {
        return this == RINGSIDE ? contender : contender + " by " + id;
    }

    /// @throws IllegalArgumentException with a message for a person when there is no such generator
    public static Asker byName(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(asker -> asker.argument.equals(wanted) || asker.id.equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown generator '" + name + "'. Choose one of: "
                        + Arrays.stream(values()).map(a -> a.argument).collect(Collectors.joining(", "))));
    }
}
