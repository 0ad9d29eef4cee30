package ringside.bench.ledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import ringside.linux.Kernel;
import ringside.linux.ProcessIo;
import ringside.linux.ProcessStat;
import ringside.linux.Processes;
import ringside.linux.Reading;
import ringside.linux.RingCounts;

/// What `/proc` says at one moment of a process and its descendants.
///
/// @param atNanos [System#nanoTime()] in the middle of the reading
/// @param ringsAtNanos the same of the rings, which may have to be waited for
/// @param processes by id
record ProcessSample(long atNanos, long ringsAtNanos, Map<Integer, One> processes) {

    private static final String RING_WORKER = "iou-wrk-";

    /// @param switches context switches of the living threads
    /// @param ringWorkers living threads that the ring has started
    record One(
            Reading<ProcessIo> io,
            Reading<ProcessStat> stat,
            Reading<Long> switches,
            Reading<RingCounts> rings,
            Reading<Long> ringWorkers) {

        private One with(Reading<RingCounts> counts) {
            return new One(io, stat, switches, counts, ringWorkers);
        }
    }

    /// The process and its descendants: walks through all of `/proc`, which takes its time.
    static List<Integer> family(Kernel kernel, int processId) {
        List<Integer> ids = new ArrayList<>(List.of(processId));
        new Processes(kernel).descendants(processId).forEach(child -> ids.add(child.id()));
        return List.copyOf(ids);
    }

    static ProcessSample read(Kernel kernel, List<Integer> processIds) {
        Processes processes = new Processes(kernel);
        long begin = System.nanoTime();
        Map<Integer, One> read = new LinkedHashMap<>();
        for (int id : processIds) {
            read.put(id, one(processes, id));
        }
        long between = System.nanoTime();
        read.replaceAll((id, one) -> one.with(RingCounts.of(kernel, id)));
        long end = System.nanoTime();
        return new ProcessSample(begin + (between - begin) / 2, between + (end - between) / 2, read);
    }

    /// With processes that came later.
    ProcessSample with(ProcessSample others) {
        Map<Integer, One> all = new LinkedHashMap<>(processes);
        all.putAll(others.processes);
        return new ProcessSample(atNanos, ringsAtNanos, all);
    }

    private static One one(Processes processes, int processId) {
        return new One(
                processes.io(processId),
                processes.stat(processId),
                processes.contextSwitches(processId),
                new Reading.Unmeasurable<>("not read yet"),
                processes
                        .threads(processId)
                        .map(threads -> threads.stream()
                                .filter(thread -> thread.stat().name().startsWith(RING_WORKER))
                                .count()));
    }

    /// How much a number has grown since `earlier`, all processes together. One that wasn't there began at 0; one
    /// that is gone took its number with it.
    Reading<Long> since(ProcessSample earlier, Function<One, Reading<Long>> number) {
        return sum(
                earlier,
                (now, then) -> number.apply(now)
                        .map(value -> value
                                - (then.isEmpty()
                                        ? 0
                                        : number.apply(then.getFirst()).orThrow())));
    }

    /// The same of the rings' counters, which wrap.
    Reading<Long> ringsSince(ProcessSample earlier, RingDifference difference) {
        RingCounts none = new RingCounts(Map.of());
        return sum(
                earlier,
                (now, then) -> now.rings.map(rings -> difference.of(
                        rings, then.isEmpty() ? none : then.getFirst().rings.orThrow())));
    }

    @FunctionalInterface
    interface RingDifference {
        long of(RingCounts now, RingCounts then);
    }

    /// All processes together, now.
    Reading<Long> total(Function<One, Reading<Long>> number) {
        return since(new ProcessSample(0, 0, Map.of()), number);
    }

    @FunctionalInterface
    private interface Growth {
        Reading<Long> of(One now, List<One> then);
    }

    private Reading<Long> sum(ProcessSample earlier, Growth growth) {
        for (int processId : earlier.processes.keySet()) {
            if (!processes.containsKey(processId)) {
                return new Reading.Unmeasurable<>("process " + processId + " ended meanwhile");
            }
        }
        long sum = 0;
        for (Map.Entry<Integer, One> process : processes.entrySet()) {
            One then = earlier.processes.get(process.getKey());
            Reading<Long> grown;
            try {
                grown = growth.of(process.getValue(), then == null ? List.of() : List.of(then));
            } catch (IllegalStateException e) {
                return new Reading.Unmeasurable<>(String.valueOf(e.getMessage()));
            }
            if (!grown.isMeasured()) {
                return new Reading.Unmeasurable<>(grown.whyMissing());
            }
            sum += grown.orThrow();
        }
        return new Reading.Measured<>(sum);
    }
}
