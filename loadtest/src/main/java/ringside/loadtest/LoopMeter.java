package ringside.loadtest;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import ringside.linux.ThreadRun;

/// Reads what a loop's thread has used, from another thread: the loop itself has requests in flight, and whatever it
/// did for the reading at an edge of the window would be in their times.
///
/// The CPU time is that of the thread's own clock (clock_gettime(2)): the run time in `schedstat` is only brought up to
/// date when the scheduler looks, every few ms.
final class LoopMeter {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long threadId;
    private final @Nullable Path schedstat;

    private LoopMeter(long threadId, @Nullable Path schedstat) {
        this.threadId = threadId;
        this.schedstat = schedstat;
    }

    /// A meter of the calling thread, for other threads to use.
    static LoopMeter ofCurrentThread() {
        return new LoopMeter(Thread.currentThread().threadId(), schedstatOfCurrentThread());
    }

    /// `/proc/thread-self` is there since Linux 3.17 (proc_pid_task(5)); it leads to `PID/task/TID`.
    private static @Nullable Path schedstatOfCurrentThread() {
        try {
            Path proc = Path.of("/proc");
            return proc.resolve(Files.readSymbolicLink(proc.resolve("thread-self")))
                    .resolve("schedstat");
        } catch (IOException e) {
            return null;
        }
    }

    /// @param emptyNanos as the loop tells it
    LoopUsage read(long emptyNanos) {
        long cpuNanos = THREADS.getThreadCpuTime(threadId);
        return new LoopUsage(System.nanoTime(), cpuNanos, waitNanos(), emptyNanos);
    }

    private OptionalDouble waitNanos() {
        if (schedstat == null) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(
                    (double) ThreadRun.parse(Files.readString(schedstat)).waitNanos());
        } catch (IOException | IllegalArgumentException e) {
            // Kernels without CONFIG_SCHED_INFO don't have it.
            return OptionalDouble.empty();
        }
    }
}
