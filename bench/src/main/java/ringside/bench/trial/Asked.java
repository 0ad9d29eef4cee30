package ringside.bench.trial;

import java.util.Map;
import java.util.Optional;
import ringside.bench.result.Answer;
import ringside.bench.result.Latency;
import ringside.bench.result.Measured;

/// What the generator says of a window, and what the window cost.
///
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
        Optional<String> failure,
        CostMeter.Rates rates,
        Measured residencyBefore,
        Measured residencyAfter) {}
