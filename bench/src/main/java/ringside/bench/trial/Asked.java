package ringside.bench.trial;

import java.util.Map;
import java.util.Optional;
import ringside.bench.result.Latency;
import ringside.bench.result.Measured;

/// What the generator says of a window, and what the window cost.
///
/// @param failure why the numbers aren't those of a whole window, if they aren't
/// @param residencyBefore fraction of the files in the page cache just before the window
/// @param residencyAfter the same just after
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
        boolean limited,
        String limitSentence,
        Optional<String> failure,
        CostMeter.Rates rates,
        Measured residencyBefore,
        Measured residencyAfter) {}
