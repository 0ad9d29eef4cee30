package ringside.loadtest;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.StringTokenizer;

/// What a thread has used so far.
///
/// @param atNanos when it was read, on the clock of [System#nanoTime()]
/// @param cpuNanos user and system time
/// @param waitNanos ready to run without a CPU; NaN where the kernel doesn't tell
/// @param emptyNanos spent in empty turns of a paced loop
record LoopUsage(long atNanos, long cpuNanos, double waitNanos, long emptyNanos) {

    private static final Path SCHEDSTAT = Path.of("/proc/thread-self/schedstat");

    /// Of the calling thread.
    static LoopUsage now(long emptyNanos) {
        return new LoopUsage(
                System.nanoTime(),
                ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime(),
                readWaitNanos(),
                emptyNanos);
    }

    /// The second of the three numbers (Documentation/scheduler/sched-stats.rst; CONFIG_SCHED_INFO).
    private static double readWaitNanos() {
        try {
            StringTokenizer words = new StringTokenizer(Files.readString(SCHEDSTAT));
            words.nextToken();
            return Double.parseDouble(words.nextToken());
        } catch (IOException | NumberFormatException | NoSuchElementException e) {
            return Double.NaN;
        }
    }
}
