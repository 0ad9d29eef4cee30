package ringside.loadtest;

/// Whether the numbers of a run are the server's or the generator's own.
///
/// @param kind of limit
/// @param sentence for a person: what was seen and what to do about it
public record LoadLimit(Kind kind, String sentence) {
    public LoadLimit {
        if (sentence.isBlank()) {
            throw new IllegalArgumentException("a limit says what was seen");
        }
    }

    /// The rules, over the measured window. *Occupied* is the share of the time in which the loops ran or waited for
    /// a CPU: [GeneratorCost#loopBusyShare()] + [GeneratorCost#loopWaitShare()].
    public enum Kind {
        /// The generator had time to spare: the numbers are the server's.
        NONE,
        /// Closed loop, occupied ≥ 0.95: throughput and latency are at least partly the generator's.
        GENERATOR_SATURATED,
        /// Open loop, less than 99 % of the intended requests could be sent in time and occupied ≥ 0.95.
        RATE_NOT_REACHED,
        /// Open loop, send lag p99 > 1 ms and over a tenth of the response time's p99, or occupied ≥ 0.95 with a send
        /// lag p99 above 1 ms: the tail is the generator's lateness.
        GENERATOR_LATE
    }

    /// Whether the generator was the bottleneck.
    public boolean generatorBound() {
        return kind != Kind.NONE;
    }
}
