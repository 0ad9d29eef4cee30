package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import ringside.engines.Availability;
import ringside.engines.ChosenEngine;
import ringside.engines.Engine;
import ringside.engines.Engines;
import ringside.engines.Transport;
import ringside.linux.Errno;
import ringside.linux.FaultyKernel;
import ringside.linux.FfmKernel;
import ringside.linux.Syscall;

/// What must hold with each engine on each transport.
class EngineMatrixTest {

    private static final int[] STALL_SIZES_BYTES = {1, 1 << 10, 16 << 10, 64 << 10, 1 << 20};
    private static final int STALL_REQUESTS = 30;
    /// Nagle's algorithm against a delayed acknowledgement costs 40 ms with each answer.
    private static final long STALL_NANOS = 20_000_000;

    @TempDir
    Path directory;

    /// Runs `test` with a server and a client of its own for each engine and transport.
    private Stream<DynamicTest> onEach(BiConsumer<TestServer, RawClient> test) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Engine engine : Engines.ALL) {
            for (Transport transport : Transport.values()) {
                String name = engine.spec().name();
                tests.add(dynamicTest(name + " on " + transport.id(), () -> {
                    try (TestServer server = server(name, transport);
                            RawClient client = server.client()) {
                        test.accept(server, client);
                        assertEquals(0, server.server.counters().defects());
                    }
                }));
            }
        }
        return tests.stream();
    }

    private TestServer server(String engine, Transport transport) {
        ChosenEngine chosen = ChosenEngine.parse(engine);
        if (transport.probe().isAvailable()
                && chosen.engine().probe(new FfmKernel(), transport)
                        instanceof Availability.Unavailable(String reason, String remedy)) {
            assumeTrue(false, engine + " on " + transport.id() + ": " + reason + ". " + remedy);
        }
        return new TestServer(transport, directory, config -> with(config, chosen), channel -> {});
    }

    private static ServerConfig with(ServerConfig config, ChosenEngine engine) {
        return ServerConfig.of(config.root(), engine, config.transport(), config.kernel())
                .withBind(config.bind())
                .withThreads(1);
    }

    private static String request(String method, String target) {
        return method + " " + target + " HTTP/1.1\r\nHost: test\r\n\r\n";
    }

    @TestFactory
    Stream<DynamicTest> pipelineIsAnsweredInOrder() {
        String pipeline = request("GET", "/absent")
                + request("GET", "/small.txt")
                + request("HEAD", "/big.bin")
                + request("GET", "/big.bin")
                + request("GET", "/empty.txt");
        return onEach((server, client) -> {
            try {
                for (int round = 0; round < 3; round++) {
                    client.send(pipeline.repeat(2));
                    for (int i = 0; i < 2; i++) {
                        assertEquals(404, client.read().status());
                        assertArrayEquals(TestServer.SMALL, client.read().body());
                        Response head = client.read(false);
                        assertEquals(Integer.toString(TestServer.BIG_BYTES), head.field("Content-Length"));
                        assertArrayEquals(TestServer.BIG, client.read().body());
                        assertEquals(0, client.read().body().length);
                    }
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> theClientThatResetsHarmsNobody() {
        return onEach((server, client) -> {
            try {
                for (int i = 0; i < 5; i++) {
                    try (RawClient resets = new RawClient(server.server.port(), 4 << 10)) {
                        resets.send(request("GET", "/big.bin"));
                        assertEquals('H', resets.socket().getInputStream().read());
                        resets.socket().setSoLinger(true, 0);
                    }
                }
                client.send(request("GET", "/big.bin") + request("GET", "/small.txt"));
                assertArrayEquals(TestServer.BIG, client.read().body());
                assertArrayEquals(TestServer.SMALL, client.read().body());
                assertEquals(0, server.server.counters().transfersCut(), "a client that leaves is no failing file");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> noSizeStalls() {
        Random random = new Random(1);
        return onEach((server, client) -> {
            try {
                for (int sizeBytes : STALL_SIZES_BYTES) {
                    byte[] content = new byte[sizeBytes];
                    random.nextBytes(content);
                    String name = "/stall-" + sizeBytes;
                    Files.write(server.root.resolve(name.substring(1)), content);
                    long[] nanos = new long[STALL_REQUESTS];
                    for (int i = 0; i < nanos.length; i++) {
                        long start = System.nanoTime();
                        byte[] body = client.get(name).body();
                        nanos[i] = System.nanoTime() - start;
                        assertArrayEquals(content, body);
                    }
                    // A new version for the next engine.
                    Files.delete(server.root.resolve(name.substring(1)));
                    Arrays.sort(nanos);
                    // Not the median: a busy machine delays many answers, a stall nearly all of them.
                    long quarterNanos = nanos[nanos.length / 4];
                    assertTrue(
                            quarterNanos < STALL_NANOS,
                            sizeBytes + " bytes took " + quarterNanos + " ns or more in three quarters of "
                                    + STALL_REQUESTS);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aTransferThatFailsBeforeItsHeadIsAnError() throws IOException {
        for (Transport transport : Transport.values()) {
            if (!transport.probe().isAvailable()) {
                continue;
            }
            try (TestServer server = server("memory:max-bytes=1000", transport);
                    RawClient client = server.client()) {
                for (int i = 0; i < 2; i++) {
                    Response response = client.get("/big.bin");
                    assertEquals(500, response.status());
                    assertEquals("text/plain; charset=utf-8", response.field("Content-Type"));
                    assertTrue(response.text().contains("EFBIG"), response.text());
                    assertEquals(200, client.get("/small.txt").status(), "the connection is kept");
                }
                assertEquals(2, server.server.counters().refusals());
                assertEquals(0, server.server.counters().transfersCut());
            }
        }
    }

    /// As when the process has no descriptor left for what the engine needs.
    @Test
    void aConnectionThatTheEngineHasNothingForIsClosed() throws IOException {
        FaultyKernel faulty = FaultyKernel.builder(new FfmKernel(), 1)
                .fail(Syscall.FCNTL, Errno.EIO, 1)
                .build();
        try (TestServer server = new TestServer(
                        Transport.IO_URING,
                        directory,
                        config -> ServerConfig.of(
                                        config.root(), ChosenEngine.parse("sendfile"), config.transport(), faulty)
                                .withBind(config.bind())
                                .withThreads(1),
                        channel -> {});
                RawClient client = server.client()) {
            assertTrue(client.atEnd(), "nobody will ever answer on it");
            assertEquals(1, faulty.injected(Syscall.FCNTL));
        }
    }

    @Test
    void contentTypeGoesByTheName() throws IOException {
        try (TestServer server = server("blocking", Transport.NIO);
                RawClient client = server.client()) {
            for (String row : List.of(
                    "a.html text/html", "a.css text/css", "a.png image/png", "a.bin application/octet-stream")) {
                String[] cells = row.split(" ", -1);
                Files.writeString(server.root.resolve(cells[0]), "x");
                String type = client.get("/" + cells[0]).field("Content-Type");
                assertTrue(type.equals(cells[1]) || type.startsWith(cells[1] + ";"), cells[0] + " is " + type);
            }
        }
    }
}
