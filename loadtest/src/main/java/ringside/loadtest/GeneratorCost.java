package ringside.loadtest;

import java.util.OptionalDouble;

/// What asking cost the generator itself, within the measured window.
///
/// @param loopCpuNanosPerRequest user and system time of the event loop threads per right answer that came within the
///     window; in an open loop with the turns in which a loop does nothing but wait for the exact time. Absent if there
///     was no answer
/// @param processCpuNanosPerRequest of the whole process per such answer: compiler, collector and live line included.
///     Absent if there was no answer, or if this JVM doesn't tell
/// @param loopBusyShare CPU time of the loops, without such turns / (their number × wall time): 0 to 1
/// @param loopWaitShare time in which the loops were ready to run and had no CPU, of the same: from 0, about 1 at most
///     (second word of `/proc/PID/task/TID/schedstat`, Documentation/scheduler/sched-stats.rst). Absent where the
///     kernel doesn't tell
/// @param gcCount collections
/// @param gcPauseMillis time in collections, as the collectors' beans tell it: with the serial collector, which the
///     launcher sets, each collection is one pause of all loops
/// @param gcLongestPauseMillis the longest of them that began within the window, in whole milliseconds, as the JVM
///     tells it; 0 without one
public record GeneratorCost(
        OptionalDouble loopCpuNanosPerRequest,
        OptionalDouble processCpuNanosPerRequest,
        double loopBusyShare,
        OptionalDouble loopWaitShare,
        long gcCount,
        long gcPauseMillis,
        long gcLongestPauseMillis) {}
