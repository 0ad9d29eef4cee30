package ringside.bench.verify;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import ringside.engines.ChosenEngine;
import ringside.engines.EngineOptions;
import ringside.engines.Transport;

/// What became of one engine on one transport.
///
/// @param engine with the options that aren't their defaults, as the command line takes it
public record PairResult(String engine, Transport transport, Outcome outcome) {

    /// How it ended.
    public sealed interface Outcome {}

    /// It ran.
    ///
    /// @param engineCounts what the engine has counted itself, by name
    /// @param found how many findings there were of each kind
    /// @param findings the first few
    /// @param notes what couldn't be looked at, and why
    public record Checked(
            Counts counts,
            SortedMap<String, Long> engineCounts,
            double seconds,
            Map<Finding.Kind, Integer> found,
            List<Finding> findings,
            List<String> notes)
            implements Outcome {
        public Checked {
            engineCounts = Collections.unmodifiableSortedMap(new TreeMap<>(engineCounts));
            found = Map.copyOf(found);
            findings = List.copyOf(findings);
            notes = List.copyOf(notes);
        }

        public int found(Finding.Kind kind) {
            return found.getOrDefault(kind, 0);
        }
    }

    /// It can't run here.
    public record Unavailable(String reason, String remedy) implements Outcome {}

    public String label() {
        return engine + " on " + transport.id();
    }

    /// Nothing was found. What can't run is no failure.
    public boolean isGood() {
        return switch (outcome) {
            case Checked checked -> checked.found.isEmpty();
            case Unavailable _ -> true;
        };
    }

    static String name(ChosenEngine chosen) {
        EngineOptions defaults = EngineOptions.defaults(chosen.engine().spec());
        StringBuilder text = new StringBuilder(chosen.name());
        chosen.options().values().forEach((option, value) -> {
            if (defaults.get(option) != value) {
                text.append(text.length() == chosen.name().length() ? ':' : ',')
                        .append(option.name())
                        .append('=')
                        .append(option.text(value));
            }
        });
        return text.toString();
    }
}
