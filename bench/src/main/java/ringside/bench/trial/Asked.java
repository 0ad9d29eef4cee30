package ringside.bench.trial;

import java.util.Map;
import java.util.Optional;
import ringside.bench.result.Answer;
import ringside.bench.result.Latency;
import ringside.bench.result.Measured;
import ringside.bench.result.Quantity;
import ringside.bench.result.WarmUp;

/// What the generator says of a window, and what the window cost.
///
/// @param generator its own busy share, collections and their pauses
/// @param warmUp how the launch was warmed up
/// @param voidFor quantities that are the generator's own
/// @param failure why the numbers aren't what the workload asks for, if they aren't
/// @param residencyBefore fraction of the files in the page cache when the warm-up began
/// @param residencyAfter the same just after the window
record Asked(
        double measuredSeconds,
        long requests,
        long bodyBytes,
        double requestsPerSecond,
        Latency serviceTime,
        Latency responseTime,
        Latency sendLag,
        Map<String, Long> errors,
        long bodiesChecked,
        Answer limited,
        String limitSentence,
        GeneratorLoad generator,
        WarmUp warmUp,
        Map<Quantity, String> voidFor,
        Optional<String> failure,
        CostMeter.Rates rates,
        Measured residencyBefore,
        Measured residencyAfter) {

    /// How busy the generator was.
    ///
    /// @param busyShare part of the time in which its loops ran or waited for a CPU
    /// @param collections of garbage within the window
    /// @param pauseMillis all of them
    /// @param longestPauseMillis one of them
    record GeneratorLoad(Measured busyShare, Measured collections, Measured pauseMillis, Measured longestPauseMillis) {}
}
