package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.engines.Transport;

/// What passes between a client and an application when both do what they should.
class UpstreamTest {

    private static final HttpLimits LARGE_BODIES =
            new HttpLimits(16 << 10, 8 << 10, 64 << 20, 64 << 10, 30, 60, 60, 5, 0);

    private static final int PART_BYTES = 64 << 10;

    @TempDir
    Path directory;

    /// unix(7) allows 107 bytes of a path.
    private Path sockets = Path.of("");

    static Stream<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (Transport transport : Transport.values()) {
            for (UpstreamProtocol protocol : UpstreamProtocol.values()) {
                pairs.add(Arguments.of(transport, protocol));
            }
        }
        return pairs.stream();
    }

    @BeforeEach
    void makeRoomForSockets() throws IOException {
        sockets = Files.createTempDirectory("rs");
    }

    @AfterEach
    void removeSockets() throws IOException {
        try (Stream<Path> left = Files.list(sockets)) {
            for (Path path : left.toList()) {
                Files.delete(path);
            }
        }
        Files.delete(sockets);
    }

    private ScriptedApplication app(UpstreamProtocol protocol, ScriptedApplication.Script script) throws IOException {
        return ScriptedApplication.unix(protocol, sockets.resolve(protocol.id()), script);
    }

    private TestServer server(Transport transport, UpstreamRule... rules) {
        UpstreamConfig upstreams = new UpstreamConfig(List.of(rules), 4, 0, 16, 60);
        return new TestServer(
                transport,
                directory,
                config -> config.withUpstreams(upstreams).withLimits(LARGE_BODIES),
                channel -> {});
    }

    private static void sound(TestServer server, ScriptedApplication app) {
        assertEquals(List.of(), app.failures);
        assertEquals(0, server.server.counters().defects());
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void anAnswerOfAnyKindOnOneConnection(Transport transport, UpstreamProtocol protocol) throws IOException {
        String big = "0123456789abcdef".repeat(20_000);
        try (ScriptedApplication app = app(protocol, call -> {
                    switch (call.variables.getOrDefault("PATH_INFO", "")) {
                        case "/length" -> call.send("Content-Type: text/x\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello");
                        case "/status" -> call.send("Status: 404 No Such Tea\nContent-Type: text/plain\n\nnone");
                        case "/line" -> call.send("HTTP/1.0 201 Made\r\nConnection: close\r\nServer: me\r\n\r\nmade");
                        case "/moved" -> call.send("Location: http://other/\r\n\r\n");
                        case "/nothing" -> call.send("Status: 204\r\n\r\n");
                        default -> call.send("Content-Type: text/x\r\n\r\n").send(big);
                    }
                    call.end();
                });
                TestServer server = server(transport, app.rule("/app"));
                RawClient client = server.client()) {
            Response length = client.get("/app/length");
            assertEquals(
                    "200 hello 5 text/x b",
                    length.status() + " " + length.text() + " " + length.field("Content-Length") + " "
                            + length.field("Content-Type") + " " + length.field("X-A"));
            assertEquals("ringside", length.field("Server"));
            assertEquals(29, length.field("Date").length());
            Response status = client.get("/app/status");
            assertEquals(
                    "404 none chunked",
                    status.status() + " " + status.text() + " " + status.field("Transfer-Encoding"));
            Response line = client.get("/app/line");
            assertEquals("201 made ringside", line.status() + " " + line.text() + " " + line.field("Server"));
            Response moved = client.get("/app/moved");
            assertEquals("302 http://other/", moved.status() + " " + moved.field("Location"));
            assertEquals(
                    204,
                    client.send("GET /app/nothing HTTP/1.1\r\nHost: test\r\n\r\n")
                            .read(false)
                            .status());
            assertEquals(big, client.get("/app/big").text());
            Response head = client.send("HEAD /app/length HTTP/1.1\r\nHost: test\r\n\r\n")
                    .read(false);
            assertEquals("200 5", head.status() + " " + head.field("Content-Length"));
            assertEquals(
                    200,
                    client.send("HEAD /app/big HTTP/1.1\r\nHost: test\r\n\r\n")
                            .read(false)
                            .status());
            assertArrayEquals(TestServer.SMALL, client.get("/small.txt").body(), "files are served beside");
            Response old = client.send("GET /app/big HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                    .read();
            assertEquals(big, old.text());
            assertEquals("close", old.field("Connection"), "nothing else ends it for a client of 1.0");
            assertTrue(client.atEnd());
            sound(server, app);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void bodiesStreamBothWaysAtOnce(Transport transport, UpstreamProtocol protocol) throws Exception {
        byte[] body = new byte[6 << 20];
        new Random(3).nextBytes(body);
        try (ScriptedApplication app = app(protocol, call -> {
                    call.send("Content-Type: application/octet-stream\r\n\r\n");
                    byte[] buffer = new byte[50_000];
                    for (int n = call.body().read(buffer);
                            n >= 0;
                            n = call.body().read(buffer)) {
                        call.send(Arrays.copyOf(buffer, n));
                    }
                    call.end();
                });
                TestServer server = server(transport, app.rule("/app"));
                RawClient client = server.client()) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    client.send("POST /app/echo HTTP/1.1\r\nHost: test\r\nContent-Length: " + body.length + "\r\n\r\n");
                    client.send(body);
                    client.send("GET /small.txt HTTP/1.1\r\nHost: test\r\n\r\n");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertArrayEquals(body, client.read().body());
            assertArrayEquals(TestServer.SMALL, client.read().body());
            sender.join();
            sound(server, app);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void chunkedBodiesGetALength(Transport transport, UpstreamProtocol protocol) throws IOException {
        try (ScriptedApplication app = app(protocol, call -> {
                    byte[] body = call.body().readAllBytes();
                    call.send("Content-Type: text/plain\r\n\r\n" + call.variables.get("CONTENT_LENGTH") + " "
                            + new String(body, StandardCharsets.ISO_8859_1));
                    call.end();
                });
                TestServer server = server(transport, app.rule("/"));
                RawClient client = server.client()) {
            client.send("PUT /x HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n");
            client.send("6\r\n world\r\n0\r\nX: y\r\n\r\n");
            assertEquals("11 hello world", client.read().text());
            client.send("PUT /x HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
            assertEquals("0 ", client.read().text());
            client.send("PUT /x HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n");
            assertEquals(400, client.read().status());
            assertTrue(client.atEnd());
            assertEquals(2, app.requests.get());
            sound(server, app);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void rfc9110Section10_1_1_aClientThatWaitsIsToldToGoOn(Transport transport, UpstreamProtocol protocol)
            throws IOException {
        try (ScriptedApplication app = app(protocol, call -> {
                    call.send("Content-Type: text/plain\r\n\r\n")
                            .send(call.body().readAllBytes());
                    call.end();
                });
                TestServer server = server(transport, app.rule("/app"));
                RawClient client = server.client()) {
            for (String framing : List.of("Content-Length: 5", "Transfer-Encoding: chunked")) {
                client.send("POST /app HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n" + framing + "\r\n\r\n");
                assertEquals(100, client.read(false).status());
                client.send(framing.endsWith("5") ? "hello" : "5\r\nhello\r\n0\r\n\r\n");
                Response response = client.read();
                assertEquals(
                        "200 hello ", response.status() + " " + response.text() + " " + response.field("Connection"));
            }
            sound(server, app);
        }
    }

    @ParameterizedTest
    @EnumSource(UpstreamProtocol.class)
    @SuppressWarnings("StringConcatToTextBlock") // its lines end in CR LF
    void rfc3875Section4_1_variables(UpstreamProtocol protocol) throws IOException {
        try (ScriptedApplication app = ScriptedApplication.tcp(protocol, call -> {
                    StringBuilder text = new StringBuilder("Content-Type: text/plain\r\n\r\n");
                    new TreeMap<>(call.variables)
                            .forEach((name, value) ->
                                    text.append(name).append('=').append(value).append('\n'));
                    call.send(text.toString());
                    call.end();
                });
                TestServer server = server(Transport.NIO, app.rule("/app"));
                RawClient client = server.client()) {
            client.send("POST /app//x%20y/../z%2e?a=%20&b HTTP/1.1\r\nHost: Example.org:81\r\nContent-Type: text/x\r\n"
                    + "Content-Length: 2\r\nCookie: a=1\r\nCookie: b=2\r\nX-A: 1\r\nx-a:\t2 \r\nX_A: 3\r\nProxy: evil\r\n"
                    + "Connection: x\r\nAuthorization: Basic x\r\nEmpty:\r\n\r\nok");
            assertEquals(
                    """
                    CONTENT_LENGTH=2
                    CONTENT_TYPE=text/x
                    GATEWAY_INTERFACE=CGI/1.1
                    HTTP_AUTHORIZATION=Basic x
                    HTTP_COOKIE=a=1; b=2
                    HTTP_EMPTY=
                    HTTP_HOST=Example.org:81
                    HTTP_X_A=1, 2
                    PATH_INFO=/z.
                    QUERY_STRING=a=%20&b
                    REDIRECT_STATUS=200
                    REMOTE_ADDR=127.0.0.1
                    REMOTE_PORT=PORT
                    REQUEST_METHOD=POST
                    REQUEST_SCHEME=http
                    REQUEST_URI=/app//x%20y/../z%2e?a=%20&b
                    SCRIPT_NAME=/app
                    SERVER_ADDR=127.0.0.1
                    SERVER_NAME=Example.org
                    SERVER_PORT=SERVER
                    SERVER_PROTOCOL=HTTP/1.1
                    SERVER_SOFTWARE=ringside
                    """.replace("SERVER_PORT=SERVER", "SERVER_PORT=" + server.server.port())
                            .replace("PORT=PORT", "PORT=" + client.socket().getLocalPort()),
                    client.read().text());
            client.send("BREW http://[::1]:82?q HTTP/1.0\r\nHost: other\r\nConnection: keep-alive\r\n\r\n");
            assertEquals(501, client.read().status(), "the root isn't the application's");
            String absolute = client.send("BREW http://[::1]:82/app?q HTTP/1.0\r\nHost: other\r\n\r\n")
                    .read()
                    .text();
            for (String line : List.of(
                    "HTTP_HOST=[::1]:82",
                    "SERVER_NAME=[::1]",
                    "REQUEST_METHOD=BREW",
                    "REQUEST_URI=/app?q",
                    "PATH_INFO=",
                    "SERVER_PROTOCOL=HTTP/1.0",
                    "QUERY_STRING=q")) {
                assertTrue(absolute.lines().anyMatch(line::equals), absolute);
            }
            assertFalse(absolute.contains("CONTENT_"), absolute);
            sound(server, app);
        }
    }

    @ParameterizedTest
    @EnumSource(UpstreamProtocol.class)
    void scriptsInADirectory(UpstreamProtocol protocol) throws IOException {
        try (ScriptedApplication app = app(protocol, call -> {
                    call.send("Content-Type: text/plain\r\n\r\n");
                    for (String name : List.of("SCRIPT_FILENAME", "SCRIPT_NAME", "PATH_INFO", "PATH_TRANSLATED")) {
                        call.send(call.variables.getOrDefault(name, "-") + " ");
                    }
                    call.end();
                });
                TestServer server = server(
                        Transport.NIO,
                        new UpstreamRule(protocol, "/app", app.address(), Optional.of(Path.of("/srv"))),
                        new UpstreamRule(protocol, "/", app.address(), Optional.of(Path.of("/root"))));
                RawClient client = server.client()) {
            assertEquals(
                    "/srv/a/x.php /app/a/x.php  - ",
                    client.get("/app/a/x.php?q").text());
            assertEquals(
                    "/srv/x.php /app/x.php /y.php /srv/y.php ",
                    client.get("/app/x.php/y.php").text());
            assertEquals(
                    "/srv/index.php /app/index.php /x.phps/1 /srv/x.phps/1 ",
                    client.get("/app/x.phps/1").text());
            assertEquals(
                    "/srv/index.php /app/index.php  - ", client.get("/app/").text());
            assertEquals("/srv/index.php /app/index.php  - ", client.get("/app").text());
            assertEquals(
                    "/root/apple.php /apple.php  - ", client.get("/apple.php").text());
            assertEquals(
                    "/root/secret.php /secret.php  - ",
                    client.get("/app/../secret.php").text());
            assertEquals(400, client.get("/app/../../secret.php").status());
            sound(server, app);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void keptConnectionsServeOneRequestAfterTheOther(Transport transport) throws IOException {
        try (ScriptedApplication app = app(UpstreamProtocol.FASTCGI, call -> {
                    call.send("Content-Type: text/plain\r\n\r\n")
                            .send(call.body().readAllBytes());
                    if ("/last".equals(call.variables.get("PATH_INFO"))) {
                        call.kept = false;
                    }
                    call.end();
                });
                TestServer server = new TestServer(
                        transport,
                        directory,
                        config -> config.withUpstreams(new UpstreamConfig(List.of(app.rule("/app")), 4, 1, 16, 60)),
                        channel -> {});
                RawClient client = server.client()) {
            for (int i = 0; i < 20; i++) {
                String body = "x".repeat(i);
                client.send("POST /app HTTP/1.1\r\nHost: test\r\nContent-Length: " + i + "\r\n\r\n" + body);
                assertEquals(body, client.read().text());
            }
            assertEquals(1, app.connections.get());
            // The application closes behind the server's back, and the next request finds out.
            assertEquals(200, client.get("/app/last").status());
            assertEquals(200, client.get("/app").status());
            assertEquals(2, app.connections.get());
            server.clock.advance(11);
            server.server.sweepNow();
            while (app.connectionsEnded.get() < 2) {
                Thread.onSpinWait();
            }
            assertEquals(200, client.get("/app").status());
            assertEquals(3, app.connections.get());
            sound(server, app);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void whoIsFullStopsTheOther(Transport transport, UpstreamProtocol protocol) throws Exception {
        byte[] body = new byte[32 << 20];
        new Random(4).nextBytes(body);
        CountDownLatch reads = new CountDownLatch(1);
        AtomicInteger sent = new AtomicInteger();
        AtomicReference<Channel> accepted = new AtomicReference<>();
        try (ScriptedApplication app = app(protocol, call -> {
                    reads.await();
                    byte[] read = call.body().readAllBytes();
                    call.send("Content-Type: application/octet-stream\r\n\r\n");
                    for (int from = 0; from < read.length; from += PART_BYTES) {
                        call.send(Arrays.copyOfRange(read, from, from + PART_BYTES));
                        sent.addAndGet(PART_BYTES);
                    }
                    call.end();
                });
                TestServer server = new TestServer(
                        transport,
                        directory,
                        config -> config.withUpstreams(new UpstreamConfig(List.of(app.rule("/app")), 4, 0, 16, 60))
                                .withLimits(LARGE_BODIES),
                        accepted::set);
                RawClient client = new RawClient(server.server.port(), 64 << 10)) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    client.send("POST /app HTTP/1.1\r\nHost: test\r\nContent-Length: " + body.length + "\r\n\r\n");
                    client.send(body);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            while (accepted.get() == null || accepted.get().config().isAutoRead()) {
                Thread.onSpinWait();
            }
            long directBytes = directBytes();
            reads.countDown();
            sender.join();
            // The application has 32 MiB to give, and nobody takes them: the kernel's buffers fill up, the server's
            // don't.
            for (int before = -1; before != sent.get() || before == 0; LockSupport.parkNanos(100_000_000)) {
                before = sent.get();
            }
            assertTrue(sent.get() < body.length - (8 << 20), "bytes taken: " + sent);
            assertTrue(directBytes() < directBytes + (8 << 20), "bytes held: " + (directBytes() - directBytes));
            assertArrayEquals(body, client.read().body());
            sound(server, app);
        }
    }

    private static long directBytes() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
