package ringside.content.webroot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.content.Encoding;

/// Damage of every kind: each flipped bit and each length is found, and none crashes who reads. Between header and
/// index, where zeros and a SHA-256 treat all bits alike, a bit of each byte stands for all eight.
class WebrootDamageTest {

    @TempDir
    private Path directory = Path.of("");

    private Path webroot = Path.of("");

    @BeforeEach
    void pack() throws IOException {
        Path root = Files.createDirectory(directory.resolve("root"));
        Trees.write(root, "index.html", "<p>index");
        Trees.write(root, "a/b.txt", "b");
        byte[] page = new byte[4096];
        new Random(1).nextBytes(page);
        Trees.write(root, "a/page.bin", page);
        Trees.write(root, "a/long.txt", "x".repeat(64));
        webroot = directory.resolve("w");
        Trees.pack(
                root,
                webroot,
                plan -> plan.compress(Set.of(Encoding.GZIP), 32)
                        .errorPage(404, "a/b.txt")
                        .redirect(RedirectRule.parse("/old=/new")));
    }

    private Header header() {
        try (Webroot sound = Webroot.open(Trees.KERNEL, webroot)) {
            return sound.header();
        }
    }

    private WebrootCheck.Report check() {
        return WebrootCheck.run(Trees.KERNEL, webroot, WebrootCheck.Observer.NONE);
    }

    @Test
    void everyFlippedBitIsFound() throws IOException {
        byte[] whole = Files.readAllBytes(webroot);
        Header header = header();
        Map<Damage, Integer> found = new EnumMap<>(Damage.class);
        try (RandomAccessFile file = new RandomAccessFile(webroot.toFile(), "rw")) {
            for (int at = 0; at < whole.length; at++) {
                boolean between = at >= Layout.HEADER_BYTES && at < header.indexOffset();
                for (int bit = between ? at % 8 : 0; bit <= (between ? at % 8 : 7); bit++) {
                    put(file, at, whole[at] ^ 1 << bit);
                    WebrootCheck.Report report = check();
                    assertFalse(report.isSound(), "bit " + bit + " of byte " + at + " is flipped and not found");
                    found.merge(report.gravest().orElseThrow(), 1, Integer::sum);
                    if (bit == at % 8) {
                        opensOnlyIfTheBodiesAreAllThatIsWrong(report);
                    }
                }
                put(file, at, whole[at]);
            }
        }
        assertTrue(check().isSound());
        Set<Damage> expected = Set.of(Damage.NOT_A_WEBROOT, Damage.HEADER, Damage.INDEX, Damage.BODY, Damage.PADDING);
        assertEquals(expected, found.keySet(), found::toString);
    }

    /// Opening is O(index): damage in a body is left to the check, which an open can ask for.
    private void opensOnlyIfTheBodiesAreAllThatIsWrong(WebrootCheck.Report report) {
        Damage gravest = report.gravest().orElseThrow();
        WebrootException e =
                assertThrows(WebrootException.class, () -> Webroot.open(Trees.KERNEL, webroot, Webroot.Verify.BODIES));
        assertEquals(gravest, e.damage());
        if (gravest.compareTo(Damage.BODY) < 0) {
            assertThrows(WebrootException.class, () -> Webroot.open(Trees.KERNEL, webroot));
        }
    }

    private static void put(RandomAccessFile file, long at, int octet) throws IOException {
        file.seek(at);
        file.write(octet);
    }

    @Test
    void everyLengthButTheRightOneIsFound() throws IOException {
        byte[] whole = Files.readAllBytes(webroot);
        try (RandomAccessFile file = new RandomAccessFile(webroot.toFile(), "rw")) {
            for (int length = whole.length - 1; length >= 0; length--) {
                file.setLength(length);
                Damage damage = check().gravest().orElseThrow();
                assertEquals(length < Layout.HEADER_BYTES ? Damage.NOT_A_WEBROOT : Damage.LENGTH, damage, length + "");
                assertThrows(WebrootException.class, () -> Webroot.open(Trees.KERNEL, webroot));
            }
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        Files.write(webroot, longer);
        assertEquals(Damage.LENGTH, check().gravest().orElseThrow());
    }

    /// What checksums can't find: an index that was made wrong. Whatever it says, a look-up ends, and throws
    /// nothing but what it documents.
    @Test
    void anIndexThatLiesWithRightChecksumsIsFoundOrHarmless() throws IOException {
        byte[] whole = Files.readAllBytes(webroot);
        Header header = header();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            byte[] lying = whole.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                int at = (int) header.indexOffset() + random.nextInt((int) header.indexBytes());
                lying[at] = (byte) (random.nextBoolean() ? random.nextInt() : lying[at] ^ 1 << random.nextInt(8));
            }
            Files.write(webroot, Lies.withRightChecksums(lying, header));
            String message = "seed " + seed + ", round " + round;
            try (Webroot opened = Webroot.open(Trees.KERNEL, webroot)) {
                lookUpEverything(opened, message);
            } catch (WebrootException e) {
                assertEquals(Damage.STRUCTURE, e.damage(), message);
            }
            // Much of what a lie can say is as true as what was there: another time, another type.
            check();
        }
    }

    private static void lookUpEverything(Webroot webroot, String message) {
        for (String path : new String[] {"/", "/index.html", "/a", "/a/", "/a/b.txt", "/a/page.bin", "/old", "/x"}) {
            try {
                webroot.lookup(path);
            } catch (WebrootException e) {
                assertEquals(Damage.STRUCTURE, e.damage(), message);
            }
        }
        try {
            webroot.visit((path, entry) -> {});
        } catch (WebrootException e) {
            assertEquals(Damage.STRUCTURE, e.damage(), message);
        }
    }

    /// mkroot never does that; somebody's `cp` may. `SIGBUS` must not end the JVM.
    @Test
    void aFileThatIsCutOffWhileItIsOpenThrows() throws IOException {
        try (Webroot opened = Webroot.open(Trees.KERNEL, webroot);
                RandomAccessFile file = new RandomAccessFile(webroot.toFile(), "rw")) {
            file.setLength(0);
            WebrootException e = assertThrows(WebrootException.class, () -> opened.lookup("/a/b.txt"));
            assertEquals(Damage.LENGTH, e.damage());
        }
    }

    @Test
    void whatIsNoWebrootIsSaidToBeNone() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "no webroot\n".repeat(100));
        for (Path other : new Path[] {text, directory, Path.of("/dev/null")}) {
            WebrootException e = assertThrows(WebrootException.class, () -> Webroot.open(Trees.KERNEL, other));
            assertEquals(Damage.NOT_A_WEBROOT, e.damage(), other::toString);
        }
    }
}
