package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.engines.Transport;

/// Applications, and clients, that don't do what they should.
@Timeout(60)
class UpstreamFaultTest {

    private static final String GET = "GET /app HTTP/1.1\r\nHost: test\r\n\r\n";
    private static final String HEAD = "Content-Type: text/plain\r\n\r\n";

    @TempDir
    Path directory;

    private final LogLines log = new LogLines(UpstreamPool.class);

    @AfterEach
    void closeLog() {
        log.close();
    }

    private static ScriptedApplication fastCgi(ScriptedApplication.Script script) throws IOException {
        return ScriptedApplication.tcp(UpstreamProtocol.FASTCGI, script);
    }

    private TestServer server(Transport transport, UpstreamConfig config) {
        return new TestServer(transport, directory, with -> with.withUpstreams(config), channel -> {});
    }

    private TestServer server(ScriptedApplication app, HttpLimits limits) {
        UpstreamConfig config = new UpstreamConfig(List.of(app.rule("/app")), 4, 0, 16, 60);
        return new TestServer(
                Transport.NIO, directory, with -> with.withLimits(limits).withUpstreams(config), channel -> {});
    }

    private TestServer server(ScriptedApplication app, int connections, int waiting) {
        return server(Transport.NIO, new UpstreamConfig(List.of(app.rule("/app")), connections, 0, waiting, 60));
    }

    @Test
    void recordsInPieces() throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.writeBytes(
                ScriptedApplication.Call.record(7, "a complaint\nand another".getBytes(StandardCharsets.US_ASCII), 5));
        octets.writeBytes(ScriptedApplication.Call.record(6, "Content-Ty".getBytes(StandardCharsets.US_ASCII), 255));
        octets.writeBytes(
                ScriptedApplication.Call.record(6, "pe: text/x\r\n\r".getBytes(StandardCharsets.US_ASCII), 1));
        octets.writeBytes(ScriptedApplication.Call.record(11, new byte[] {9, 0, 0, 0, 0, 0, 0, 0}, 0));
        octets.writeBytes(ScriptedApplication.Call.record(6, "\nhello".getBytes(StandardCharsets.US_ASCII), 0));
        octets.writeBytes(ScriptedApplication.Call.record(6, new byte[0], 8));
        octets.writeBytes(ScriptedApplication.Call.record(3, new byte[8], 7));
        for (int piece = 1; piece < 20; piece += 3) {
            int pieces = piece;
            try (ScriptedApplication app = fastCgi(call -> {
                        call.body().readAllBytes();
                        byte[] all = octets.toByteArray();
                        for (int from = 0; from < all.length; from += pieces) {
                            call.raw(java.util.Arrays.copyOfRange(all, from, Math.min(all.length, from + pieces)));
                        }
                        call.kept = true;
                    });
                    TestServer server = server(app, 4, 16);
                    RawClient client = server.client()) {
                assertEquals("hello", client.send(GET).read().text());
                log.contain("it says: a complaint");
                log.contain("it says: and another");
                assertEquals(List.of(), app.failures);
            }
        }
    }

    /// What an application sends instead of an answer, before it closes the connection.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ''                                          | before the end of its answer
        HTTP/1.1 200 OK                             | version 72
        stdout:Content-Type: text/plain             | before the end of its answer
        end:0                                       | before the head of it
        end:1                                       | protocol status 1
        end:2                                       | overloaded
        stdout:no field~~                           | 'no field'
        stdout:X: a\\0b~~                           | 'X: a?b'
        stdout:Sp ace: x~~                          | 'Sp ace: x'
        stdout:Status: teapot~~                     | status is 'teapot'
        stdout:Status: 100 Continue~~               | status is '100 Continue'
        stdout:Status: 2000~~                       | status is '2000'
        stdout:Content-Length: -1~~                 | Content-Length is '-1'
        stdout:Content-Length: 1~Content-Length: 1~~| not the only one
        stdout:Transfer-Encoding: chunked~~         | Transfer-Encoding
        stdout:~                                    | no head
        """)
    void noAnswer(String sent, String why) throws IOException {
        String octets = sent.replace("~", "\r\n").replace("\\0", "\0");
        try (ScriptedApplication app = fastCgi(call -> {
                    // Else the kernel would reset the connection at its close, and the answer with it.
                    call.body().readAllBytes();
                    if (octets.startsWith("stdout:")) {
                        call.send(octets.substring(7));
                    } else if (octets.startsWith("end:")) {
                        call.end(octets.charAt(4) - '0');
                    } else {
                        call.raw(octets.getBytes(StandardCharsets.US_ASCII));
                    }
                    call.kept = false;
                });
                TestServer server = server(app, 4, 16);
                RawClient client = server.client()) {
            Response response = client.send(GET).read();
            assertEquals(502, response.status());
            assertTrue(response.text().contains("application"), response.text());
            log.contain(why);
            assertEquals(200, client.get("/small.txt").status(), "the client's connection is kept");
            assertEquals(0, server.server.counters().defects());
        }
    }

    @Test
    void anEndlessHead() throws IOException {
        try (ScriptedApplication app = fastCgi(call -> {
                    while (true) {
                        call.send("X-Long: " + "a".repeat(1000) + "\r\n");
                    }
                });
                TestServer server = server(app, 4, 16);
                RawClient client = server.client()) {
            assertEquals(502, client.send(GET).read().status());
            log.contain("longer than 65536 bytes");
        }
    }

    /// Its head was sent on: a client can be told only by a connection that ends too early.
    @ParameterizedTest
    @EnumSource(Transport.class)
    void anAnswerThatEndsTooEarlyIsCut(Transport transport) throws IOException {
        try (ScriptedApplication app = fastCgi(call -> {
                    call.body().readAllBytes();
                    if ("/length".equals(call.variables.get("PATH_INFO"))) {
                        call.send("Content-Length: 10\r\n\r\nhello").end(0);
                    } else {
                        call.send(HEAD + "hello");
                    }
                    call.kept = false;
                });
                TestServer server = server(transport, new UpstreamConfig(List.of(app.rule("/app")), 4, 0, 16, 60))) {
            for (String target : List.of("/app/length", "/app/chunked")) {
                try (RawClient client = server.client()) {
                    assertThrows(IOException.class, () -> client.get(target));
                }
            }
        }
    }

    @Test
    void moreThanWasPromisedIsDropped() throws IOException {
        try (ScriptedApplication app = fastCgi(call -> {
                    call.send("Content-Length: 5\r\n\r\nhello, world");
                    call.end();
                });
                TestServer server = server(app, 4, 16);
                RawClient client = server.client()) {
            for (int i = 0; i < 3; i++) {
                assertEquals("hello", client.send(GET).read().text());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void nobodyListens(Transport transport) throws IOException {
        Path nowhere = Files.createTempDirectory("rs").resolve("none");
        UpstreamRule unix = UpstreamRule.parse(UpstreamProtocol.FASTCGI, "/app=unix:" + nowhere);
        UpstreamRule tcp = UpstreamRule.parse(UpstreamProtocol.UWSGI, "/tcp=tcp:127.0.0.1:1");
        try (TestServer server = server(transport, new UpstreamConfig(List.of(unix, tcp), 4, 0, 16, 60));
                RawClient client = server.client()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(502, client.send(GET).read().status());
                assertEquals(502, client.get("/tcp").status());
            }
            log.contain("application /app at unix:" + nowhere);
            log.contain("application /tcp at tcp:127.0.0.1:1");
            assertEquals(2, log.lines.size(), "said once each");
            client.send("POST /app HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            Response response = client.read();
            assertEquals("502 close", response.status() + " " + response.field("Connection"));
        }
        Files.delete(nowhere.getParent());
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void anApplicationThatSaysNothing(Transport transport) throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        try (ScriptedApplication app = fastCgi(call -> {
                    if ("/half".equals(call.variables.get("PATH_INFO"))) {
                        call.send(HEAD + "half");
                    }
                    end.await();
                });
                TestServer server = server(transport, new UpstreamConfig(List.of(app.rule("/app")), 4, 0, 16, 60));
                RawClient none = server.client();
                RawClient half = server.client()) {
            none.send(GET);
            half.send("GET /app/half HTTP/1.1\r\nHost: test\r\n\r\n");
            while (app.requests.get() < 2) {
                Thread.onSpinWait();
            }
            server.clock.advance(59);
            server.server.sweepNow();
            server.clock.advance(62);
            server.server.sweepNow();
            assertEquals(504, none.read().status());
            assertThrows(IOException.class, half::read);
            log.contain("said nothing for 60 s");
            end.countDown();
        }
    }

    @Test
    @SuppressWarnings("try") // one client leaves early
    void requestsWaitForAConnectionAndTooManyAreRefused() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ScriptedApplication app = fastCgi(call -> {
                    call.body().readAllBytes();
                    end.await();
                    call.send(HEAD + "done");
                    call.end();
                });
                TestServer server = server(app, 1, 2);
                RawClient first = server.client();
                RawClient second = server.client();
                RawClient gone = server.client();
                RawClient third = server.client();
                RawClient late = server.client()) {
            first.send(GET);
            while (app.requests.get() < 1) {
                Thread.onSpinWait();
            }
            second.send("POST /app HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello");
            gone.send(GET);
            // When this one is answered, the others have come to the server.
            assertEquals(200, third.get("/small.txt").status());
            assertEquals(503, late.send(GET).read().status());
            gone.socket().setSoLinger(true, 0);
            gone.close();
            end.countDown();
            assertEquals("done", first.read().text());
            assertEquals("done", second.read().text());
            assertEquals("done", third.send(GET).read().text());
            log.contain("more requests wait");
            assertEquals(List.of(), app.failures);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whenTheClientGoesTheApplicationIsLeft(Transport transport) throws IOException {
        try (ScriptedApplication app = fastCgi(call -> {
                    call.send(HEAD);
                    byte[] part = new byte[10_000];
                    while (true) {
                        call.send(part);
                    }
                });
                TestServer server = server(transport, new UpstreamConfig(List.of(app.rule("/app")), 4, 0, 16, 60))) {
            for (int i = 0; i < 5; i++) {
                try (RawClient client = server.client()) {
                    client.send(GET);
                    assertEquals('H', client.socket().getInputStream().read());
                    client.socket().setSoLinger(true, 0);
                }
            }
            while (app.connectionsEnded.get() < 5) {
                Thread.onSpinWait();
            }
            assertEquals(0, server.server.counters().defects());
            assertEquals(List.of(), app.failures);
        }
    }

    @Test
    void bodiesThatBreakOff() throws IOException {
        try (ScriptedApplication app = fastCgi(call -> {
                    call.body().readAllBytes();
                    call.send(HEAD);
                    call.end();
                });
                TestServer server = server(app, 4, 16);
                RawClient half = server.client();
                RawClient slow = server.client()) {
            String post = "POST /app HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhel";
            half.send(post);
            half.socket().shutdownOutput();
            assertEquals(400, half.read().status());
            slow.send(post);
            while (app.requests.get() < 2) {
                Thread.onSpinWait();
            }
            try (RawClient other = server.client()) {
                assertEquals(200, other.get("/small.txt").status());
            }
            server.server.sweepNow();
            for (int i = 0; i < 2; i++) {
                server.clock.advance(31);
                server.server.sweepNow();
            }
            assertEquals(408, slow.read().status());
            while (app.connectionsEnded.get() < 2) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aHeadThatTheProtocolCannotCarry() throws IOException {
        HttpLimits limits = new HttpLimits(128 << 10, 8 << 10, 1 << 20, 512 << 10, 30, 60, 60, 5, 0);
        try (ScriptedApplication app = ScriptedApplication.tcp(UpstreamProtocol.UWSGI, call -> {
                    call.send(HEAD);
                    call.end();
                });
                TestServer server = server(app, limits);
                RawClient client = server.client()) {
            client.send("GET /app HTTP/1.1\r\nHost: test\r\nX: " + "a".repeat(70_000) + "\r\n\r\n");
            assertEquals(431, client.read().status());
            assertEquals(200, client.send(GET).read().status());
        }
    }

    @Test
    void aChunkedBodyThatIsTooLongToCollect() throws IOException {
        HttpLimits limits = new HttpLimits(16 << 10, 8 << 10, 8 << 20, 64 << 10, 30, 60, 60, 5, 0);
        try (ScriptedApplication app = fastCgi(call -> {
                    call.send(HEAD);
                    call.end();
                });
                TestServer server = server(app, limits);
                RawClient client = server.client()) {
            String chunk = "80000\r\n" + "a".repeat(512 << 10) + "\r\n";
            client.send("POST /app HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk + chunk
                    + "0\r\n\r\n");
            assertEquals(411, client.read().status());
            assertEquals(0, app.requests.get());
        }
    }
}
