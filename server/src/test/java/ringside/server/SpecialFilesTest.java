package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.content.DirectorySettings;
import ringside.engines.ChosenEngine;
import ringside.engines.Engine;
import ringside.engines.Engines;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;

/// Files of `/proc` and `/sys`, and block devices: as they are, on this machine.
class SpecialFilesTest {

    private static final int DEVICE_BYTES = 1 << 20;

    /// Of a file that says 0 bytes, and of one that says a page and has less.
    private static final Path PROC = Path.of("/proc/sys/kernel/ostype");

    private static final Path SYS = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

    @TempDir
    Path directory;

    private TestServer server(Transport transport, String engine, Path root, boolean specialFiles) {
        return new TestServer(
                transport,
                directory,
                config -> ServerConfig.of(root, ChosenEngine.parse(engine), transport, config.kernel())
                        .withBind(config.bind())
                        .withThreads(1)
                        .withContent(ContentOptions.PLAIN.withDirectories(
                                DirectorySettings.DEFAULT.withSpecialFiles(specialFiles))),
                channel -> {});
    }

    @ParameterizedTest(name = "RFC 9112 §7.1 chunks, as nobody knows the length, on {0}")
    @EnumSource
    void virtualFiles(Transport transport) throws IOException {
        for (Path file : List.of(PROC, SYS)) {
            assumeTrue(Files.isReadable(file), () -> "this machine has no " + file);
            Path root = Objects.requireNonNull(file.getParent());
            byte[] content = Files.readAllBytes(file);
            assertTrue(content.length > 0 && content.length != Files.size(file), "its length says nothing");
            try (TestServer server = server(transport, "sendfile", root, true);
                    RawClient client = server.client()) {
                String request = "/" + file.getFileName();
                Response response = client.get(request);
                assertEquals("chunked", response.field("Transfer-Encoding"));
                assertEquals("", response.field("ETag") + response.field("Last-Modified"));
                assertArrayEquals(content, response.body());
                client.send("GET " + request + " HTTP/1.1\r\nHost: test\r\nRange: bytes=0-1\r\n\r\n");
                assertArrayEquals(content, client.read().body(), "RFC 9110 §14.2: no ranges of it");
                client.send("HEAD " + request + " HTTP/1.1\r\nHost: test\r\n\r\n");
                assertEquals("", client.read(false).field("Content-Length"));
                client.send("GET " + request + " HTTP/1.0\r\n\r\n");
                assertArrayEquals(content, client.read().body());
                assertEquals(0, server.server.counters().defects());
            }
        }
    }

    @Test
    @DisplayName("RFC 9112 §8: without the option they are what their length says, or incomplete")
    void virtualFilesWithoutTheOption() throws IOException {
        assumeTrue(Files.isReadable(SYS), () -> "this machine has no " + SYS);
        Path sys = Objects.requireNonNull(SYS.getParent());
        try (TestServer server = server(Transport.NIO, "blocking", sys, false);
                RawClient client = server.client()) {
            client.send("GET /" + SYS.getFileName() + " HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThrows(EOFException.class, client::read);
            assertEquals(1, server.server.counters().transfersCut());
        }
        Path proc = Objects.requireNonNull(PROC.getParent());
        try (TestServer server = server(Transport.NIO, "blocking", proc, false);
                RawClient client = server.client()) {
            assertEquals("0", client.get("/" + PROC.getFileName()).field("Content-Length"));
        }
    }

    @Test
    @DisplayName("RFC 9110 §14: a block device by every engine, whole and in ranges")
    void blockDevices() throws IOException {
        byte[] content = new byte[DEVICE_BYTES];
        new Random(3).nextBytes(content);
        Path image = Files.write(directory.resolve("image"), content);
        String device = run("losetup", "--find", "--show", image.toString());
        try {
            Path dev = Path.of("/dev");
            for (Engine engine : Engines.ALL) {
                String name = engine.spec().name();
                Transport transport = Transport.preferred();
                try (TestServer server = server(transport, name, dev, true);
                        RawClient client = server.client()) {
                    if (engine.probe(new FfmKernel(), transport).isAvailable()) {
                        check(client, device.substring("/dev".length()), content, name);
                        assertEquals(0, server.server.counters().defects(), name);
                    }
                }
            }
            try (TestServer server = server(Transport.NIO, "blocking", dev, false);
                    RawClient client = server.client()) {
                assertEquals(404, client.get(device.substring("/dev".length())).status());
                assertEquals(404, client.get("/null").status());
            }
        } finally {
            run("losetup", "--detach", device);
        }
    }

    private static void check(RawClient client, String target, byte[] content, String engine) throws IOException {
        Response whole = client.get(target);
        assertArrayEquals(content, whole.body(), engine);
        // Nothing about its inode changes with what is written to it.
        assertEquals("", whole.field("ETag") + whole.field("Last-Modified"), engine);
        assertEquals("bytes", whole.field("Accept-Ranges"));
        client.send("GET " + target + " HTTP/1.1\r\nHost: test\r\nRange: bytes=5000-70000\r\n\r\n");
        Response part = client.read();
        assertEquals("bytes 5000-70000/" + DEVICE_BYTES, part.field("Content-Range"), engine);
        assertArrayEquals(Arrays.copyOfRange(content, 5000, 70_001), part.body(), engine);
        client.send("GET " + target + " HTTP/1.1\r\nHost: test\r\nRange: bytes=-7\r\n\r\n");
        assertArrayEquals(
                Arrays.copyOfRange(content, DEVICE_BYTES - 7, DEVICE_BYTES),
                client.read().body(),
                engine);
        client.send("GET " + target + " HTTP/1.1\r\nHost: test\r\nRange: bytes=" + DEVICE_BYTES + "-\r\n\r\n");
        assertEquals(416, client.read().status(), engine);
        client.send("HEAD " + target + " HTTP/1.1\r\nHost: test\r\n\r\n");
        assertEquals("" + DEVICE_BYTES, client.read(false).field("Content-Length"), engine);
    }

    private static String run(String... command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return abort("a block device can't be made: there is no " + command[0]);
        }
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int exitCode = process.onExit().join().exitValue();
        assumeTrue(exitCode == 0, () -> "a block device can't be made without root and loop devices: " + said);
        return said;
    }
}
