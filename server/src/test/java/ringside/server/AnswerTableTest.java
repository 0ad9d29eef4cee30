package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import ringside.content.Encoding;
import ringside.content.webroot.BuildObserver;
import ringside.content.webroot.BuildPlan;
import ringside.content.webroot.WebrootBuild;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;

/// What a request for a stored file is answered with, by the section that says so: conditions, ranges, the choice among
/// stored forms; from a directory and from a webroot, by an engine of each kind, on each transport.
class AnswerTableTest {

    /// 2040: every file has settled.
    private static final long NOW_SECONDS = 2_208_988_800L;

    private static final byte[] DATA = randomBytes(AnswerRows.DATA_BYTES);
    private static final String PAGE = "<p>A page that can be told in far fewer bytes.</p>\n".repeat(200);

    @TempDir
    private Path directory = Path.of("");

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    /// @return a directory, and a webroot of it
    private List<Path> roots() throws IOException {
        Path root = Files.createDirectories(directory.resolve("root"));
        Files.createDirectories(root.resolve("sub"));
        Files.writeString(root.resolve("sub/index.html"), "sub");
        Files.write(root.resolve("data.bin"), DATA);
        Files.write(root.resolve("empty.txt"), new byte[0]);
        Files.writeString(root.resolve("page.html"), PAGE);
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.fromMillis(1000 * ManualClock.EPOCH_SECONDS));
            }
        }
        Path coded = root.resolve("page.html.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(coded))) {
            out.write(PAGE.getBytes(StandardCharsets.UTF_8));
        }
        Path stale = Files.writeString(root.resolve("page.html.br"), "older than the page, and so passed over");
        Files.setLastModifiedTime(stale, FileTime.fromMillis(1000 * ManualClock.EPOCH_SECONDS - 1));
        Path webroot = directory.resolve("site.webroot");
        BuildPlan plan = BuildPlan.builder(root, webroot)
                .compress(List.of(Encoding.GZIP), 1)
                .build();
        new WebrootBuild(new FfmKernel(), plan, BuildObserver.NONE).run();
        return List.of(root, webroot);
    }

    @TestFactory
    List<DynamicNode> answers() throws IOException {
        List<DynamicNode> nodes = new ArrayList<>();
        for (Path root : roots()) {
            boolean webroot = Files.isRegularFile(root);
            for (Transport transport : Transport.values()) {
                for (String engine : List.of("blocking", "sendfile", "uring")) {
                    ChosenEngine chosen = ChosenEngine.parse(engine);
                    String name = (webroot ? "webroot, " : "directory, ") + engine + ", " + transport.id();
                    if (chosen.engine().probe(new FfmKernel(), transport).isAvailable()) {
                        nodes.add(dynamicContainer(name, tests(root, chosen, transport)));
                    }
                }
            }
        }
        assertTrue(nodes.size() >= 4, "blocking and sendfile run everywhere on nio");
        return nodes;
    }

    private List<DynamicTest> tests(Path root, ChosenEngine engine, Transport transport) throws IOException {
        HttpServer server = HttpServer.start(
                ServerConfig.of(root, engine, transport, new FfmKernel())
                        .withBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .withPrecompressed(true)
                        .withThreads(1),
                new ManualClock(NOW_SECONDS),
                channel -> {},
                OutputStream.nullOutputStream());
        opened.add(server);
        RawClient client = new RawClient(server.port());
        opened.add(client);
        List<AnswerRows.Row> rows = new ArrayList<>(AnswerRows.CONDITIONS);
        rows.addAll(AnswerRows.RANGES);
        rows.addAll(AnswerRows.FORMS);
        return rows.stream()
                .map(row -> dynamicTest(row.name(), () -> {
                    check(client, row);
                    assertEquals(0, server.counters().defects());
                }))
                .toList();
    }

    private static String fill(RawClient client, String text, String line) throws IOException {
        String filled = text;
        String target = line.substring(line.indexOf('/'));
        if (filled.contains(AnswerRows.TAG)) {
            filled = filled.replace(AnswerRows.TAG, client.get(target).field("ETag"));
        }
        if (filled.contains(AnswerRows.GZIP_TAG)) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: test\r\nAccept-Encoding: gzip\r\n\r\n");
            filled = filled.replace(AnswerRows.GZIP_TAG, client.read().field("ETag"));
        }
        return filled;
    }

    private static void check(RawClient client, AnswerRows.Row row) throws IOException {
        StringBuilder request = new StringBuilder(row.line()).append(" HTTP/1.1\r\nHost: test\r\n");
        row.fields().forEach(field -> request.append(field).append("\r\n"));
        boolean headOnly = row.line().startsWith("HEAD");
        String filled = fill(client, request + "\r\n", row.line());
        client.send(filled);
        Response response = client.read(!headOnly && row.status() != 304);
        assertEquals(row.status(), response.status(), () -> response.text() + "\n" + filled);
        for (String shown : row.shown()) {
            String[] parts = fill(client, shown, row.line()).split(": ?", 2);
            assertEquals(parts[1], response.field(parts[0]), parts[0]);
        }
        if (response.status() < 300) {
            assertTrue(response.field("ETag").matches("\"[0-9a-f]{24,32}\""), response.field("ETag"));
        }
        if (!row.ranges().isEmpty()) {
            checkRanges(response, row.ranges());
        } else if (row.status() == 200 && row.line().equals("GET /data.bin")) {
            assertArrayEquals(DATA, response.body());
        } else if (row.status() == 206 && row.line().equals("GET /data.bin")) {
            assertArrayEquals(Arrays.copyOf(DATA, 1), response.body());
        } else if (row.status() == 304) {
            assertEquals("", response.field("Content-Type") + response.field("Last-Modified"), "RFC 9110 §15.4.5");
            assertEquals(29, response.field("Date").length());
        }
        if (headOnly && row.status() == 200) {
            assertEquals(Integer.toString(AnswerRows.DATA_BYTES), response.field("Content-Length"));
        }
    }

    private static void checkRanges(Response response, List<AnswerRows.Span> ranges) {
        if (ranges.size() == 1) {
            assertEquals(contentRange(ranges.getFirst()), response.field("Content-Range"));
            assertEquals("application/octet-stream", response.field("Content-Type"));
            assertArrayEquals(slice(ranges.getFirst()), response.body());
            return;
        }
        String type = response.field("Content-Type");
        assertTrue(type.startsWith("multipart/byteranges; boundary="), type);
        assertEquals("", response.field("Content-Range"), "RFC 9110 §15.3.7.2: only in the parts");
        String boundary = type.substring(type.indexOf('=') + 1);
        StringBuilder expected = new StringBuilder();
        for (AnswerRows.Span range : ranges) {
            expected.append(expected.isEmpty() ? "--" : "\r\n--")
                    .append(boundary)
                    .append("\r\nContent-Type: application/octet-stream\r\nContent-Range: ")
                    .append(contentRange(range))
                    .append("\r\n\r\n")
                    .append(new String(slice(range), StandardCharsets.ISO_8859_1));
        }
        expected.append("\r\n--").append(boundary).append("--\r\n");
        assertArrayEquals(expected.toString().getBytes(StandardCharsets.ISO_8859_1), response.body());
    }

    private static String contentRange(AnswerRows.Span range) {
        return "bytes " + range.first() + "-" + range.last() + "/" + AnswerRows.DATA_BYTES;
    }

    private static byte[] slice(AnswerRows.Span range) {
        return Arrays.copyOfRange(DATA, (int) range.first(), (int) range.last() + 1);
    }
}
