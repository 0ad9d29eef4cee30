package ringside.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the machine's CPUs did since boot: `/proc/stat`, proc_stat(5).
///
/// @param atNanos when it was read, by [System#nanoTime()], which is `CLOCK_MONOTONIC`: the middle of the read
/// @param all the CPUs together, those that have gone offline included
/// @param byCpu the CPUs that are online, by number
/// @param contextSwitches of the whole machine
/// @param forks processes and threads started
public record SystemStat(
        long atNanos, CpuTimes all, SortedMap<Integer, CpuTimes> byCpu, long contextSwitches, long forks) {

    /// `AT_CLKTCK`, `linux/auxvec.h`.
    static final long AT_CLKTCK = 17;

    public SystemStat {
        byCpu = Collections.unmodifiableSortedMap(new TreeMap<>(byCpu));
    }

    public static Reading<SystemStat> read(Kernel kernel) {
        long beginNanos = System.nanoTime();
        Reading<String> text = new PseudoFiles(kernel).read("/proc/stat");
        long atNanos = beginNanos + (System.nanoTime() - beginNanos) / 2;
        return text.map(lines -> parse(lines, atNanos));
    }

    /// Ticks in a second of all times in `/proc`: what the kernel tells each process at its start
    /// (getauxval(3)).
    public static long ticksPerSecond() {
        try {
            ByteBuffer words = ByteBuffer.wrap(Files.readAllBytes(Path.of("/proc/self/auxv")))
                    .order(ByteOrder.nativeOrder());
            while (words.remaining() >= 2 * Long.BYTES) {
                long type = words.getLong();
                long value = words.getLong();
                if (type == AT_CLKTCK) {
                    return value;
                }
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException("/proc/self/auxv can't be read: mount /proc", e);
        }
        throw new IllegalStateException("/proc/self/auxv has no AT_CLKTCK, which Linux has given since 2.0");
    }

    /// @throws IllegalArgumentException with a sentence, if a line is missing
    static SystemStat parse(String text, long atNanos) {
        CpuTimes all = null;
        SortedMap<Integer, CpuTimes> byCpu = new TreeMap<>();
        long contextSwitches = -1;
        long forks = -1;
        for (String line : text.split("\n", -1)) {
            int blank = line.indexOf(' ');
            String key = blank < 0 ? line : line.substring(0, blank);
            if (key.equals("cpu")) {
                all = CpuTimes.parse(line.substring(3));
            } else if (key.startsWith("cpu")) {
                int cpu = (int) KeyedLines.parseNumber("/proc/stat, CPU number", key.substring(3));
                byCpu.put(cpu, CpuTimes.parse(line.substring(blank)));
            } else if (key.equals("ctxt")) {
                contextSwitches = KeyedLines.parseNumber("/proc/stat, ctxt", line.substring(blank + 1));
            } else if (key.equals("processes")) {
                forks = KeyedLines.parseNumber("/proc/stat, processes", line.substring(blank + 1));
            }
        }
        if (all == null || contextSwitches < 0 || forks < 0) {
            throw new IllegalArgumentException("/proc/stat lacks one of its lines cpu, ctxt, processes");
        }
        return new SystemStat(atNanos, all, byCpu, contextSwitches, forks);
    }

    /// How long some CPUs worked between two readings, added up: [CpuTimes#busyNanosSince], with its rounding
    /// (10 ms for each CPU and end, and each of idle and iowait).
    ///
    /// @throws IllegalArgumentException if one of them isn't online, or if `earlier` is the later one
    public long busyNanosSince(SystemStat earlier, CpuSet cpus) {
        long elapsedNanos = atNanos - earlier.atNanos;
        long busyNanos = 0;
        long ticksPerSecond = ticksPerSecond();
        for (int cpu : cpus.toArray()) {
            busyNanos += timesOf(cpu).busyNanosSince(earlier.timesOf(cpu), elapsedNanos, ticksPerSecond);
        }
        return busyNanos;
    }

    /// The times of some CPUs added up.
    ///
    /// @throws IllegalArgumentException if one of them isn't online
    public CpuTimes of(CpuSet cpus) {
        CpuTimes sum = new CpuTimes(0, 0, 0, 0, 0, 0, 0, 0);
        for (int cpu : cpus.toArray()) {
            sum = sum.plus(timesOf(cpu));
        }
        return sum;
    }

    private CpuTimes timesOf(int cpu) {
        CpuTimes times = byCpu.get(cpu);
        if (times == null) {
            throw new IllegalArgumentException("CPU " + cpu + " is not online: online are " + byCpu.keySet());
        }
        return times;
    }
}
