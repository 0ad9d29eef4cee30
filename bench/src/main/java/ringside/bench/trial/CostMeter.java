package ringside.bench.trial;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import ringside.linux.CpuSet;
import ringside.linux.CpuTimes;
import ringside.linux.Kernel;
import ringside.linux.ProcessStat;
import ringside.linux.Processes;
import ringside.linux.Reading;
import ringside.linux.SystemStat;
import ringside.linux.ThreadRun;
import ringside.linux.ThreadTimes;

/// Reads what a server with all its processes, a generator and their CPUs have used, twice; the difference is
/// the cost of the time between.
///
/// Costs are handed out as rates (CPU time per second of wall time), since the two looks happen a moment after the
/// generator's own marks: a rate over the requests per second of the generator's window is the cost of a request,
/// however
/// the two windows are offset.
final class CostMeter {

    private final Kernel kernel;
    private final Processes processes;
    private final int serverPid;
    private final int generatorPid;
    private final CpuSet serverCpus;
    private final double ticksPerSecond = SystemStat.ticksPerSecond();
    private Optional<Sample> first = Optional.empty();

    /// @param serverCpus what the server is pinned to; empty when it isn't
    CostMeter(Kernel kernel, long serverPid, long generatorPid, CpuSet serverCpus) {
        this.kernel = kernel;
        this.processes = new Processes(kernel);
        this.serverPid = Math.toIntExact(serverPid);
        this.generatorPid = Math.toIntExact(generatorPid);
        this.serverCpus = serverCpus;
    }

    /// What one second of the window cost.
    ///
    /// @param serverNanos CPU time of the server's processes
    /// @param userShare the part of it in user space, 0 to 1
    /// @param switches context switches of the server's threads
    /// @param coreBusyNanos time in which the server's CPUs worked, interrupts included
    /// @param stolenShare the part of the time that the hypervisor took from the server's CPUs, 0 to 1
    /// @param waitNanos time that the server's threads were ready to run and had no CPU
    /// @param generatorNanos CPU time of the generator
    record Rates(
            Reading<Double> serverNanos,
            Reading<Double> userShare,
            Reading<Double> switches,
            Reading<Double> coreBusyNanos,
            Reading<Double> stolenShare,
            Reading<Double> waitNanos,
            Reading<Double> generatorNanos) {}

    private record ProcessCost(
            Reading<Long> nanos, Reading<ProcessStat> stat, Reading<Long> switches, Reading<Long> waitNanos) {}

    private record Sample(
            long atNanos, Map<Integer, ProcessCost> server, Reading<CpuTimes> core, Reading<Long> generatorNanos) {}

    /// The window begins.
    void begin() {
        first = Optional.of(sample());
    }

    /// The window ends.
    ///
    /// @throws IllegalStateException when it never began
    Rates end() {
        Sample end = sample();
        Sample begin = first.orElseThrow(() -> new IllegalStateException("the window never began"));
        double seconds = (end.atNanos - begin.atNanos) / 1e9;
        Reading<CpuTimes> core = difference(begin.core, end.core, (a, b) -> b.minus(a));
        return new Rates(
                serverSum(begin, end, ProcessCost::nanos).map(nanos -> nanos / seconds),
                userShare(begin, end),
                serverSum(begin, end, ProcessCost::switches).map(switches -> switches / seconds),
                core.map(times -> times.busyTicks() * 1e9 / ticksPerSecond / seconds),
                core.map(times -> times.totalTicks() == 0 ? 0.0 : (double) times.steal() / times.totalTicks()),
                serverSum(begin, end, ProcessCost::waitNanos).map(nanos -> nanos / seconds),
                difference(begin.generatorNanos, end.generatorNanos, (a, b) -> (b - a) / seconds));
    }

    private Sample sample() {
        Map<Integer, ProcessCost> server = new HashMap<>();
        server.put(serverPid, cost(serverPid));
        for (ProcessStat descendant : processes.descendants(serverPid)) {
            server.put(descendant.id(), cost(descendant.id()));
        }
        Reading<CpuTimes> core = serverCpus.isEmpty()
                ? new Reading.Unmeasurable<>("the server isn't pinned, so that no core is its own")
                : SystemStat.read(kernel).map(stat -> stat.of(serverCpus));
        return new Sample(System.nanoTime(), server, core, processes.cpuNanos(generatorPid));
    }

    private ProcessCost cost(int pid) {
        return new ProcessCost(
                processes.cpuNanos(pid), processes.stat(pid), processes.contextSwitches(pid), waitNanos(pid));
    }

    /// Of the living threads: a thread that ends takes its number with it, so that this is a hint and no cost.
    private Reading<Long> waitNanos(int pid) {
        return processes.threads(pid).map(threads -> {
            long sum = 0;
            for (ThreadTimes thread : threads) {
                sum += thread.run().map(ThreadRun::waitNanos).value().orElse(0L);
            }
            return sum;
        });
    }

    @FunctionalInterface
    private interface Part {
        Reading<Long> of(ProcessCost cost);
    }

    @FunctionalInterface
    private interface Subtraction<T, U> {
        U apply(T begin, T end);
    }

    /// A process that wasn't there at the beginning began at zero; one that is gone at the end took its number
    /// with it.
    private static Reading<Double> serverSum(Sample begin, Sample end, Part part) {
        double sum = 0;
        for (int pid : begin.server.keySet()) {
            if (!end.server.containsKey(pid)) {
                return new Reading.Unmeasurable<>("process " + pid + " of the server ended within the window");
            }
        }
        for (Map.Entry<Integer, ProcessCost> process : end.server.entrySet()) {
            Reading<Long> last = part.of(process.getValue());
            ProcessCost before = begin.server.get(process.getKey());
            Reading<Long> start = before == null ? new Reading.Measured<>(0L) : part.of(before);
            if (!last.isMeasured() || !start.isMeasured()) {
                return new Reading.Unmeasurable<>(last.isMeasured() ? start.whyMissing() : last.whyMissing());
            }
            sum += last.orThrow() - start.orThrow();
        }
        return new Reading.Measured<>(sum);
    }

    private static Reading<Double> userShare(Sample begin, Sample end) {
        Reading<Double> user = serverSum(begin, end, cost -> cost.stat().map(ProcessStat::userTicks));
        Reading<Double> all = serverSum(begin, end, cost -> cost.stat().map(ProcessStat::cpuTicks));
        return difference(user, all, (userTicks, allTicks) -> {
            if (allTicks <= 0) {
                throw new IllegalArgumentException("the server used less than a clock tick");
            }
            return userTicks / allTicks;
        });
    }

    private static <T, U> Reading<U> difference(Reading<T> begin, Reading<T> end, Subtraction<T, U> subtraction) {
        if (!begin.isMeasured()) {
            return new Reading.Unmeasurable<>(begin.whyMissing());
        }
        return end.map(value -> subtraction.apply(begin.orThrow(), value));
    }
}
