package ringside.loadtest;

import java.util.Locale;

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
        /// Open loop, occupied ≥ 0.95 and, when the window ended, less than 99 % of the requests that had come due had
        /// their answer.
        RATE_NOT_REACHED,
        /// Open loop, send lag p99 above both 1 ms and a tenth of the response time's p99: the tail is at least partly
        /// the generator's lateness.
        GENERATOR_LATE
    }

    private static final double OCCUPIED_MOST = 0.95;
    private static final double DONE_SHARE_LEAST = 0.99;
    private static final double LAG_MICROS_MOST = 1000;
    private static final double LAG_SHARE_MOST = 0.1;

    /// Applies the rules of [Kind].
    ///
    /// @param doneShare of the requests that came due in the window of an open loop: those answered by its end
    static LoadLimit judge(
            boolean open, double doneShare, LatencySummary responseTime, LatencySummary sendLag, GeneratorCost cost) {
        double waited = Double.isNaN(cost.loopWaitShare()) ? 0 : cost.loopWaitShare();
        double occupied = Math.min(1, cost.loopBusyShare() + waited);
        String busy = String.format(
                Locale.ROOT,
                "its event loops ran %.0f %% of the time and waited for a CPU %.0f %%",
                cost.loopBusyShare() * 100,
                waited * 100);
        String remedy = waited > 0.1
                ? "Give it CPUs of its own (--cpus), or more of them"
                : "Give it more threads on CPUs of their own";
        if (!open && occupied >= OCCUPIED_MOST) {
            return new LoadLimit(
                    Kind.GENERATOR_SATURATED,
                    "The generator was the bottleneck: " + busy + ". Throughput and latency are not the server's. "
                            + remedy + ".");
        }
        if (open && occupied >= OCCUPIED_MOST && doneShare < DONE_SHARE_LEAST) {
            return new LoadLimit(
                    Kind.RATE_NOT_REACHED,
                    String.format(
                            Locale.ROOT,
                            "The generator couldn't keep the rate: %.1f %% of the requests were answered in time and"
                                    + " %s. %s, or ask for a lower rate.",
                            doneShare * 100,
                            busy,
                            remedy));
        }
        if (open
                && sendLag.p99Micros() > LAG_MICROS_MOST
                && sendLag.p99Micros() > LAG_SHARE_MOST * responseTime.p99Micros()) {
            return new LoadLimit(
                    Kind.GENERATOR_LATE,
                    String.format(
                            Locale.ROOT,
                            "The generator was late itself: send lag p99 is %.1f ms of a response time p99 of %.1f ms;"
                                    + " %s. %s.",
                            sendLag.p99Micros() / 1e3,
                            responseTime.p99Micros() / 1e3,
                            busy,
                            remedy));
        }
        return new LoadLimit(Kind.NONE, "The generator had time to spare: " + busy + ".");
    }

    /// Whether the generator was the bottleneck.
    public boolean generatorBound() {
        return kind != Kind.NONE;
    }
}
