package ringside.bench.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import ringside.linux.DiskReads;
import ringside.linux.Kernel;
import ringside.linux.PerfCounters;
import ringside.linux.PerfEvent;
import ringside.linux.Reading;

/// Counts what the kernel does for a process and its descendants between two moments: from tracepoints and software
/// counters (perf_event_open(2)) where that is permitted, from `/proc` otherwise, from the rings' own heads and tails;
/// and what a server of ours says that it has counted itself.
///
/// ```
///  LedgerMeter.start(kernel, processId)          stop()
///  attach ─── begin ════════ the work ══════════ end ── LedgerCounts ── over(requests) ──► Ledger
/// ```
///
/// Attaching takes some 50 ms. Withdrawing takes a second or two, since the kernel waits after each tracepoint: it
/// goes on in the background after [#stop()], and [#close()] waits for its end. Until then every system call on the
/// machine takes the slower way, so that nothing should be timed. Nothing throws for what the kernel refuses: it is
/// in the ledger with its reason. One thread.
public final class LedgerMeter implements AutoCloseable {

    private final Kernel kernel;
    private final int processId;
    private final Supplier<Reading<ServerCounts>> server;
    private final List<WatchedEvents> events;
    private final PerfCounters counters;
    private final List<Integer> family;
    private Optional<Sample> first = Optional.empty();
    private Optional<Thread> withdrawal = Optional.empty();

    /// @param counts of each event that could be attached, each with the moment of its own reading
    record Sample(
            Map<PerfEvent, At<Long>> counts, ProcessSample processes, At<DiskReads> disks, At<ServerCounts> server) {}

    /// @param atNanos [System#nanoTime()] in the middle of the reading
    record At<T>(Reading<T> reading, long atNanos) {}

    private LedgerMeter(Kernel kernel, int processId, Supplier<Reading<ServerCounts>> server) {
        this.kernel = kernel;
        this.server = server;
        this.processId = processId;
        this.events = WatchedEvents.of(kernel);
        this.counters = PerfCounters.attach(
                kernel,
                processId,
                events.stream().flatMap(event -> event.event().value().stream()).toList());
        this.family = ProcessSample.family(kernel, processId);
    }

    /// Begins to count.
    ///
    /// @param processId of this process or another that we may trace (ptrace(2))
    public static LedgerMeter start(Kernel kernel, long processId) {
        LedgerMeter meter = attach(kernel, processId);
        meter.begin();
        return meter;
    }

    /// Gets ready to count: for whom the tens of milliseconds that this takes are in the way later.
    public static LedgerMeter attach(Kernel kernel, long processId) {
        return attach(kernel, processId, () -> new Reading.Unmeasurable<>("no server of ours is asked"));
    }

    /// As [#attach(Kernel, long)], with a server's own counts.
    ///
    /// @param server says what it has counted so far; unmeasurable for a process that is no server of ours, of
    /// which the ledger then has no such counts
    public static LedgerMeter attach(Kernel kernel, long processId, Supplier<Reading<ServerCounts>> server) {
        return new LedgerMeter(kernel, Math.toIntExact(processId), server);
    }

    /// What is to be counted begins.
    public void begin() {
        Map<PerfEvent, At<Long>> counts = counts();
        At<DiskReads> disks = disks();
        ProcessSample processes = ProcessSample.read(kernel, family);
        first = Optional.of(new Sample(counts, processes, disks, serverCounts()));
    }

    /// What is to be counted has ended. Begins to withdraw the counters.
    ///
    /// @throws IllegalStateException when it never began
    public LedgerCounts stop() {
        Sample begin = first.orElseThrow(() -> new IllegalStateException("the counting never began"));
        Map<PerfEvent, At<Long>> counts = counts();
        At<DiskReads> disks = disks();
        ProcessSample known = ProcessSample.read(kernel, family);
        At<ServerCounts> serverCounts = serverCounts();
        List<Integer> late = new ArrayList<>(ProcessSample.family(kernel, processId));
        late.removeAll(family);
        Sample end = new Sample(counts, known.with(ProcessSample.read(kernel, late)), disks, serverCounts);
        int newcomers = counters.unsettled();
        withdraw();
        return new LedgerCounts(events, begin, end, newcomers);
    }

    /// Ends the counting, and waits until the counters are withdrawn. Leaves early when the thread is interrupted.
    @Override
    public void close() {
        try {
            withdraw().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Thread withdraw() {
        Thread thread = withdrawal.orElseGet(
                () -> Thread.ofPlatform().daemon().name("ledger withdrawal").start(counters::close));
        withdrawal = Optional.of(thread);
        return thread;
    }

    private Map<PerfEvent, At<Long>> counts() {
        Map<PerfEvent, At<Long>> counts = new HashMap<>();
        for (WatchedEvents watched : events) {
            watched.event().value().ifPresent(event -> {
                long before = System.nanoTime();
                Reading<Long> count = counters.count(event);
                counts.put(event, new At<>(count, before + (System.nanoTime() - before) / 2));
            });
        }
        return counts;
    }

    private At<ServerCounts> serverCounts() {
        Reading<ServerCounts> counts = server.get();
        return new At<>(counts, counts.value().map(ServerCounts::atNanos).orElseGet(System::nanoTime));
    }

    private At<DiskReads> disks() {
        return new At<>(DiskReads.read(kernel), System.nanoTime());
    }
}
