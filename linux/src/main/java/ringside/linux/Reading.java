package ringside.linux;

import java.util.Optional;
import java.util.function.Function;

/// What came of asking the machine about something: a value, nothing because its subject has ended, or nothing
/// for a reason that a report can print. A missing number is never 0.
public sealed interface Reading<T> {

    /// The value.
    record Measured<T>(T reading) implements Reading<T> {}

    /// The process or thread that was asked about has ended.
    record Vanished<T>(String what) implements Reading<T> {
        /// Half a sentence for a report.
        public String why() {
            return what + " has ended";
        }
    }

    /// The machine doesn't tell.
    ///
    /// @param why a sentence for a report
    record Unmeasurable<T>(String why) implements Reading<T> {}

    default Optional<T> value() {
        return this instanceof Measured<T>(T reading) ? Optional.of(reading) : Optional.empty();
    }

    /// Why there is no value, or the empty text if there is one.
    default String whyMissing() {
        return switch (this) {
            case Measured<T> measured -> "";
            case Vanished<T> vanished -> vanished.why();
            case Unmeasurable<T>(String why) -> why;
        };
    }

    default boolean isMeasured() {
        return this instanceof Measured<T>;
    }

    /// The value, where it can't be missing.
    ///
    /// @throws IllegalStateException with the reason if it is
    default T orThrow() {
        return value().orElseThrow(() -> new IllegalStateException(whyMissing()));
    }

    /// Makes another value of this one. A text that doesn't parse ([IllegalArgumentException]) can't be
    /// measured, and the exception's message says why.
    default <U> Reading<U> map(Function<? super T, ? extends U> mapping) {
        return switch (this) {
            case Measured<T>(T reading) -> {
                try {
                    yield new Measured<>(mapping.apply(reading));
                } catch (IllegalArgumentException e) {
                    yield new Unmeasurable<>(String.valueOf(e.getMessage()));
                }
            }
            case Vanished<T>(String what) -> new Vanished<>(what);
            case Unmeasurable<T>(String why) -> new Unmeasurable<>(why);
        };
    }
}
