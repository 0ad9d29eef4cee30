package ringside.engines;

import java.util.List;

/// Whether something can run on this machine, and if not, why not and what would help.
public sealed interface Availability {

    /// @param features what the probe found, for the listing: `READ_FIXED`, `ring of the event loop`; may be empty
    record Available(List<String> features) implements Availability {
        public Available {
            features = List.copyOf(features);
        }
    }

    /// @param reason half a sentence: what is missing
    /// @param remedy a sentence: what a person can do about it
    record Unavailable(String reason, String remedy) implements Availability {
        public Unavailable {
            if (reason.isBlank() || remedy.isBlank()) {
                throw new IllegalArgumentException("an unavailable thing says why and what would help");
            }
        }
    }

    static Availability available(String... features) {
        return new Available(List.of(features));
    }

    static Availability unavailable(String reason, String remedy) {
        return new Unavailable(reason, remedy);
    }

    default boolean isAvailable() {
        return this instanceof Available;
    }
}
