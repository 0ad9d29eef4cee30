package ringside.bench.result;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// Yes, no, or why nobody can tell. In JSON: `true`, `false`, or the string `"unmeasurable: why"`.
public sealed interface Answer {
    /// @param is the answer
    record Known(boolean is) implements Answer {
        @JsonValue
        boolean json() {
            return is;
        }
    }

    /// @param why short, in words that a reader of the report understands, not blank
    record Unmeasurable(String why) implements Answer {
        public Unmeasurable {
            Require.text("why", why);
        }

        @JsonValue
        String json() {
            return Measured.unmeasurableText(why);
        }
    }

    static Answer of(boolean is) {
        return new Known(is);
    }

    static Answer unmeasurable(String why) {
        return new Unmeasurable(why);
    }

    /// @param json a boolean or `"unmeasurable: why"`
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Answer fromJson(Object json) {
        return switch (json) {
            case Boolean is -> of(is);
            case String text
            when text.startsWith(Measured.UNMEASURABLE) -> unmeasurable(text.substring(Measured.UNMEASURABLE.length()));
            default ->
                throw new IllegalArgumentException(
                        "expected true, false or \"" + Measured.UNMEASURABLE + "why\", found \"" + json + "\"");
        };
    }

    /// Whether the answer is known to be yes.
    default boolean isYes() {
        return this instanceof Known(boolean is) && is;
    }
}
