package ringside.loadtest;

import java.util.OptionalDouble;

/// What a loop's thread has used so far. Read by [LoopMeter].
///
/// @param atNanos when it was read, on the clock of [System#nanoTime()]
/// @param cpuNanos user and system time
/// @param waitNanos ready to run without a CPU; absent where the kernel doesn't tell
/// @param emptyNanos spent in empty turns of a paced loop
record LoopUsage(long atNanos, long cpuNanos, OptionalDouble waitNanos, long emptyNanos) {}
