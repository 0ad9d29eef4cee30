package ringside.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.engines.Transport;

/// What the loops do besides asking: next to nothing. Allocation is the measure, as it doesn't depend on the machine.
class LoopWorkTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path directory;

    /// A read of `/proc` or a bean costs kilobytes each time.
    @Test
    void theEdgesOfTheWindowCostTheLoopNothing() throws Exception {
        LoadPlan plan = LoadPlan.builder(List.of(LoadTarget.parse("http://localhost:1/a")))
                .transport(Transport.NIO)
                .concurrency(1, 1)
                .build();
        LoadLoop loop = new LoadLoop(
                plan,
                0,
                List.of(new PreparedTarget("/a", new byte[10], 1, 1, false)),
                InetSocketAddress.createUnresolved("localhost", 1));
        Tally first = new Tally(true);
        Tally second = new Tally(true);
        try {
            long bytes = loop.executor()
                    .submit(() -> {
                        THREADS.getCurrentThreadAllocatedBytes();
                        long before = THREADS.getCurrentThreadAllocatedBytes();
                        loop.beginWindow(first);
                        loop.counts().ask(second);
                        loop.counts().handOver();
                        loop.counts().endWindow();
                        loop.emptyNanos();
                        return THREADS.getCurrentThreadAllocatedBytes() - before;
                    })
                    .get();
            assertTrue(bytes < 512, "bytes allocated at the edges: " + bytes);
        } finally {
            loop.executor().submit(loop::closeConnections).get();
            loop.shutDown();
        }
    }

    @Test
    void theLogIsOpenBeforeLoadIsOn() throws IOException {
        Path log = directory.resolve("run.hlog");
        AtomicBoolean wasOpen = new AtomicBoolean();
        long[] asked = new long[1];
        try (ScriptedServer server = ScriptedServer.of(new byte[10])) {
            LoadPlan plan = LoadPlan.builder(List.of(LoadTarget.parse(server.url("/a"))))
                    .concurrency(1, 1)
                    .durations(Duration.ofMillis(20), Duration.ofMillis(50))
                    .histogramLog(Optional.of(log))
                    .build();
            new LoadGenerator(plan, new LoadObserver() {
                        @Override
                        public void warmingUp(LoadPlan of) {
                            wasOpen.set(Files.exists(log));
                            asked[0] = server.requests();
                        }
                    })
                    .run();
            assertTrue(wasOpen.get());
            assertEquals(1, asked[0], "only the fetch beforehand");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void bigBodiesAllocateNoMoreThanSmallOnes(Transport transport) throws IOException {
        Assumptions.assumeTrue(
                transport.probe().isAvailable(), () -> transport.probe().toString());
        double small = bytesPerRequest(transport, 1024);
        double big = bytesPerRequest(transport, 1024 * 1024);
        assertTrue(big < small + 2048, "bytes per request: " + small + " of 1 KiB, " + big + " of 1 MiB");
    }

    private static double bytesPerRequest(Transport transport, int bodyBytes) throws IOException {
        long[] allocated = new long[2];
        try (ScriptedServer server = ScriptedServer.of(new byte[bodyBytes])) {
            LoadPlan plan = LoadPlan.builder(List.of(LoadTarget.parse(server.url("/a"))))
                    .transport(transport)
                    .concurrency(1, 1)
                    .durations(Duration.ofMillis(300), Duration.ofMillis(500))
                    .build();
            LoadReport report = new LoadGenerator(plan, new LoadObserver() {
                        @Override
                        public void measuring() {
                            allocated[0] = allocatedByLoop();
                        }

                        @Override
                        public void measured() {
                            allocated[1] = allocatedByLoop();
                        }
                    })
                    .run();
            assertTrue(report.requests() > 20, report.toJson());
            return (double) (allocated[1] - allocated[0]) / report.requests();
        }
    }

    private static long allocatedByLoop() {
        long loop = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getName().startsWith("load-0"))
                .mapToLong(Thread::threadId)
                .max()
                .orElseThrow();
        return THREADS.getThreadAllocatedBytes(loop);
    }
}
