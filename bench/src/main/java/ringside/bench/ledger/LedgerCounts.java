package ringside.bench.ledger;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import ringside.bench.ledger.LedgerMeter.At;
import ringside.bench.ledger.LedgerMeter.Sample;
import ringside.bench.result.Ledger;
import ringside.bench.result.Ledger.Entry;
import ringside.bench.result.Ledger.Group;
import ringside.bench.result.Ledger.Scope;
import ringside.bench.result.Ledger.Source;
import ringside.bench.result.Measured;
import ringside.linux.DiskReads;
import ringside.linux.PerfEvent;
import ringside.linux.ProcessIo;
import ringside.linux.ProcessStat;
import ringside.linux.Reading;
import ringside.linux.RingCounts;

/// What a [LedgerMeter] has counted, not yet divided by anything. Any thread.
public final class LedgerCounts {

    private static final double NANOS_PER_SECOND = 1e9;

    private final List<WatchedEvents> events;
    private final Sample begin;
    private final Sample end;
    private final int newcomers;

    /// A count and how long it was counted.
    private record Counted(Reading<Long> count, double seconds) {}

    /// Turns a count and its seconds into the count for one request.
    @FunctionalInterface
    private interface Division {
        double perRequest(double count, double seconds);
    }

    LedgerCounts(List<WatchedEvents> events, Sample begin, Sample end, int newcomers) {
        this.events = events;
        this.begin = begin;
        this.end = end;
        this.newcomers = newcomers;
    }

    /// From the first reading to the last.
    public double seconds() {
        return (end.processes().atNanos() - begin.processes().atNanos()) / NANOS_PER_SECOND;
    }

    /// The ledger where it is known how many requests (or operations) there were between start and stop.
    ///
    /// @param requests above 0
    public Ledger over(double requests) {
        requirePositive("requests", requests);
        return ledger(requests, (count, _) -> count / requests);
    }

    /// The ledger of a load that went on before and after, of which the rate is known: each count is divided by its
    /// own time, so that it doesn't matter that readings and the generator's window aren't at the same moments.
    ///
    /// @param requestsPerSecond above 0
    public Ledger atRate(double requestsPerSecond) {
        requirePositive("requestsPerSecond", requestsPerSecond);
        return ledger(requestsPerSecond * seconds(), (count, seconds) -> count / seconds / requestsPerSecond);
    }

    /// The ledger over the answers that the server says it has given meanwhile: exact where nothing was asked while
    /// counts and answers were read.
    ///
    /// @return empty for a server that isn't asked, or that has answered nothing
    public Optional<Ledger> byOwnAnswers() {
        Counted answers = counted(begin.server(), end.server(), ServerCounts::answers);
        return answers.count.isMeasured() && answers.count.orThrow() > 0
                ? Optional.of(over(answers.count.orThrow()))
                : Optional.empty();
    }

    private Ledger ledger(double requests, Division division) {
        List<Entry> entries = new ArrayList<>(calls(division));
        for (WatchedEvents watched : events) {
            if (watched.group() != Group.CALLS) {
                entries.add(entry(watched, division));
            }
        }
        fromProc(entries, division);
        fromServer(entries, division);
        entries.sort(Comparator.comparing(Entry::group));
        return new Ledger(
                seconds(),
                requests,
                entries,
                events.stream()
                        .filter(event ->
                                event.isNamedCall() && counted(event).count.isMeasured())
                        .map(WatchedEvents::name)
                        .toList(),
                ringWorkers(),
                newcomers == 0
                        ? List.of()
                        : List.of(newcomers + " threads came while the counters were being attached: some of their"
                                + " events may be missing or counted twice"));
    }

    /// The sum, the calls that were made by their number, and what is left of the sum.
    private List<Entry> calls(Division division) {
        List<Entry> named = new ArrayList<>();
        WatchedEvents all = events.stream()
                .filter(event -> event.name().equals(Ledger.SYSTEM_CALLS))
                .findFirst()
                .orElseThrow();
        Entry sum = entry(all, division);
        OptionalDouble left = value(sum.count());
        OptionalDouble leftPerRequest = value(sum.perRequest());
        for (WatchedEvents event : events) {
            Entry entry = entry(event, division);
            if (event.isNamedCall() && entry.count().orElse(0) > 0) {
                named.add(entry);
                left = minus(left, entry.count());
                leftPerRequest = minus(leftPerRequest, entry.perRequest());
            }
        }
        named.sort(Comparator.comparingDouble(entry -> -entry.count().orElse(0)));
        named.addFirst(sum);
        if (left.isPresent() && leftPerRequest.isPresent()) {
            named.add(new Entry(
                    Ledger.OTHER_CALLS,
                    Group.CALLS,
                    all.unit(),
                    all.source(),
                    Scope.PROCESS,
                    Measured.of(left.getAsDouble()),
                    Measured.of(leftPerRequest.getAsDouble())));
        }
        return named;
    }

    private Entry entry(WatchedEvents watched, Division division) {
        Counted counted = counted(watched);
        if (!counted.count.isMeasured()) {
            Counted instead = fromProcInstead(watched.name());
            if (instead.count.isMeasured()) {
                return entry(
                        watched.name(), watched.group(), watched.unit(), Source.PROC, Scope.PROCESS, instead, division);
            }
        }
        return entry(
                watched.name(), watched.group(), watched.unit(), watched.source(), Scope.PROCESS, counted, division);
    }

    /// What `/proc` knows of what couldn't be counted otherwise.
    private Counted fromProcInstead(String name) {
        return switch (name) {
            case Ledger.CONTEXT_SWITCHES -> proc(ProcessSample.One::switches);
            case Ledger.MINOR_FAULTS -> proc(process -> process.stat().map(ProcessStat::minorFaults));
            case Ledger.MAJOR_FAULTS -> proc(process -> process.stat().map(ProcessStat::majorFaults));
            default -> new Counted(new Reading.Unmeasurable<>("/proc doesn't know " + name), seconds());
        };
    }

    private void fromProc(List<Entry> entries, Division division) {
        Counted deviceBytes = proc(process -> process.io().map(ProcessIo::readBytes));
        entries.add(
                entry(Ledger.DEVICE_BYTES, Group.STORAGE, "bytes", Source.PROC, Scope.PROCESS, deviceBytes, division));
        entries.add(entry(
                "disk reads, all processes",
                Group.STORAGE,
                "requests",
                Source.PROC,
                Scope.SYSTEM,
                disks(DiskReads::requests),
                division));
        entries.add(entry(
                "disk bytes read, all processes",
                Group.STORAGE,
                "bytes",
                Source.PROC,
                Scope.SYSTEM,
                disks(DiskReads::bytes),
                division));
        entries.add(ring(Ledger.RING_REQUESTS, "requests", RingCounts::submittedSince, division));
        entries.add(ring("ring completions", "completions", RingCounts::completedSince, division));
        if (entries.stream()
                .anyMatch(
                        e -> e.name().equals(Ledger.SYSTEM_CALLS) && !e.count().isKnown())) {
            Counted reads = proc(process -> process.io().map(ProcessIo::readCalls));
            Counted writes = proc(process -> process.io().map(ProcessIo::writeCalls));
            entries.add(entry("read and its kin", Group.CALLS, "calls", Source.PROC, Scope.PROCESS, reads, division));
            entries.add(entry("write and its kin", Group.CALLS, "calls", Source.PROC, Scope.PROCESS, writes, division));
        }
    }

    /// A count of the engine that isn't known at the beginning hadn't counted anything.
    private void fromServer(List<Entry> entries, Division division) {
        end.server().reading().value().ifPresent(counts -> {
            Counted bytes = counted(begin.server(), end.server(), ServerCounts::allocatedBytes);
            entries.add(
                    entry(Ledger.ALLOCATED_BYTES, Group.MEMORY, "bytes", Source.JVM, Scope.PROCESS, bytes, division));
            for (String name : counts.engine().keySet()) {
                Counted counted = counted(
                        begin.server(), end.server(), all -> all.engine().getOrDefault(name, 0L));
                entries.add(entry(name, Group.ENGINE, "counts", Source.ENGINE, Scope.PROCESS, counted, division));
            }
        });
    }

    private Entry ring(String name, String unit, ProcessSample.RingDifference difference, Division division) {
        double seconds = (end.processes().ringsAtNanos() - begin.processes().ringsAtNanos()) / NANOS_PER_SECOND;
        Counted counted = new Counted(end.processes().ringsSince(begin.processes(), difference), seconds);
        return entry(name, Group.IO_URING, unit, Source.RING, Scope.PROCESS, counted, division);
    }

    private Counted counted(WatchedEvents watched) {
        if (!(watched.event() instanceof Reading.Measured<PerfEvent>(PerfEvent event))) {
            return new Counted(new Reading.Unmeasurable<>(watched.event().whyMissing()), seconds());
        }
        At<Long> before = begin.counts().get(event);
        At<Long> after = end.counts().get(event);
        if (before == null || after == null) {
            throw new IllegalStateException(event.name() + " wasn't read");
        }
        return counted(before, after, count -> count);
    }

    private Counted disks(Function<DiskReads, Long> part) {
        return counted(begin.disks(), end.disks(), part);
    }

    private static <T> Counted counted(At<T> before, At<T> after, Function<T, Long> part) {
        double seconds = (after.atNanos() - before.atNanos()) / NANOS_PER_SECOND;
        return before.reading().isMeasured()
                ? new Counted(
                        after.reading()
                                .map(value -> part.apply(value)
                                        - part.apply(before.reading().orThrow())),
                        seconds)
                : new Counted(new Reading.Unmeasurable<>(before.reading().whyMissing()), seconds);
    }

    private Counted proc(Function<ProcessSample.One, Reading<Long>> number) {
        return new Counted(end.processes().since(begin.processes(), number), seconds());
    }

    private Measured ringWorkers() {
        Reading<Long> before = begin.processes().total(ProcessSample.One::ringWorkers);
        Reading<Long> after = end.processes().total(ProcessSample.One::ringWorkers);
        return after.map(count -> Math.max(count, before.value().orElse(0L)))
                .value()
                .map(count -> Measured.of((double) count))
                .orElseGet(() -> Measured.unmeasurable(after.whyMissing()));
    }

    /// Counters of threads that end can run backwards; a count below nothing is none that was measured.
    private static Entry entry(
            String name, Group group, String unit, Source source, Scope scope, Counted counted, Division division) {
        Reading<Long> reading = counted.count;
        if (reading.isMeasured() && reading.orThrow() < 0) {
            reading = new Reading.Unmeasurable<>("threads ended meanwhile and took their counters with them");
        }
        if (!reading.isMeasured()) {
            Measured unknown = Measured.unmeasurable(reading.whyMissing());
            return new Entry(name, group, unit, source, scope, unknown, unknown);
        }
        double count = reading.orThrow();
        return new Entry(
                name,
                group,
                unit,
                source,
                scope,
                Measured.of(count),
                Measured.of(division.perRequest(count, counted.seconds)));
    }

    private static OptionalDouble value(Measured measured) {
        return measured instanceof Measured.Value(double value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /// The sum and its parts are read some microseconds apart: less than nothing is nothing.
    private static OptionalDouble minus(OptionalDouble left, Measured part) {
        return left.isPresent() ? OptionalDouble.of(Math.max(0, left.getAsDouble() - part.orElse(0))) : left;
    }

    private static void requirePositive(String what, double number) {
        if (!(number > 0) || Double.isInfinite(number)) {
            throw new IllegalArgumentException(what + " must be a number above 0, not " + number);
        }
    }
}
