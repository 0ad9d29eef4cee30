package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import ringside.content.webroot.BuildObserver;
import ringside.content.webroot.BuildPlan;
import ringside.content.webroot.RedirectRule;
import ringside.content.webroot.WebrootBuild;
import ringside.content.webroot.WebrootException;
import ringside.engines.Availability;
import ringside.engines.ChosenEngine;
import ringside.engines.Engine;
import ringside.engines.Engines;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;

/// A webroot over HTTP, by every engine: bodies at offsets in one file.
class WebrootServingTest {

    private static final int[] LENGTHS = {0, 1, 1000, 4095, 4096, 4097, 70_000, 300_001};

    @TempDir
    private Path directory = Path.of("");

    private final Kernel kernel = new FfmKernel();
    private Path webroot = Path.of("");

    @BeforeEach
    void pack() throws IOException {
        Path root = Files.createDirectories(directory.resolve("root"));
        Files.createDirectories(root.resolve("sub"));
        Files.writeString(root.resolve("sub/index.html"), "<p>sub");
        Files.createDirectories(root.resolve("listed"));
        Files.writeString(root.resolve("listed/a.txt"), "a");
        for (int length : LENGTHS) {
            Files.write(root.resolve(length + ".bin"), content(length));
        }
        webroot = directory.resolve("site.webroot");
        build(root);
    }

    private void build(Path root) {
        BuildPlan plan = BuildPlan.builder(root, webroot)
                .redirect(RedirectRule.parse("/old=/sub/,307"))
                .build();
        new WebrootBuild(kernel, plan, BuildObserver.NONE).run();
    }

    private static byte[] content(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private HttpServer start(Engine engine, int cacheEntries) throws IOException {
        String name = engine.spec().name();
        Transport transport = Transport.preferred();
        if (engine.probe(kernel, transport) instanceof Availability.Unavailable(String reason, String remedy)) {
            assumeTrue(false, name + " on " + transport.id() + ": " + reason + ". " + remedy);
        }
        return HttpServer.start(ServerConfig.of(webroot, ChosenEngine.parse(name), transport, kernel)
                .withBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withCacheEntries(cacheEntries)
                .withThreads(1));
    }

    @TestFactory
    Stream<DynamicTest> everyEngineSendsTheBodies() {
        return Engines.ALL.stream()
                .map(engine -> DynamicTest.dynamicTest(engine.spec().name(), () -> {
                    // Two slots: files push each other out.
                    try (HttpServer server = start(engine, 2);
                            RawClient client = new RawClient(server.port())) {
                        for (int round = 0; round < 3; round++) {
                            for (int length : LENGTHS) {
                                Response response = client.get("/" + length + ".bin");
                                assertEquals(200, response.status());
                                assertArrayEquals(content(length), response.body(), () -> length + " bytes");
                            }
                        }
                        assertEquals(0, server.counters().defects());
                    }
                }));
    }

    @Test
    void everyKindOfResourceIsAnswered() throws IOException {
        try (HttpServer server = start(Engines.ALL.getFirst(), 64);
                RawClient client = new RawClient(server.port())) {
            Response index = client.get("/sub/");
            assertEquals("<p>sub", index.text());
            assertEquals("text/html; charset=utf-8", index.field("Content-Type"));
            assertTrue(index.field("ETag").matches("\"[0-9a-f]{32}\""), () -> index.field("ETag"));
            assertTrue(index.field("Last-Modified").endsWith("GMT"));
            assertEquals("/sub/", client.get("/sub").field("Location"));
            assertTrue(client.get("/listed/").text().contains("href=\"a.txt\""));
            Response moved = client.get("/old");
            assertEquals(307, moved.status());
            assertEquals("/sub/", moved.field("Location"));
            assertEquals(404, client.get("/absent").status());
            assertEquals(404, client.get("/sub/index.html/").status());
            assertEquals("a", client.get("/listed/../listed/%61.txt").text());
        }
    }

    @Test
    void aServerGoesOnWithTheWebrootThatItHas() throws IOException {
        try (HttpServer server = start(Engines.ALL.getFirst(), 64);
                RawClient client = new RawClient(server.port())) {
            assertEquals("a", client.get("/listed/a.txt").text());
            Path other = Files.createDirectory(directory.resolve("other"));
            Files.writeString(other.resolve("only.txt"), "new");
            build(other);
            assertArrayEquals(content(70_000), client.get("/70000.bin").body());
            assertEquals(404, client.get("/only.txt").status());
        }
        try (HttpServer server = start(Engines.ALL.getFirst(), 64);
                RawClient client = new RawClient(server.port())) {
            assertEquals("new", client.get("/only.txt").text());
        }
    }

    @Test
    void aDamagedWebrootIsNotServed() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(webroot.toFile(), "rw")) {
            file.seek(5000);
            int octet = file.read();
            file.seek(5000);
            file.write(octet ^ 1);
        }
        assertThrows(
                WebrootException.class, () -> start(Engines.ALL.getFirst(), 64).close());
    }

    @Test
    void aWebrootThatIsCutOffIsAnErrorAndNoCrash() throws IOException {
        try (HttpServer server = start(Engines.ALL.getFirst(), 64);
                RawClient client = new RawClient(server.port())) {
            try (RandomAccessFile file = new RandomAccessFile(webroot.toFile(), "rw")) {
                file.setLength(0);
            }
            assertEquals(500, client.get("/listed/a.txt").status());
        }
    }
}
