package ringside.bench.trial;

import java.nio.file.Path;
import java.time.Duration;
import ringside.bench.result.Rules;
import ringside.engines.Transport;

/// What all trials of a run have in common.
///
/// @param launcher starts our server and our generator
/// @param cpus where they run
/// @param runDirectory where the histogram logs go
/// @param root the directory that is served, absolute
/// @param rules when the warm-up ends, and which trials count as disturbed
/// @param duration of the window
/// @param generatorTransport of our generator: the same for every contender
/// @param seed of the generator's choices
public record TrialSettings(
        Launcher launcher,
        CpuPlan cpus,
        Path runDirectory,
        Path root,
        Rules rules,
        Duration duration,
        Transport generatorTransport,
        long seed) {}
