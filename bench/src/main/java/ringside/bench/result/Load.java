package ringside.bench.result;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// How requests are paced. In JSON `{"mode": "closed"}` or `{"mode": "open", "ratePerSecond": 5000}`.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "mode")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Load.Closed.class, name = "closed"),
    @JsonSubTypes.Type(value = Load.Open.class, name = "open")
})
public sealed interface Load {
    /// A connection asks again as soon as it was answered: the server sets the pace, queueing delay isn't seen.
    record Closed() implements Load {}

    /// Requests have intended start times that don't wait for answers.
    ///
    /// @param ratePerSecond over all connections, above 0
    record Open(double ratePerSecond) implements Load {
        public Open {
            Require.positive("ratePerSecond", ratePerSecond);
        }
    }
}
