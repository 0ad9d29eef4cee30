package ringside.bench.trial;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import ringside.linux.CpuSet;
import ringside.linux.CpuTimes;
import ringside.linux.Kernel;
import ringside.linux.ProcessStat;
import ringside.linux.Processes;
import ringside.linux.Reading;
import ringside.linux.SystemStat;

/// Reads what a server with all its processes, a generator and their CPUs have used, twice; the difference is
/// the cost of the time between.
///
/// ```
///  prepare()   approach()   begin()                                      end()
///  processes | threads      clocks |---- the load ----| clocks | threads | processes
/// ```
///
/// Each number has the moment of its own reading and is divided by the time between its own two readings: a rate
/// over the requests per second of the generator's window is the cost of a request, however the readings
/// and the window are offset, as long as the load lasts. What is quickly read and counts most (CPU clocks,
/// `/proc/stat`) is read next to the window; walking through threads and processes takes milliseconds and
/// stays outside.
public final class CostMeter {

    private static final double NANOS_PER_SECOND = 1e9;

    private final Kernel kernel;
    private final Processes processes;
    private final int serverPid;
    private final int generatorPid;
    private final CpuSet serverCpus;
    private final double nanosPerTick = NANOS_PER_SECOND / SystemStat.ticksPerSecond();
    private List<Integer> known;
    private Optional<Map<Integer, Threads>> threadsBefore = Optional.empty();
    private Optional<Sample> first = Optional.empty();

    /// @param serverCpus what the server is pinned to; empty when it isn't
    public CostMeter(Kernel kernel, long serverPid, long generatorPid, CpuSet serverCpus) {
        this.kernel = kernel;
        this.processes = new Processes(kernel);
        this.serverPid = Math.toIntExact(serverPid);
        this.generatorPid = Math.toIntExact(generatorPid);
        this.serverCpus = serverCpus;
        this.known = List.of(this.serverPid);
    }

    /// What one second of the window cost.
    ///
    /// @param seconds between the two readings
    /// @param serverNanos CPU time of the server's processes
    /// @param userShare the part of it in user space, 0 to 1; from clock ticks
    /// @param switches context switches of the server's threads
    /// @param coreBusyNanos time that the server's CPUs worked, interrupts included
    ///     ([SystemStat#busyNanosSince])
    /// @param softInterruptNanos the part of it that the timer's tick found in soft interrupts: sampled
    /// @param stolenShare the part of the time that the hypervisor took from the server's CPUs, 0 to 1
    /// @param waitNanos time that the server's living threads were ready to run and had no CPU
    /// @param jvmNanos CPU time of the JVM's own living threads: compilers and garbage collectors
    /// @param generatorNanos CPU time of the generator
    /// @param coreErrorNanos how far `coreBusyNanos` may be off: one tick at each end, for each CPU
    public record Rates(
            double seconds,
            Reading<Double> serverNanos,
            Reading<Double> userShare,
            Reading<Double> switches,
            Reading<Double> coreBusyNanos,
            Reading<Double> softInterruptNanos,
            Reading<Double> stolenShare,
            Reading<Double> waitNanos,
            Reading<Double> jvmNanos,
            Reading<Double> generatorNanos,
            double coreErrorNanos) {}

    /// @param atNanos [System#nanoTime()], which is `CLOCK_MONOTONIC`, in the middle of the reading
    private record Look<T>(Reading<T> reading, long atNanos) {
        static <T> Look<T> at(Supplier<Reading<T>> reader) {
            long before = System.nanoTime();
            Reading<T> reading = reader.get();
            return new Look<>(reading, before + (System.nanoTime() - before) / 2);
        }

        <U> Look<U> map(Function<T, U> mapping) {
            return new Look<>(reading.map(mapping), atNanos);
        }
    }

    private record Clocks(Look<Long> nanos, Look<ProcessStat> stat) {}

    private record Threads(Look<ThreadLedger> ledger, Look<Long> switches) {}

    private record Sample(
            Look<SystemStat> machine,
            Map<Integer, Clocks> clocks,
            Look<Long> generator,
            Map<Integer, Threads> threads) {}

    /// Looks for the server's processes: some time before the window, since it walks through all of `/proc`.
    public void prepare() {
        known = serverProcesses();
        threadsBefore = Optional.empty();
    }

    /// Looks at the server's threads, which takes milliseconds: just before the window, by those who know when it
    /// begins. For the others [#begin()] does it.
    public void approach() {
        threadsBefore = Optional.of(threads(known));
    }

    /// The window begins.
    public void begin() {
        if (threadsBefore.isEmpty()) {
            approach();
        }
        first = Optional.of(sample(known, threadsBefore.orElseThrow()));
    }

    /// The window ends.
    ///
    /// @throws IllegalStateException when it never began
    public Rates end() {
        Sample begin = first.orElseThrow(() -> new IllegalStateException("the window never began"));
        Sample end = sample(known, new HashMap<>());
        end.threads.putAll(threads(known));
        List<Integer> late = new ArrayList<>(serverProcesses());
        late.removeAll(known);
        end.clocks.putAll(clocks(late));
        end.threads.putAll(threads(late));
        return rates(begin, end);
    }

    private Rates rates(Sample begin, Sample end) {
        double seconds = (end.machine.atNanos - begin.machine.atNanos) / NANOS_PER_SECOND;
        double cpuSeconds = seconds * Math.max(1, serverCpus.count());
        Reading<Double> busy = core(begin, end, (a, b) -> b.busyNanosSince(a, serverCpus) / seconds);
        Reading<CpuTimes> core = core(begin, end, (a, b) -> b.of(serverCpus).minus(a.of(serverCpus)));
        return new Rates(
                seconds,
                serverRate(begin, end, sample -> map(sample.clocks, Clocks::nanos)),
                userShare(begin, end),
                serverRate(begin, end, sample -> map(sample.threads, Threads::switches)),
                busy,
                core.map(times -> times.softirq() * nanosPerTick / seconds),
                core.map(times -> times.steal() * nanosPerTick / NANOS_PER_SECOND / cpuSeconds),
                threadRate(begin, end, ThreadLedger::waitSince),
                threadRate(begin, end, ThreadLedger::jvmSince),
                rate(begin.generator, end.generator),
                2 * nanosPerTick * Math.max(1, serverCpus.count()) / seconds);
    }

    private <U> Reading<U> core(Sample begin, Sample end, Subtraction<SystemStat, U> subtraction) {
        return serverCpus.isEmpty()
                ? new Reading.Unmeasurable<>("the server isn't pinned, so that no core is its own")
                : difference(begin.machine.reading, end.machine.reading, subtraction);
    }

    private Sample sample(List<Integer> pids, Map<Integer, Threads> threads) {
        Look<SystemStat> machine = Look.at(() -> SystemStat.read(kernel));
        Map<Integer, Clocks> clocks = clocks(pids);
        return new Sample(machine, clocks, Look.at(() -> processes.cpuNanos(generatorPid)), threads);
    }

    private Map<Integer, Clocks> clocks(List<Integer> pids) {
        Map<Integer, Clocks> clocks = new HashMap<>();
        for (int pid : pids) {
            clocks.put(pid, new Clocks(Look.at(() -> processes.cpuNanos(pid)), Look.at(() -> processes.stat(pid))));
        }
        return clocks;
    }

    private Map<Integer, Threads> threads(List<Integer> pids) {
        Map<Integer, Threads> threads = new HashMap<>();
        for (int pid : pids) {
            Look<ThreadLedger> ledger = Look.at(() -> processes.threads(pid).map(ThreadLedger::of));
            threads.put(pid, new Threads(ledger, Look.at(() -> processes.contextSwitches(pid))));
        }
        return threads;
    }

    private List<Integer> serverProcesses() {
        List<Integer> pids = new ArrayList<>(List.of(serverPid));
        processes.descendants(serverPid).forEach(process -> pids.add(process.id()));
        return List.copyOf(pids);
    }

    @FunctionalInterface
    private interface Subtraction<T, U> {
        U apply(T begin, T end);
    }

    private static <T, U> Map<Integer, Look<U>> map(Map<Integer, T> parts, Function<T, Look<U>> part) {
        Map<Integer, Look<U>> mapped = new HashMap<>();
        parts.forEach((pid, value) -> mapped.put(pid, part.apply(value)));
        return mapped;
    }

    /// The sum over the server's processes. One that wasn't there at the beginning began at zero; one that is
    /// gone at the end took its number with it: then the sum is unmeasurable.
    private static Reading<Double> serverRate(
            Sample begin, Sample end, Function<Sample, Map<Integer, Look<Long>>> part) {
        Map<Integer, Look<Long>> before = part.apply(begin);
        Look<Long> nothing = new Look<>(new Reading.Measured<>(0L), begin.machine.atNanos);
        double sum = 0;
        for (Map.Entry<Integer, Look<Long>> process : part.apply(end).entrySet()) {
            Reading<Double> rate = rate(before.getOrDefault(process.getKey(), nothing), process.getValue());
            if (!rate.isMeasured()) {
                boolean ended = rate instanceof Reading.Vanished<Double>;
                return new Reading.Unmeasurable<>(rate.whyMissing() + (ended ? " within the window" : ""));
            }
            sum += rate.orThrow();
        }
        return new Reading.Measured<>(sum);
    }

    private static Reading<Double> threadRate(
            Sample begin, Sample end, BiFunction<ThreadLedger, ThreadLedger, Reading<Long>> part) {
        Look<ThreadLedger> nothing = new Look<>(new Reading.Measured<>(ThreadLedger.NONE), begin.machine.atNanos);
        double sum = 0;
        for (Map.Entry<Integer, Threads> process : end.threads.entrySet()) {
            Look<ThreadLedger> last = process.getValue().ledger;
            Threads threads = begin.threads.get(process.getKey());
            Look<ThreadLedger> start = threads == null ? nothing : threads.ledger;
            if (!start.reading.isMeasured() || !last.reading.isMeasured()) {
                return new Reading.Unmeasurable<>(
                        last.reading.isMeasured() ? start.reading.whyMissing() : last.reading.whyMissing());
            }
            Reading<Long> nanos = part.apply(last.reading.orThrow(), start.reading.orThrow());
            if (!nanos.isMeasured()) {
                return new Reading.Unmeasurable<>(nanos.whyMissing());
            }
            sum += nanos.orThrow() * NANOS_PER_SECOND / (last.atNanos - start.atNanos);
        }
        return new Reading.Measured<>(sum);
    }

    private static Reading<Double> userShare(Sample begin, Sample end) {
        Reading<Double> user = serverRate(begin, end, sample -> ticks(sample, ProcessStat::userTicks));
        Reading<Double> all = serverRate(begin, end, sample -> ticks(sample, ProcessStat::cpuTicks));
        return difference(user, all, (userTicks, allTicks) -> {
            if (allTicks <= 0) {
                throw new IllegalArgumentException("the server used less than a clock tick");
            }
            return userTicks / allTicks;
        });
    }

    private static Map<Integer, Look<Long>> ticks(Sample sample, Function<ProcessStat, Long> part) {
        return map(sample.clocks, clocks -> clocks.stat.map(part));
    }

    private static Reading<Double> rate(Look<Long> begin, Look<Long> end) {
        double seconds = (end.atNanos - begin.atNanos) / NANOS_PER_SECOND;
        return difference(begin.reading, end.reading, (a, b) -> (b - a) / seconds);
    }

    private static <T, U> Reading<U> difference(Reading<T> begin, Reading<T> end, Subtraction<T, U> subtraction) {
        if (!begin.isMeasured()) {
            return new Reading.Unmeasurable<>(begin.whyMissing());
        }
        return end.map(value -> subtraction.apply(begin.orThrow(), value));
    }
}
