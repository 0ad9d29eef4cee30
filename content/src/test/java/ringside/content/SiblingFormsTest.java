package ringside.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.linux.FfmKernel;

class SiblingFormsTest {

    @TempDir
    private Path directory = Path.of("");

    private static ServedFile find(FileCache cache, long second) {
        byte[] octets = "/page.html".getBytes(StandardCharsets.UTF_8);
        return assertInstanceOf(ServedFile.class, cache.find(octets, 0, octets.length, second));
    }

    private static List<Encoding> forms(FileCache cache, long second) {
        return find(cache, second).variants().stream()
                .map(form -> form.encoding().orElseThrow())
                .toList();
    }

    @Test
    void formsComeAndGoWithTheirFiles() throws IOException {
        Path page = Files.writeString(directory.resolve("root-page"), "page");
        Path root = Files.createDirectory(directory.resolve("root"));
        Files.move(page, root.resolve("page.html"));
        FileTime time = FileTime.from(Instant.ofEpochSecond(1_000));
        Files.setLastModifiedTime(root.resolve("page.html"), time);
        InstantSource never = InstantSource.fixed(Instant.EPOCH);
        try (DirectoryRoot served = DirectoryRoot.open(
                        new FfmKernel(), root, DirectorySettings.DEFAULT.withPrecompressed(true), never);
                FileCache cache = new FileCache(served, 10)) {
            assertEquals(List.of(), forms(cache, 1));
            Path gzip = Files.writeString(root.resolve("page.html.gz"), "gzip");
            assertEquals(List.of(), forms(cache, 1), "one look a second");
            assertEquals(List.of(Encoding.GZIP), forms(cache, 2));
            ServedFile plain = find(cache, 2);
            ServedFile form = plain.variants().getFirst();
            assertEquals("text/html; charset=utf-8", form.mediaType());
            assertNotEquals(plain.entityTag(), form.entityTag());
            assertSame(plain, find(cache, 3));
            Files.writeString(gzip, "renewed");
            assertEquals(7, find(cache, 4).variants().getFirst().lengthBytes());
            Files.writeString(root.resolve("page.html.zst"), "zstd");
            assertEquals(List.of(Encoding.GZIP, Encoding.ZSTD), forms(cache, 5));
            Files.setLastModifiedTime(gzip, FileTime.from(Instant.ofEpochSecond(999)));
            assertEquals(List.of(Encoding.ZSTD), forms(cache, 6), "older than the page");
            Files.delete(root.resolve("page.html.zst"));
            assertEquals(List.of(), forms(cache, 7));
            Path outside = Files.writeString(directory.resolve("outside"), "not for you");
            Files.createSymbolicLink(root.resolve("page.html.br"), outside);
            Files.createDirectory(root.resolve("page.html.zst"));
            assertEquals(List.of(), forms(cache, 8), "a way out of the root, and a directory");
        }
    }

    @Test
    void nothingIsLookedForUnlessAskedFor() throws IOException {
        Files.writeString(directory.resolve("page.html"), "page");
        Files.writeString(directory.resolve("page.html.gz"), "gzip");
        try (DirectoryRoot served = DirectoryRoot.open(new FfmKernel(), directory);
                FileCache cache = new FileCache(served, 10)) {
            assertEquals(List.of(), forms(cache, 1));
        }
    }
}
