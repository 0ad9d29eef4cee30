package ringside.bench.result;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// How a trial ended. In JSON told apart by `status`: `valid`, `void`, `failed`.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "status")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Outcome.Valid.class, name = "valid"),
    @JsonSubTypes.Type(value = Outcome.Voided.class, name = "void"),
    @JsonSubTypes.Type(value = Outcome.Failed.class, name = "failed")
})
public sealed interface Outcome {
    /// Counts.
    record Valid(Measurements measurements) implements Outcome {}

    /// Was measured, but under conditions other than those promised (cache not cold, errors, generator behind):
    /// shown, not counted.
    record Voided(String reason, Measurements measurements) implements Outcome {
        public Voided {
            Require.text("reason", reason);
        }
    }

    /// Gave no measurement: the server didn't start, the generator died, Ctrl-C.
    record Failed(String reason) implements Outcome {
        public Failed {
            Require.text("reason", reason);
        }
    }
}
