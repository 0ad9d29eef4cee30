package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;

/// Files that change while they are cached: seen a second later at the latest.
class ChangingFilesTest {

    @TempDir
    Path directory;

    @Test
    void replacedChangedRemovedAndBack() throws IOException {
        try (TestServer server = new TestServer(Transport.NIO, directory);
                RawClient client = server.client()) {
            Path file = server.root.resolve("file.txt");
            assertEquals(404, client.get("/file.txt").status());
            Files.writeString(file, "one");
            assertEquals(404, client.get("/file.txt").status(), "an absence is kept for the second");
            server.clock.advance(1);
            assertEquals("one", client.get("/file.txt").text());

            Path other = Files.writeString(directory.resolve("other"), "two");
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
            assertEquals("one", client.get("/file.txt").text(), "the open file is served for the second");
            server.clock.advance(1);
            assertEquals("two", client.get("/file.txt").text());

            Files.writeString(file, "three");
            Files.setLastModifiedTime(file, FileTime.fromMillis(784_111_777_000L));
            server.clock.advance(1);
            Response changed = client.get("/file.txt");
            assertEquals("three", changed.text());
            assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", changed.field("Last-Modified"));

            Files.delete(file);
            assertEquals("three", client.get("/file.txt").text());
            server.clock.advance(1);
            assertEquals(404, client.get("/file.txt").status());
            server.clock.advance(1);
            Files.createDirectory(file);
            assertEquals(301, client.get("/file.txt").status());
        }
    }

    @Test
    void dateFollowsTheClockInCachedHeads() throws IOException {
        try (TestServer server = new TestServer(Transport.NIO, directory);
                RawClient client = server.client()) {
            assertEquals(
                    "Sun, 06 Nov 1994 08:49:37 GMT", client.get("/small.txt").field("Date"));
            server.clock.advance(60);
            assertEquals(
                    "Sun, 06 Nov 1994 08:50:37 GMT", client.get("/small.txt").field("Date"));
        }
    }

    @Test
    void moreFilesThanEntries() throws IOException {
        try (TestServer server =
                        new TestServer(Transport.NIO, directory, config -> config.withCacheEntries(3), channel -> {});
                RawClient client = server.client()) {
            for (int i = 0; i < 20; i++) {
                Files.writeString(server.root.resolve("f" + i), "content " + i);
            }
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 20; i++) {
                    assertEquals("content " + i, client.get("/f" + i).text());
                }
            }
        }
    }

    @Test
    void movedOutAndReplacedByALinkToItIsRefusedWithinASecond() throws IOException {
        try (TestServer server = new TestServer(Transport.NIO, directory);
                RawClient client = server.client()) {
            Path file = server.root.resolve("small.txt");
            assertEquals(200, client.get("/small.txt").status());
            Path outside = Files.move(file, directory.resolve("moved.txt"));
            Files.createSymbolicLink(file, outside);
            server.clock.advance(1);
            assertEquals(404, client.get("/small.txt").status());
        }
    }

    /// The answers before it in the pipeline have been handed over, but not sent.
    @ParameterizedTest
    @EnumSource
    void anAnswerThatBreaksOffDoesNotTakeTheOnesBeforeItAlong(Transport transport) throws IOException {
        try (TestServer server = new TestServer(transport, directory);
                RawClient first = server.client()) {
            Path file = server.root.resolve("shrinks.bin");
            Files.write(file, TestServer.BIG);
            assertArrayEquals(TestServer.BIG, first.get("/shrinks.bin").body());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(1);
            }
            try (RawClient slow = new RawClient(server.server.port(), 4 << 10)) {
                slow.send("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
                slow.send("GET /shrinks.bin HTTP/1.1\r\nHost: test\r\n\r\n");
                slow.send("GET /small.txt HTTP/1.1\r\nHost: test\r\n\r\n");
                assertArrayEquals(TestServer.BIG, slow.read().body());
                assertThrows(IOException.class, slow::read, "it ends early");
            }
            assertEquals(1, server.server.counters().transfersCut());
        }
    }

    /// The break-off comes while requests behind it are in the socket, unread: closing it then would reset the
    /// connection, and what the client hasn't taken yet would be lost.
    @ParameterizedTest
    @EnumSource
    void whatIsUnreadBehindABreakOffResetsNothing(Transport transport) throws IOException {
        try (TestServer server = new TestServer(
                        transport,
                        directory,
                        config -> ServerConfig.of(
                                        directory.resolve("root"),
                                        ChosenEngine.parse("sendfile"),
                                        transport,
                                        new FfmKernel())
                                .withBind(config.bind())
                                .withThreads(1),
                        channel -> {});
                RawClient first = server.client()) {
            byte[] content = Arrays.copyOf(TestServer.BIG, 300_000);
            Files.write(server.root.resolve("before.bin"), content);
            Path file = Files.write(server.root.resolve("shrinks.bin"), content);
            assertArrayEquals(content, first.get("/shrinks.bin").body());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(4096);
            }
            try (RawClient slow = new RawClient(server.server.port(), 4 << 10)) {
                slow.send("GET /before.bin HTTP/1.1\r\nHost: test\r\n\r\n"
                        + "GET /shrinks.bin HTTP/1.1\r\nHost: test\r\n\r\n"
                        + "GET /small.txt HTTP/1.1\r\nHost: test\r\n\r\n".repeat(200));
                LockSupport.parkNanos(100_000_000);
                assertArrayEquals(content, slow.read().body());
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                slow.readPrefix(body);
                assertArrayEquals(Arrays.copyOf(content, 4096), body.toByteArray());
            }
            assertEquals(1, server.server.counters().transfersCut());
            assertEquals(0, server.server.counters().connectionErrors());
        }
    }
}
