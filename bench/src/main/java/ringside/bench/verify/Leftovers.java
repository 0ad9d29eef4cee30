package ringside.bench.verify;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// What a process holds: descriptors, mappings of rings and of files, threads, direct memory. Taken before a
/// server and after it, the difference is what the server has left behind.
///
/// @param descriptors how many of each kind: sockets and pipes without their numbers, files by their path
/// @param mappings of rings, AIO contexts and files of the tree
/// @param threads of the program, not of the JVM
/// @param directBytes that the JDK has allocated outside the heap, Netty's stock apart
record Leftovers(
        Map<String, Integer> descriptors, Map<String, Integer> mappings, Set<Thread> threads, long directBytes) {

    /// Temporary buffers of the JDK's own sockets come and go.
    private static final long DIRECT_BYTES_TOLERATED = 1 << 20;

    private static final long LOOK_NANOS = 20_000_000;

    /// @param tree whose mapped files count
    static Leftovers now(Path tree) throws IOException {
        return new Leftovers(openDescriptors(), madeMappings(tree), runningThreads(), allocatedDirectBytes());
    }

    /// Waits until there is no more than before, at most for `timeout`: what is closed may take a moment to go.
    ///
    /// @return what is left, a sentence for each kind of thing
    static List<String> await(Leftovers before, Path tree, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        int buffers = 0;
        while (true) {
            System.gc();
            buffers += BufferLeaks.found();
            List<String> left = now(tree).beyond(before);
            if (left.isEmpty() || System.nanoTime() > deadline) {
                if (buffers > 0) {
                    left.add(buffers + " of Netty's buffers were dropped without being released");
                }
                return left;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private List<String> beyond(Leftovers before) {
        List<String> left = new ArrayList<>();
        descriptors.forEach((kind, count) -> {
            int more = count - before.descriptors.getOrDefault(kind, 0);
            if (more > 0) {
                left.add(more + " more open " + (more == 1 ? "descriptor: " : "descriptors: ") + kind);
            }
        });
        mappings.forEach((what, count) -> {
            int more = count - before.mappings.getOrDefault(what, 0);
            if (more > 0) {
                left.add(more + " more " + (more == 1 ? "mapping of " : "mappings of ") + what);
            }
        });
        for (Thread thread : threads) {
            if (!before.threads.contains(thread)) {
                left.add("thread '" + thread.getName() + "' still runs");
            }
        }
        long more = directBytes - before.directBytes;
        if (more > DIRECT_BYTES_TOLERATED) {
            left.add(more + " more bytes of direct memory");
        }
        return left;
    }

    private static Map<String, Integer> openDescriptors() throws IOException {
        Map<String, Integer> kinds = new TreeMap<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            for (Path entry : entries.toList()) {
                String target = target(entry);
                // What the JVM opens when it likes: classes, randomness, statistics.
                boolean ofTheJvm = target.startsWith("/proc/")
                        || target.startsWith("/sys/")
                        || target.startsWith("/dev/")
                        || target.endsWith(".jar")
                        || target.endsWith("/lib/modules");
                if (!ofTheJvm) {
                    kinds.merge(target.replaceFirst(":\\[\\d+]$", ""), 1, Integer::sum);
                }
            }
        }
        return kinds;
    }

    private static String target(Path entry) {
        try {
            return Files.readSymbolicLink(entry).toString();
        } catch (IOException e) {
            return "/proc/ closed meanwhile";
        }
    }

    private static Map<String, Integer> madeMappings(Path tree) throws IOException {
        Map<String, Integer> mappings = new TreeMap<>();
        String prefix = tree.toRealPath().toString();
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            int path = line.indexOf('/');
            String what = path < 0 ? "" : line.substring(path);
            if (what.startsWith("/[aio]") || what.startsWith(prefix)) {
                mappings.merge(what, 1, Integer::sum);
            } else if (line.endsWith("anon_inode:[io_uring]")) {
                mappings.merge("a ring", 1, Integer::sum);
            }
        }
        return mappings;
    }

    /// Those in our thread group: the JVM's own are in others. Netty's last helper ends by itself after a second.
    private static Set<Thread> runningThreads() {
        ThreadGroup ours = Thread.currentThread().getThreadGroup();
        Set<Thread> threads = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            ThreadGroup group = thread.getThreadGroup();
            if (group != null
                    && ours != null
                    && ours.parentOf(group)
                    && !thread.getName().startsWith("globalEventExecutor")) {
                threads.add(thread);
            }
        }
        return threads;
    }

    /// Without what Netty's allocator keeps for later: its buffers are counted by [BufferLeaks].
    private static long allocatedDirectBytes() {
        long kept = ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider netty
                ? netty.metric().usedDirectMemory()
                : 0;
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            if (pool.getName().equals("direct")) {
                return pool.getMemoryUsed() - kept;
            }
        }
        return 0;
    }
}
