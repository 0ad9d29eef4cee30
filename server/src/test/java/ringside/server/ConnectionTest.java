package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.engines.Transport;

/// What happens on a connection over time.
class ConnectionTest {

    private static final String SMALL = "GET /small.txt HTTP/1.1\r\nHost: test\r\n\r\n";

    @TempDir
    Path directory;

    /// Counts what the connection hands to the transport.
    private static final class Tap extends ChannelOutboundHandlerAdapter {
        final AtomicInteger writes = new AtomicInteger();
        final AtomicInteger flushes = new AtomicInteger();

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            writes.incrementAndGet();
            ctx.write(message, promise);
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            flushes.incrementAndGet();
            ctx.flush();
        }

        void wire(Channel channel) {
            channel.pipeline().addLast(this);
        }

        @Override
        public boolean isSharable() {
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource
    void rfc9112Section9_3_2_pipelinedBurstIsAnsweredInOrderAndFlushedOnce(Transport transport) throws IOException {
        Tap tap = new Tap();
        try (TestServer server = new TestServer(transport, directory, config -> config, tap::wire);
                RawClient client = server.client()) {
            client.send((SMALL + SMALL.replace("small", "absent")).repeat(50));
            for (int i = 0; i < 50; i++) {
                assertArrayEquals(TestServer.SMALL, client.read().body());
                assertEquals(404, client.read().status());
            }
            assertEquals(100, tap.writes.get(), "one buffer for each response");
            assertTrue(tap.flushes.get() <= 10, tap.flushes + " flushes for a burst");
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneWriteAndOneFlushForASmallResponse(Transport transport) throws IOException {
        Tap tap = new Tap();
        try (TestServer server = new TestServer(transport, directory, config -> config, tap::wire);
                RawClient client = server.client()) {
            for (int i = 1; i <= 10; i++) {
                assertEquals(200, client.get("/small.txt").status());
                assertEquals(i, tap.writes.get());
                assertEquals(i, tap.flushes.get());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void rfc9112Section2_2_requestsSplitAtEveryOctet(Transport transport) throws IOException, InterruptedException {
        byte[] request = SMALL.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        try (TestServer server = new TestServer(transport, directory);
                RawClient client = server.client()) {
            for (int split = 1; split < request.length; split++) {
                client.send(java.util.Arrays.copyOf(request, split));
                // Without a pause the kernel may join the halves: then the split isn't tested, but nothing
                // fails.
                Thread.sleep(1);
                client.send(java.util.Arrays.copyOfRange(request, split, request.length));
                assertArrayEquals(TestServer.SMALL, client.read().body(), "split at " + split);
            }
            for (byte octet : request) {
                client.send(new byte[] {octet});
            }
            assertArrayEquals(TestServer.SMALL, client.read().body());
        }
    }

    @ParameterizedTest
    @EnumSource
    void rfc9112Section9_3_http10ClosesUnlessAskedTo(Transport transport) throws IOException {
        try (TestServer server = new TestServer(transport, directory)) {
            try (RawClient client = server.client()) {
                Response response =
                        client.send("GET /small.txt HTTP/1.0\r\n\r\n").read();
                assertEquals("close", response.field("Connection"));
                assertTrue(client.atEnd());
            }
            try (RawClient client = server.client()) {
                for (int i = 0; i < 3; i++) {
                    Response response = client.send("GET /small.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                            .read();
                    assertEquals("keep-alive", response.field("Connection"));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void rfc9110Section9_3_2_headHasTheFieldsOfGetAndNoContent(Transport transport) throws IOException {
        try (TestServer server = new TestServer(transport, directory);
                RawClient client = server.client()) {
            for (String target : new String[] {"/small.txt", "/big.bin", "/absent", "/sub", "/empty.txt"}) {
                Response head = client.send("HEAD " + target + " HTTP/1.1\r\nHost: test\r\n\r\n")
                        .read(false);
                Response get = client.get(target);
                assertEquals(get.status(), head.status());
                for (String field : new String[] {"Content-Length", "Content-Type", "Last-Modified", "Location"}) {
                    assertEquals(get.field(field), head.field(field), target + " " + field);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void bigFileArrivesWholeAndSlowly(Transport transport) throws IOException {
        try (TestServer server = new TestServer(transport, directory);
                RawClient client = new RawClient(server.server.port(), 4 << 10)) {
            client.send("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n" + SMALL);
            assertArrayEquals(TestServer.BIG, client.read().body());
            assertArrayEquals(TestServer.SMALL, client.read().body());
        }
    }

    @ParameterizedTest
    @EnumSource
    void rfc9112Section6_3_bodiesAreSkipped(Transport transport) throws IOException {
        String body = "GET /absent HTTP/1.1\r\n\r\n".repeat(10_000);
        String request = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: " + body.length() + "\r\n\r\n";
        try (TestServer server = new TestServer(transport, directory);
                RawClient client = server.client()) {
            client.send(request + body + SMALL);
            assertEquals(405, client.read().status());
            assertArrayEquals(TestServer.SMALL, client.read().body());
        }
    }

    @ParameterizedTest
    @EnumSource
    void pipelineLongerThanTheLimitIsAnsweredInFull(Transport transport) throws Exception {
        int count = 5_000;
        try (TestServer server = new TestServer(transport, directory);
                RawClient client = server.client()) {
            client.send("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    client.send(SMALL.repeat(count));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertArrayEquals(TestServer.BIG, client.read().body());
            for (int i = 0; i < count; i++) {
                assertArrayEquals(TestServer.SMALL, client.read().body());
            }
            sender.join();
        }
    }

    /// On epoll Netty cuts such answers short when the socket fills up (kernel-notes/half-closed-clients.md): there
    /// only those that it takes at once.
    @ParameterizedTest
    @EnumSource
    void rfc9112Section9_6_halfClosedClientGetsItsAnswers(Transport transport) throws IOException {
        boolean large = transport != Transport.EPOLL;
        try (TestServer server = new TestServer(transport, directory);
                RawClient client = server.client()) {
            client.send((large ? "GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n" : SMALL) + SMALL);
            client.socket().shutdownOutput();
            assertArrayEquals(
                    large ? TestServer.BIG : TestServer.SMALL, client.read().body());
            assertArrayEquals(TestServer.SMALL, client.read().body());
            assertTrue(client.atEnd());
        }
    }

    @ParameterizedTest
    @EnumSource
    void rfc9110Section15_5_9_timeouts(Transport transport) throws IOException {
        try (TestServer server = new TestServer(transport, directory);
                RawClient idle = server.client();
                RawClient slow = server.client()) {
            assertEquals(200, idle.get("/small.txt").status());
            assertEquals(200, slow.get("/small.txt").status());
            slow.send("GET / HTTP/1.1\r\nHo");
            // A request on another connection proves that the loop has seen what was sent before.
            try (RawClient other = server.client()) {
                assertEquals(200, other.get("/small.txt").status());
                server.server.sweepNow();
            }
            server.clock.advance(31);
            server.server.sweepNow();
            assertEquals(408, slow.read().status());
            assertEquals(200, idle.get("/small.txt").status());
            server.clock.advance(61);
            server.server.sweepNow();
            assertTrue(idle.atEnd());
            assertTrue(server.server.counters().timeouts() >= 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void resetInTheMiddleIsNoDefect(Transport transport) throws IOException {
        try (TestServer server = new TestServer(transport, directory)) {
            for (int i = 0; i < 20; i++) {
                try (RawClient client = new RawClient(server.server.port(), 4 << 10)) {
                    client.send("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
                    assertEquals('H', client.socket().getInputStream().read());
                    client.socket().setSoLinger(true, 0);
                }
            }
            try (RawClient client = server.client()) {
                assertEquals(200, client.get("/small.txt").status());
            }
            assertEquals(0, server.server.counters().defects());
        }
    }

    @ParameterizedTest
    @EnumSource
    void fileThatShrinksWhileItIsSentCutsTheConnection(Transport transport) throws IOException {
        try (TestServer server = new TestServer(transport, directory);
                RawClient client = new RawClient(server.server.port(), 4 << 10)) {
            client.send("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
            assertEquals('H', client.socket().getInputStream().read());
            try (var file = java.nio.channels.FileChannel.open(
                    server.root.resolve("big.bin"), java.nio.file.StandardOpenOption.WRITE)) {
                file.truncate(1);
            }
            long received = assertThrowsOrCounts(client);
            assertTrue(received < TestServer.BIG_BYTES, received + " bytes");
            try (RawClient second = server.client()) {
                assertEquals(1, second.get("/big.bin").body().length);
            }
            assertEquals(1, server.server.counters().transfersCut());
        }
    }

    private static long assertThrowsOrCounts(RawClient client) {
        try {
            return client.socket().getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            return 0;
        }
    }

    @ParameterizedTest
    @EnumSource
    void rfc9112Section2_2_anEmptyLineAfterABodyIsNoRequest(Transport transport) throws IOException {
        try (TestServer server = new TestServer(transport, directory);
                RawClient client = server.client()) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\n12345\r\n");
            assertEquals(405, client.read().status());
            server.clock.advance(31);
            server.server.sweepNow();
            assertEquals(200, client.get("/small.txt").status(), "no head is waited for");
            assertEquals(0, server.server.counters().timeouts());
        }
    }
}
