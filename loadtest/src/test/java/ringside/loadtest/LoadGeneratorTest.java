package ringside.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.engines.Transport;

class LoadGeneratorTest {

    private static final byte[] BODY = body(3000);

    @ParameterizedTest
    @EnumSource(Transport.class)
    void countsWhatTheServerAnswered(Transport transport) throws IOException {
        Assumptions.assumeTrue(
                transport.probe().isAvailable(), () -> transport.probe().toString());
        try (ScriptedServer server = ScriptedServer.of(BODY)) {
            LoadPlan.Builder plan =
                    plan(server).transport(transport).concurrency(5, 2).bodySampleEvery(1);
            LoadReport report = run(plan.durations(Duration.ZERO, Duration.ofMillis(200)));
            assertTrue(report.complete());
            assertTrue(report.requests() > 10, report.toJson());
            // One for the preflight, and what was answered between the end of the window and that of the load.
            assertTrue(report.requests() <= server.requests() - 1, report.toJson());
            assertEquals(report.requests(), report.completedInWindow());
            assertEquals(report.requests() * BODY.length, report.bodyBytes());
            assertEquals(report.requests(), report.bodiesChecked());
            assertEquals(report.requests(), report.serviceTime().count());
            assertTrue(report.responseTime().isEmpty() && report.sendLag().isEmpty(), report.toJson());
            assertTrue(report.offeredPerSecond().isEmpty(), report.toJson());
            assertEquals(LoadErrors.NONE, report.errors());
            assertEquals(0.2, report.measuredSeconds(), 1e-9, report.toJson());
            assertTrue(report.generator().loopCpuNanosPerRequest().orElseThrow() > 0, report.toJson());
        }
    }

    /// After so many answers the server keeps back all others, right ones and wrong ones, until the window is over.
    @ParameterizedTest
    @ValueSource(ints = {200, 503})
    void answersAfterTheWindowAreNotCounted(int laterStatus) throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer((path, number, out) -> {
            if (number > 20) {
                over.await();
            }
            ScriptedServer.respond(out, number > 20 ? laterStatus : 200, "", BODY);
            return true;
        })) {
            LoadPlan plan = plan(server)
                    .concurrency(5, 2)
                    .durations(Duration.ZERO, Duration.ofMillis(300))
                    .tail(Duration.ofMillis(200))
                    .build();
            LoadReport report = new LoadGenerator(plan, new LoadObserver() {
                        @Override
                        public void measured() {
                            over.countDown();
                        }
                    })
                    .run();
            assertEquals(20, report.requests(), report.toJson());
            assertEquals(20, report.completedInWindow(), report.toJson());
            assertEquals(LoadErrors.NONE, report.errors());
            assertEquals(0.3, report.measuredSeconds(), 1e-9);
            assertTrue(server.requests() > 50, "load ended with the window: " + server.requests());
        }
    }

    /// RFC 9110 §15.4.5
    @Test
    void whoAsksOnAConditionIsHeldToTheFirstAnswer() throws IOException {
        for (int laterStatus : new int[] {304, 200}) {
            try (ScriptedServer server = new ScriptedServer((path, number, out) -> {
                int status = number > 0 ? laterStatus : 304;
                ScriptedServer.respond(out, status, "", status == 304 ? new byte[0] : BODY);
                return true;
            })) {
                LoadReport report = new LoadGenerator(
                                plan(server)
                                        .durations(Duration.ZERO, Duration.ofMillis(100))
                                        .requestFields(List.of("If-None-Match: *"))
                                        .build(),
                                new LoadObserver() {})
                        .run();
                assertEquals(laterStatus == 304, report.requests() > 0, report.toJson());
                assertEquals(laterStatus == 200, report.errors().wrongLength() > 0, report.toJson());
            }
        }
    }

    @Test
    void targetsAskedForOnceEndTheWindow() throws IOException {
        AtomicLong cold = new AtomicLong();
        try (ScriptedServer server = new ScriptedServer((path, number, out) -> {
            if (path.startsWith("/cold")) {
                cold.incrementAndGet();
                Thread.sleep(10);
            }
            ScriptedServer.respond(out, 200, "", BODY);
            return true;
        })) {
            CRC32C crc = new CRC32C();
            crc.update(BODY);
            List<LoadTarget> targets = new ArrayList<>();
            Map<String, ExpectedBody> expected = new HashMap<>();
            for (int i = 0; i < 30; i++) {
                targets.add(LoadTarget.parse(server.url("/cold" + i)));
                expected.put("/cold" + i, new ExpectedBody(BODY.length, crc.getValue()));
            }
            LoadReport report = run(LoadPlan.builder(targets)
                    .concurrency(4, 2)
                    .durations(Duration.ofMillis(50), Duration.ofSeconds(30))
                    .tail(Duration.ofSeconds(20))
                    .expectedBodies(expected)
                    .warmUpTargets(List.of(LoadTarget.parse(server.url("/warm")))));
            assertTrue(report.complete());
            assertEquals(30, cold.get());
            assertEquals(30, report.requests(), report.toJson());
            assertEquals(LoadErrors.NONE, report.errors());
            // 15 for each loop on two connections, 10 ms each: the window ended with the last answer.
            double least = 8 * 0.010;
            assertTrue(report.measuredSeconds() >= least && report.measuredSeconds() < 10, report.toJson());
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void bigBodiesComeInManyPieces(Transport transport) throws IOException {
        Assumptions.assumeTrue(
                transport.probe().isAvailable(), () -> transport.probe().toString());
        byte[] big = body(1_500_000);
        try (ScriptedServer server = ScriptedServer.of(big)) {
            LoadReport report = run(plan(server).transport(transport).bodySampleEvery(2));
            assertTrue(report.requests() > 2, report.toJson());
            assertTrue(report.bodiesChecked() > 0, report.toJson());
            assertEquals(LoadErrors.NONE, report.errors());
        }
    }

    @Test
    void chunkedAnswersAreWhole() throws IOException {
        try (ScriptedServer server = new ScriptedServer((path, number, out) -> {
            ScriptedServer.raw(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nbb8\r\n", BODY);
            ScriptedServer.raw(out, "\r\n0\r\n\r\n", new byte[0]);
            return true;
        })) {
            LoadReport report = run(plan(server).bodySampleEvery(1));
            assertTrue(report.requests() > 5, report.toJson());
            assertEquals(report.requests() * BODY.length, report.bodyBytes());
            assertEquals(LoadErrors.NONE, report.errors());
            assertEquals(0, report.reconnects());
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void connectionsThatTheServerClosesAreReopened(Transport transport) throws IOException {
        Assumptions.assumeTrue(
                transport.probe().isAvailable(), () -> transport.probe().toString());
        try (ScriptedServer server = new ScriptedServer((path, number, out) -> {
            switch ((int) (number % 3)) {
                case 0 -> ScriptedServer.respond(out, 200, "Connection: close\r\n", BODY);
                case 1 -> ScriptedServer.raw(out, "HTTP/1.1 200 OK\r\n\r\n", BODY);
                default -> ScriptedServer.respond(out, 200, "", BODY);
            }
            return number % 3 == 2;
        })) {
            LoadReport report = run(plan(server).transport(transport).bodySampleEvery(1));
            assertTrue(report.requests() > 5, report.toJson());
            assertTrue(report.reconnects() > 2, report.toJson());
            assertEquals(LoadErrors.NONE, report.errors());
        }
    }

    @Test
    void requestsThatMeetAnIdleCloseAreSentAgain() throws IOException {
        try (ScriptedServer server = new ScriptedServer((path, number, out) -> {
            ScriptedServer.respond(out, 200, "", BODY);
            return number % 4 != 3; // closed without a word
        })) {
            LoadReport report = run(plan(server));
            assertTrue(report.requests() > 5, report.toJson());
            assertTrue(report.resends() > 0, report.toJson());
            assertEquals(LoadErrors.NONE, report.errors());
        }
    }

    @Test
    void everyKindOfErrorIsCountedAsItself() throws IOException {
        byte[] wrong = BODY.clone();
        wrong[2999] ^= 1;
        assertOnly(
                answering((path, number, out) -> {
                    ScriptedServer.respond(out, 200, "", Arrays.copyOf(BODY, 2999));
                    return true;
                }),
                Duration.ofSeconds(10),
                LoadErrors::wrongLength);
        assertOnly(
                answering((path, number, out) -> {
                    ScriptedServer.respond(out, 200, "", wrong);
                    return true;
                }),
                Duration.ofSeconds(10),
                LoadErrors::wrongChecksum);
        assertOnly(
                answering((path, number, out) -> {
                    ScriptedServer.respond(out, 503, "", BODY);
                    return true;
                }),
                Duration.ofSeconds(10),
                LoadErrors::status5xx);
        assertOnly(
                answering((path, number, out) -> {
                    ScriptedServer.respond(out, 404, "", BODY);
                    return true;
                }),
                Duration.ofSeconds(10),
                LoadErrors::status4xx);
        assertOnly(
                answering((path, number, out) -> {
                    ScriptedServer.raw(out, "HTTP/1.1 101 Switching Protocols\r\n\r\n", new byte[0]);
                    return true;
                }),
                Duration.ofSeconds(10),
                LoadErrors::status1xx);
        assertOnly(
                answering((path, number, out) -> {
                    ScriptedServer.respond(out, 302, "Location: /\r\n", new byte[0]);
                    return true;
                }),
                Duration.ofSeconds(10),
                LoadErrors::status3xx);
        assertOnly(
                answering((path, number, out) -> {
                    ScriptedServer.raw(out, "HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n", Arrays.copyOf(BODY, 9));
                    return false;
                }),
                Duration.ofSeconds(10),
                LoadErrors::shortBody);
        assertOnly(
                answering((path, number, out) -> {
                    ScriptedServer.raw(out, "What do you want?\r\n", BODY);
                    return true;
                }),
                Duration.ofSeconds(10),
                LoadErrors::malformed);
        assertOnly(answering((path, number, out) -> false), Duration.ofSeconds(10), LoadErrors::reset);
        assertOnly(
                answering((path, number, out) -> {
                    Thread.sleep(10_000);
                    return false;
                }),
                Duration.ofMillis(100),
                LoadErrors::timeout);
    }

    /// Right for the preflight, then as told.
    private static ScriptedServer.Script answering(ScriptedServer.Script later) {
        return (path, number, out) -> {
            if (number == 0) {
                ScriptedServer.respond(out, 200, "", BODY);
                return true;
            }
            return later.answer(path, number, out);
        };
    }

    private static void assertOnly(
            ScriptedServer.Script script, Duration timeout, java.util.function.ToLongFunction<LoadErrors> kind)
            throws IOException {
        try (ScriptedServer server = new ScriptedServer(script)) {
            LoadReport report = run(
                    plan(server).bodySampleEvery(1).timeout(timeout).durations(Duration.ZERO, Duration.ofMillis(300)));
            assertTrue(kind.applyAsLong(report.errors()) > 0, report.toJson());
            assertEquals(kind.applyAsLong(report.errors()), report.errors().total(), report.toJson());
            assertEquals(0, report.requests(), report.toJson());
        }
    }

    @Test
    void targetsAreAskedByTheirWeights() throws IOException {
        AtomicLong heavy = new AtomicLong();
        AtomicLong light = new AtomicLong();
        try (ScriptedServer server = new ScriptedServer((path, number, out) -> {
            (path.equals("/heavy?x=1") ? heavy : light).incrementAndGet();
            ScriptedServer.respond(out, 200, "", body(path.equals("/heavy?x=1") ? 10 : 20));
            return true;
        })) {
            LoadReport report = run(LoadPlan.builder(List.of(
                            LoadTarget.parse(server.url("/heavy?x=1"), 9), LoadTarget.parse(server.url("/light"), 1)))
                    .bodySampleEvery(1)
                    .concurrency(4, 1)
                    .durations(Duration.ZERO, Duration.ofMillis(400)));
            assertEquals(LoadErrors.NONE, report.errors());
            double share = (double) heavy.get() / (heavy.get() + light.get());
            assertTrue(heavy.get() + light.get() > 100, report.toJson());
            assertTrue(share > 0.8 && share < 0.97, "share of the heavy target: " + share);
        }
    }

    @Test
    void loadThatCannotStartSaysWhy() throws IOException {
        int port;
        try (ServerSocket unused = new ServerSocket(0)) {
            port = unused.getLocalPort();
        }
        assertRefused(
                LoadPlan.builder(List.of(LoadTarget.parse("http://127.0.0.1:" + port + "/"))), "Start the server");
        assertRefused(LoadPlan.builder(List.of(LoadTarget.parse("http://no-such-host.invalid/"))), "no host");
        try (ScriptedServer server = new ScriptedServer((path, number, out) -> {
            ScriptedServer.respond(out, path.equals("/missing") ? 404 : 200, "", BODY);
            return true;
        })) {
            assertRefused(LoadPlan.builder(List.of(LoadTarget.parse(server.url("/missing")))), "status 404");
            CRC32C crc = new CRC32C();
            crc.update(BODY);
            LoadPlan.Builder plan = plan(server);
            assertRefused(
                    plan.expectedBodies(Map.of("/a", new ExpectedBody(2999, crc.getValue()))), "3000 bytes where 2999");
            assertRefused(plan.expectedBodies(Map.of("/a", new ExpectedBody(3000, crc.getValue() ^ 1))), "CRC-32C");
            LoadReport right = run(plan.expectedBodies(Map.of("/a", new ExpectedBody(3000, crc.getValue()))));
            assertTrue(right.requests() > 0, right.toJson());
            assertRefused(plan.cpus(List.of(8000)), "pin");
        }
    }

    private static void assertRefused(LoadPlan.Builder plan, String part) {
        LoadGenerator generator = new LoadGenerator(plan.build(), LoadObserver.NONE);
        String message =
                String.valueOf(assertThrows(LoadException.class, generator::run).getMessage());
        assertTrue(message.contains(part), message);
    }

    @Test
    void aServerThatGoesAwayIsCountedNotFatal() throws Exception {
        ScriptedServer server = ScriptedServer.of(BODY);
        LoadGenerator generator = new LoadGenerator(
                plan(server).durations(Duration.ZERO, Duration.ofMillis(600)).build(), new LoadObserver() {
                    @Override
                    public void measuring() {
                        try {
                            server.close();
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    }
                });
        LoadReport report = generator.run();
        assertTrue(report.errors().connect() > 0, report.toJson());
        assertTrue(report.complete());
    }

    @Test
    void stopAndInterruptGiveAPartialReport() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(BODY)) {
            LoadPlan.Builder plan = plan(server).durations(Duration.ZERO, Duration.ofHours(1));
            for (boolean byInterrupt : new boolean[] {false, true}) {
                List<String> events = new ArrayList<>();
                Thread runner = Thread.currentThread();
                LoadGenerator[] generator = new LoadGenerator[1];
                LoadObserver observer = new LoadObserver() {
                    @Override
                    public void warmingUp(LoadPlan of) {
                        events.add("warmingUp");
                    }

                    @Override
                    public void measuring() {
                        events.add("measuring");
                    }

                    @Override
                    public void tick(Tick tick) {
                        events.add("tick");
                        assertTrue(tick.requestsPerSecond() > 0, tick.toString());
                        if (byInterrupt) {
                            runner.interrupt();
                        } else {
                            generator[0].stop();
                        }
                    }

                    @Override
                    public void measured() {
                        events.add("measured");
                    }

                    @Override
                    public void done(LoadReport report) {
                        events.add("done");
                    }
                };
                generator[0] = new LoadGenerator(plan.build(), observer);
                LoadReport report = generator[0].run();
                assertEquals(byInterrupt, Thread.interrupted());
                assertFalse(report.complete());
                assertTrue(report.requests() > 0, report.toJson());
                assertTrue(report.measuredSeconds() < 60, report.toJson());
                assertEquals(List.of("warmingUp", "measuring", "tick", "measured", "done"), events);
            }
            LoadGenerator stopped = new LoadGenerator(plan.build(), LoadObserver.NONE);
            stopped.stop();
            assertThrows(LoadException.class, stopped::run);
        }
    }

    @Test
    void theWarmUpEndsWhenItIsToldTo() throws IOException {
        try (ScriptedServer server = ScriptedServer.of(BODY)) {
            List<LoadObserver.WarmUpInterval> seen = new ArrayList<>();
            LoadGenerator[] generator = new LoadGenerator[1];
            generator[0] = new LoadGenerator(
                    plan(server)
                            .durations(Duration.ofHours(1), Duration.ofMillis(50))
                            .build(),
                    new LoadObserver() {
                        @Override
                        public void warmedFor(WarmUpInterval interval) {
                            seen.add(interval);
                            if (seen.size() == 3) {
                                generator[0].endWarmUp();
                            }
                        }
                    });
            LoadReport report = generator[0].run();
            assertTrue(report.complete());
            assertTrue(report.requests() > 0, report.toJson());
            assertEquals(3, seen.size());
            double elapsed = 0;
            for (LoadObserver.WarmUpInterval interval : seen) {
                assertTrue(interval.completed() > 0 && interval.p50Micros() > 0, interval::toString);
                elapsed += interval.seconds();
                assertEquals(elapsed, interval.elapsedSeconds(), 1e-6);
            }
            // What was answered in the warm-up isn't in the report.
            assertTrue(
                    report.requests()
                                    + seen.stream()
                                            .mapToLong(LoadObserver.WarmUpInterval::completed)
                                            .sum()
                            <= server.requests(),
                    report.toJson());
        }
    }

    @Test
    void aSilentServerDoesNotHangThePreflight() throws IOException {
        try (ServerSocket silent = new ServerSocket(0)) {
            Thread.ofPlatform().daemon().start(() -> {
                try (Socket socket = silent.accept()) {
                    assertTrue(socket.getInputStream().read() >= 0);
                    Thread.sleep(5000);
                } catch (IOException | InterruptedException e) {
                    // The test is over.
                }
            });
            LoadPlan.Builder plan =
                    LoadPlan.builder(List.of(LoadTarget.parse("http://127.0.0.1:" + silent.getLocalPort() + "/")));
            assertRefused(plan.timeout(Duration.ofMillis(100)), "failed");
        }
    }

    private static LoadPlan.Builder plan(ScriptedServer server) {
        return LoadPlan.builder(List.of(LoadTarget.parse(server.url("/a"))))
                .concurrency(3, 1)
                .durations(Duration.ofMillis(20), Duration.ofMillis(250));
    }

    private static LoadReport run(LoadPlan.Builder plan) {
        return new LoadGenerator(plan.build(), LoadObserver.NONE).run();
    }

    private static byte[] body(int length) {
        byte[] body = new byte[length];
        new java.util.Random(length).nextBytes(body);
        return body;
    }
}
