package ringside.bench.result;

/// When a warm-up ends: fixed before the first trial and kept in `run.json`. The criterion is explained where it is
/// applied, in `SteadyState`.
///
/// @param untilSteady whether the warm-up ends when the launch has come to its steady state; otherwise it lasts
///     `mostSeconds`
/// @param mostSeconds how long it lasts at most
/// @param intervalSeconds length of the intervals that are looked at
/// @param heldIntervals for so many of them the throughput has to hold its level
/// @param tolerance levels whose logarithms differ by this at most are one
/// @param compilingShareMost part of the server's CPU time that its compilers may use over those intervals, 0 to 1
/// @param collectingChangeMost by how much its collectors' part may differ between their halves, 0 to 1
public record WarmUpRule(
        boolean untilSteady,
        double mostSeconds,
        double intervalSeconds,
        int heldIntervals,
        double tolerance,
        double compilingShareMost,
        double collectingChangeMost) {

    private static final double INTERVAL_SECONDS = 0.1;

    /// Compilers pause: of launches that had been quiet for six intervals on a slow machine, with at most 3 % of the
    /// CPU time, all went on to compile for 5 % of it in the two seconds after (docs/measuring.md).
    private static final int HELD_INTERVALS = 15;

    private static final double COMPILING_SHARE_MOST = 0.02;

    private static final double LEVEL_TOLERANCE = 0.03;
    private static final double COLLECTING_CHANGE_MOST = 0.03;

    public WarmUpRule {
        Require.notNegative("mostSeconds", mostSeconds);
        Require.positive("intervalSeconds", intervalSeconds);
        Require.positive("heldIntervals", heldIntervals);
        Require.notNegative("tolerance", tolerance);
        Require.notNegative("compilingShareMost", compilingShareMost);
        Require.notNegative("collectingChangeMost", collectingChangeMost);
    }

    /// A steady state is looked for.
    ///
    /// @param mostSeconds how long, at most
    public static WarmUpRule untilSteady(double mostSeconds) {
        return rule(true, mostSeconds);
    }

    /// A given time.
    public static WarmUpRule time(double seconds) {
        return rule(false, seconds);
    }

    private static WarmUpRule rule(boolean untilSteady, double mostSeconds) {
        return new WarmUpRule(
                untilSteady,
                mostSeconds,
                INTERVAL_SECONDS,
                HELD_INTERVALS,
                LEVEL_TOLERANCE,
                COMPILING_SHARE_MOST,
                COLLECTING_CHANGE_MOST);
    }
}
