package ringside.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.linux.FfmKernel;

/// RFC 9110 §8.8: a strong tag changes with the content.
class FileTagTest {

    private static final FileVersion VERSION = new FileVersion(1, 2, 3, 4, 5, 6, 7);

    @TempDir
    private Path directory = Path.of("");

    private volatile Instant now = Instant.ofEpochSecond(0);

    @Test
    void everythingThatTellsVersionsApartIsInTheTag() {
        Set<String> tags = new HashSet<>();
        for (FileVersion version : List.of(
                VERSION,
                new FileVersion(9, 2, 3, 4, 5, 6, 7),
                new FileVersion(1, 9, 3, 4, 5, 6, 7),
                new FileVersion(1, 2, 9, 4, 5, 6, 7),
                new FileVersion(1, 2, 3, 9, 5, 6, 7),
                new FileVersion(1, 2, 3, 4, 9, 6, 7),
                new FileVersion(1, 2, 3, 4, 5, 9, 7),
                new FileVersion(1, 2, 3, 4, 5, 6, 9))) {
            tags.add(FileTag.of(version, Optional.empty(), Instant.MAX));
            tags.add(FileTag.of(version, Optional.of(Encoding.GZIP), Instant.MAX));
        }
        assertEquals(16, tags.size());
        tags.forEach(tag -> assertTrue(tag.matches("\"[0-9a-f]{24}\""), tag));
    }

    @Test
    void aFileThatMayChangeUnnoticedHasAWeakTag() {
        String strong = FileTag.of(VERSION, Optional.empty(), Instant.ofEpochSecond(9));
        assertFalse(FileTag.isWeak(strong));
        for (long second = 0; second <= 8; second++) {
            assertEquals("W/" + strong, FileTag.of(VERSION, Optional.empty(), Instant.ofEpochSecond(second)));
        }
    }

    @Test
    void theTagBecomesStrongWhenTheFileHasSettled() throws IOException {
        Path file = Files.writeString(directory.resolve("a"), "1");
        try (DirectoryRoot root = DirectoryRoot.open(new FfmKernel(), directory, () -> now, false);
                FileCache cache = new FileCache(root, 10)) {
            now = Instant.now();
            ServedFile fresh = find(cache, 1);
            assertTrue(FileTag.isWeak(fresh.entityTag()));
            assertSame(fresh, find(cache, 2), "it hasn't settled yet");
            now = now.plusSeconds(60);
            assertSame(fresh, find(cache, 2), "one look a second");
            ServedFile settled = find(cache, 3);
            assertNotSame(fresh, settled);
            assertEquals("W/" + settled.entityTag(), fresh.entityTag());
            assertSame(settled, find(cache, 4));
            // A rewrite of the same length that hides itself.
            FileTime before = Files.getLastModifiedTime(file);
            Object changed = Files.getAttribute(file, "unix:ctime");
            do {
                Files.writeString(file, "2");
                Files.setLastModifiedTime(file, before);
            } while (changed.equals(Files.getAttribute(file, "unix:ctime")));
            assertNotEquals(settled.entityTag(), find(cache, 5).entityTag());
        }
    }

    private static ServedFile find(FileCache cache, long second) {
        byte[] octets = "/a".getBytes(StandardCharsets.UTF_8);
        return assertInstanceOf(ServedFile.class, cache.find(octets, 0, octets.length, second));
    }
}
