package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.engines.Transport;

/// Answers that are made: framing, back-pressure, and who ends them.
class MadeAnswerTest {

    private static final int MANY = 40 << 20;

    @TempDir
    Path directory;

    /// Every maker that was asked for, in order.
    private final List<PatternMaker> makers = new CopyOnWriteArrayList<>();

    /// `/made/STATUS/PROMISED/BYTES/HOW`.
    private @Nullable AnswerMaker route(RequestParser request, byte[] octets, byte[] path, int from, int to) {
        String[] parts = new String(path, from, to - from, StandardCharsets.UTF_8).split("/", -1);
        if (parts.length != 6) {
            return null;
        }
        PatternMaker maker = new PatternMaker(
                Integer.parseInt(parts[2]),
                Long.parseLong(parts[3]),
                Integer.parseInt(parts[4]),
                PatternMaker.How.valueOf(parts[5]));
        makers.add(maker);
        return maker;
    }

    private TestServer server(Transport transport) {
        return new TestServer(transport, directory, this::route);
    }

    @ParameterizedTest(name = "RFC 9112 §6.3 on {0}")
    @EnumSource
    void theEndOfEveryBodyIsKnown(Transport transport) throws IOException {
        try (TestServer server = server(transport);
                RawClient client = server.client()) {
            for (int bytes : new int[] {0, 1, 15, 16, 255, 4096, 100_000}) {
                for (PatternMaker.How how : List.of(PatternMaker.How.LATER, PatternMaker.How.AT_ONCE)) {
                    Response chunked = client.get("/made/200/-1/" + bytes + "/" + how);
                    assertEquals("chunked", chunked.field("Transfer-Encoding"));
                    assertArrayEquals(PatternMaker.pattern(bytes), chunked.body());
                    Response known = client.get("/made/200/" + bytes + "/" + bytes + "/" + how);
                    assertEquals("" + bytes, known.field("Content-Length"));
                    assertEquals("", known.field("Transfer-Encoding"));
                    assertArrayEquals(PatternMaker.pattern(bytes), known.body());
                }
            }
            // To a client of HTTP/1.0 the end of the connection is the end of the body, if nothing else is.
            client.send("GET /made/200/9/9/LATER HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            Response kept = client.read();
            assertEquals("keep-alive", kept.field("Connection"));
            assertArrayEquals(PatternMaker.pattern(9), kept.body());
            client.send("GET /made/200/-1/70000/LATER HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            Response last = client.read();
            assertEquals("close", last.field("Connection"));
            assertEquals("", last.field("Transfer-Encoding"));
            assertArrayEquals(PatternMaker.pattern(70_000), last.body());
            assertEquals(0, server.server.counters().defects());
        }
    }

    @ParameterizedTest(name = "RFC 9110 §9.3.2, §15.3.5, §15.4.5 on {0}")
    @EnumSource
    void someAnswersHaveNoBody(Transport transport) throws IOException {
        try (TestServer server = server(transport);
                RawClient client = server.client()) {
            for (String how : new String[] {"LATER", "AT_ONCE"}) {
                client.send("HEAD /made/200/-1/100/" + how + " HTTP/1.1\r\nHost: test\r\n\r\n");
                Response head = client.read(false);
                assertEquals("", head.field("Content-Length") + head.field("Transfer-Encoding"));
                client.send("HEAD /made/200/100/100/" + how + " HTTP/1.1\r\nHost: test\r\n\r\n");
                assertEquals("100", client.read(false).field("Content-Length"));
                for (int status : new int[] {204, 304}) {
                    client.send("GET /made/" + status + "/-1/100/" + how + " HTTP/1.1\r\nHost: test\r\n\r\n");
                    Response empty = client.read(false);
                    assertEquals(status, empty.status());
                    assertEquals("", empty.field("Content-Length") + empty.field("Transfer-Encoding"));
                }
            }
            // Had there been a body, this would read it.
            assertArrayEquals(TestServer.SMALL, client.get("/small.txt").body());
        }
    }

    @ParameterizedTest(name = "RFC 9112 §9.3.2 on {0}")
    @EnumSource
    void pipelinedAnswersKeepTheirOrder(Transport transport) throws IOException {
        String[] targets = {
            "/made/200/-1/5/LATER", "/small.txt", "/made/200/-1/300000/LATER", "/made/200/7/7/AT_ONCE", "/small.txt"
        };
        try (TestServer server = server(transport);
                RawClient client = server.client()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                for (String target : targets) {
                    requests.append("GET ").append(target).append(" HTTP/1.1\r\nHost: test\r\n\r\n");
                }
            }
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    client.send(requests.toString());
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            for (int i = 0; i < 20; i++) {
                assertArrayEquals(PatternMaker.pattern(5), client.read().body());
                assertArrayEquals(TestServer.SMALL, client.read().body());
                assertArrayEquals(PatternMaker.pattern(300_000), client.read().body());
                assertArrayEquals(PatternMaker.pattern(7), client.read().body());
                assertArrayEquals(TestServer.SMALL, client.read().body());
            }
            sent.join();
        }
    }

    @ParameterizedTest(name = "RFC 9112 §8 on {0}")
    @EnumSource
    void whatIsMissingShows(Transport transport) throws IOException {
        try (TestServer server = server(transport)) {
            try (RawClient client = server.client()) {
                client.send("GET /made/200/100/99/LATER HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThrows(EOFException.class, client::read);
            }
            try (RawClient client = server.client()) {
                client.send("GET /made/200/-1/99/BREAKS_OFF HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThrows(EOFException.class, client::read);
            }
            try (RawClient client = server.client()) {
                client.send("GET /made/200/-1/99/BREAKS_OFF HTTP/1.0\r\n\r\n");
                IOException reset = assertThrows(IOException.class, client::read);
                assertTrue(String.valueOf(reset.getMessage()).contains("reset"), reset::toString);
            }
            try (RawClient client = server.client()) {
                assertEquals(500, client.get("/made/0/-1/0/BREAKS_OFF").status());
                // More than promised is dropped.
                assertArrayEquals(
                        PatternMaker.pattern(10),
                        client.get("/made/200/10/99/LATER").body());
                assertArrayEquals(TestServer.SMALL, client.get("/small.txt").body());
            }
            assertEquals(0, server.server.counters().defects());
            assertEquals(3, server.server.counters().transfersCut());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMakersDefectEndsItsConnectionOnly(Transport transport) throws IOException {
        try (TestServer server = server(transport)) {
            try (RawClient client = server.client()) {
                client.send("GET /made/200/-1/9/THROWS HTTP/1.1\r\nHost: test\r\n\r\n");
                assertTrue(client.atEnd());
            }
            try (RawClient client = server.client()) {
                assertEquals(200, client.get("/small.txt").status());
            }
            assertEquals(1, server.server.counters().defects());
            assertEquals(0, server.server.drain(Duration.ofSeconds(10)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatReadsNothingIsWrittenNothing(Transport transport) throws IOException {
        try (TestServer server = server(transport);
                RawClient client = new RawClient(server.server.port(), 4 << 10)) {
            client.send("GET /made/200/-1/" + MANY + "/LATER HTTP/1.1\r\nHost: test\r\n\r\n");
            InputStream in = client.socket().getInputStream();
            assertEquals('H', in.read());
            makers.getFirst().full.join();
            server.server.sweepNow();
            long written = makers.getFirst().writtenBytes.get();
            assertTrue(written < MANY / 2, () -> written + " bytes were written without a reader");
            // It takes some now and then: that is slow, but no reason to cut it off.
            for (int i = 0; i < 4; i++) {
                assertEquals(1 << 20, in.readNBytes(1 << 20).length);
                server.clock.advance(50);
                server.server.sweepNow();
                assertEquals(0, server.server.counters().timeouts());
            }
            for (int i = 0; server.server.counters().timeouts() == 0; i++) {
                assertTrue(i < 50, "a client that takes nothing isn't cut off");
                // The socket may still be taking some.
                LockSupport.parkNanos(20_000_000);
                server.clock.advance(61);
                server.server.sweepNow();
            }
            makers.getFirst().ended.join();
            assertTrue(makers.getFirst().cancelled);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMakerMayTakeItsTimeButNotForEver(Transport transport) throws IOException {
        try (TestServer server = server(transport);
                RawClient client = server.client();
                // When it has an answer, the loop has seen that what it sent before was taken: until then a ring may
                // have it, and the client would look as if it took nothing.
                RawClient other = server.client()) {
            client.send("GET /made/200/-1/9/NEVER_ENDS HTTP/1.1\r\nHost: test\r\n\r\n");
            client.awaitFirstOctet();
            for (int i = 0; i <= 18; i++) {
                assertEquals(200, other.get("/small.txt").status());
                server.server.sweepNow();
                assertEquals(0, server.server.counters().timeouts());
                server.clock.advance(30);
            }
            for (int i = 0; server.server.counters().timeouts() == 0; i++) {
                assertTrue(i < 10, "a maker that makes nothing is waited for");
                assertEquals(200, other.get("/small.txt").status());
                server.server.sweepNow();
                server.clock.advance(30);
            }
            assertTrue(makers.getFirst().cancelled);
            assertThrows(IOException.class, client::read);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoLeavesEndsTheMaking(Transport transport) throws Exception {
        try (TestServer server = server(transport)) {
            try (RawClient client = new RawClient(server.server.port(), 4 << 10)) {
                client.send("GET /made/200/-1/" + MANY + "/LATER HTTP/1.1\r\nHost: test\r\n\r\n");
                assertEquals('H', client.socket().getInputStream().read());
            }
            PatternMaker maker = makers.getFirst();
            maker.ended.get(10, TimeUnit.SECONDS);
            assertTrue(maker.writtenBytes.get() < MANY);
            assertEquals(0, server.server.drain(Duration.ofSeconds(10)));
            assertEquals(0, server.server.counters().defects());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDrainLetsItFinish(Transport transport) throws Exception {
        try (TestServer server = server(transport);
                RawClient client = new RawClient(server.server.port(), 4 << 10)) {
            client.send("GET /made/200/-1/" + MANY + "/LATER HTTP/1.1\r\nHost: test\r\n\r\n");
            client.send("GET /made/200/-1/3/LATER HTTP/1.1\r\nHost: test\r\n\r\n");
            while (makers.isEmpty()) {
                Thread.onSpinWait();
            }
            CompletableFuture<Integer> drained =
                    CompletableFuture.supplyAsync(() -> server.server.drain(Duration.ofSeconds(30)));
            assertArrayEquals(PatternMaker.pattern(MANY), client.read().body());
            assertEquals(3, client.read().body().length);
            assertTrue(client.atEnd());
            client.socket().close();
            assertEquals(0, drained.get(20, TimeUnit.SECONDS));
        }
    }
}
