package ringside.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.engines.Transport;

class OpenLoopTest {

    private static final byte[] BODY = new byte[100];

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(Transport.class)
    void theRateIsKept(Transport transport) throws IOException {
        Assumptions.assumeTrue(
                transport.probe().isAvailable(), () -> transport.probe().toString());
        try (ScriptedServer server = ScriptedServer.of(BODY)) {
            LoadReport report = run(plan(server, 500, LoadMode.Arrivals.CONSTANT)
                    .transport(transport)
                    .concurrency(6, 2)
                    .durations(Duration.ofMillis(50), Duration.ofMillis(500)));
            long due = sendLag(report).count();
            assertEquals(500 * report.measuredSeconds(), (double) due, 4, report.toJson());
            assertEquals(
                    due / report.measuredSeconds(), report.offeredPerSecond().orElseThrow(), 1e-6);
            assertEquals(due, report.requests() + report.errors().total(), report.toJson());
            assertEquals(report.requests(), responseTime(report).count());
            assertEquals(report.completedInWindow() / report.measuredSeconds(), report.requestsPerSecond(), 1e-6);
            assertTrue(
                    responseTime(report).meanMicros().orElseThrow()
                            >= report.serviceTime().meanMicros().orElseThrow(),
                    report.toJson());
            assertTrue(sendLag(report).p50Micros().orElseThrow() < 5000, report.toJson());
        }
    }

    /// The server stands still for 300 ms of 1.5 s: a fifth of the requests of an independent load meet the stall, but
    /// only as many service times show it as there are connections.
    @Test
    void aStallIsChargedToAllThatItDelayed() throws IOException {
        AtomicBoolean stalled = new AtomicBoolean();
        Object door = new Object();
        try (ScriptedServer server = new ScriptedServer((path, number, out) -> {
            synchronized (door) {
                if (number > 100 && !stalled.getAndSet(true)) {
                    Thread.sleep(300);
                }
            }
            ScriptedServer.respond(out, 200, "", BODY);
            return true;
        })) {
            LoadReport report = run(plan(server, 200, LoadMode.Arrivals.CONSTANT)
                    .concurrency(2, 1)
                    .durations(Duration.ZERO, Duration.ofMillis(1500)));
            assertTrue(stalled.get(), report.toJson());
            assertEquals(0, report.errors().total(), report.toJson());
            assertTrue(responseTime(report).p99Micros().orElseThrow() > 200_000, report.toJson());
            assertTrue(responseTime(report).p90Micros().orElseThrow() > 80_000, report.toJson());
            assertTrue(report.serviceTime().p50Micros().orElseThrow() < 50_000, report.toJson());
            assertTrue(report.serviceTime().p90Micros().orElseThrow() < 80_000, report.toJson());
        }
    }

    @Test
    void theHistogramLogAddsUpToTheReport() throws IOException {
        Path log = directory.resolve("run.hlog");
        try (ScriptedServer server = ScriptedServer.of(BODY)) {
            LoadReport report = run(plan(server, 300, LoadMode.Arrivals.POISSON)
                    .histogramLog(Optional.of(log))
                    .durations(Duration.ofMillis(100), Duration.ofMillis(2200)));
            Map<String, Histogram> merged = merge(log);
            assertEquals(List.of("response", "sendlag", "service"), List.copyOf(merged.keySet()));
            assertEquals(report.serviceTime(), LatencySummary.ofNanos(Objects.requireNonNull(merged.get("service"))));
            assertEquals(responseTime(report), LatencySummary.ofNanos(Objects.requireNonNull(merged.get("response"))));
            assertEquals(sendLag(report), LatencySummary.ofNanos(Objects.requireNonNull(merged.get("sendlag"))));
            assertTrue(report.requests() > 300, report.toJson());
        }
    }

    private static Map<String, Histogram> merge(Path log) throws FileNotFoundException {
        Map<String, Histogram> merged = new TreeMap<>();
        int intervals = 0;
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            for (EncodableHistogram next = reader.nextIntervalHistogram();
                    next != null;
                    next = reader.nextIntervalHistogram()) {
                intervals++;
                merged.computeIfAbsent(next.getTag(), tag -> new Histogram(Tally.NANOS_MAX, 3))
                        .add((Histogram) next);
            }
        }
        assertTrue(intervals >= 9, "intervals: " + intervals);
        return merged;
    }

    @Test
    void aQueueThatOverflowsIsCounted() {
        WaitingStarts waiting = new WaitingStarts(3);
        for (int round = 0; round < 5; round++) {
            assertTrue(waiting.isEmpty());
            assertTrue(waiting.offer(round));
            assertTrue(waiting.offer(round + 1));
            assertTrue(waiting.offer(round + 2));
            assertFalse(waiting.offer(99));
            assertEquals(3, waiting.count());
            assertEquals(round, waiting.poll());
            assertEquals(round + 1, waiting.poll());
            assertEquals(round + 2, waiting.poll());
        }
    }

    @Test
    void aServerThatNeverAnswersOverflowsTheQueueAndTimesOut() throws IOException {
        try (ScriptedServer server = new ScriptedServer((path, number, out) -> {
            if (number > 0) {
                Thread.sleep(20_000);
            }
            ScriptedServer.respond(out, 200, "", BODY);
            return true;
        })) {
            LoadReport report = run(plan(server, 20_000, LoadMode.Arrivals.CONSTANT)
                    .concurrency(1, 1)
                    .timeout(Duration.ofMillis(100))
                    .durations(Duration.ZERO, Duration.ofMillis(2000)));
            assertEquals(0, report.requests(), report.toJson());
            assertTrue(report.errors().queueOverflow() > 1000, report.toJson());
            assertTrue(report.errors().timeout() > 1000, report.toJson());
            assertEquals(
                    sendLag(report).count(),
                    report.errors().queueOverflow() + report.errors().timeout(),
                    report.toJson());
        }
    }

    @Test
    void constantArrivalsDoNotDrift() {
        ArrivalClock clock = new ArrivalClock(1_000, 300_000, LoadMode.Arrivals.CONSTANT, 0.5, new SplittableRandom(1));
        long before = Long.MIN_VALUE;
        for (int i = 0; i < 3_000_000; i++) {
            assertTrue(clock.dueNanos() > before);
            before = clock.dueNanos();
            clock.advance();
        }
        assertTrue(Math.abs(clock.dueNanos() - 10_000_002_666L) <= 2, "due at " + clock.dueNanos());
    }

    @Test
    void poissonArrivalsHaveTheirMeanAndSpread() {
        long seed = 42;
        ArrivalClock clock = new ArrivalClock(0, 1_000, LoadMode.Arrivals.POISSON, 0, new SplittableRandom(seed));
        int count = 200_000;
        double squares = 0;
        long before = 0;
        for (int i = 0; i < count; i++) {
            double gap = clock.dueNanos() - before;
            squares += gap * gap;
            before = clock.dueNanos();
            clock.advance();
        }
        double mean = (double) before / count;
        double deviation = Math.sqrt(squares / count - mean * mean);
        assertEquals(1e6, mean, 1e4, "seed " + seed);
        assertEquals(1e6, deviation, 2e4, "seed " + seed + ": an exponential's deviation is its mean");
    }

    /// The server takes 20 ms for each request on each of two connections: 100 a second, where 400 are asked for.
    @Test
    void anOverloadedServersThroughputIsItsOwn() throws IOException {
        try (ScriptedServer server = new ScriptedServer((path, number, out) -> {
            Thread.sleep(20);
            ScriptedServer.respond(out, 200, "", BODY);
            return true;
        })) {
            LoadReport report = run(plan(server, 400, LoadMode.Arrivals.CONSTANT)
                    .concurrency(2, 1)
                    .durations(Duration.ZERO, Duration.ofMillis(500)));
            assertEquals(0, report.errors().total(), report.toJson());
            assertEquals(400, report.offeredPerSecond().orElseThrow(), 8, report.toJson());
            // All that came due was answered in the end, but no more than that in the window.
            assertTrue(report.requests() >= 196, report.toJson());
            assertTrue(report.completedInWindow() > 5 && report.completedInWindow() <= 50, report.toJson());
            assertEquals(report.completedInWindow() / 0.5, report.requestsPerSecond(), 1e-6);
            assertEquals(report.requestsPerSecond() * BODY.length / 1e6, report.megabytesPerSecond(), 1e-9);
            assertTrue(report.limit().sentence().startsWith("Rate not sustained"), report.toJson());
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aWarmUpInAClosedLoopComesToThePaceBeforeTheWindow(Transport transport) throws IOException {
        Assumptions.assumeTrue(
                transport.probe().isAvailable(), () -> transport.probe().toString());
        try (ScriptedServer server = ScriptedServer.of(BODY)) {
            long[] warming = new long[1];
            LoadPlan plan = plan(server, 200, LoadMode.Arrivals.CONSTANT)
                    .transport(transport)
                    .concurrency(6, 2)
                    .durations(Duration.ofMillis(500), Duration.ofMillis(500))
                    .warmUpClosed(Duration.ofMillis(300))
                    .build();
            LoadReport report = new LoadGenerator(plan, new LoadObserver() {
                        @Override
                        public void measuring() {
                            warming[0] = server.requests();
                        }
                    })
                    .run();
            assertTrue(warming[0] > 200, warming[0] + " requests of a warm-up that has 100 due");
            assertEquals(100, (double) sendLag(report).count(), 4, report.toJson());
            assertEquals(
                    sendLag(report).count(), report.requests() + report.errors().total(), report.toJson());
        }
    }

    @Test
    void aClosedPartIsOfAnOpenLoopsWarmUp() throws IOException {
        try (ScriptedServer server = ScriptedServer.of(BODY)) {
            LoadPlan.Builder tooLong = plan(server, 200, LoadMode.Arrivals.CONSTANT)
                    .durations(Duration.ofSeconds(1), Duration.ofSeconds(1))
                    .warmUpClosed(Duration.ofSeconds(2));
            assertThrows(IllegalArgumentException.class, tooLong::build);
            LoadPlan.Builder closed = plan(server, 200, LoadMode.Arrivals.CONSTANT)
                    .mode(new LoadMode.Closed())
                    .durations(Duration.ofSeconds(1), Duration.ofSeconds(1))
                    .warmUpClosed(Duration.ofSeconds(1));
            assertThrows(IllegalArgumentException.class, closed::build);
        }
    }

    @Test
    void whatIsIntendedInTheTailIsNotCounted() throws IOException {
        try (ScriptedServer server = ScriptedServer.of(BODY)) {
            long[] asked = new long[1];
            LoadPlan plan = plan(server, 1000, LoadMode.Arrivals.CONSTANT)
                    .durations(Duration.ZERO, Duration.ofMillis(200))
                    .tail(Duration.ofMillis(200))
                    .build();
            LoadReport report = new LoadGenerator(plan, new LoadObserver() {
                        @Override
                        public void measured() {
                            asked[0] = server.requests();
                        }
                    })
                    .run();
            assertEquals(0.2, report.measuredSeconds(), 1e-9);
            assertEquals(200, (double) sendLag(report).count(), 2, report.toJson());
            assertEquals(sendLag(report).count(), report.requests(), report.toJson());
            assertTrue(server.requests() - asked[0] > 100, "in the tail: " + (server.requests() - asked[0]));
        }
    }

    @Test
    void waitingStartsAreDroppedFromTheEnd() {
        WaitingStarts waiting = new WaitingStarts(4);
        assertTrue(waiting.offer(1) && waiting.offer(2) && waiting.offer(3));
        assertEquals(1, waiting.poll());
        assertTrue(waiting.offer(4) && waiting.offer(5));
        waiting.dropFrom(4);
        assertEquals(2, waiting.count());
        assertEquals(2, waiting.poll());
        assertEquals(3, waiting.poll());
        waiting.dropFrom(0);
        assertTrue(waiting.isEmpty());
    }

    private static LatencySummary responseTime(LoadReport report) {
        return report.responseTime().orElseThrow();
    }

    private static LatencySummary sendLag(LoadReport report) {
        return report.sendLag().orElseThrow();
    }

    private static LoadPlan.Builder plan(ScriptedServer server, double rate, LoadMode.Arrivals arrivals) {
        return LoadPlan.builder(List.of(LoadTarget.parse(server.url("/a"))))
                .concurrency(8, 1)
                .mode(new LoadMode.Open(rate, arrivals));
    }

    private static LoadReport run(LoadPlan.Builder plan) {
        return new LoadGenerator(plan.build(), LoadObserver.NONE).run();
    }
}
