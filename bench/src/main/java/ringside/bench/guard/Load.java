package ringside.bench.guard;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ringside.linux.CpuSet;
import ringside.linux.ProcessStat;
import ringside.linux.Processes;
import ringside.linux.Reading;
import ringside.linux.SystemStat;

/// Who used the CPUs between two looks: ours, the kernel's threads, or others.
///
/// Others can be counted in two ways, and each has its blind side:
///
/// - **by name**: the CPU time of all processes that aren't ours, with what their ended children left to them. Exact,
///   but it doesn't say on which CPUs, and processes of another PID namespace aren't seen;
/// - **by what is left**: busy time of the watched CPUs less what ours and the kernel's threads used. On the right
/// CPUs,
///   but interrupts that hit an idle CPU are nobody's, and it is as coarse as clock ticks.
///
/// The smaller of the two is taken: neither alone may accuse. Where not all processes can be seen (a container) only
/// the second is there.
///
/// @param cpus CPU seconds of others per second
/// @param byName of the programs that used most, largest first; may be empty
record Load(Reading<Double> cpus, Map<String, Double> byName) {

    private static final int NAMED_MOST = 3;
    private static final double WORTH_NAMING = 0.01;

    /// The kernel's own process, whose children its threads are; seen by everybody but from within a PID namespace.
    private static final int KTHREADD = 2;

    /// @param self the process whose descendants, like itself, are ours
    static Load between(MachineLook begin, MachineLook end, int self, CpuSet watched) {
        double seconds = (end.atNanos() - begin.atNanos()) / 1e9;
        double perTick = 1.0 / SystemStat.ticksPerSecond() / seconds;
        Set<Integer> ours = ours(begin, self);
        ours.addAll(ours(end, self));
        Map<Integer, ProcessStat> before = new HashMap<>();
        begin.processes().forEach(process -> before.put(process.id(), process));
        long ownTicks = 0;
        long kernelTicks = 0;
        long othersTicks = 0;
        Map<String, Long> named = new HashMap<>();
        for (ProcessStat process : end.processes()) {
            long ticks = since(before.remove(process.id()), process);
            if (ours.contains(process.id())) {
                ownTicks += ticks;
            } else if (isOfKernel(process)) {
                kernelTicks += watched.contains(process.lastCpu()) ? ticks : 0;
            } else {
                othersTicks += ticks;
                named.merge(process.name(), ticks, Long::sum);
            }
        }
        // What has ended left all it ever used to its parent, of which a part is older than this span.
        for (ProcessStat ended : before.values()) {
            long ticks = ended.cpuTicks() + ended.childrenTicks();
            if (ours.contains(ended.id())) {
                ownTicks -= ticks;
            } else if (!isOfKernel(ended)) {
                othersTicks -= ticks;
            }
        }
        double byProcesses = Math.max(0, othersTicks) * perTick;
        double known = (ownTicks + kernelTicks) * perTick;
        boolean allSeen = end.processes().stream().anyMatch(process -> process.id() == KTHREADD);
        Reading<Double> left = left(begin, end, watched, seconds).map(busy -> Math.max(0, busy - known));
        Reading<Double> cpus = !allSeen
                ? left
                : left.isMeasured()
                        ? left.map(rest -> Math.min(rest, byProcesses))
                        : new Reading.Measured<>(byProcesses);
        return new Load(cpus, largest(named, perTick));
    }

    private static Reading<Double> left(MachineLook begin, MachineLook end, CpuSet watched, double seconds) {
        Optional<SystemStat> from = begin.cpus().value();
        return from.isEmpty()
                ? new Reading.Unmeasurable<>(begin.cpus().whyMissing())
                : end.cpus().map(to -> to.busyNanosSince(from.get(), watched) / 1e9 / seconds);
    }

    private static Set<Integer> ours(MachineLook look, int self) {
        Set<Integer> ours = new HashSet<>(Set.of(self));
        Processes.descendants(self, look.processes()).forEach(process -> ours.add(process.id()));
        return ours;
    }

    private static boolean isOfKernel(ProcessStat process) {
        return process.id() == KTHREADD || process.parentId() == KTHREADD;
    }

    /// @param before of the same id; another process when it started at another time
    private static long since(@org.jspecify.annotations.Nullable ProcessStat before, ProcessStat now) {
        long ticks = now.cpuTicks() + now.childrenTicks();
        return before != null && before.startTicks() == now.startTicks()
                ? ticks - before.cpuTicks() - before.childrenTicks()
                : ticks;
    }

    private static Map<String, Double> largest(Map<String, Long> ticksByName, double perTick) {
        Map<String, Double> largest = new LinkedHashMap<>();
        List<Map.Entry<String, Long>> sorted = ticksByName.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(NAMED_MOST)
                .toList();
        for (Map.Entry<String, Long> entry : sorted) {
            double cpus = entry.getValue() * perTick;
            if (cpus >= WORTH_NAMING) {
                largest.put(entry.getKey(), cpus);
            }
        }
        return largest;
    }
}
