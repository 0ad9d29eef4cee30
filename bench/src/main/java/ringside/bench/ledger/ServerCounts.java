package ringside.bench.ledger;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import ringside.server.HttpServer;

/// What a server of ours says that it has done since its start.
///
/// @param engine what the engine has counted, by name
/// @param answers begun, of any status
/// @param allocatedBytes on the Java heap by all threads of the server, those that have ended as well, but not by the
///     one that looks. Buffers outside the heap, the JVM's own memory and what the compilers need aren't in it
/// @param atNanos when this was so: [System#nanoTime()], which is the same clock in all processes of a machine
///     (`CLOCK_MONOTONIC`)
public record ServerCounts(SortedMap<String, Long> engine, long answers, long allocatedBytes, long atNanos) {

    public ServerCounts {
        engine = Collections.unmodifiableSortedMap(new TreeMap<>(engine));
        if (answers < 0 || allocatedBytes < 0) {
            throw new IllegalArgumentException(
                    answers + " answers and " + allocatedBytes + " bytes are less than none");
        }
    }

    /// Of a server in this process, now. Waits for its event loops.
    ///
    /// @throws java.util.concurrent.RejectedExecutionException when the server has been closed
    public static ServerCounts of(HttpServer server) {
        SortedMap<String, Long> engine = server.engineCounts();
        long answers = server.counters().answers();
        long atNanos = System.nanoTime();
        return new ServerCounts(engine, answers, allocatedByOthers(), atNanos);
    }

    private static long allocatedByOthers() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Math.max(0, threads.getTotalThreadAllocatedBytes() - threads.getCurrentThreadAllocatedBytes());
    }
}
