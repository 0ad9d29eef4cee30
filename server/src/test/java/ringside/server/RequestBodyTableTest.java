package ringside.server;

import java.util.ArrayList;
import java.util.List;

/// Requests with bodies, and with fields that say something about one. What RFC 9112 lets a recipient read in more than
/// one way is refused: by such requests smugglers get theirs past a proxy.
class RequestBodyTableTest extends RequestTable {

    private static final String GET = "GET /small.txt HTTP/1.1\r\n" + HOST;
    private static final String POST = "POST /small.txt HTTP/1.1\r\n" + HOST;
    private static final String HALF_MIB = "a".repeat(512 << 10);

    private static final List<Row> ROWS = new ArrayList<>();

    private static void length(String name, String fields, String body, int status, boolean closed) {
        ROWS.add(new Row(name, GET + fields + "\r\n" + body, status, closed));
    }

    private static void chunks(String name, String body, int status, boolean closed) {
        ROWS.add(new Row(name, GET + "Transfer-Encoding: chunked\r\n\r\n" + body, status, closed));
    }

    static {
        lengths();
        codings();
        expectations();
        chunked();
        trailers();
    }

    RequestBodyTableTest() {
        super(ROWS);
    }

    private static void lengths() {
        length("RFC 9110 §8.6 body of a GET", "Content-Length: 5\r\n", "hello", 200, KEPT);
        length("RFC 9110 §8.6 length 0", "Content-Length: 0\r\n", "", 200, KEPT);
        length("RFC 9110 §8.6 leading zeros", "Content-Length: 0005\r\n", "hello", 200, KEPT);
        length("RFC 9110 §8.6 length is no number", "Content-Length: 1a\r\n", "", 400, CLOSED);
        length("RFC 9110 §8.6 length with a sign", "Content-Length: +1\r\n", "", 400, CLOSED);
        length("RFC 9110 §8.6 negative length", "Content-Length: -1\r\n", "", 400, CLOSED);
        length("RFC 9110 §8.6 hexadecimal length", "Content-Length: 0x1\r\n", "", 400, CLOSED);
        length("RFC 9110 §8.6 length with a blank", "Content-Length: 1 0\r\n", "", 400, CLOSED);
        length("RFC 9110 §8.6 empty length", "Content-Length:\r\n", "", 400, CLOSED);
        length("RFC 9110 §8.6 length list", "Content-Length: 0, 0\r\n", "", 400, CLOSED);
        length("RFC 9112 §6.3 equal lengths", "Content-Length: 0\r\nContent-Length: 0\r\n", "", 400, CLOSED);
        length("RFC 9112 §6.3 different lengths", "Content-Length: 0\r\ncontent-length: 5\r\n", "", 400, CLOSED);
        length("RFC 9110 §15.5.14 longest body", "Content-Length: 1048576\r\n", HALF_MIB + HALF_MIB, 200, KEPT);
        length("RFC 9110 §15.5.14 body too large", "Content-Length: 1048577\r\n", "", 413, CLOSED);
        length("RFC 9110 §15.5.14 body too large, and sent", "Content-Length: 1048577\r\n", HALF_MIB, 413, CLOSED);
        length(
                "RFC 9110 §15.5.14 length beyond a long",
                "Content-Length: 9" + "9".repeat(30) + "\r\n",
                "",
                413,
                CLOSED);
        ROWS.add(new Row(
                "RFC 9110 §9.3.2 body of a HEAD",
                GET.replace("GET", "HEAD") + "Content-Length: 5\r\n\r\nhello",
                200,
                KEPT));
        ROWS.add(new Row(
                "RFC 9110 §9.3.7 body of an OPTIONS",
                "OPTIONS * HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\nhello",
                200,
                KEPT));
        ROWS.add(new Row("RFC 9110 §15.5.6 refused body", POST + "Content-Length: 5\r\n\r\nhello", 405, KEPT));
        ROWS.add(new Row(
                "RFC 9110 §15.5.6 refused large body",
                POST + "Content-Length: 1048577\r\n\r\n" + HALF_MIB,
                405,
                CLOSED));
        ROWS.add(new Row(
                "RFC 9112 §2.2 empty line after a body", POST + "Content-Length: 5\r\n\r\nhello\r\n", 405, KEPT));
        ROWS.add(new Row(
                "RFC 9112 §9.3 body of a 1.0 request",
                "GET / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello",
                200,
                KEPT));
    }

    private static void codings() {
        length(
                "RFC 9112 §6.1 length and encoding",
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "0\r\n\r\n",
                400,
                CLOSED);
        length(
                "RFC 9112 §6.1 encoding and length",
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                "0\r\n\r\n",
                400,
                CLOSED);
        length("RFC 9112 §6.1 unknown encoding", "Transfer-Encoding: gzip, chunked\r\n", "", 501, CLOSED);
        length("RFC 9112 §6.3 chunked isn't last", "Transfer-Encoding: chunked, gzip\r\n", "", 400, CLOSED);
        length("RFC 9112 §6.1 chunked twice", "Transfer-Encoding: chunked, chunked\r\n", "", 400, CLOSED);
        length(
                "RFC 9112 §6.1 chunked in two fields",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "",
                400,
                CLOSED);
        length("RFC 9112 §6.3 identity", "Transfer-Encoding: identity\r\n", "", 400, CLOSED);
        length(
                "RFC 9112 §6.3 identity after chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
                "",
                400,
                CLOSED);
        length("RFC 9112 §6.3 no encoding", "Transfer-Encoding:\r\n", "", 400, CLOSED);
        length("RFC 9112 §6.3 nearly chunked", "Transfer-Encoding: xchunked\r\n", "", 400, CLOSED);
        length("RFC 9112 §6.3 chunked with a parameter", "Transfer-Encoding: chunked;q=1\r\n", "", 400, CLOSED);
        length("RFC 9110 §5.5 vertical tab before chunked", "Transfer-Encoding: \013chunked\r\n", "", 400, CLOSED);
        length("RFC 9112 §5.1 blank after Transfer-Encoding", "Transfer-Encoding : chunked\r\n", "", 400, CLOSED);
        length("RFC 9112 §7 chunked in any case", "tRANSFER-eNCODING: \t,ChUnKeD\r\n", "0\r\n\r\n", 200, KEPT);
        ROWS.add(new Row(
                "RFC 9112 §6.1 encoding in 1.0",
                "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                400,
                CLOSED));
        ROWS.add(new Row(
                "RFC 9110 §15.5.6 refused chunked body",
                POST + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                405,
                KEPT));
    }

    private static void expectations() {
        length(
                "RFC 9110 §10.1.1 the answer instead of 100",
                "Content-Length: 5\r\nExpect: 100-continue\r\n",
                "",
                200,
                CLOSED);
        length(
                "RFC 9110 §10.1.1 the answer instead of 100, chunked",
                "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n",
                "",
                200,
                CLOSED);
        length(
                "RFC 9110 §10.1.1 the body has come already",
                "Content-Length: 5\r\nExpect: 100-Continue\r\n",
                "hello",
                200,
                KEPT);
        length("RFC 9110 §10.1.1 nothing to wait for", "Expect: 100-continue\r\n", "", 200, KEPT);
        length("RFC 9110 §15.5.18 unknown expectation", "Expect: tea\r\n", "", 417, KEPT);
        length("RFC 9110 §15.5.18 unknown among known", "Expect: 100-continue, tea\r\n", "", 417, KEPT);
        length("RFC 9110 §15.5.18 with a body", "Content-Length: 5\r\nExpect: tea\r\n", "hello", 417, KEPT);
        ROWS.add(new Row(
                "RFC 9110 §10.1.1 Expect in 1.0",
                "GET / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 5\r\nExpect: tea\r\n\r\nhello",
                200,
                KEPT));
    }

    private static void chunked() {
        chunks("RFC 9112 §7.1 no chunks", "0\r\n\r\n", 200, KEPT);
        chunks("RFC 9112 §7.1 chunks", "5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n", 200, KEPT);
        chunks("RFC 9112 §7.1 hexadecimal in any case", "a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n", 200, KEPT);
        chunks("RFC 9112 §7.1 leading zeros", "0005\r\nhello\r\n000\r\n\r\n", 200, KEPT);
        chunks("RFC 9112 §7.1 CR LF in a chunk", "4\r\n\r\n\r\n\r\n0\r\n\r\n", 200, KEPT);
        chunks("RFC 9112 §7.1.1 extensions", "5;a=b;c=\"d;e\"\r\nhello\r\n0;last\r\n\r\n", 200, KEPT);
        chunks("RFC 9112 §7.1.1 blanks before an extension", "5 \t;a=b\r\nhello\r\n0\r\n\r\n", 200, KEPT);
        chunks("RFC 9112 §7.1.1 blanks without an extension", "5 \r\nhello\r\n0\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §7.1.1 control character in an extension", "5;a=\1\r\nhello\r\n0\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §7.1.1 bare LF in an extension", "5;a\nhello\r\n0\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §7.1.1 bare CR in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §7.1.1 extension too long", "5;" + "a".repeat(16385) + "\r\nhello\r\n0\r\n\r\n", 431, CLOSED);
        chunks(
                "RFC 9112 §7.1.1 extensions too long together",
                ("1;" + "a".repeat(200) + "\r\nx\r\n").repeat(100) + "0\r\n\r\n",
                431,
                CLOSED);
        chunks("RFC 9112 §7.1 no size", "\r\nhello\r\n0\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §7.1 no size but an extension", ";a\r\nhello\r\n0\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §7.1 blank before the size", " 5\r\nhello\r\n0\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §7.1 negative size", "-5\r\nhello\r\n0\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §7.1 size with a sign", "+5\r\nhello\r\n0\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §7.1 size with a prefix", "0x5\r\nhello\r\n0\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §7.1 size with an underscore", "1_0\r\n0123456789abcdef\r\n0\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §7.1 bare LF after the size", "5\nhello\r\n0\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §7.1 bare CR after the size", "5\rhello\r\n0\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §7.1 bare LF after a chunk", "5\r\nhello\n0\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §7.1 chunk longer than its size", "4\r\nhello\r\n0\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §7.1 chunk shorter than its size", "6\r\nhello\r\n0\r\n\r\n", 400, CLOSED);
        chunks("RFC 9110 §15.5.14 chunk too large", "100001\r\n", 413, CLOSED);
        chunks("RFC 9110 §15.5.14 chunks too large together", "80000\r\n" + HALF_MIB + "\r\n80001\r\n", 413, CLOSED);
        chunks("RFC 9110 §15.5.14 size beyond a long", "ffffffffffffffffffff\r\n", 413, CLOSED);
        chunks("RFC 9110 §15.5.14 size that would overflow to 5", "10000000000000005\r\nhello\r\n", 413, CLOSED);
    }

    private static void trailers() {
        chunks("RFC 9112 §7.1.2 trailers", "0\r\nX: y\r\nDigest:\t\r\n\r\n", 200, KEPT);
        chunks(
                "RFC 9110 §6.5.1 trailers mean nothing",
                "0\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\nHost: other\r\nConnection: close\r\n\r\n",
                200,
                KEPT);
        chunks("RFC 9112 §7.1.2 trailer without a colon", "0\r\nX\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §5.1 trailer without a name", "0\r\n: y\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §5.1 blank before the colon of a trailer", "0\r\nX : y\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §5.2 folded trailer", "0\r\nX: y\r\n z\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §2.2 bare LF in a trailer", "0\r\nX: y\nZ: a\r\n\r\n", 400, CLOSED);
        chunks("RFC 9112 §2.2 bare LF at the end", "0\r\n\n", 400, CLOSED);
        chunks("RFC 9110 §5.5 NUL in a trailer", "0\r\nX: \0\r\n\r\n", 400, CLOSED);
        chunks("RFC 6585 §5 trailers too large", "0\r\n" + "X: aaaaaaaa\r\n".repeat(2000) + "\r\n", 431, CLOSED);
    }
}
