package ringside.loadtest;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// When requests start.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LoadMode.Closed.class, name = "closed"),
    @JsonSubTypes.Type(value = LoadMode.Open.class, name = "open")
})
public sealed interface LoadMode {

    /// Each connection asks again as soon as it has its answer: a fixed concurrency, and as much load as the server
    /// takes. It measures throughput and cost. Its latencies are those of a queue of that length: when the server
    /// stalls the load stalls with it, so its percentiles can't tell what users of an independent load would see.
    record Closed() implements LoadMode {}

    /// Requests start at times that don't depend on the answers. Latency counts from the intended start, so a
    /// stall is charged to every request that it delayed (no coordinated omission).
    ///
    /// @param ratePerSecond of all connections and loops together, above 0 and at most 10,000,000
    record Open(double ratePerSecond, Arrivals arrivals) implements LoadMode {
        public Open {
            if (!(ratePerSecond > 0 && ratePerSecond <= 10_000_000)) {
                throw new IllegalArgumentException("a rate of " + ratePerSecond
                        + " requests per second can't be asked. Choose one above 0 and at most 10,000,000");
            }
        }
    }

    /// How the intended starts of an open loop are spaced.
    enum Arrivals {
        /// Evenly: 1/rate apart.
        CONSTANT,
        /// Exponentially distributed gaps of mean 1/rate: independent users. Drawn from the plan's seed.
        POISSON
    }

    /// Whether requests start by the clock and not by the answers.
    default boolean open() {
        return this instanceof Open;
    }
}
