package ringside.bench.result;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What a launch can be void for while the rest of it counts.
public enum Quantity {
    /// Requests per second.
    @JsonProperty("throughput")
    THROUGHPUT,
    /// Service and response times.
    @JsonProperty("latency")
    LATENCY,
    /// CPU time and counts per request.
    @JsonProperty("cost")
    COST
}
