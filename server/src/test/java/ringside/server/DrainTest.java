package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.engines.Transport;

/// The end of a server.
class DrainTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void finishesWhatIsUnderWayAndRefusesWhatIsNew(Transport transport)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (TestServer server = new TestServer(transport, directory);
                RawClient idle = server.client();
                RawClient busy = new RawClient(server.server.port(), 4 << 10)) {
            int port = server.server.port();
            assertEquals(200, idle.get("/small.txt").status());
            busy.send("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
            busy.send("GET /small.txt HTTP/1.1\r\nHost: test\r\n\r\n");
            while (server.server.counters().answers() < 2) {
                Thread.onSpinWait();
            }
            CompletableFuture<Integer> drained =
                    CompletableFuture.supplyAsync(() -> server.server.drain(Duration.ofSeconds(30)));
            assertTrue(idle.atEnd(), "an idle connection is closed");
            idle.socket().close();
            refusesConnections(port);
            assertArrayEquals(TestServer.BIG, busy.read().body());
            Response last = busy.read();
            assertArrayEquals(TestServer.SMALL, last.body());
            assertEquals("close", last.field("Connection"));
            // In flight when the server decided to close: it must not cost the client the last answer.
            busy.send("GET /small.txt HTTP/1.1\r\nHost: test\r\n\r\n");
            assertTrue(busy.atEnd());
            busy.socket().close();
            assertEquals(0, drained.get(10, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @EnumSource
    void cutsOffTheRestAfterTheDeadline(Transport transport) throws IOException {
        try (TestServer server = new TestServer(transport, directory);
                RawClient stuck = new RawClient(server.server.port(), 4 << 10)) {
            stuck.send("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
            while (server.server.counters().answers() < 1) {
                Thread.onSpinWait();
            }
            assertEquals(1, server.server.drain(Duration.ofMillis(50)));
            assertThrows(IOException.class, stuck::read);
        }
    }

    @ParameterizedTest
    @EnumSource
    void waitsForNoHalfRequestAndNoRefusedClient(Transport transport) throws Exception {
        try (TestServer server = new TestServer(transport, directory);
                RawClient halfHead = server.client();
                RawClient halfBody = server.client();
                RawClient refused = server.client()) {
            assertEquals(200, halfHead.get("/small.txt").status());
            halfHead.send("GET / HTTP/1.1\r\nHo");
            halfBody.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n123");
            assertEquals(405, halfBody.read().status());
            assertEquals(400, refused.send("G@T / HTTP/1.1\r\n\r\n").read().status());
            assertTrue(refused.atEnd());
            // A request on another connection proves that the loop has seen what was sent before.
            try (RawClient other = server.client()) {
                assertEquals(200, other.get("/small.txt").status());
            }
            assertEquals(0, drainWithin10Seconds(server));
        }
    }

    /// Who is told to go while the server is drained, and stays, is given a few seconds of the clock's.
    @ParameterizedTest
    @EnumSource
    void timeoutsWorkWhileDraining(Transport transport) throws Exception {
        try (TestServer server = new TestServer(transport, directory);
                RawClient stays = server.client();
                RawClient stuck = new RawClient(server.server.port(), 4 << 10)) {
            assertEquals(200, stays.get("/small.txt").status());
            stuck.send("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
            while (server.server.counters().answers() < 2) {
                Thread.onSpinWait();
            }
            CompletableFuture<Integer> drained =
                    CompletableFuture.supplyAsync(() -> server.server.drain(Duration.ofSeconds(30)));
            assertTrue(stays.atEnd());
            for (int i = 0; i < 10 && !drained.isDone(); i++) {
                server.clock.advance(61);
                server.clock.runTasks();
                Thread.sleep(20);
            }
            assertEquals(0, drained.get(10, TimeUnit.SECONDS));
            assertTrue(server.server.counters().timeouts() >= 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void drainedOnceOnly(Transport transport) throws Exception {
        try (TestServer server = new TestServer(transport, directory)) {
            List<CompletableFuture<Integer>> drains = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                drains.add(CompletableFuture.supplyAsync(() -> server.server.drain(Duration.ofSeconds(5))));
            }
            for (CompletableFuture<Integer> drain : drains) {
                assertEquals(0, drain.get(10, TimeUnit.SECONDS));
            }
        }
    }

    private static int drainWithin10Seconds(TestServer server) throws Exception {
        return CompletableFuture.supplyAsync(() -> server.server.drain(Duration.ofSeconds(30)))
                .get(10, TimeUnit.SECONDS);
    }

    /// java.nio gives a listener's descriptor back only when its selector comes round.
    private static void refusesConnections(int port) {
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            while (true) {
                try {
                    new RawClient(port).close();
                } catch (IOException e) {
                    return;
                }
            }
        });
    }
}
