package ringside.bench.trial;

import java.util.Locale;
import java.util.Optional;
import ringside.bench.result.WarmUp;
import ringside.bench.result.WarmUpRule;
import ringside.bench.steady.SteadyState;
import ringside.bench.steady.SteadyState.JvmActivity;

/// Decides when a launch has been warmed up enough, by its run's rule. Told of each interval by the thread of the
/// trial.
final class WarmUpWatch {

    /// A warm-up of a given time is over for its watcher so long before its end: what is looked at before the window
    /// has been looked at when it begins.
    private static final double AHEAD_SECONDS = 0.25;

    /// An open loop's even longer before, so that what the looks delayed has been answered.
    private static final double AHEAD_OF_OPEN_SECONDS = 0.75;

    private final WarmUpRule rule;
    private final JvmActivityMeter server;
    private final JvmActivityMeter generator;
    private final double closedSeconds;
    private final SteadyState state;
    private double elapsedSeconds;

    /// @param server reads the server's compilers and collectors
    /// @param generator reads the generator's
    /// @param closedSeconds above 0 for an open loop: how long its warm-up goes in a closed loop, which isn't
    ///     looked at. Afterwards the throughput is given, so that the median time has to be level
    WarmUpWatch(WarmUpRule rule, JvmActivityMeter server, JvmActivityMeter generator, double closedSeconds) {
        this.rule = rule;
        this.server = server;
        this.generator = generator;
        this.closedSeconds = closedSeconds;
        this.state = new SteadyState(rule);
        server.sinceLast();
        generator.sinceLast();
    }

    /// An interval of the warm-up has ended.
    ///
    /// @param elapsed since the warm-up began, seconds
    /// @param seconds its length
    /// @param requests answered in it
    /// @param p50Micros median of their times
    void add(double elapsed, double seconds, long requests, double p50Micros) {
        elapsedSeconds = elapsed;
        if (!(seconds > 0)) {
            return;
        }
        Optional<JvmActivity> ofServer = server.sinceLast();
        Optional<JvmActivity> ofGenerator = generator.sinceLast();
        if (elapsed - seconds >= closedSeconds) {
            state.add(seconds, closedSeconds > 0 ? p50Micros : requests / seconds, ofServer, ofGenerator);
        }
    }

    /// Whether nothing is to be waited for any more.
    boolean isOver() {
        return rule.untilSteady()
                ? state.isSteady() || elapsedSeconds >= rule.mostSeconds()
                : elapsedSeconds >= rule.mostSeconds() - (closedSeconds > 0 ? AHEAD_OF_OPEN_SECONDS : AHEAD_SECONDS);
    }

    /// @param seconds how long the warm-up was in the end
    WarmUp ended(double seconds) {
        if (!rule.untilSteady()) {
            return new WarmUp(
                    seconds,
                    WarmUp.Ended.TIME,
                    "a given time; by the criterion: " + (state.isSteady() ? "" : "not ") + "steady, "
                            + state.describe());
        }
        return state.isSteady()
                ? new WarmUp(seconds, WarmUp.Ended.STEADY, state.describe())
                : new WarmUp(
                        seconds,
                        WarmUp.Ended.UNSTEADY,
                        String.format(
                                Locale.ROOT,
                                "no steady state within %.1f s: %s",
                                rule.mostSeconds(),
                                state.describe()));
    }
}
