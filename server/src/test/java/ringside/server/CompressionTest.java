package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.content.DirectorySettings;
import ringside.content.Encoding;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// What is compressed while it is sent, by the section that says so, and that it takes neither the loop nor memory.
class CompressionTest {

    private static final byte[] PAGE = hex(50_000);
    /// No multiple of a window: of those brotli4j 1.20's decoder misses the end (libbrotlidec doesn't).
    private static final byte[] BIG = hex((16 << 20) - 6);

    private static final ContentOptions COMPRESSING = ContentOptions.PLAIN
            .withDirectories(DirectorySettings.DEFAULT.withListings(true))
            .withCompression(Compression.of(List.of("br", "gzip", "zstd"), 1024));

    @TempDir
    Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();

    /// Half of each octet is chance: it gets shorter by less than half.
    private static byte[] hex(int length) {
        byte[] bytes = new byte[length / 2];
        new Random(length).nextBytes(bytes);
        return HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    /// What an answer must say; `-` for nothing.
    private record Row(String name, String target, List<String> fields, int status, String coding, String vary) {}

    private static Row row(String name, String target, String fields, int status, String coding, String vary) {
        return new Row(
                name, target, fields.isEmpty() ? List.of() : List.of(fields.split("\r\n", -1)), status, coding, vary);
    }

    private static Row page(String name, String fields, int status, String coding) {
        return row(name, "GET /page.html", fields, status, coding, "Accept-Encoding");
    }

    private static final String GZIP = "Accept-Encoding: gzip\r\n";
    private static final List<Row> ROWS = List.of(
            page("RFC 9110 §12.5.3 nothing said", "", 200, "-"),
            page("RFC 9110 §12.5.3 gzip", GZIP, 200, "gzip"),
            page("RFC 9110 §8.4.1.3 x-gzip", "Accept-Encoding: x-gzip", 200, "gzip"),
            page("RFC 7932 br", "Accept-Encoding: br", 200, "br"),
            page("RFC 8878 zstd", "Accept-Encoding: zstd", 200, "zstd"),
            page("RFC 9110 §12.5.3 equally welcome: the server's choice", "Accept-Encoding: gzip, br, zstd", 200, "br"),
            page("RFC 9110 §12.4.2 by quality", "Accept-Encoding: br;q=0.5, zstd;q=0.6, gzip;q=0.7", 200, "gzip"),
            page("RFC 9110 §12.5.3 identity rather", "Accept-Encoding: gzip;q=0.5, identity", 200, "-"),
            page("RFC 9110 §12.5.3 empty", "Accept-Encoding:", 200, "-"),
            page("RFC 9110 §12.5.3 one that isn't offered", "Accept-Encoding: deflate", 200, "-"),
            page("RFC 9110 §12.5.3 identity forbidden", "Accept-Encoding: identity;q=0, gzip;q=0.1", 200, "gzip"),
            page("RFC 9110 §15.5.7 nothing that is offered", "Accept-Encoding: *;q=0", 406, "-"),
            page("RFC 9110 §13.1.2 the coded tag", GZIP + "If-None-Match: $GZIP", 304, "-"),
            page("RFC 9110 §13.1.2 in a list", GZIP + "If-None-Match: \"a\", $GZIP", 304, "-"),
            page("RFC 9110 §13.1.2 any", GZIP + "If-None-Match: *", 304, "-"),
            page("RFC 9110 §8.8.3 another coding's tag", "Accept-Encoding: br\r\nIf-None-Match: $GZIP", 200, "br"),
            page("RFC 9110 §8.8.3 the plain one's tag", GZIP + "If-None-Match: $TAG", 200, "gzip"),
            page("RFC 9110 §8.8.3 nor the other way", "If-None-Match: $GZIP", 200, "-"),
            page("RFC 9110 §13.1.3 not modified", GZIP + "If-Modified-Since: $MODIFIED", 304, "-"),
            page("RFC 9110 §13.1.1 a weak tag is no If-Match", GZIP + "If-Match: $GZIP", 412, "-"),
            page("RFC 9110 §13.1.1 If-Match, any", GZIP + "If-Match: *", 200, "gzip"),
            page("RFC 9110 §14.2 no ranges of what is made", GZIP + "Range: bytes=0-9", 200, "gzip"),
            page("RFC 9110 §14.2 nor 416", GZIP + "Range: bytes=999999-", 200, "gzip"),
            page("RFC 9110 §13.1.5 If-Range", GZIP + "Range: bytes=0-9\r\nIf-Range: $GZIP", 200, "gzip"),
            page("RFC 9110 §14.2 of the plain form", "Range: bytes=0-9", 206, "-"),
            row("RFC 9110 §9.3.2 HEAD", "HEAD /page.html", GZIP, 200, "gzip", "Accept-Encoding"),
            row("RFC 9110 §9.3.2 HEAD, plain", "HEAD /page.html", "", 200, "-", "Accept-Encoding"),
            row("RFC 9110 §12.5.5 too short to vary", "GET /short.html", GZIP, 200, "-", "-"),
            row("RFC 9110 §12.5.5 a type that doesn't vary", "GET /data.png", GZIP, 200, "-", "-"));

    @TestFactory
    List<DynamicNode> answers() throws IOException {
        Path root = Files.createDirectories(directory.resolve("root"));
        Files.write(root.resolve("page.html"), PAGE);
        Files.writeString(root.resolve("short.html"), "<p>short");
        Files.write(root.resolve("data.png"), PAGE);
        Path webroot = Webroots.pack(root, directory.resolve("site.webroot"));
        List<DynamicNode> nodes = new ArrayList<>();
        // The engine has no part in what is compressed, and all of it in what isn't.
        for (Transport transport : Transport.values()) {
            for (String engine :
                    transport == Transport.preferred() ? List.of("sendfile", "uring") : List.of("blocking")) {
                if (ChosenEngine.parse(engine)
                        .engine()
                        .probe(new FfmKernel(), transport)
                        .isAvailable()) {
                    Path content = engine.equals("uring") ? webroot : root;
                    String name = content.getFileName() + ", " + engine + ", " + transport.id();
                    nodes.add(dynamicContainer(name, tests(content, engine, transport)));
                }
            }
        }
        assertTrue(nodes.size() >= 2, "blocking and sendfile run everywhere");
        return nodes;
    }

    private List<DynamicNode> tests(Path content, String engine, Transport transport) throws IOException {
        TestServer server = server(transport, engine, content, new FfmKernel());
        RawClient client = server.client();
        opened.add(client);
        client.send("GET /page.html HTTP/1.1\r\nHost: test\r\nAccept-Encoding: gzip\r\n\r\n");
        String coded = client.read().field("ETag");
        Response plain = client.get("/page.html");
        assertTrue(coded.matches("W/\"[0-9a-f]+-gzip\""), coded);
        return ROWS.stream()
                .map(row -> (DynamicNode) dynamicTest(row.name, () -> {
                    check(client, row, coded, plain);
                    assertEquals(0, server.server.counters().defects());
                }))
                .toList();
    }

    private TestServer server(Transport transport, String engine, Path content, Kernel kernel) {
        TestServer server = new TestServer(
                transport,
                directory,
                config -> ServerConfig.of(content, ChosenEngine.parse(engine), transport, kernel)
                        .withBind(config.bind())
                        .withThreads(1)
                        .withPrecompressed(true)
                        .withContent(COMPRESSING),
                channel -> {});
        opened.add(server);
        return server;
    }

    private static void check(RawClient client, Row row, String coded, Response plain) throws IOException {
        String fields = String.join("\r\n", row.fields)
                .replace("$GZIP", coded)
                .replace("$TAG", plain.field("ETag"))
                .replace("$MODIFIED", plain.field("Last-Modified"));
        boolean head = row.target.startsWith("HEAD");
        client.send(row.target + " HTTP/1.1\r\nHost: test\r\n" + (fields.isEmpty() ? "" : fields + "\r\n") + "\r\n");
        Response response = client.read(!head && row.status != 304);
        assertEquals(row.status, response.status(), response::text);
        assertEquals(
                row.coding, response.field("Content-Encoding").isEmpty() ? "-" : response.field("Content-Encoding"));
        assertEquals(row.vary, response.field("Vary").isEmpty() ? "-" : response.field("Vary"));
        if (row.status == 304) {
            assertEquals(coded, response.field("ETag"), "RFC 9110 §15.4.5");
        } else if (!row.coding.equals("-")) {
            assertEquals(head ? "" : "chunked", response.field("Transfer-Encoding"), "RFC 9112 §6.1");
            assertEquals("", response.field("Content-Length"));
            assertEquals("none", response.field("Accept-Ranges"), "RFC 9110 §14.3");
            assertEquals("text/html; charset=utf-8", response.field("Content-Type"));
            assertEquals(plain.field("Last-Modified"), response.field("Last-Modified"));
            assertTrue(response.field("ETag").matches("W/\"[0-9a-f]+-" + row.coding + "\""), response.field("ETag"));
            if (!head) {
                assertTrue(response.body().length < PAGE.length, "it gets shorter");
                assertArrayEquals(PAGE, decoded(response));
            }
        } else if (row.status == 200) {
            assertEquals("bytes", response.field("Accept-Ranges"));
            assertEquals(head ? "" + PAGE.length : "" + response.body().length, response.field("Content-Length"));
        }
    }

    private static byte[] decoded(Response response) throws IOException {
        InputStream coded = new ByteArrayInputStream(response.body());
        try (InputStream plain = switch (Encoding.of(response.field("Content-Encoding"))) {
            case GZIP -> new GZIPInputStream(coded);
            case BR -> {
                Brotli4jLoader.ensureAvailability();
                yield new BrotliInputStream(coded);
            }
            case ZSTD -> new ZstdInputStream(coded);
        }) {
            return plain.readAllBytes();
        }
    }

    @ParameterizedTest(name = "RFC 9112 §6.3 for HTTP/1.0 on {0}")
    @EnumSource
    void theConnectionsEndIsTheEnd(Transport transport) throws IOException {
        Files.write(root().resolve("page.html"), PAGE);
        TestServer server = server(transport, "blocking", root(), new FfmKernel());
        try (RawClient client = server.client()) {
            client.send("GET /page.html HTTP/1.0\r\nAccept-Encoding: gzip\r\nConnection: keep-alive\r\n\r\n");
            Response response = client.read();
            assertEquals("", response.field("Transfer-Encoding") + response.field("Content-Length"));
            assertEquals("close", response.field("Connection"));
            assertArrayEquals(PAGE, decoded(response));
        }
    }

    private Path root() throws IOException {
        return Files.createDirectories(directory.resolve("root"));
    }

    @Test
    void aStoredFormGoesFirst() throws IOException {
        Path page = Files.write(root().resolve("page.html"), PAGE);
        try (GZIPOutputStream form = new GZIPOutputStream(Files.newOutputStream(root().resolve("page.html.gz")))) {
            form.write(Files.readAllBytes(page));
        }
        TestServer server = server(Transport.NIO, "blocking", root(), new FfmKernel());
        try (RawClient client = server.client()) {
            client.send("GET /page.html HTTP/1.1\r\nHost: test\r\nAccept-Encoding: gzip, br\r\n\r\n");
            Response stored = client.read();
            assertEquals("gzip", stored.field("Content-Encoding"));
            assertEquals("" + Files.size(root().resolve("page.html.gz")), stored.field("Content-Length"));
        }
    }

    @Test
    void listingsAreCompressedToo() throws IOException {
        Files.createDirectories(root().resolve("listed"));
        Files.writeString(root().resolve("listed/a.txt"), "a");
        TestServer server = server(Transport.NIO, "blocking", root(), new FfmKernel());
        try (RawClient client = server.client()) {
            Response plain = client.get("/listed/");
            client.send("GET /listed/ HTTP/1.1\r\nHost: test\r\nAccept-Encoding: zstd\r\n\r\n");
            Response coded = client.read();
            assertEquals("zstd", coded.field("Content-Encoding"));
            assertEquals("Accept, Accept-Encoding", coded.field("Vary"));
            assertEquals("Accept, Accept-Encoding", plain.field("Vary"));
            assertArrayEquals(plain.body(), decoded(coded));
        }
    }

    @ParameterizedTest
    @CsvSource({"gzip,NIO", "br,EPOLL", "zstd,IO_URING"})
    void aClientThatReadsNothingHasNothingCompressed(String coding, Transport transport) throws IOException {
        Files.write(root().resolve("big.txt"), BIG);
        CountingKernel kernel = new CountingKernel(new FfmKernel(), new AtomicLong());
        TestServer server = server(transport, "sendfile", root(), kernel);
        try (RawClient client = new RawClient(server.server.port(), 4 << 10)) {
            client.send("GET /big.txt HTTP/1.1\r\nHost: test\r\nAccept-Encoding: " + coding + "\r\n\r\n");
            client.awaitFirstOctet();
            awaitStandstill(kernel.readBytes);
            long read = kernel.readBytes.get();
            assertTrue(read < BIG.length / 2, () -> read + " bytes were read for a client that takes none");
            // The loop isn't kept from others meanwhile.
            try (RawClient other = server.client()) {
                assertEquals(404, other.get("/absent").status());
            }
            assertArrayEquals(BIG, decoded(client.read()), coding);
        }
        assertEquals(0, server.server.drain(Duration.ofSeconds(10)));
        assertEquals(0, server.server.counters().defects());
    }

    @Test
    void beyondAsManyAnswersAsMayBeMadeClientsGetThePlainForm() throws IOException {
        Files.write(root().resolve("big.txt"), BIG);
        Files.write(root().resolve("page.html"), PAGE);
        TestServer server = server(Transport.EPOLL, "blocking", root(), new FfmKernel());
        String head = "GET /%s HTTP/1.1\r\nHost: test\r\nAccept-Encoding: %s\r\n\r\n";
        List<RawClient> stalled = new ArrayList<>();
        try (RawClient client = server.client()) {
            for (int i = 0; i < Workers.ANSWERS_MAX; i++) {
                stalled.add(new RawClient(server.server.port(), 4 << 10).send(head.formatted("big.txt", "gzip")));
            }
            for (RawClient each : stalled) {
                each.awaitFirstOctet();
            }
            Response plain = client.send(head.formatted("page.html", "gzip")).read();
            assertEquals("", plain.field("Content-Encoding"));
            assertEquals("Accept-Encoding", plain.field("Vary"));
            assertArrayEquals(PAGE, plain.body());
            Response refused = client.send(head.formatted("page.html", "gzip, identity;q=0"))
                    .read();
            assertEquals(503, refused.status());
            stalled.removeLast().close();
            String coding = "";
            for (int i = 0; i < 500 && coding.isEmpty(); i++) {
                LockSupport.parkNanos(10_000_000);
                coding = client.send(head.formatted("page.html", "gzip")).read().field("Content-Encoding");
            }
            assertEquals("gzip", coding, "who left made room");
        } finally {
            for (RawClient each : stalled) {
                each.close();
            }
        }
        assertEquals(0, server.server.drain(Duration.ofSeconds(10)));
        assertEquals(0, server.server.counters().defects());
    }

    private static void awaitStandstill(AtomicLong count) {
        long before = -1;
        for (int same = 0; same < 3; same = count.get() == before ? same + 1 : 0) {
            before = count.get();
            LockSupport.parkNanos(20_000_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoLeavesEndsTheCompressing(Transport transport) throws IOException {
        Files.write(root().resolve("big.txt"), BIG);
        CountingKernel kernel = new CountingKernel(new FfmKernel(), new AtomicLong());
        TestServer server = server(transport, "blocking", root(), kernel);
        try (RawClient client = new RawClient(server.server.port(), 4 << 10)) {
            client.send("GET /big.txt HTTP/1.1\r\nHost: test\r\nAccept-Encoding: gzip\r\n\r\n");
            client.awaitFirstOctet();
        }
        assertEquals(0, server.server.drain(Duration.ofSeconds(10)), "nothing is under way any more");
        assertTrue(kernel.readBytes.get() < BIG.length);
        assertEquals(0, server.server.counters().defects());
    }

    @ParameterizedTest(name = "RFC 9112 §8 on {0}")
    @EnumSource
    void aFileThatShrinksIsCutOff(Transport transport) throws IOException {
        Path file = Files.write(root().resolve("big.txt"), BIG);
        TestServer server = server(transport, "blocking", root(), new FfmKernel());
        try (RawClient client = new RawClient(server.server.port(), 4 << 10)) {
            client.send("GET /big.txt HTTP/1.1\r\nHost: test\r\nAccept-Encoding: gzip\r\n\r\n");
            client.awaitFirstOctet();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(BIG.length - 1);
            }
            assertThrows(IOException.class, client::read, "it ends early");
        }
        assertEquals(1, server.server.counters().transfersCut());
        assertEquals(0, server.server.counters().defects());
    }

    @Test
    void wrongChoicesAreSaid() {
        IllegalArgumentException unknown =
                assertThrows(IllegalArgumentException.class, () -> Compression.of(List.of("deflate"), 1));
        assertTrue(unknown.toString().contains("gzip, br, zstd"), unknown::toString);
        assertThrows(IllegalArgumentException.class, () -> Compression.of(List.of(), 1));
        assertThrows(IllegalArgumentException.class, () -> Compression.of(List.of("gzip"), -1));
    }

    private record CountingKernel(Kernel kernel, AtomicLong readBytes) implements Kernel {

        @Override
        public String name() {
            return kernel.name();
        }

        @Override
        public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
            long result = kernel.call(call, a0, a1, a2, a3, a4, a5);
            if (call == Syscall.PREAD64 && result > 0) {
                readBytes.addAndGet(result);
            }
            return result;
        }
    }
}
