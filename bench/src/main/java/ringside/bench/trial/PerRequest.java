package ringside.bench.trial;

import java.util.Map;
import ringside.bench.result.Measured;
import ringside.bench.result.Measurements.GeneratorCost;
import ringside.bench.result.Measurements.ServerCost;
import ringside.linux.Reading;

/// Turns what a second cost into what a request cost.
final class PerRequest {

    private static final double NANOS_PER_MICRO = 1000;

    /// The two readings of the clocks lie at least so far apart.
    private static final double WINDOW_SHARE_LEAST = 0.8;

    /// And at most so much farther than the window is long, half a second of which an open loop begins earlier: after
    /// its tail there is no load.
    private static final double LATE_SECONDS = 0.9;

    private PerRequest() {}

    /// @param windowSeconds the window's length
    static ServerCost serverCost(CostMeter.Rates rates, double requestsPerSecond, double windowSeconds) {
        if (rates.seconds() < WINDOW_SHARE_LEAST * windowSeconds || rates.seconds() > windowSeconds + LATE_SECONDS) {
            Measured late = Measured.unmeasurable(
                    "the server's clocks were read over %.2f s of a window of %.2f s: the orchestrator had no CPU"
                            .formatted(rates.seconds(), windowSeconds));
            return new ServerCost(late, late, late, late, late, Map.of());
        }
        Measured all = per(rates.serverNanos(), requestsPerSecond, NANOS_PER_MICRO);
        return new ServerCost(
                part(all, rates.userShare(), false),
                part(all, rates.userShare(), true),
                per(rates.coreBusyNanos(), requestsPerSecond, NANOS_PER_MICRO),
                per(rates.switches(), requestsPerSecond, 1),
                per(rates.jvmNanos(), requestsPerSecond, NANOS_PER_MICRO),
                Map.of());
    }

    static GeneratorCost generatorCost(Asked asked) {
        return new GeneratorCost(
                per(asked.rates().generatorNanos(), asked.requestsPerSecond(), NANOS_PER_MICRO),
                asked.generator().busyShare(),
                asked.generator().collections(),
                asked.generator().pauseMillis(),
                asked.generator().longestPauseMillis(),
                asked.limited(),
                asked.limitSentence());
    }

    private static Measured part(Measured all, Reading<Double> userShare, boolean system) {
        if (!(all instanceof Measured.Value(double micros))) {
            return all;
        }
        return userShare
                .value()
                .map(share -> Measured.of(micros * (system ? 1 - share : share)))
                .orElseGet(() -> Measured.unmeasurable(userShare.whyMissing()));
    }

    /// Counters of threads can run backwards when a thread ends; a cost below nothing is none that was measured.
    private static Measured per(Reading<Double> perSecond, double requestsPerSecond, double divisor) {
        if (!(requestsPerSecond > 0)) {
            return Measured.unmeasurable("no request was answered");
        }
        return perSecond
                .value()
                .map(value -> value < 0
                        ? Measured.unmeasurable("threads ended within the window and took their counters with them")
                        : Measured.of(value / divisor / requestsPerSecond))
                .orElseGet(() -> Measured.unmeasurable(perSecond.whyMissing()));
    }
}
