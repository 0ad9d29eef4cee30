package ringside.bench.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import ringside.bench.trial.Launcher;
import ringside.bench.trial.TrialMain;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.Errno;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.Reading;
import ringside.linux.Syscall;
import ringside.linux.TraceFs;
import ringside.linux.TraceInstance;

/// Real servers, traced.
@Timeout(120)
final class ExplainerTest {

    private final Kernel kernel = new FfmKernel();
    private final Launcher launcher = Launcher.likeThisProcess(TrialMain.class.getName());

    @TempDir
    private Path directory = Path.of("");

    @AfterEach
    void nothingStaysBehind() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(), files.toList());
        }
        assertEquals(List.of(), ownInstances());
    }

    @Test
    void blockingReadsAndSendsOnTheLoop() throws IOException, InterruptedException {
        requireTracing();
        Explanation explanation =
                explainer("blocking", Transport.EPOLL, false, launcher).run();
        Timeline timeline = explanation.timeline();
        List<String> names = timeline.shown().stream()
                .filter(step -> step.kind() == Step.Kind.CALL)
                .map(Step::name)
                .toList();
        int received = names.indexOf("recvfrom");
        int read = names.indexOf("pread64");
        int sent = names.indexOf("sendto");
        assertTrue(0 <= received && received < read && read < sent, names::toString);
        assertTrue(
                timeline.shown().stream().anyMatch(step -> step.meaning().equals("read the file: 64 KiB at 0")),
                timeline.shown()::toString);
        assertEquals(64 << 10, timeline.totals().readBytes());
        assertEquals(explanation.responseBytes(), timeline.totals().sentBytes());
        assertEquals(explanation.totalPages(), explanation.cachedPages());
        assertTrue(timeline.spanMicros() > 0);
        assertTrue(explanation.alike() >= 1 && explanation.alike() <= explanation.requests());
    }

    @Test
    void aColdReadComesFromTheDevice() throws IOException, InterruptedException {
        requireTracing();
        Explanation explanation =
                explainer("uring", Transport.IO_URING, true, launcher).run();
        Assumptions.assumeTrue(
                explanation.cachedPages() == 0, "this file system's pages can't be evicted: " + explanation.notes());
        Totals totals = explanation.timeline().totals();
        assertEquals(16, totals.pagesAdded());
        assertEquals(1, explanation.engineCounts().get("ring reads"));
        assertTrue(totals.submissions() >= 2, totals::toString);
        assertEquals(64 << 10, totals.readBytes());
        assertEquals(explanation.responseBytes(), totals.sentBytes());
        assertTrue(explanation.timeline().shown().stream()
                .anyMatch(step -> step.meaning().equals("the connection is ready")
                        || step.meaning().startsWith("the request is here")));
    }

    /// What went from the page cache into a socket without a copy, the socket's buffers hold for a while.
    @Test
    void pagesThatWereSentWithoutACopyAreEvictedToo() throws IOException, InterruptedException {
        requireTracing();
        Explanation explanation =
                explainer("sendfile", Transport.EPOLL, true, launcher).run();
        Assumptions.assumeTrue(
                explanation.cachedPages() == 0, "this file system's pages can't be evicted: " + explanation.notes());
        assertEquals(16, explanation.timeline().totals().pagesAdded());
        assertEquals(64 << 10, explanation.timeline().totals().kernelBytes());
        assertEquals(0, explanation.timeline().totals().readBytes());
    }

    @Test
    void aServerThatDoesNotStartLeavesNothing() {
        requireTracing();
        Explainer explainer = explainer(
                "blocking",
                Transport.EPOLL,
                false,
                new Launcher(launcher.java(), launcher.flags(), launcher.classPath(), "no.such.Main"));
        IOException e = assertThrows(IOException.class, explainer::run);
        assertTrue(String.valueOf(e.getMessage()).contains("no.such.Main"), e::toString);
    }

    @Test
    void stoppingEndsItAndLeavesNothing() throws InterruptedException {
        requireTracing();
        AtomicReference<Explainer> running = new AtomicReference<>();
        List<String> said = new ArrayList<>();
        Explainer explainer = new Explainer(plan("blocking", Transport.EPOLL, false, 1000), launcher, kernel, doing -> {
            said.add(doing);
            if (doing.startsWith("tracing request 3 ")) {
                Objects.requireNonNull(running.get()).stop();
            }
        });
        running.set(explainer);
        assertThrows(IOException.class, explainer::run);
        assertTrue(explainer.isStopped());
        assertTrue(said.getLast().startsWith("tracing request"), said::toString);
    }

    @Test
    void saysWhyNobodyMayTrace() {
        Kernel forbidding = new Kernel() {
            @Override
            public String name() {
                return "forbidding";
            }

            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                return switch (call) {
                    case OPENAT -> -Errno.EACCES;
                    case MOUNT -> -Errno.EPERM;
                    default -> kernel.call(call, a0, a1, a2, a3, a4, a5);
                };
            }
        };
        Explainer explainer =
                new Explainer(plan("blocking", Transport.NIO, false, 1), launcher, forbidding, ExplainerTest::silent);
        UnsupportedOperationException e = assertThrows(UnsupportedOperationException.class, explainer::run);
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith("a request can't be traced here: tracefs isn't mounted"), message);
        assertTrue(message.contains("As root, `mount -t tracefs none /sys/kernel/tracing`."), message);
        assertTrue(message.endsWith("Tracing needs root: run this as root"), message);
        assertFalse(explainer.isStopped());
    }

    @Test
    void refusesWhatCannotBeShown() {
        for (Runnable wrong : List.<Runnable>of(
                () -> plan("blocking", Transport.NIO, false, 0),
                () -> new ExplainPlan(ChosenEngine.parse("blocking"), Transport.NIO, 0, false, 1, directory),
                () -> new ExplainPlan(ChosenEngine.parse("blocking"), Transport.NIO, 1L << 40, false, 1, directory))) {
            assertThrows(IllegalArgumentException.class, wrong::run);
        }
    }

    private static void silent(String doing) {}

    private Explainer explainer(String engine, Transport transport, boolean cold, Launcher launcher) {
        return new Explainer(plan(engine, transport, cold, 3), launcher, kernel, ExplainerTest::silent);
    }

    private ExplainPlan plan(String engine, Transport transport, boolean cold, int requests) {
        return new ExplainPlan(ChosenEngine.parse(engine), transport, 64 << 10, cold, requests, directory);
    }

    private void requireTracing() {
        Reading<TraceFs> traceFs = TraceFs.find(kernel);
        Assumptions.assumeTrue(traceFs.isMeasured(), traceFs.whyMissing());
        Reading<TraceInstance> instance = TraceInstance.open(traceFs.orThrow());
        Assumptions.assumeTrue(instance.isMeasured(), instance.whyMissing());
        instance.orThrow().close();
        Assumptions.assumeTrue(Transport.IO_URING.probe().isAvailable(), "io_uring can't be used here");
    }

    private List<Path> ownInstances() throws IOException {
        Reading<TraceFs> traceFs = TraceFs.find(kernel);
        List<Path> own = new ArrayList<>();
        if (traceFs.isMeasured()) {
            try (DirectoryStream<Path> instances = Files.newDirectoryStream(
                    traceFs.orThrow().root().resolve("instances"),
                    "ringside-*-" + ProcessHandle.current().pid() + "-*")) {
                instances.forEach(own::add);
            }
        }
        return own;
    }
}
