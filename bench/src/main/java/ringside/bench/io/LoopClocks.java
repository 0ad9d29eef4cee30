package ringside.bench.io;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import ringside.linux.Syscall;

/// What the event loop's thread had used at one moment. Taken on that thread.
///
/// @param atNanos [System#nanoTime()]
/// @param cpuNanos CPU time (`CLOCK_THREAD_CPUTIME_ID`); −1 where the JVM doesn't tell
/// @param userNanos the part of it in user space, in clock ticks; −1 likewise
/// @param allocatedBytes on the Java heap since the thread's start
/// @param emptyNanos spent turning while nothing was due
/// @param systemCalls of [CountingKernel#made()]
record LoopClocks(
        long atNanos,
        long cpuNanos,
        long userNanos,
        long allocatedBytes,
        long emptyNanos,
        Map<Syscall, Long> systemCalls) {

    LoopClocks {
        systemCalls = Map.copyOf(systemCalls);
    }

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// Loads what a first look needs, so that no window begins with it.
    static void rehearse() {
        look(0, 0, Map.of());
    }

    static LoopClocks look(long atNanos, long emptyNanos, Map<Syscall, Long> systemCalls) {
        return new LoopClocks(
                atNanos,
                THREADS.getCurrentThreadCpuTime(),
                THREADS.getCurrentThreadUserTime(),
                THREADS.getCurrentThreadAllocatedBytes(),
                emptyNanos,
                systemCalls);
    }
}
