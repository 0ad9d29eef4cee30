package ringside.loadtest;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

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

    /// The rules, over the measured window; the first that fits counts.
    ///
    /// *Occupied* is the share of the time in which the loops ran or waited for a CPU:
    /// [GeneratorCost#loopBusyShare()] + [GeneratorCost#loopWaitShare()]. The rate of an open loop is not sustained
    /// when the answers that came within the window are less than 99 % of the requests that came due in it.
    public enum Kind {
        /// The generator had time to spare: the numbers are the server's.
        NONE,
        /// Closed loop, occupied ≥ 0.95: throughput and latency are at least partly the generator's.
        GENERATOR_SATURATED,
        /// Rate not sustained, occupied ≥ 0.95: the generator couldn't keep it.
        RATE_NOT_REACHED,
        /// Open loop, send lag p99 above both 1 ms and a tenth of the response time's p99: the tail is at least partly
        /// the generator's lateness.
        GENERATOR_LATE,
        /// The generator's garbage collections took more than 1 % of the window: throughput is the server's, the tail
        /// at least partly the generator's pauses.
        GENERATOR_PAUSED,
        /// Rate not sustained, but the generator had time to spare: the server is overloaded. Its numbers are its own,
        /// but the response time grows with the length of the window.
        RATE_NOT_SUSTAINED
    }

    private static final double OCCUPIED_MOST = 0.95;
    private static final double KEPT_SHARE_LEAST = 0.99;
    private static final double PAUSED_SHARE_MOST = 0.01;
    private static final double LAG_MICROS_MOST = 1000;
    private static final double LAG_SHARE_MOST = 0.1;

    /// How much of an open loop's rate was answered; absent in a closed loop. A single request that is on its way
    /// when the window ends doesn't count against it.
    static OptionalDouble keptShare(boolean open, long completed, long offered) {
        if (!open) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(offered - completed <= 1 ? 1 : (double) completed / offered);
    }

    /// Applies the rules of [Kind].
    ///
    /// @param keptShare see [#keptShare]
    /// @param seconds length of the window
    static LoadLimit judge(
            double seconds,
            OptionalDouble keptShare,
            Optional<LatencySummary> responseTime,
            Optional<LatencySummary> sendLag,
            GeneratorCost cost) {
        double waited = cost.loopWaitShare().orElse(0);
        boolean occupied = cost.loopBusyShare() + waited >= OCCUPIED_MOST;
        String busy = String.format(
                Locale.ROOT,
                "its event loops ran %.0f %% of the time and waited for a CPU %.0f %%",
                cost.loopBusyShare() * 100,
                waited * 100);
        String remedy = waited > 0.1
                ? "Give it CPUs of its own (taskset -c, --pin), or more of them"
                : "Give it more threads on CPUs of their own";
        if (keptShare.isEmpty() && occupied) {
            return new LoadLimit(
                    Kind.GENERATOR_SATURATED,
                    "The generator was the bottleneck: " + busy + ". Throughput and latency are not the server's. "
                            + remedy + ".");
        }
        boolean sustained = keptShare.orElse(1) >= KEPT_SHARE_LEAST;
        String notSustained = sustained
                ? ""
                : String.format(
                        Locale.ROOT, "Rate not sustained: %.1f %% of it was answered. ", keptShare.orElse(1) * 100);
        if (!sustained && occupied) {
            return new LoadLimit(
                    Kind.RATE_NOT_REACHED,
                    notSustained + "The generator couldn't keep it: " + busy + ". " + remedy
                            + ", or ask for a lower rate.");
        }
        double lagMicros = p99Micros(sendLag);
        double responseMicros = p99Micros(responseTime);
        if (lagMicros > LAG_MICROS_MOST && lagMicros > LAG_SHARE_MOST * responseMicros) {
            return new LoadLimit(
                    Kind.GENERATOR_LATE,
                    String.format(
                            Locale.ROOT,
                            "%sThe generator was late itself: send lag p99 is %.1f ms of a response time p99 of %.1f"
                                    + " ms; %s. %s.",
                            notSustained,
                            lagMicros / 1e3,
                            responseMicros / 1e3,
                            busy,
                            remedy));
        }
        double paused = cost.gcPauseMillis() / 1e3 / seconds;
        if (sustained && paused > PAUSED_SHARE_MOST) {
            return new LoadLimit(
                    Kind.GENERATOR_PAUSED,
                    String.format(
                            Locale.ROOT,
                            "The generator collected garbage %d times, %.1f %% of the time: the tail is partly its own. Give"
                                    + " it more memory (RINGSIDE_JAVA_OPTS=-Xmn512m).",
                            cost.gcCount(),
                            paused * 100));
        }
        String spare = "The generator had time to spare: " + busy + ".";
        return sustained
                ? new LoadLimit(Kind.NONE, spare)
                : new LoadLimit(
                        Kind.RATE_NOT_SUSTAINED,
                        notSustained + "The server couldn't keep it: ask for a lower rate. " + spare);
    }

    /// Of too few values, or none: nothing that a rule could go by.
    private static double p99Micros(Optional<LatencySummary> times) {
        return times.map(LatencySummary::p99Micros)
                .orElse(OptionalDouble.empty())
                .orElse(0);
    }

    /// Whether the generator was the bottleneck: of the rate, or of when requests were sent.
    public boolean generatorBound() {
        return switch (kind) {
            case NONE, GENERATOR_PAUSED, RATE_NOT_SUSTAINED -> false;
            case GENERATOR_SATURATED, RATE_NOT_REACHED, GENERATOR_LATE -> true;
        };
    }
}
