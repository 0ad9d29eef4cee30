package ringside.loadtest;

/// What asking cost the generator itself, within the measured window. A number that couldn't be measured here is NaN.
///
/// @param loopCpuNanosPerRequest user and system time of the event loop threads per right answer; in an open loop with
///     the turns in which a loop does nothing but wait for the exact time
/// @param processCpuNanosPerRequest of the whole process per request: compiler, collector and live line included
/// @param loopBusyShare CPU time of the loops, without such turns / (their number × wall time): 0 to 1
/// @param loopWaitShare time in which the loops were ready to run and had no CPU, of the same: 0 to 1 (second word of
///     `/proc/thread-self/schedstat`, Documentation/scheduler/sched-stats.rst)
/// @param gcCount collections
/// @param gcPauseMillis time in collections, as the collectors' beans tell it
public record GeneratorCost(
        double loopCpuNanosPerRequest,
        double processCpuNanosPerRequest,
        double loopBusyShare,
        double loopWaitShare,
        long gcCount,
        long gcPauseMillis) {}
