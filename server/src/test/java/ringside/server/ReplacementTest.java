package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.content.webroot.Webroot;
import ringside.content.webroot.WebrootEntry;
import ringside.engines.Availability;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;

/// Webroots that are replaced under load: no request fails, and each answer is all of one version.
class ReplacementTest {

    private static final int CONNECTIONS = 64;
    private static final String HOST = "site.example";
    private static final List<String> NAMES = List.of("small.txt", "page.html", "big.bin");
    private static final int[] LENGTHS = {500, 16 << 10, 100_000};

    @TempDir
    private Path directory = Path.of("");

    private final Kernel kernel = new FfmKernel();
    /// Content by entity tag: which webroot it came from, and its octets.
    private final Map<String, Stored> stored = new ConcurrentHashMap<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong answers = new AtomicLong();

    private static final class Stored {

        static final Stored NONE = new Stored(-1, "none", new byte[0]);

        final int version;
        final String name;
        final byte[] content;

        Stored(int version, String name, byte[] content) {
            this.version = version;
            this.name = name;
            this.content = content;
        }

        @Override
        public String toString() {
            return name + " of version " + version;
        }
    }

    @ParameterizedTest
    @CsvSource({"blocking,epoll,200", "sendfile,epoll,40", "uring-splice,epoll,40", "uring,io_uring,40", "mmap,nio,40"})
    void sixtyFourConnectionsSeeNoSeam(String engine, String transportId, int replacements) throws Exception {
        Transport transport = Transport.byId(transportId);
        ChosenEngine chosen = ChosenEngine.parse(engine);
        if (chosen.engine().probe(kernel, transport)
                instanceof Availability.Unavailable(String reason, String remedy)) {
            assumeTrue(false, engine + " on " + transportId + ": " + reason + ". " + remedy);
        }
        Path hosts = Files.createDirectory(directory.resolve("hosts"));
        Files.createSymbolicLink(hosts.resolve(HOST), build(0));
        for (int version = 1; version <= replacements; version++) {
            build(version);
        }
        HostReports reports = new HostReports();
        ServerConfig config = ServerConfig.of(hosts, chosen, transport, kernel)
                .withBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withThreads(2);
        try (HttpServer server = HttpServer.start(
                config,
                () -> ServerContent.ofHosts(config, reports),
                SystemClock.get(),
                channel -> {},
                OutputStream.nullOutputStream(),
                null)) {
            reports.await("opened " + HOST);
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                int seed = i;
                clients.add(Thread.ofVirtual().start(() -> client(server.port(), seed)));
            }
            try (RawClient own = new RawClient(server.port())) {
                for (int version = 1; version <= replacements; version++) {
                    replace(version, hosts.resolve(HOST));
                    reports.await("opened " + HOST);
                    // What is told holds for every request after it.
                    assertEquals(version, ask(own, version % NAMES.size(), false).version);
                }
            } finally {
                stop.set(true);
                for (Thread client : clients) {
                    client.join();
                }
            }
            assertEquals(List.of(), List.copyOf(failures));
            assertTrue(answers.get() > CONNECTIONS, () -> answers + " answers");
            ServerCounters counters = server.counters();
            assertEquals(0, counters.defects() + counters.transfersCut() + counters.refusals(), counters::toString);
            reports.none();
        }
    }

    private Path build(int version) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        for (int i = 0; i < NAMES.size(); i++) {
            byte[] content = new byte[LENGTHS[i]];
            new Random(version * 31L + i).nextBytes(content);
            files.put(NAMES.get(i), content);
        }
        Path webroot = Webroots.build(directory.resolve("v" + version), files);
        try (Webroot packed = Webroot.open(kernel, webroot)) {
            files.forEach((name, content) -> {
                if (packed.lookup("/" + name) instanceof WebrootEntry.File file) {
                    stored.put(file.body().entityTag(), new Stored(version, name, content));
                }
            });
        }
        return webroot;
    }

    /// In turns as `mv` and as `ln -sf` do it.
    private void replace(int version, Path entry) throws IOException {
        Path webroot = directory.resolve("v" + version);
        Path moved = webroot;
        if (version % 2 == 0) {
            moved = Files.createSymbolicLink(directory.resolve("link"), webroot);
        }
        Files.move(moved, entry, StandardCopyOption.ATOMIC_MOVE);
    }

    private void client(int port, int seed) {
        Random random = new Random(seed);
        try (RawClient client = new RawClient(port)) {
            int version = 0;
            while (!stop.get()) {
                int now = ask(client, random.nextInt(NAMES.size()), random.nextInt(8) == 0).version;
                assertTrue(now >= version, "version " + now + " after version " + version);
                version = now;
                answers.incrementAndGet();
            }
        } catch (IOException | AssertionError e) {
            failures.add(e);
        }
    }

    /// Asks, and holds the answer against the webroot that its entity tag names.
    private Stored ask(RawClient client, int name, boolean headOnly) throws IOException {
        String line = (headOnly ? "HEAD /" : "GET /") + NAMES.get(name) + " HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";
        Response response = client.send(line).read(!headOnly);
        assertEquals(200, response.status());
        Stored expected = stored.getOrDefault(response.field("ETag"), Stored.NONE);
        assertEquals(NAMES.get(name), expected.name, expected::toString);
        assertEquals(Integer.toString(expected.content.length), response.field("Content-Length"));
        if (!headOnly) {
            assertArrayEquals(expected.content, response.body(), expected::toString);
        }
        return expected;
    }
}
