package ringside.bench.explain;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import ringside.bench.ledger.ServerCounts;
import ringside.bench.trial.Asker;
import ringside.bench.trial.Contender;
import ringside.bench.trial.CpuPlan;
import ringside.bench.trial.FileSet;
import ringside.bench.trial.RunningServer;
import ringside.linux.CpuAffinity;
import ringside.linux.Kernel;
import ringside.linux.Machine;
import ringside.linux.Residency;
import ringside.linux.TraceInstance;
import ringside.linux.TraceText;

/// A server that runs, and requests to it that are traced.
final class TracedServer {

    /// Enough for classes, caches, descriptors and pools; compiled code doesn't change what is asked of the
    /// kernel.
    private static final int WARM_UP_REQUESTS = 2000;

    private static final int WARM_UP_REQUESTS_MIN = 20;
    private static final Duration WARM_UP_MAX = Duration.ofSeconds(2);
    private static final Duration QUIET_MAX = Duration.ofSeconds(2);
    private static final int QUIET_LOOKS = 3;
    private static final int LOOK_MILLIS = 2;

    private static final List<String> EVENTS = List.of(
            "io_uring",
            "filemap:mm_filemap_add_to_page_cache",
            "filemap:mm_filemap_fault",
            "filemap:mm_filemap_map_pages",
            "block:block_bio_queue",
            "block:block_rq_issue",
            "block:block_rq_complete",
            "sched:sched_switch",
            "sched:sched_waking");

    private final ExplainPlan plan;
    private final Kernel kernel;
    private final TraceInstance instance;
    private final RunningServer server;
    private final FileStates files;
    private final CpuPlan cpus;
    private final Consumer<String> progress;
    private final RingOperations operations = new RingOperations();
    private final List<String> notes = new ArrayList<>();
    private final List<String> fileEvents = new ArrayList<>();
    private int warmUpRequests;

    TracedServer(
            ExplainPlan plan,
            Kernel kernel,
            TraceInstance instance,
            RunningServer server,
            FileSet files,
            CpuPlan cpus,
            Consumer<String> progress) {
        this.plan = plan;
        this.kernel = kernel;
        this.instance = instance;
        this.server = server;
        this.files = new FileStates(kernel, plan, files);
        this.cpus = cpus;
        this.progress = progress;
        notes.addAll(cpus.warnings());
    }

    /// One request, with what the page cache had of the file before it, and what the engine counted of it.
    private record Traced(Timeline timeline, int headBytes, Residency before, SortedMap<String, Long> engineCounts) {}

    Explanation explain() throws IOException, InterruptedException {
        try (OneConnection connection = connect()) {
            progress.accept("warming up");
            warmUp(connection);
            enableEvents();
            List<Traced> traced = new ArrayList<>();
            for (int i = 0; i < plan.requests(); i++) {
                progress.accept("tracing request " + (i + 1) + " of " + plan.requests());
                traced.add(trace(connection));
            }
            instance.disableAll();
            return explanation(traced);
        }
    }

    /// What an operation of a ring is, is said when it is submitted; some are submitted once for a connection.
    private OneConnection connect() throws IOException, InterruptedException {
        ServerThreads threads = ServerThreads.read(server.pid());
        instance.limitTo(threads.ids());
        instance.enable("io_uring");
        instance.start();
        OneConnection connection = OneConnection.open(URI.create(server.base()).getPort());
        boolean answered = false;
        try {
            connection.ask(files.usual());
            awaitQuiet();
            instance.stop();
            operations.learn(TraceText.parse(instance.read()).records(), threads);
            instance.disableAll();
            instance.limitTo(List.of());
            answered = true;
            return connection;
        } finally {
            if (!answered) {
                connection.close();
            }
        }
    }

    private void warmUp(OneConnection connection) throws IOException {
        long deadlineNanos = System.nanoTime() + WARM_UP_MAX.toNanos();
        while (warmUpRequests < WARM_UP_REQUESTS_MIN
                || (warmUpRequests < WARM_UP_REQUESTS && System.nanoTime() < deadlineNanos)) {
            connection.ask(files.usual());
            warmUpRequests++;
        }
    }

    private void enableEvents() throws IOException {
        if (!instance.enable("syscalls")) {
            throw new UnsupportedOperationException("this kernel has no tracepoints of system calls, and without them"
                    + " there is little to tell. Boot one with CONFIG_FTRACE_SYSCALLS=y, as those of distributions"
                    + " have.");
        }
        List<String> missing = new ArrayList<>();
        for (String event : EVENTS) {
            if (!instance.enable(event)) {
                missing.add(event);
            }
        }
        if (!missing.isEmpty()) {
            notes.add("This kernel has no tracepoints " + String.join(", ", missing)
                    + ": what they would tell isn't there.");
        }
        fileEvents.addAll(EVENTS);
        fileEvents.removeIf(event -> !event.startsWith("filemap:") || missing.contains(event));
    }

    /// Other processes fill the page cache too.
    private void watchPagesOf(long inode) throws IOException {
        for (String event : fileEvents) {
            instance.filter(event, "i_ino == " + inode);
        }
    }

    private Traced trace(OneConnection connection) throws IOException, InterruptedException {
        FileStates.Prepared prepared = files.prepare(connection);
        Path file = prepared.file().file();
        SortedMap<String, Long> countsBefore = engineCounts();
        awaitQuiet();
        watchPagesOf(prepared.inode());
        int clientPort = connection.localPort();
        int serverPort = URI.create(server.base()).getPort();
        DescriptorTable descriptors = DescriptorTable.read(server.pid(), serverPort, clientPort, file);
        ServerThreads threads = ServerThreads.read(server.pid());
        int headBytes;
        instance.start();
        try {
            instance.mark(RequestTrace.BEGIN);
            headBytes = connection.ask(prepared.file());
            awaitQuiet();
        } finally {
            instance.stop();
        }
        descriptors.addNew(DescriptorTable.read(server.pid(), serverPort, clientPort, file));
        threads.addNew(ServerThreads.read(server.pid()));
        TraceText text = TraceText.parse(instance.read());
        if (text.lostCount() > 0) {
            throw new IOException("the trace buffer was too small: " + text.lostCount()
                    + " events were lost. Ask for a smaller --size, or when the machine does less besides");
        }
        int threadId = new CpuAffinity(kernel).threadId();
        return new Traced(
                Decoder.decode(new RequestTrace(
                        text.records(),
                        threads,
                        descriptors,
                        operations,
                        prepared.inode(),
                        threadId,
                        headBytes,
                        plan.sizeBytes())),
                headBytes,
                prepared.before(),
                since(countsBefore));
    }

    private SortedMap<String, Long> engineCounts() {
        return server.counts().value().map(ServerCounts::engine).orElseGet(TreeMap::new);
    }

    private SortedMap<String, Long> since(SortedMap<String, Long> before) {
        SortedMap<String, Long> counts = new TreeMap<>(engineCounts());
        counts.replaceAll((name, count) -> count - before.getOrDefault(name, 0L));
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    /// Until the server waits for the next request, and all that the last one set off has ended.
    private void awaitQuiet() throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + QUIET_MAX.toNanos();
        int quiet = 0;
        while (quiet < QUIET_LOOKS && System.nanoTime() < deadlineNanos) {
            Thread.sleep(LOOK_MILLIS);
            quiet = ServerThreads.isQuiet(server.pid()) ? quiet + 1 : 0;
        }
        if (quiet < QUIET_LOOKS) {
            notes.add("The server didn't come to rest within " + QUIET_MAX.toSeconds()
                    + " s of a request: what it did besides is in the trace.");
        }
    }

    private Explanation explanation(List<Traced> traced) {
        Sequence.Typical typical =
                Sequence.typical(traced.stream().map(Traced::timeline).toList());
        Traced shown = traced.get(typical.index());
        if (plan.cold() && !shown.before().isCold()) {
            notes.add(shown.before().cachedPages() + " of " + shown.before().totalPages()
                    + " pages couldn't be evicted: the request wasn't quite cold.");
        }
        files.note().ifPresent(notes::add);
        if (shown.timeline().totals().calls().containsKey("io_submit")) {
            notes.add("What io_submit(2) was given lies in the server's memory, which a trace doesn't have: the reads"
                    + " aren't among the bytes, the device's requests show them.");
        }
        shown.timeline().disturbances().forEach(sentence -> notes.add("The JVM took part: " + sentence + "."));
        return new Explanation(
                new Contender.Ours(plan.engine(), plan.transport())
                        .side(Asker.RINGSIDE)
                        .label(),
                plan.sizeBytes(),
                plan.cold(),
                plan.engine().engine().spec().bytesWay(),
                Machine.read(kernel).kernelRelease().value().orElse("unknown"),
                cpus.isPinned() ? cpus.server().toString() : "",
                traced.size(),
                typical.count(),
                warmUpRequests,
                shown.headBytes() + plan.sizeBytes(),
                shown.before().cachedPages(),
                shown.before().totalPages(),
                shown.engineCounts(),
                notes.stream().distinct().toList(),
                shown.timeline());
    }
}
