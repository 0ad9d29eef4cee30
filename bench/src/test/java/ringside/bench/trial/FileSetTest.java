package ringside.bench.trial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSetTest {

    private static void open() {}

    @Test
    void writingStopsWhenTheRunIsEnded(@TempDir Path root) throws IOException {
        int[] asked = {0};
        Runnable third = () -> {
            if (++asked[0] == 3) {
                throw new IllegalStateException("ended");
            }
        };
        assertThrows(IllegalStateException.class, () -> FileSet.generate(root, "s", 1 << 20, 100, 1, third));
        try (java.util.stream.Stream<Path> written = Files.list(root.resolve("s"))) {
            assertEquals(3, written.count());
        }
    }

    @Test
    void filesAreWhatTheManifestSays(@TempDir Path root) throws IOException {
        for (long size : List.of(1L, 4095L, 4097L, (1L << 20) + 5)) {
            FileSet files = FileSet.generate(root, "s" + size, size, 3, 42, FileSetTest::open);
            for (FileSet.Entry entry : files.entries()) {
                byte[] bytes = Files.readAllBytes(entry.file());
                CRC32C crc = new CRC32C();
                crc.update(bytes);
                assertEquals(size, bytes.length);
                assertEquals(entry.crc32c(), crc.getValue());
                assertEquals(entry.file(), root.resolve(entry.urlPath().substring(1)));
            }
        }
    }

    @Test
    void noBlockOccursTwice(@TempDir Path root) throws IOException {
        Set<ByteBuffer> blocks = new HashSet<>();
        int count = 0;
        for (long size : List.of(4096L, 65_536L)) {
            for (FileSet.Entry entry : FileSet.generate(root, "s" + size, size, 16, 1, FileSetTest::open)
                    .entries()) {
                byte[] bytes = Files.readAllBytes(entry.file());
                for (int from = 0; from < bytes.length; from += 4096, count++) {
                    blocks.add(ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, from + 4096)));
                }
            }
        }
        assertEquals(count, blocks.size());
    }

    @Test
    void contentFollowsFromTheSeed() {
        ByteBuffer one = ByteBuffer.allocate(8192);
        ByteBuffer same = ByteBuffer.allocate(4096);
        ByteBuffer other = ByteBuffer.allocate(4096);
        new Content(1, 8192, 0).fill(one, 0);
        new Content(1, 8192, 0).fill(same, 4096);
        new Content(2, 8192, 0).fill(other, 4096);
        assertArrayEquals(Arrays.copyOfRange(one.array(), 4096, 8192), same.array());
        assertTrue(!Arrays.equals(same.array(), other.array()));
    }

    @Test
    void aGivenDirectoryIsTakenAsItIs(@TempDir Path root) throws IOException {
        Files.createDirectories(root.resolve("a b"));
        Files.writeString(root.resolve("a b/ü%.txt"), "hello");
        Files.writeString(root.resolve(".hidden"), "no");
        Files.createSymbolicLink(root.resolve("link"), root.resolve(".hidden"));
        FileSet files = FileSet.scan(root, 10, FileSetTest::open);
        assertEquals(
                List.of("/a%20b/%C3%BC%25.txt"),
                files.entries().stream().map(FileSet.Entry::urlPath).toList());
        assertEquals(5, files.totalBytes());
        Files.writeString(root.resolve("second"), "x");
        assertThrows(IOException.class, () -> FileSet.scan(root, 1, FileSetTest::open));
    }

    @Test
    void anEmptyDirectoryAndAFullDiskAreToldBefore(@TempDir Path root) {
        assertThrows(IOException.class, () -> FileSet.scan(root, 10, FileSetTest::open));
        IOException e = assertThrows(
                IOException.class, () -> FileSet.generate(root, "huge", 1L << 36, 1 << 20, 1, FileSetTest::open));
        assertTrue(String.valueOf(e.getMessage()).contains("MiB are free"), e::getMessage);
    }
}
