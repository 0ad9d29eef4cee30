package ringside.loadtest;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/// Reads what the generator itself uses, at both ends of the window.
final class WindowCost {

    private final List<LoopUsage> loopsAtStart;
    private final long processCpuNanosAtStart;
    private final long gcCountAtStart;
    private final long gcMillisAtStart;
    private List<LoopUsage> loopsAtEnd = List.of();
    private long processCpuNanosAtEnd;
    private long gcCountAtEnd;
    private long gcMillisAtEnd;

    private WindowCost(List<LoopUsage> loops) {
        loopsAtStart = loops;
        processCpuNanosAtStart = processCpuNanos();
        gcCountAtStart = gcCount();
        gcMillisAtStart = gcMillis();
    }

    static WindowCost begin(List<LoopUsage> loops) {
        return new WindowCost(List.copyOf(loops));
    }

    void end(List<LoopUsage> loops) {
        loopsAtEnd = new ArrayList<>(loops);
        processCpuNanosAtEnd = processCpuNanos();
        gcCountAtEnd = gcCount();
        gcMillisAtEnd = gcMillis();
    }

    /// Of the window, as the loops saw it on average.
    double seconds() {
        double sum = 0;
        for (int i = 0; i < loopsAtEnd.size(); i++) {
            sum += loopsAtEnd.get(i).atNanos() - loopsAtStart.get(i).atNanos();
        }
        return sum / loopsAtEnd.size() / 1e9;
    }

    /// @param answers by which the CPU time is divided
    GeneratorCost cost(long answers) {
        double wall = 0;
        double cpu = 0;
        double wait = 0;
        double empty = 0;
        for (int i = 0; i < loopsAtEnd.size(); i++) {
            LoopUsage from = loopsAtStart.get(i);
            LoopUsage to = loopsAtEnd.get(i);
            wall += to.atNanos() - from.atNanos();
            cpu += to.cpuNanos() - from.cpuNanos();
            wait += to.waitNanos() - from.waitNanos();
            empty += to.emptyNanos() - from.emptyNanos();
        }
        double process = processCpuNanosAtStart < 0 ? Double.NaN : processCpuNanosAtEnd - processCpuNanosAtStart;
        return new GeneratorCost(
                answers == 0 ? Double.NaN : cpu / answers,
                answers == 0 ? Double.NaN : process / answers,
                Math.clamp((cpu - empty) / wall, 0, 1),
                Double.isNaN(wait) ? Double.NaN : Math.clamp(wait / wall, 0, 1),
                gcCountAtEnd - gcCountAtStart,
                gcMillisAtEnd - gcMillisAtStart);
    }

    private static long processCpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : -1;
    }

    private static long gcCount() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    private static long gcMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }
}
