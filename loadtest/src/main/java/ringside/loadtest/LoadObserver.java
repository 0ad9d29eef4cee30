package ringside.loadtest;

/// Told how a run proceeds. All calls come from the thread that called [LoadGenerator#run()], in this order:
/// `warmingUp` (even if the warm-up is zero), `measuring`, `measured`, `done`; `tick` once a second in between, and
/// `warmedFor` every tenth of a second of the warm-up. A run
/// that is stopped early calls `measured` if it had called `measuring`, and `done`. A callback that takes long delays
/// the next ones, but not the end of the window, which the loops know beforehand.
public interface LoadObserver {

    /// An observer that looks away.
    LoadObserver NONE = new LoadObserver() {};

    /// The targets have been fetched once and were right, the connections are open, load begins (if there is a
    /// warm-up).
    default void warmingUp(LoadPlan plan) {}

    /// An interval of the warm-up has ended. The place to judge whether the warm-up is over:
    /// [LoadGenerator#endWarmUp()].
    default void warmedFor(WarmUpInterval interval) {}

    /// The window has begun: everything from here counts. The place to read the server's CPU time. Without a warm-up
    /// the first request follows this call. In an open loop the window begins up to half a second later, under the
    /// same load: what looking delays isn't counted.
    default void measuring() {}

    /// Once a second while load is on.
    default void tick(Tick tick) {}

    /// The window has ended; load goes on, uncounted, for the plan's tail, if it has one. The place to read the
    /// server's
    /// CPU time again. In the open loop requests that were intended within the window may still be on their way.
    default void measured() {}

    /// All is closed, nothing is on its way.
    default void done(LoadReport report) {}

    /// The last second, for a live line.
    ///
    /// @param warmingUp whether this second isn't recorded
    /// @param elapsedSeconds since the start of the warm-up, or of the window when that has begun
    /// @param requestsPerSecond right answers in the last second
    /// @param p99Micros of the last second: response time in the open loop, service time in the closed
    /// @param errors so far, in the warm-up or, when that has begun, in the window
    record Tick(boolean warmingUp, double elapsedSeconds, double requestsPerSecond, double p99Micros, long errors) {}

    /// About a tenth of a second of the warm-up.
    ///
    /// @param elapsedSeconds from the start of the warm-up to the end of this interval
    /// @param seconds its length
    /// @param completed right answers in it
    /// @param p50Micros median of their times, from the intended start in the open loop; 0 without answers
    record WarmUpInterval(double elapsedSeconds, double seconds, long completed, double p50Micros) {}
}
