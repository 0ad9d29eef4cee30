package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import ringside.engines.Transport;

/// Requests and what each must be answered with, by the section that says so.
class RequestTableTest {

    private static final String HOST = "Host: test\r\n";
    private static final boolean KEPT = false;
    private static final boolean CLOSED = true;

    private record Row(String name, String request, int status, boolean closed) {}

    private static final List<Row> ROWS = List.of(
            row("RFC 9112 §3.2.1 origin form", "GET /small.txt HTTP/1.1\r\n" + HOST, 200, KEPT),
            row(
                    "RFC 9112 §3.2.1 with a query",
                    "GET /small.txt?a=/../b#".replace("#", "") + " HTTP/1.1\r\n" + HOST,
                    200,
                    KEPT),
            row("RFC 9112 §3.2.2 absolute form", "GET http://other:80/small.txt HTTP/1.1\r\n" + HOST, 200, KEPT),
            row("RFC 9112 §3.2.2 absolute form, https", "GET HTTPS://other/small.txt HTTP/1.1\r\n" + HOST, 200, KEPT),
            row("RFC 9112 §3.2.2 absolute form without a path", "GET http://other HTTP/1.1\r\n" + HOST, 200, KEPT),
            row("RFC 9112 §3.2.2 absolute form with a query only", "GET http://other?x HTTP/1.1\r\n" + HOST, 200, KEPT),
            row(
                    "RFC 9110 §4.2.1 absolute form without a host",
                    "GET http:///small.txt HTTP/1.1\r\n" + HOST,
                    400,
                    CLOSED),
            row("RFC 9110 §4.2.4 user information", "GET http://me@other/small.txt HTTP/1.1\r\n" + HOST, 400, CLOSED),
            row("RFC 9112 §3.2.4 asterisk for GET", "GET * HTTP/1.1\r\n" + HOST, 400, CLOSED),
            row("RFC 9112 §3.2.4 asterisk for OPTIONS", "OPTIONS * HTTP/1.1\r\n" + HOST, 405, KEPT),
            row("RFC 9112 §3.2 relative target", "GET small.txt HTTP/1.1\r\n" + HOST, 400, CLOSED),
            row("RFC 9112 §3.2 fragment", "GET /small.txt#x HTTP/1.1\r\n" + HOST, 400, CLOSED),
            row("RFC 9112 §3 two blanks", "GET  /small.txt HTTP/1.1\r\n" + HOST, 400, CLOSED),
            row("RFC 9112 §3 blank in the target", "GET /sub/with space.txt HTTP/1.1\r\n" + HOST, 400, CLOSED),
            row("RFC 9112 §3 tab", "GET\t/small.txt HTTP/1.1\r\n" + HOST, 400, CLOSED),
            row("RFC 9112 §3 NUL in the target", "GET /small\0.txt HTTP/1.1\r\n" + HOST, 400, CLOSED),
            row("RFC 9112 §3 method is no token", "G@T /small.txt HTTP/1.1\r\n" + HOST, 400, CLOSED),
            row("RFC 9112 §3 method too long", "G".repeat(100) + " / HTTP/1.1\r\n" + HOST, 501, CLOSED),
            row("RFC 9112 §2.2 empty lines before", "\r\n\r\nGET /small.txt HTTP/1.1\r\n" + HOST, 200, KEPT),
            row("RFC 9112 §2.2 bare LF", "GET /small.txt HTTP/1.1\n" + HOST, 400, CLOSED),
            row("RFC 9112 §2.2 bare CR in a value", "GET /small.txt HTTP/1.1\r\nHost: te\rst\r\n", 400, CLOSED),
            row("RFC 9112 §2.2 blank after the request line", "GET / HTTP/1.1\r\n " + HOST, 400, CLOSED),
            row("RFC 9112 §2.3 no version", "GET /small.txt\r\n", 400, CLOSED),
            row("RFC 9112 §2.3 lower case version", "GET / http/1.1\r\n" + HOST, 400, CLOSED),
            row("RFC 9112 §2.3 version 1.10", "GET / HTTP/1.10\r\n" + HOST, 400, CLOSED),
            row("RFC 9110 §15.6.6 version 2.0", "GET / HTTP/2.0\r\n" + HOST, 505, CLOSED),
            row("RFC 9113 §3.4 preface", "PRI * HTTP/2.0\r\n", 505, CLOSED),
            row("RFC 9110 §2.5 version 1.9", "GET /small.txt HTTP/1.9\r\n" + HOST, 200, KEPT),
            row("RFC 9112 §5.1 blank before the colon", "GET / HTTP/1.1\r\nHost : test\r\n", 400, CLOSED),
            row("RFC 9112 §5.1 empty name", "GET / HTTP/1.1\r\n" + HOST + ": x\r\n", 400, CLOSED),
            row("RFC 9112 §5.1 no colon", "GET / HTTP/1.1\r\n" + HOST + "nothing\r\n", 400, CLOSED),
            row("RFC 9112 §5.2 folded", "GET / HTTP/1.1\r\n" + HOST + "X: a\r\n b\r\n", 400, CLOSED),
            row("RFC 9110 §5.5 NUL in a value", "GET / HTTP/1.1\r\n" + HOST + "X: a\0b\r\n", 400, CLOSED),
            row("RFC 9110 §5.5 control character in a value", "GET / HTTP/1.1\r\n" + HOST + "X: a\1b\r\n", 400, CLOSED),
            row(
                    "RFC 9110 §5.5 octets beyond ASCII in a value",
                    "GET / HTTP/1.1\r\n" + HOST + "X: \u00e4\r\n",
                    200,
                    KEPT),
            row("RFC 9110 §5.5 empty value", "GET / HTTP/1.1\r\n" + HOST + "X:\r\n", 200, KEPT),
            row("RFC 9110 §5.1 names in any case", "GET / HTTP/1.1\r\nhOsT:test\r\n", 200, KEPT),
            row("RFC 9112 §3.2 no Host", "GET / HTTP/1.1\r\n", 400, CLOSED),
            row("RFC 9112 §3.2 two Hosts", "GET / HTTP/1.1\r\n" + HOST + HOST, 400, CLOSED),
            row("RFC 9112 §3.2 bad Host", "GET / HTTP/1.1\r\nHost: a/b\r\n", 400, CLOSED),
            row("RFC 9112 §3.2 two Hosts in 1.0", "GET / HTTP/1.0\r\n" + HOST + HOST, 400, CLOSED),
            row("RFC 9112 §3.2 no Host in 1.0", "GET /small.txt HTTP/1.0\r\n", 200, CLOSED),
            row(
                    "RFC 9112 §9.3 Connection: close",
                    "GET / HTTP/1.1\r\n" + HOST + "Connection: x , Close\r\n",
                    200,
                    CLOSED),
            row("RFC 9112 §9.3 1.0 with keep-alive", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n", 200, KEPT),
            row(
                    "RFC 9110 §8.6 length is no number",
                    "GET / HTTP/1.1\r\n" + HOST + "Content-Length: 1a\r\n",
                    400,
                    CLOSED),
            row(
                    "RFC 9110 §8.6 length with a sign",
                    "GET / HTTP/1.1\r\n" + HOST + "Content-Length: +1\r\n",
                    400,
                    CLOSED),
            row("RFC 9110 §8.6 empty length", "GET / HTTP/1.1\r\n" + HOST + "Content-Length:\r\n", 400, CLOSED),
            row("RFC 9110 §8.6 length list", "GET / HTTP/1.1\r\n" + HOST + "Content-Length: 0, 0\r\n", 400, CLOSED),
            row(
                    "RFC 9112 §6.3 two lengths",
                    "GET / HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\nContent-Length: 0\r\n",
                    400,
                    CLOSED),
            row(
                    "RFC 9112 §6.1 length and encoding",
                    "GET / HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
                    400,
                    CLOSED),
            row(
                    "RFC 9112 §6.1 unknown encoding",
                    "GET / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: gzip, chunked\r\n",
                    501,
                    CLOSED),
            row(
                    "RFC 9112 §6.1 chunked twice",
                    "GET / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked, chunked\r\n",
                    501,
                    CLOSED),
            row("RFC 9112 §6.1 encoding in 1.0", "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n", 400, CLOSED),
            row(
                    "RFC 9110 §15.5.12 chunked body",
                    "GET / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n",
                    411,
                    CLOSED),
            row(
                    "RFC 9110 §15.5.14 body too large",
                    "GET / HTTP/1.1\r\n" + HOST + "Content-Length: 1048577\r\n",
                    413,
                    CLOSED),
            row(
                    "RFC 9110 §15.5.14 length beyond a long",
                    "GET / HTTP/1.1\r\n" + HOST + "Content-Length: 99999999999999999999999\r\n",
                    413,
                    CLOSED),
            row(
                    "RFC 9110 §10.1.1 Expect",
                    "GET / HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\nExpect: 100-continue\r\n",
                    200,
                    CLOSED),
            row("RFC 9110 §15.5.6 POST", "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n", 405, KEPT),
            row(
                    "RFC 9110 §15.5.6 POST, chunked",
                    "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n",
                    405,
                    CLOSED),
            row("RFC 9112 §3.2.3 CONNECT", "CONNECT other:443 HTTP/1.1\r\n" + HOST, 405, KEPT),
            row("RFC 9110 §9.1 unknown method", "BREW / HTTP/1.1\r\n" + HOST, 501, KEPT),
            row("RFC 9110 §9.1 methods are case-sensitive", "get / HTTP/1.1\r\n" + HOST, 501, KEPT),
            row(
                    "RFC 9110 §15.5.15 target of the longest length",
                    "GET /" + "a".repeat(8191) + " HTTP/1.1\r\n" + HOST,
                    404,
                    KEPT),
            row("RFC 9110 §15.5.15 target too long", "GET /" + "a".repeat(8192) + " HTTP/1.1\r\n" + HOST, 414, CLOSED),
            row(
                    "RFC 6585 §5 head too large",
                    "GET / HTTP/1.1\r\n" + HOST + "X: " + "a".repeat(16384) + "\r\n",
                    431,
                    CLOSED),
            row("RFC 6585 §5 too many fields", "GET / HTTP/1.1\r\n" + HOST + "X: a\r\n".repeat(3000), 431, CLOSED),
            row("RFC 3986 §2.1 encoded letter", "GET /%73mall.txt HTTP/1.1\r\n" + HOST, 200, KEPT),
            row("RFC 3986 §2.1 encoded blank", "GET /sub/with%20space.txt HTTP/1.1\r\n" + HOST, 200, KEPT),
            row("RFC 3986 §2.4 encoded percent sign", "GET /100%25.txt HTTP/1.1\r\n" + HOST, 200, KEPT),
            row("RFC 3986 §2.4 decoded once only", "GET /%2573mall.txt HTTP/1.1\r\n" + HOST, 404, KEPT),
            row("RFC 3986 §2.1 UTF-8", "GET /%C3%BCmlaut.txt HTTP/1.1\r\n" + HOST, 200, KEPT),
            row("RFC 3986 §2.1 no UTF-8", "GET /%FCmlaut.txt HTTP/1.1\r\n" + HOST, 404, KEPT),
            row("RFC 3986 §2.1 half an encoding", "GET /100%2 HTTP/1.1\r\n" + HOST, 400, KEPT),
            row("RFC 3986 §2.1 no hexadecimal digit", "GET /100%.txt HTTP/1.1\r\n" + HOST, 400, KEPT),
            row("RFC 3986 §7.3 encoded NUL", "GET /small.txt%00 HTTP/1.1\r\n" + HOST, 400, KEPT),
            row(
                    "RFC 3986 §5.2.4 dot segments inside",
                    "GET /sub/./deep/../../small.txt HTTP/1.1\r\n" + HOST,
                    200,
                    KEPT),
            row("RFC 3986 §5.2.4 above the root", "GET /../small.txt HTTP/1.1\r\n" + HOST, 400, KEPT),
            row("RFC 9110 §15.4.2 directory", "GET /sub HTTP/1.1\r\n" + HOST, 301, KEPT),
            row("RFC 9110 §15.4.2 directory by dots", "GET /sub/. HTTP/1.1\r\n" + HOST, 200, KEPT),
            row("RFC 9110 §15.5.4 directory without index", "GET /sub/deep/ HTTP/1.1\r\n" + HOST, 403, KEPT),
            row("RFC 9110 §15.5.5 file with a slash", "GET /small.txt/ HTTP/1.1\r\n" + HOST, 404, KEPT),
            row("RFC 9110 §15.5.5 absent", "GET /absent HTTP/1.1\r\n" + HOST, 404, KEPT),
            row("RFC 9110 §15.5.5 name too long", "GET /" + "a".repeat(5000) + " HTTP/1.1\r\n" + HOST, 404, KEPT));

    @TempDir
    Path directory;

    private final List<TestServer> servers = new ArrayList<>();

    @AfterEach
    void closeServers() {
        servers.forEach(TestServer::close);
    }

    private static Row row(String name, String head, int status, boolean closed) {
        return new Row(name, head + "\r\n", status, closed);
    }

    @TestFactory
    Stream<DynamicTest> nio() {
        return tests(Transport.NIO);
    }

    @TestFactory
    Stream<DynamicTest> epoll() {
        return tests(Transport.EPOLL);
    }

    @TestFactory
    Stream<DynamicTest> ioUring() {
        return tests(Transport.IO_URING);
    }

    private Stream<DynamicTest> tests(Transport transport) {
        TestServer server = new TestServer(transport, directory);
        servers.add(server);
        return ROWS.stream().map(row -> dynamicTest(row.name, () -> check(server, row)));
    }

    private static void check(TestServer server, Row row) throws IOException {
        try (RawClient client = server.client()) {
            Response response = client.send(row.request).read();
            assertEquals(row.status, response.status(), response.text());
            assertEquals(row.closed ? "close" : "", response.field("Connection").replace("keep-alive", ""));
            assertEquals(row.status == 405 ? "GET, HEAD" : "", response.field("Allow"));
            assertEquals(29, response.field("Date").length());
            if (row.status >= 400) {
                assertTrue(response.text().length() > 10, "an error says what is wrong");
            }
            if (row.closed) {
                assertTrue(client.atEnd(), "the server closes, or ends its output, by itself");
            } else {
                assertEquals(200, client.get("/small.txt").status(), "the connection is kept");
            }
            assertEquals(0, server.server.counters().defects());
        }
    }
}
