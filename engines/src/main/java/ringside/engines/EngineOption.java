package ringside.engines;

import java.util.List;

/// One setting of an engine: a whole number within a range, or one of a few words, which then count from 0.
/// `--engine uring:queue-depth=128,registered=on`.
///
/// @param name in lower case with dashes, units last: `chunk-bytes`
/// @param defaultValue within the range
/// @param minimum least value allowed
/// @param maximum greatest value allowed
/// @param choices the words for `minimum` (0) to `maximum`; empty for a number
/// @param help a sentence
public record EngineOption(
        String name, long defaultValue, long minimum, long maximum, List<String> choices, String help) {

    public EngineOption {
        choices = List.copyOf(choices);
        if (!name.matches("[a-z][a-z0-9-]*") || defaultValue < minimum || defaultValue > maximum) {
            throw new IllegalArgumentException(
                    "option " + name + " = " + defaultValue + " of " + minimum + ".." + maximum);
        }
        if (!choices.isEmpty() && (minimum != 0 || maximum != choices.size() - 1)) {
            throw new IllegalArgumentException("option " + name + " has " + choices.size() + " words");
        }
    }

    /// A whole number; the command line takes `k`, `m` and `g` (powers of 1024) too.
    public EngineOption(String name, long defaultValue, long minimum, long maximum, String help) {
        this(name, defaultValue, minimum, maximum, List.of(), help);
    }

    /// One of `choices`; its value is its index. The first is the default.
    static EngineOption choice(String name, List<String> choices, String help) {
        return new EngineOption(name, 0, 0, choices.size() - 1L, choices, help);
    }

    /// `off` (0, the default) or `on` (1).
    static EngineOption onOff(String name, String help) {
        return choice(name, List.of("off", "on"), help);
    }

    /// A value as the command line has it.
    public String text(long value) {
        return choices.isEmpty() ? Long.toString(value) : choices.get(Math.toIntExact(value));
    }

    /// What values there are, for help: `4096 to 16777216`, `off or on`.
    public String range() {
        return choices.isEmpty() ? minimum + " to " + maximum : String.join(" or ", choices);
    }

    /// @throws IllegalArgumentException with a message for a person, which doesn't name the engine
    long parse(String text) {
        if (!choices.isEmpty()) {
            int index = choices.indexOf(text);
            if (index < 0) {
                throw new IllegalArgumentException(
                        "option " + name + " needs one of " + String.join(", ", choices) + ", not '" + text + "'");
            }
            return index;
        }
        try {
            return ByteSize.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "option " + name + " needs a whole number such as " + defaultValue + ", not '" + text + "'", e);
        }
    }
}
