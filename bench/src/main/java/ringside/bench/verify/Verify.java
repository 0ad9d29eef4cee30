package ringside.bench.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import ringside.engines.Availability;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.Kernel;
import ringside.linux.KernelException;

/// Serves files whose every byte is known by each engine on each transport, to clients that behave as badly as
/// clients do, and looks at all that comes back.
///
/// ```
///   for each pair:  warm up ─► count what is held ─► server ◄──── clients (moods by seed)  ─► drain ─► count again
///                                                       ▲
///                                            tree ◄── mutator, if asked for
/// ```
///
/// Run once, by one thread; [#stop()] from any.
public final class Verify {

    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final long TICK_MILLIS = 100;
    /// What a pair takes beside its time: two servers, and collecting garbage.
    private static final Duration PAIR_OVERHEAD = Duration.ofMillis(800);
    /// What it takes to build a webroot, to put it in its place, and to have it taken up under load.
    private static final Duration REPLACEMENT = Duration.ofMillis(150);

    private final VerifyPlan plan;
    private final Kernel kernel;
    private final ServerUnderTest.Starter starter;
    private final VerifyObserver observer;
    private final CountDownLatch stopped = new CountDownLatch(1);

    public Verify(VerifyPlan plan, Kernel kernel, VerifyObserver observer) {
        this(plan, kernel, ServerUnderTest.ringside(kernel), observer);
    }

    /// @param starter of the servers that are verified
    Verify(VerifyPlan plan, Kernel kernel, ServerUnderTest.Starter starter, VerifyObserver observer) {
        this.plan = plan;
        this.kernel = kernel;
        this.starter = starter;
        this.observer = observer;
    }

    /// Asks the run to end soon; what it has found so far is its result.
    public void stop() {
        stopped.countDown();
    }

    /// @throws UnsupportedOperationException when nothing of the plan can run here, with the reasons
    /// @throws IOException when the tree can't be written
    public VerifyResult run() throws IOException, InterruptedException {
        List<PairResult> results = new ArrayList<>();
        int pairs = plan.pairs();
        if (!Files.isDirectory(plan.directory())) {
            throw new IOException("there is no directory " + plan.directory() + " to make the files in. Name another");
        }
        Duration each = plan.replacements() > 0 ? REPLACEMENT.multipliedBy(plan.replacements() + 1L) : plan.time();
        observer.planned(plan, pairs, each.plus(PAIR_OVERHEAD).multipliedBy(available()));
        for (ChosenEngine engine : plan.engines()) {
            for (Transport transport : plan.transports()) {
                if (isStopped()) {
                    return new VerifyResult(plan, results, true);
                }
                int index = results.size();
                PairResult result =
                        new PairResult(PairResult.name(engine), transport, verify(engine, transport, index));
                results.add(result);
                observer.finished(index, pairs, result);
            }
        }
        return new VerifyResult(plan, results, isStopped());
    }

    /// @return how many pairs can run
    private int available() {
        int available = 0;
        StringBuilder why = new StringBuilder("nothing of this can run here:");
        for (ChosenEngine engine : plan.engines()) {
            for (Transport transport : plan.transports()) {
                switch (engine.engine().probe(kernel, transport)) {
                    case Availability.Available _ -> available++;
                    case Availability.Unavailable(String reason, String remedy) ->
                        why.append("\n  %s on %s: %s. %s".formatted(engine.name(), transport.id(), reason, remedy));
                }
            }
        }
        if (available == 0) {
            throw new UnsupportedOperationException(why.toString());
        }
        return available;
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private PairResult.Outcome verify(ChosenEngine engine, Transport transport, int index)
            throws IOException, InterruptedException {
        if (engine.engine().probe(kernel, transport)
                instanceof Availability.Unavailable(String reason, String remedy)) {
            return new PairResult.Unavailable(reason, remedy);
        }
        try {
            return plan.replacements() > 0
                    ? verifyReplaced(engine, transport, index)
                    : verifyTree(engine, transport, index);
        } catch (KernelException | UnsupportedOperationException e) {
            // Of the first start or the second: the kernel gives rings back late, and may find them too many.
            return new PairResult.Unavailable(
                    "the server doesn't start: "
                            + String.valueOf(e.getMessage()).replaceFirst("\\.$", ""),
                    "Choose other options of the engine.");
        }
    }

    /// The first of two runs opens what the JVM, the transport and the engine keep.
    private PairResult.Outcome verifyTree(ChosenEngine engine, Transport transport, int index)
            throws IOException, InterruptedException {
        boolean buffersSeen = BufferLeaks.areSeen();
        Findings findings = new Findings();
        Ran ran = new Ran(Counts.NONE, Map.of());
        long start = System.nanoTime();
        try (KnownTree tree = KnownTree.write(plan.directory(), plan.seed(), plan.mutate())) {
            warmUp(engine, transport, tree);
            Leftovers before = Leftovers.now(tree.root());
            start = System.nanoTime();
            ran = run(engine, transport, tree, index, findings);
            for (String left : Leftovers.await(before, tree.root(), SETTLE)) {
                findings.add(Finding.Kind.LEAK, left);
            }
        }
        return checked(ran.counts, ran.engineCounts, start, findings, buffersSeen);
    }

    /// As [#verifyTree].
    private PairResult.Outcome verifyReplaced(ChosenEngine engine, Transport transport, int index)
            throws IOException, InterruptedException {
        boolean buffersSeen = BufferLeaks.areSeen();
        Findings findings = new Findings();
        VerifyPlan warmUp = plan.withReplacements(1);
        try (ReplacedSite site = ReplacedSite.make(kernel, plan.directory(), plan.seed())) {
            ReplacementRun.run(warmUp, kernel, engine, transport, site, findings, this::isStopped, counts -> {});
        }
        String label = PairResult.name(engine) + " on " + transport.id();
        try (ReplacedSite site = ReplacedSite.make(kernel, plan.directory(), plan.seed() + 1)) {
            Leftovers before = Leftovers.now(site.directory());
            long start = System.nanoTime();
            ReplacementRun.Ran ran = ReplacementRun.run(
                    plan,
                    kernel,
                    engine,
                    transport,
                    site,
                    findings,
                    this::isStopped,
                    counts -> observer.progress(index, plan.pairs(), label, counts, findings.count()));
            for (String left : Leftovers.await(before, site.directory(), SETTLE)) {
                findings.add(Finding.Kind.LEAK, left);
            }
            return checked(ran.counts(), ran.engineCounts(), start, findings, buffersSeen);
        }
    }

    private static PairResult.Checked checked(
            Counts counts, Map<String, Long> engineCounts, long start, Findings findings, boolean buffersSeen) {
        Map<Finding.Kind, Integer> found = new EnumMap<>(Finding.Kind.class);
        for (Finding.Kind kind : Finding.Kind.values()) {
            if (findings.count(kind) > 0) {
                found.put(kind, findings.count(kind));
            }
        }
        return new PairResult.Checked(
                counts,
                new TreeMap<>(engineCounts),
                (System.nanoTime() - start) / 1e9,
                found,
                findings.kept(),
                buffersSeen ? List.of() : List.of("Netty's buffers weren't counted: they were in use before"));
    }

    /// So that what the JVM, the transport and the engine open once, and keep, is open.
    private void warmUp(ChosenEngine engine, Transport transport, KnownTree tree) throws IOException {
        ServerUnderTest server = starter.start(engine, transport, tree.root());
        try (Wire wire = new Wire(server.port(), 0, plan.patience())) {
            Ask ask = Ask.file(tree.files().getLast(), false);
            wire.send(ask.text());
            boolean ignored = new AnswerCheck(wire, new Tally()).answer(ask, AnswerCheck.Manner.STRAIGHT);
        } catch (Wire.Ended e) {
            return; // the run will find it, and tell
        } finally {
            server.drain(DRAIN);
        }
    }

    /// @param engineCounts the server's
    private record Ran(Counts counts, Map<String, Long> engineCounts) {}

    private Ran run(ChosenEngine engine, Transport transport, KnownTree tree, int index, Findings findings)
            throws IOException, InterruptedException {
        ServerUnderTest server = starter.start(engine, transport, tree.root());
        String label = PairResult.name(engine) + " on " + transport.id();
        Ran ran = new Ran(Counts.NONE, Map.of());
        try {
            PairRun clients = PairRun.start(plan, tree, server.port(), findings);
            try (Mutator mutator = Mutator.start(tree, plan.seed(), findings)) {
                long deadline = System.nanoTime() + plan.time().toNanos();
                long left = plan.time().toNanos();
                while (left > 0 && clients.busy() && !awaitStop(left)) {
                    observer.progress(
                            index, plan.pairs(), label, clients.tally().counts(mutator.changes()), findings.count());
                    left = deadline - System.nanoTime();
                }
                clients.end();
                ran = new Ran(clients.tally().counts(mutator.changes()), server.engineCounts());
            }
        } finally {
            int remaining = server.drain(DRAIN);
            if (remaining > 0) {
                findings.add(
                        Finding.Kind.SERVER,
                        remaining + " connections were not closed " + DRAIN.toSeconds()
                                + " s after their clients were");
            }
        }
        if (server.defects() > 0) {
            findings.add(Finding.Kind.SERVER, server.defects() + " unexpected exceptions: they are on standard error");
        }
        return ran;
    }

    private boolean awaitStop(long nanosMax) throws InterruptedException {
        return stopped.await(Math.min(nanosMax, TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)), TimeUnit.NANOSECONDS);
    }
}
