package ringside.engines;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The values of an engine's options for one run: every option has one, each within its range.
///
/// @param values in the order of the spec
public record EngineOptions(Map<EngineOption, Long> values) {

    public EngineOptions {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    public static EngineOptions defaults(EngineSpec spec) {
        return parse(spec, "");
    }

    /// Reads `name=value,name=value`; sizes may carry `k`, `m` or `g` (powers of 1024). What isn't named keeps its
    /// default.
    ///
    /// @throws IllegalArgumentException with a message for a person: unknown option, not a number, out of range
    public static EngineOptions parse(EngineSpec spec, String text) {
        Map<EngineOption, Long> values = new LinkedHashMap<>();
        for (EngineOption option : spec.options()) {
            values.put(option, option.defaultValue());
        }
        Set<String> named = new HashSet<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part.strip() : part.substring(0, equals).strip();
            EngineOption option = spec.options().stream()
                    .filter(o -> o.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "engine " + spec.name() + " has no option '" + name + "'. It has: " + names(spec)));
            if (!named.add(name)) {
                throw new IllegalArgumentException(
                        "option " + name + " of engine " + spec.name() + " is given twice. Keep one");
            }
            long value =
                    option.parse(equals < 0 ? "" : part.substring(equals + 1).strip());
            if (value < option.minimum() || value > option.maximum()) {
                throw new IllegalArgumentException("option " + name + " of engine " + spec.name() + " is " + value
                        + ", but must be from " + option.minimum() + " to " + option.maximum());
            }
            values.put(option, value);
        }
        return new EngineOptions(values);
    }

    /// @throws IllegalArgumentException when the engine has no such option: a programmer's mistake
    public long get(EngineOption option) {
        Long value = values.get(option);
        if (value == null) {
            throw new IllegalArgumentException("no option " + option.name());
        }
        return value;
    }

    /// The values as [#parse(EngineSpec, String)] reads them.
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(e -> e.getKey().name() + "=" + e.getKey().text(e.getValue()))
                .collect(Collectors.joining(","));
    }

    private static String names(EngineSpec spec) {
        return spec.options().isEmpty()
                ? "none"
                : spec.options().stream().map(EngineOption::name).collect(Collectors.joining(", "));
    }
}
