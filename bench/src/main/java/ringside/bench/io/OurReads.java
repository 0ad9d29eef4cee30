package ringside.bench.io;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import ringside.bench.result.Measured;
import ringside.bench.trial.Child;
import ringside.bench.trial.Children;
import ringside.bench.trial.CostMeter;
import ringside.bench.trial.Launcher;
import ringside.bench.trial.TrialFailure;
import ringside.linux.CpuSet;
import ringside.linux.Kernel;

/// Runs a job in a fresh JVM, pinned, and meters it over its own window.
final class OurReads {

    /// A JVM's start, the checksums and the warming of a large file.
    private static final Duration START_MAX = Duration.ofMinutes(10);

    private static final Duration SLACK = Duration.ofSeconds(45);

    /// A part of the CPU time above which the JVM's own threads are worth a note.
    private static final double JVM_SHARE_NOTED = 0.03;

    private final Kernel kernel;
    private final Children children;
    private final Launcher launcher;
    private final CpuSet cpus;
    private final Optional<KernelLedger> ledger;

    OurReads(Kernel kernel, Children children, Launcher launcher, CpuSet cpus, Optional<KernelLedger> ledger) {
        this.kernel = kernel;
        this.children = children;
        this.launcher = launcher;
        this.cpus = cpus;
        this.ledger = ledger;
    }

    /// @throws TrialFailure when the process ends early
    ReadTrial run(int index, int repeat, ReadJob job) throws TrialFailure, IOException, InterruptedException {
        long self = ProcessHandle.current().pid();
        try (Child child = children.start("reader", launcher.command(job.arguments()), cpus)) {
            CostMeter meter = new CostMeter(kernel, child.pid(), self, cpus);
            await(child, JobEvents.RAMPING, START_MAX);
            Optional<KernelLedger.Entry> entry = ledger.map(book -> book.attach(child.pid()));
            try {
                meter.prepare();
                JsonNode measuring =
                        await(child, JobEvents.MEASURING, job.times().ramp().plus(SLACK));
                entry.ifPresent(KernelLedger.Entry::begin);
                meter.begin();
                long beginLateNanos =
                        System.nanoTime() - measuring.path("atNanos").asLong();
                JsonNode measured =
                        await(child, JobEvents.MEASURED, job.times().window().plus(SLACK));
                CostMeter.Rates rates = meter.end();
                Map<String, Measured> events =
                        entry.map(KernelLedger.Entry::endPerSecond).orElse(Map.of());
                long endLateNanos = System.nanoTime() - measured.path("atNanos").asLong();
                ReadResult result = JobEvents.result(await(child, JobEvents.RESULT, SLACK));
                Optional<String> missed = missed(job, beginLateNanos, endLateNanos);
                if (missed.isEmpty()) {
                    return trial(index, repeat, job, result, ReadCost.of(rates, result.readsPerSecond()), events);
                }
                String why = missed.get();
                Map<String, Measured> unknown = new HashMap<>();
                events.keySet().forEach(name -> unknown.put(name, Measured.unmeasurable(why)));
                return trial(index, repeat, job, result, ReadCost.unmeasurable(why), unknown);
            } finally {
                entry.ifPresent(KernelLedger.Entry::close);
            }
        }
    }

    /// Later than the tail the process no longer read, and what begins in the second half of the window may be over in
    /// the same moment: cost and events would come out too low.
    ///
    /// @return why the cost isn't that of the window's reads, if it isn't
    static Optional<String> missed(ReadJob job, long beginLateNanos, long endLateNanos) {
        String sentence = "the machine was too busy: the cost was read %d ms after the window's %s";
        if (beginLateNanos > job.times().window().toNanos() / 2) {
            return Optional.of(sentence.formatted(beginLateNanos / 1_000_000, "beginning"));
        }
        return endLateNanos > job.times().tail().toNanos()
                ? Optional.of(sentence.formatted(endLateNanos / 1_000_000, "end"))
                : Optional.empty();
    }

    /// A read that fails before the window ends leaves events out: then the result comes in their place, or
    /// nothing.
    private static JsonNode await(Child child, String event, Duration patience)
            throws TrialFailure, InterruptedException, IOException {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
            Optional<Child.Line> line = child.nextLine(left, event);
            if (line.isEmpty()) {
                throw child.diedEarly("before it was " + event);
            }
            Optional<JsonNode> told = JobEvents.parse(line.get().text());
            String name = told.map(node -> node.path("event").asText()).orElse("");
            if (event.equals(name)) {
                return told.orElseThrow();
            }
            if (JobEvents.RESULT.equals(name)) {
                throw new TrialFailure(JobEvents.result(told.orElseThrow()).failure());
            }
        }
    }

    private static ReadTrial trial(
            int index,
            int repeat,
            ReadJob job,
            ReadResult result,
            ReadCost cost,
            Map<String, Measured> eventsPerSecond) {
        Map<String, Measured> ledger = new HashMap<>();
        eventsPerSecond.forEach((name, perSecond) -> ledger.put(name, perRead(perSecond, result.readsPerSecond())));
        Map<String, Object> details = new HashMap<>();
        details.put("threadMicrosPerRead", result.threadMicrosPerRead());
        details.put("threadUserMicrosPerRead", result.threadUserMicrosPerRead());
        details.put("waitedSeconds", result.waitedSeconds());
        details.put("systemCallsPerRead", result.systemCallsPerRead());
        details.put("engineCounts", new TreeMap<>(result.engineCounts()));
        details.put("allocatedBytesPerRead", result.allocatedBytesPerRead());
        details.put("underWayMax", result.underWayMax());
        details.put("shortReads", result.shortReads());
        details.put("residencyBefore", result.residencyBefore());
        details.put("residencyAfter", result.residencyAfter());
        details.put("verified", result.verified());
        details.put("mismatches", result.mismatches());
        return new ReadTrial(
                index,
                repeat,
                ReadTrial.RINGSIDE,
                job.engineText(),
                job.transport().id(),
                job.engineText() + " on " + job.transport().id(),
                result.seconds(),
                result.reads(),
                result.readsPerSecond(),
                result.seconds() > 0 ? result.bytes() / result.seconds() : 0,
                result.latency(),
                result.startLag(),
                cost,
                ledger,
                details,
                notes(job, result, cost),
                failure(job, result));
    }

    static Measured perRead(Measured perSecond, double readsPerSecond) {
        return perSecond instanceof Measured.Value(double value) && readsPerSecond > 0
                ? Measured.of(value / readsPerSecond)
                : perSecond;
    }

    private static String failure(ReadJob job, ReadResult result) {
        if (!result.failure().isEmpty()) {
            return result.failure();
        }
        if (result.reads() == 0) {
            return "no read ended within the window";
        }
        if (job.cache() == CacheState.HOT
                && result.residencyAfter() instanceof Measured.Value(double share)
                && share < 1) {
            return "not hot: %.1f %% of the file's pages were in the page cache at the end".formatted(share * 100);
        }
        return "";
    }

    private static List<String> notes(ReadJob job, ReadResult result, ReadCost cost) {
        List<String> notes = new ArrayList<>();
        if (cost.cpuMicrosPerRead() instanceof Measured.Unmeasurable(String why)) {
            notes.add("no cost: " + why);
        }
        if (job.depth() > 1 && result.underWayMax() == 1) {
            notes.add("each read ended before the next one began: --depth " + job.depth() + " is 1 with this engine");
        }
        if (result.seconds() < 0.9 * job.times().window().toMillis() / 1e3) {
            notes.add("the window ended after %.2f s: every block had been read once".formatted(result.seconds()));
        }
        if (job.ratePerSecond().isPresent()
                && result.readsPerSecond() < 0.99 * job.ratePerSecond().getAsDouble()) {
            notes.add("%,.0f reads per second were asked for: the engine can't keep up, and latencies grow with the"
                            .formatted(job.ratePerSecond().getAsDouble())
                    + " window");
        }
        if (result.waitedSeconds() > 0) {
            notes.add("%.2f s of its CPU time went into waiting for intended starts".formatted(result.waitedSeconds()));
        }
        if (job.verify()) {
            notes.add("its CPU time includes the checking of %,d blocks".formatted(result.verified()));
        }
        if (cost.jvmMicrosPerRead() instanceof Measured.Value(double jvm)
                && cost.cpuMicrosPerRead() instanceof Measured.Value(double all)
                && all > 0
                && jvm > JVM_SHARE_NOTED * all) {
            notes.add("%.0f %% of its CPU time went into the JVM's compilers and collector: choose a longer --ramp"
                    .formatted(100 * jvm / all));
        }
        return notes;
    }
}
