package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import ringside.engines.ChosenEngine;
import ringside.engines.Engine;
import ringside.engines.Engines;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;

/// A file, or a webroot, that is cut off under the hands of a server which is sending it: the client gets right bytes
/// and then the connection's end, or an error, and the server lives on, mapped files included (SIGBUS). What is behind
/// the cut may be sent as the zeros that the kernel makes of it, in pages that a socket still holds (sendfile(2)).
class TruncationTest {

    private static final int FILE_BYTES = 3 << 20;
    private static final int KEPT_BYTES = 1 << 20;
    private static final int CLIENTS = 3;

    @TempDir
    private Path directory = Path.of("");

    private final byte[] content = new byte[FILE_BYTES];

    private interface Check {
        void of(ChosenEngine engine, Transport transport) throws IOException;
    }

    private static Stream<DynamicTest> onEach(Check check) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Engine engine : Engines.ALL) {
            // Engines that put operations on the loop's own ring do so on one transport only.
            List<Transport> transports = engine.spec().name().startsWith("uring")
                    ? List.of(Transport.preferred(), Transport.IO_URING)
                    : List.of(Transport.preferred());
            for (Transport transport : transports) {
                if (engine.probe(new FfmKernel(), transport).isAvailable()) {
                    ChosenEngine chosen = ChosenEngine.parse(engine.spec().name());
                    tests.add(dynamicTest(
                            engine.spec().name() + " on " + transport.id(), () -> check.of(chosen, transport)));
                }
            }
        }
        assertTrue(tests.size() > 4, "some engines run everywhere");
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> ofAFileInADirectory() {
        return onEach((engine, transport) -> {
            new Random(5).nextBytes(content);
            Path root = Files.createDirectories(directory.resolve("root"));
            Files.write(root.resolve("big.bin"), content);
            Files.writeString(root.resolve("other.txt"), "other");
            check(engine, transport, root, root.resolve("big.bin"), KEPT_BYTES);
        });
    }

    @TestFactory
    Stream<DynamicTest> ofAWebroot() {
        return onEach((engine, transport) -> {
            new Random(5).nextBytes(content);
            Path webroot = Webroots.build(directory.resolve("site.webroot"), Map.of("big.bin", content));
            check(engine, transport, webroot, webroot, Files.size(webroot) - FILE_BYTES / 4096 * 4096);
        });
    }

    private void check(ChosenEngine engine, Transport transport, Path root, Path cut, long keptBytes)
            throws IOException {
        List<RawClient> clients = new ArrayList<>();
        try (TestServer server = new TestServer(
                transport,
                directory,
                config -> ServerConfig.of(root, engine, transport, new FfmKernel())
                        .withBind(config.bind())
                        .withThreads(1),
                channel -> {})) {
            for (int i = 0; i < CLIENTS; i++) {
                RawClient client = new RawClient(server.server.port(), 4 << 10);
                clients.add(client);
                client.send("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
                client.awaitFirstOctet();
            }
            try (FileChannel channel = FileChannel.open(cut, StandardOpenOption.WRITE)) {
                channel.truncate(keptBytes);
            }
            for (RawClient client : clients) {
                checkBytes(client, Files.isDirectory(root) ? keptBytes : 0);
            }
            try (RawClient client = server.client()) {
                client.send("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
                checkBytes(client, Files.isDirectory(root) ? keptBytes : 0);
            }
            server.clock.advance(1);
            try (RawClient client = server.client()) {
                client.send("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n");
                assertEquals(200, client.read().status(), "it lives");
                if (Files.isDirectory(root)) {
                    assertArrayEquals(
                            Arrays.copyOf(content, (int) keptBytes),
                            client.get("/big.bin").body());
                }
            }
            assertEquals(0, server.server.counters().defects());
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    /// Reads an answer to its end, or the connection's.
    ///
    /// @param keptBytes of the file: what was behind them may have been cleared
    private void checkBytes(RawClient client, long keptBytes) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (!client.readPrefix(body)) {
            return; // an error in place of the file
        }
        byte[] got = body.toByteArray();
        assertTrue(got.length <= FILE_BYTES);
        for (int i = 0; i < got.length; i++) {
            if (got[i] != content[i] && (got[i] != 0 || i < keptBytes)) {
                fail("byte " + i + " of " + got.length + " is " + got[i] + ", not " + content[i]);
            }
        }
    }
}
