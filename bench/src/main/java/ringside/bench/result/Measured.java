package ringside.bench.result;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// A number, or why there is none. In JSON: a number, or the string `"unmeasurable: why"`. Zero always means a
/// measured zero.
///
/// The unit stands in the name of the record component that holds it.
public sealed interface Measured {
    /// What the JSON string of an unknown begins with; text fields of [Environment] use it too.
    String UNMEASURABLE = "unmeasurable: ";

    /// @param value finite
    record Value(double value) implements Measured {
        public Value {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("a measured value must be finite, not " + value
                        + "; use Measured.unmeasurable(why) for what isn't known");
            }
        }

        @JsonValue
        Number json() {
            long whole = (long) value;
            return whole == value ? (Number) whole : (Number) value;
        }
    }

    /// @param why short, in words that a reader of the report understands, not blank
    record Unmeasurable(String why) implements Measured {
        public Unmeasurable {
            Require.text("why", why);
        }

        @JsonValue
        String json() {
            return UNMEASURABLE + why;
        }
    }

    static Measured of(double value) {
        return new Value(value);
    }

    static Measured unmeasurable(String why) {
        return new Unmeasurable(why);
    }

    /// The form of an unknown text, for the strings of [Environment].
    static String unmeasurableText(String why) {
        return new Unmeasurable(why).json();
    }

    /// @param json a number or `"unmeasurable: why"`
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Measured fromJson(Object json) {
        return switch (json) {
            case Number number -> of(number.doubleValue());
            case String text when text.startsWith(UNMEASURABLE) -> unmeasurable(text.substring(UNMEASURABLE.length()));
            default ->
                throw new IllegalArgumentException(
                        "expected a number or \"" + UNMEASURABLE + "why\", found \"" + json + "\"");
        };
    }

    default boolean isKnown() {
        return this instanceof Value;
    }

    /// The value, or `other` when there is none.
    default double orElse(double other) {
        return this instanceof Value(double value) ? value : other;
    }
}
