package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.engines.Transport;

class AccessLineTest {

    private static final Tick TICK = new Tick(0, Instant.ofEpochSecond(971_186_136));
    private static final String BEFORE = "127.0.0.1 - - [10/Oct/2000:13:55:36 +0000] ";

    @TempDir
    Path directory;

    private static String line(String request, int statusCode, long contentBytes) {
        SocketAddress remote = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        byte[] octets = ("??" + request + "??").getBytes(StandardCharsets.ISO_8859_1);
        byte[] begun = AccessLine.begin(AccessLine.client(remote), TICK, octets, 2, octets.length - 2);
        return new String(AccessLine.end(begun, statusCode, contentBytes), StandardCharsets.ISO_8859_1);
    }

    @Test
    void isInTheCommonLogFormat() {
        assertEquals(BEFORE + "\"GET / HTTP/1.1\" 200 2326\n", line("GET / HTTP/1.1", 200, 2326));
        assertEquals(BEFORE + "\"-\" 408 0\n", line("", 408, 0));
    }

    @Test
    void noRequestForgesALine() {
        assertEquals(
                BEFORE + "\"GET /\\x22 200 1\\x0d\\x0a10.0.0.1 - - \\x5c HTTP/1.1\" 400 0\n",
                line("GET /\" 200 1\r\n10.0.0.1 - - \\ HTTP/1.1", 400, 0));
        for (int octet = 0; octet < 256; octet++) {
            String line = line("GET /" + (char) octet, 400, 0);
            String request = line.substring(BEFORE.length() + 1, line.length() - "\" 400 0\n".length());
            assertTrue(request.matches("[ !#-\\[\\]-~]*|GET /\\\\x[0-9a-f]{2}"), line);
        }
    }

    @Test
    void aClientWithoutAnAddressIsADash() {
        assertEquals(
                "- - - ",
                new String(
                        AccessLine.client(InetSocketAddress.createUnresolved("evil\n", 1)), StandardCharsets.US_ASCII));
    }

    /// Served, refused, redirected, cut off by the client: each has its line.
    @ParameterizedTest
    @EnumSource
    void everyAnswerIsALine(Transport transport) throws IOException, InterruptedException {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        try (TestServer server = new TestServer(transport, directory, out)) {
            try (RawClient client = server.client();
                    RawClient leaves = new RawClient(server.server.port(), 4 << 10)) {
                assertEquals(200, client.get("/small.txt").status());
                assertEquals(404, client.get("/absent\u00e4").status());
                assertEquals(301, client.get("/sub").status());
                assertEquals(200, client.get("/big.bin").status());
                leaves.send("GET /big.bin?cut HTTP/1.1\r\nHost: test\r\n\r\n");
                assertEquals('H', leaves.socket().getInputStream().read());
                leaves.socket().setSoLinger(true, 0);
                leaves.socket().close();
                assertEquals(400, client.send("G@T / HTTP/1.1\r\n\r\n").read().status());
            }
        }
        String date = "[06/Nov/1994:08:49:37 +0000] ";
        String[] lines = out.toString(StandardCharsets.US_ASCII).split("\n", -1);
        assertEquals(
                java.util.Set.of(
                        "127.0.0.1 - - " + date + "\"GET /small.txt HTTP/1.1\" 200 13",
                        "127.0.0.1 - - " + date + "\"GET /absent\\xe4 HTTP/1.1\" 404 "
                                + (Refusal.ABSENT.text.length() + 1),
                        "127.0.0.1 - - " + date + "\"GET /sub HTTP/1.1\" 301 47",
                        "127.0.0.1 - - " + date + "\"GET /big.bin HTTP/1.1\" 200 " + TestServer.BIG_BYTES,
                        "127.0.0.1 - - " + date + "\"GET /big.bin?cut HTTP/1.1\" 200 0",
                        "127.0.0.1 - - " + date + "\"-\" 400 " + (Refusal.METHOD_SYNTAX.text.length() + 1),
                        ""),
                java.util.Set.of(lines));
        assertEquals(7, lines.length);
    }
}
