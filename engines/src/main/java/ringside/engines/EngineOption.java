package ringside.engines;

/// One setting of an engine: a whole number within a range. `--engine uring:queue-depth=128`.
///
/// @param name in lower case with dashes, units last: `chunk-bytes`
/// @param defaultValue within the range
/// @param minimum least value allowed
/// @param maximum greatest value allowed
/// @param help a sentence
public record EngineOption(String name, long defaultValue, long minimum, long maximum, String help) {
    public EngineOption {
        if (!name.matches("[a-z][a-z0-9-]*") || defaultValue < minimum || defaultValue > maximum) {
            throw new IllegalArgumentException(
                    "option " + name + " = " + defaultValue + " of " + minimum + ".." + maximum);
        }
    }
}
