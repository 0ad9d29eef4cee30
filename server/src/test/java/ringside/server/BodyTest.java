package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.engines.Transport;

/// What happens over time on a connection whose requests have bodies that nobody wants.
class BodyTest {

    private static final String CHUNKED = "Host: test\r\nTransfer-Encoding: chunked\r\n\r\n";

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void rfc9112Section7_1_chunksInAnyPiecesBetweenPipelinedRequests(Transport transport) throws IOException {
        String request = "GET /small.txt HTTP/1.1\r\n" + CHUNKED + "5;x\r\nGET /\r\n0\r\nX: y\r\n\r\n";
        byte[] octets = (request + "GET /absent HTTP/1.1\r\nHost: test\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        try (TestServer server = new TestServer(transport, directory);
                RawClient client = server.client()) {
            for (byte octet : octets) {
                client.send(new byte[] {octet});
            }
            assertArrayEquals(TestServer.SMALL, client.read().body());
            assertEquals(404, client.read().status());
            client.send(request.repeat(200));
            for (int i = 0; i < 200; i++) {
                assertArrayEquals(TestServer.SMALL, client.read().body());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void rfc9110Section15_5_9_bodiesThatDoNotCome(Transport transport) throws IOException {
        try (TestServer server = new TestServer(transport, directory);
                RawClient awaited = server.client();
                RawClient answered = server.client();
                RawClient trickles = server.client()) {
            awaited.send("GET / HTTP/1.1\r\n" + CHUNKED + "5\r\nhel");
            assertEquals(
                    405,
                    answered.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhel")
                            .read()
                            .status());
            trickles.send("GET / HTTP/1.1\r\n" + CHUNKED + "2800\r\n" + "a".repeat(10 << 10) + "\r\n1\r\n");
            seen(server);
            server.clock.advance(30);
            trickles.send("a\r\n0\r\n");
            seen(server);
            server.clock.advance(31);
            server.server.sweepNow();
            assertEquals(408, awaited.read().status());
            assertTrue(awaited.atEnd());
            assertTrue(answered.atEnd());
            assertEquals(2, server.server.counters().timeouts(), "10 KiB have 10 s more");
            server.clock.advance(10);
            server.server.sweepNow();
            assertEquals(408, trickles.read().status());
            assertEquals(0, server.server.counters().defects());
        }
    }

    /// A request on another connection proves that the loop has seen what was sent before.
    private static void seen(TestServer server) throws IOException {
        try (RawClient other = server.client()) {
            assertEquals(200, other.get("/small.txt").status());
            server.server.sweepNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void rfc9112Section8_incompleteBodies(Transport transport) throws IOException {
        try (TestServer server = new TestServer(transport, directory);
                RawClient awaited = server.client();
                RawClient answered = server.client()) {
            awaited.send("GET / HTTP/1.1\r\n" + CHUNKED + "5\r\nhel");
            awaited.socket().shutdownOutput();
            assertEquals(400, awaited.read().status());
            assertTrue(awaited.atEnd());
            answered.send("GET /small.txt HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhel");
            answered.socket().shutdownOutput();
            assertEquals(200, answered.read().status());
            assertTrue(answered.atEnd());
        }
    }

    /// The refusal needs no body, and what comes after a body with lost framing is never taken for a request.
    @ParameterizedTest
    @EnumSource
    void rfc9112Section11_2_nothingIsReadAfterLostFraming(Transport transport) throws IOException {
        try (TestServer server = new TestServer(transport, directory);
                RawClient small = server.client();
                RawClient big = server.client()) {
            String smuggled = "5\r\nhello\n0\r\n\r\nGET /small.txt HTTP/1.1\r\nHost: test\r\n\r\n";
            small.send("POST / HTTP/1.1\r\n" + CHUNKED + smuggled);
            assertEquals(405, small.read().status());
            assertTrue(small.atEnd());
            big.send("GET /big.bin HTTP/1.1\r\n" + CHUNKED + "5\r\nhello\r\n0\r\n\r\n");
            big.send("GET /small.txt HTTP/1.1\r\n" + CHUNKED + smuggled);
            assertArrayEquals(TestServer.BIG, big.read().body());
            assertEquals(400, big.read().status());
            assertTrue(big.atEnd());
        }
    }

    @ParameterizedTest
    @EnumSource
    void asManyRequestsAsAreAllowed(Transport transport) throws IOException {
        HttpLimits three = new HttpLimits(16 << 10, 8 << 10, 1 << 20, 64 << 10, 30, 60, 60, 5, 3);
        try (TestServer server =
                        new TestServer(transport, directory, config -> config.withLimits(three), channel -> {});
                RawClient client = server.client()) {
            client.send("GET /small.txt HTTP/1.1\r\nHost: test\r\n\r\n".repeat(5));
            for (int i = 1; i <= 3; i++) {
                assertEquals(i == 3 ? "close" : "", client.read().field("Connection"));
            }
            assertTrue(client.atEnd());
        }
    }
}
