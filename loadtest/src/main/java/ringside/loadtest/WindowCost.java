package ringside.loadtest;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.OptionalDouble;

/// Reads what the generator itself uses, at both ends of the window. Not on the loops' threads.
final class WindowCost {

    private static final CollectionPauses PAUSES = CollectionPauses.listen();

    private final List<LoopUsage> loopsAtStart;
    private final long processCpuNanosAtStart;
    private final long gcCountAtStart;
    private final long gcMillisAtStart;
    private final long uptimeMillisAtStart;
    private List<LoopUsage> loopsAtEnd = List.of();
    private long processCpuNanosAtEnd;
    private long gcCountAtEnd;
    private long gcMillisAtEnd;
    private long uptimeMillisAtEnd;

    private WindowCost(List<LoopUsage> loops) {
        loopsAtStart = loops;
        processCpuNanosAtStart = processCpuNanos();
        gcCountAtStart = gcCount();
        gcMillisAtStart = gcMillis();
        uptimeMillisAtStart = CollectionPauses.uptimeMillis();
    }

    static WindowCost begin(List<LoopUsage> loops) {
        return new WindowCost(List.copyOf(loops));
    }

    void end(List<LoopUsage> loops) {
        loopsAtEnd = List.copyOf(loops);
        processCpuNanosAtEnd = processCpuNanos();
        gcCountAtEnd = gcCount();
        gcMillisAtEnd = gcMillis();
        uptimeMillisAtEnd = CollectionPauses.uptimeMillis();
    }

    /// The two readings may lie around the window: load is the same there.
    ///
    /// @param answers of the window
    /// @param seconds the window's length
    GeneratorCost cost(long answers, double seconds) {
        double wall = 0;
        double cpu = 0;
        double wait = 0;
        double empty = 0;
        for (int i = 0; i < loopsAtEnd.size(); i++) {
            LoopUsage from = loopsAtStart.get(i);
            LoopUsage to = loopsAtEnd.get(i);
            wall += to.atNanos() - from.atNanos();
            cpu += to.cpuNanos() - from.cpuNanos();
            wait += to.waitNanos().orElse(Double.NaN) - from.waitNanos().orElse(Double.NaN);
            empty += to.emptyNanos() - from.emptyNanos();
        }
        double wholeAnswers = answers / seconds * wall / loopsAtEnd.size() / 1e9;
        double process = processCpuNanosAtStart < 0 ? Double.NaN : processCpuNanosAtEnd - processCpuNanosAtStart;
        return new GeneratorCost(
                known(cpu / wholeAnswers),
                known(process / wholeAnswers),
                Math.clamp((cpu - empty) / wall, 0, 1),
                known(wait / wall),
                gcCountAtEnd - gcCountAtStart,
                gcMillisAtEnd - gcMillisAtStart,
                PAUSES.longestMillis(uptimeMillisAtStart, uptimeMillisAtEnd));
    }

    /// What can't be known has become NaN, or infinite through a division by no answers.
    private static OptionalDouble known(double value) {
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
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
