package ringside.content.webroot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.content.Encoding;

/// What becomes of a tree: every rule of `ringside mkroot`.
class WebrootBuildTest {

    @TempDir
    private Path directory = Path.of("");

    private Path root = Path.of("");
    private Path output = Path.of("");

    @BeforeEach
    void names() throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
        output = directory.resolve("out.webroot");
    }

    private Webroot open() {
        return Webroot.open(Trees.KERNEL, output);
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void bodiesAreWhatTheFilesAreAndLongOnesStartAPage() throws Exception {
        int[] lengths = {0, 1, 15, 16, 17, 4095, 4096, 4097, 70_000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20};
        for (int length : lengths) {
            Trees.write(root, length + ".bin", random(length, length));
        }
        BuildSummary summary = Trees.pack(root, output, plan -> plan);
        assertEquals(lengths.length, summary.files());
        try (Webroot webroot = open()) {
            for (int length : lengths) {
                Body body = Trees.file(webroot, "/" + length + ".bin").body();
                byte[] expected = random(length, length);
                assertArrayEquals(expected, Trees.bytes(webroot, body), () -> length + " bytes");
                assertTrue(length < 4096 || body.offset() % 4096 == 0, body::toString);
                String digest = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(expected));
                assertEquals('"' + digest.substring(0, 32) + '"', body.entityTag());
            }
        }
    }

    @Test
    void equalContentsAreStoredOnce() throws IOException {
        byte[] small = random(100, 1);
        byte[] big = random(5 << 20, 2);
        for (String name : List.of("a", "b/c", "d")) {
            Trees.write(root, name + ".small.bin", small);
            Trees.write(root, name + ".big.bin", big);
        }
        BuildSummary summary = Trees.pack(root, output, plan -> plan.listings(false));
        assertEquals(2, summary.bodies());
        assertEquals(4, summary.duplicates());
        assertTrue(Files.size(output) < (6 << 20), () -> "5 MiB once, not " + summary.fileBytes());
        try (Webroot webroot = open()) {
            assertEquals(
                    Trees.file(webroot, "/a.big.bin").body(),
                    Trees.file(webroot, "/b/c.big.bin").body());
        }
    }

    @Test
    void zerosAreAHole() throws IOException {
        Trees.write(root, "zeros.bin", new byte[8 << 20]);
        Trees.write(root, "z.bin", random(4096, 3));
        Trees.pack(root, output, plan -> plan);
        try (Webroot webroot = open()) {
            assertArrayEquals(
                    new byte[8 << 20],
                    Trees.bytes(webroot, Trees.file(webroot, "/zeros.bin").body()));
        }
        Process stat = new ProcessBuilder("stat", "-c", "%b", output.toString()).start();
        long blocks =
                Long.parseLong(new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
        assertTrue(blocks * 512 < 4 << 20, () -> blocks + " blocks");
    }

    @Test
    void directoriesRedirectAndHaveAnIndexAListingOrNothing() {
        Trees.write(root, "index.html", "<p>root");
        Trees.write(root, "a/default.html", "<p>default");
        Trees.write(root, "b/default.html", "<p>default");
        Trees.write(root, "b/index.html", "<p>index");
        Trees.write(root, "c/<x> & \"y\".txt", "quoted");
        Trees.write(root, "c/d/e.txt", "e");
        Trees.pack(root, output, plan -> plan);
        try (Webroot webroot = open()) {
            assertEquals("<p>root", Trees.text(webroot, "/"));
            assertEquals("<p>default", Trees.text(webroot, "/a/"));
            assertEquals("<p>index", Trees.text(webroot, "/b/"));
            assertEquals("text/html; charset=utf-8", Trees.file(webroot, "/b/").mediaType());
            for (String path : List.of("/a", "/b", "/c", "/c/d")) {
                assertInstanceOf(WebrootEntry.SlashMissing.class, webroot.lookup(path), path);
            }
            String listing = Trees.text(webroot, "/c/");
            assertTrue(
                    listing.contains("<a href=\"%3Cx%3E%20%26%20%22y%22.txt\">&lt;x&gt; &amp; &quot;y&quot;.txt</a>"));
            assertTrue(listing.indexOf("href=\"d/\"") < listing.indexOf("%3Cx"), "directories first");
            assertTrue(listing.contains("href=\"../\""));
            for (String absent : List.of("", "/x", "/a/x", "//", "/a/b/", "/index.htm", "/index.html/", "index.html")) {
                assertNull(webroot.lookup(absent), absent);
            }
        }
        Trees.pack(root, output, plan -> plan.listings(false));
        try (Webroot webroot = open()) {
            assertInstanceOf(WebrootEntry.Forbidden.class, webroot.lookup("/c/"));
            assertEquals("<p>index", Trees.text(webroot, "/b/"));
        }
    }

    @Test
    void typesComeFromNameAndContent() {
        Trees.write(root, "utf8.txt", "Grüße");
        Trees.write(root, "latin1.txt", "Grüße".getBytes(StandardCharsets.ISO_8859_1));
        Trees.write(root, "noextension", "<!DOCTYPE html><html><head><title>x</title></head></html>");
        Trees.write(root, "picture", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13});
        Trees.write(root, "a.css", "a{}");
        Trees.write(root, "a.mjs", "0");
        Trees.write(root, "a.svg", "<svg/>");
        Trees.write(root, "a.wasm", "\0asm");
        Trees.pack(root, output, plan -> plan);
        try (Webroot webroot = open()) {
            assertEquals(
                    "text/plain; charset=utf-8",
                    Trees.file(webroot, "/utf8.txt").mediaType());
            assertEquals("text/plain", Trees.file(webroot, "/latin1.txt").mediaType());
            assertEquals(
                    "text/html; charset=utf-8",
                    Trees.file(webroot, "/noextension").mediaType());
            assertEquals("image/png", Trees.file(webroot, "/picture").mediaType());
            assertEquals(
                    "text/css; charset=utf-8", Trees.file(webroot, "/a.css").mediaType());
            assertEquals(
                    "text/javascript; charset=utf-8",
                    Trees.file(webroot, "/a.mjs").mediaType());
            assertEquals("image/svg+xml", Trees.file(webroot, "/a.svg").mediaType());
            assertEquals("application/wasm", Trees.file(webroot, "/a.wasm").mediaType());
        }
    }

    @Test
    void hiddenNamesAreLeftOutUnlessAskedFor() {
        Trees.write(root, ".htaccess", "secret");
        Trees.write(root, ".git/config", "secret");
        Trees.write(root, "a.txt", "a");
        BuildSummary summary = Trees.pack(root, output, plan -> plan);
        assertEquals(2, summary.skippedHidden());
        try (Webroot webroot = open()) {
            assertNull(webroot.lookup("/.htaccess"));
            assertNull(webroot.lookup("/.git/config"));
            assertFalse(Trees.text(webroot, "/").contains("htaccess"));
        }
        Trees.pack(root, output, plan -> plan.hidden(true));
        try (Webroot webroot = open()) {
            assertEquals("secret", Trees.text(webroot, "/.git/config"));
        }
    }

    @Test
    void linksInsideAreFollowed() throws IOException {
        Trees.write(root, "a/b.txt", "b");
        Files.createSymbolicLink(root.resolve("file"), Path.of("a/b.txt"));
        Files.createSymbolicLink(root.resolve("dir"), Path.of("a"));
        Files.createSymbolicLink(root.resolve("a/up.txt"), Path.of("../a/b.txt"));
        Trees.pack(root, output, plan -> plan);
        try (Webroot webroot = open()) {
            for (String path : List.of("/file", "/dir/b.txt", "/a/up.txt", "/dir/up.txt")) {
                assertEquals("b", Trees.text(webroot, path), path);
            }
            assertInstanceOf(WebrootEntry.SlashMissing.class, webroot.lookup("/dir"));
        }
    }

    @Test
    void linksThatLeadAstrayAreRefusedOrSkipped() throws IOException {
        Trees.write(directory, "secret.txt", "secret");
        Trees.write(root, "a/b.txt", "b");
        List<Path> targets = List.of(
                Path.of("../secret.txt"),
                directory.resolve("secret.txt"),
                Path.of("nowhere"),
                Path.of("astray"),
                Path.of("."),
                Path.of(".."),
                Path.of("/proc/self/root"));
        for (Path target : targets) {
            Path link = Files.createSymbolicLink(root.resolve("astray"), target);
            BuildException e =
                    assertThrows(BuildException.class, () -> Trees.pack(root, output, plan -> plan), target::toString);
            assertTrue(e.toString().contains("/astray") && e.toString().contains("--skip-bad-links"), e::toString);
            assertFalse(Files.exists(output));
            BuildSummary summary = Trees.pack(root, output, plan -> plan.skipBadLinks(true));
            assertEquals(1, summary.skippedLinks());
            try (Webroot webroot = open()) {
                assertNull(webroot.lookup("/astray"));
            }
            Files.delete(output);
            Files.delete(link);
        }
        Files.createSymbolicLink(root.resolve("a/loop"), Path.of("../a"));
        assertThrows(BuildException.class, () -> Trees.pack(root, output, plan -> plan));
        assertEquals(
                1, Trees.pack(root, output, plan -> plan.skipBadLinks(true)).skippedLinks());
    }

    @Test
    void whatIsNoFileIsSkippedWithANote() throws Exception {
        Trees.write(root, "a.txt", "a");
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", root.resolve("pipe").toString())
                        .start()
                        .waitFor());
        List<String> notes = new ArrayList<>();
        BuildSummary summary = Trees.pack(root, output, plan -> plan, notes);
        assertEquals(1, summary.skippedSpecial());
        assertTrue(notes.toString().contains("pipe is skipped: it is a fifo"), notes::toString);
    }

    @Test
    void theSameTreeGivesTheSameBytes() throws IOException {
        for (int i = 0; i < 50; i++) {
            Trees.write(root, "d" + i % 7 + "/" + i + ".txt", "text " + i);
        }
        Path copy = Files.createDirectory(directory.resolve("copy"));
        for (int i = 49; i >= 0; i--) {
            Trees.write(copy, "d" + i % 7 + "/" + i + ".txt", "text " + i);
        }
        Set<Encoding> all = EnumSet.allOf(Encoding.class);
        Trees.pack(root, output, plan -> plan.mtime(1_700_000_000).compress(all, 0));
        byte[] first = Files.readAllBytes(output);
        Trees.pack(copy, output, plan -> plan.mtime(1_700_000_000).compress(all, 0));
        assertArrayEquals(first, Files.readAllBytes(output));
        try (Webroot webroot = open()) {
            assertEquals(1_700_000_000, Trees.file(webroot, "/d0/").mtimeSeconds());
        }
        Files.setLastModifiedTime(root.resolve("d0/0.txt"), FileTime.fromMillis(1_600_000_000_000L));
        Trees.pack(root, output, plan -> plan);
        try (Webroot webroot = open()) {
            assertEquals(1_600_000_000, Trees.file(webroot, "/d0/0.txt").mtimeSeconds());
        }
    }

    @Test
    void compressedFormsStandBesideWhereTheyAreSmaller() throws IOException {
        String long1 = "all work and no play makes Jack a dull boy\n".repeat(300);
        Trees.write(root, "long.txt", long1);
        Trees.write(root, "copy.txt", long1);
        Trees.write(root, "short.txt", "short");
        Trees.write(root, "noise.txt", random(40, 1));
        Trees.write(root, "picture.png", new byte[10_000]);
        BuildSummary summary = Trees.pack(root, output, plan -> plan.compress(EnumSet.allOf(Encoding.class), 30));
        assertEquals(3, summary.variants());
        try (Webroot webroot = open()) {
            WebrootEntry.File file = Trees.file(webroot, "/long.txt");
            assertEquals(EnumSet.allOf(Encoding.class), file.variants().keySet());
            byte[] gzip = Trees.bytes(webroot, Trees.variant(file, Encoding.GZIP));
            assertEquals(
                    long1,
                    new String(
                            new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes(),
                            StandardCharsets.UTF_8));
            byte[] zstd = Trees.bytes(webroot, Trees.variant(file, Encoding.ZSTD));
            assertEquals(
                    long1,
                    new String(
                            new ZstdInputStream(new ByteArrayInputStream(zstd)).readAllBytes(),
                            StandardCharsets.UTF_8));
            byte[] br = Trees.bytes(webroot, Trees.variant(file, Encoding.BR));
            assertEquals(
                    long1,
                    new String(
                            new BrotliInputStream(new ByteArrayInputStream(br)).readAllBytes(),
                            StandardCharsets.UTF_8));
            assertEquals(file.variants(), Trees.file(webroot, "/copy.txt").variants());
            assertNotEquals(
                    file.body().entityTag(), Trees.variant(file, Encoding.GZIP).entityTag());
            for (String plain : List.of("/short.txt", "/noise.txt", "/picture.png")) {
                assertTrue(Trees.file(webroot, plain).variants().isEmpty(), plain);
            }
        }
    }

    @Test
    void rulesAndErrorPages() {
        Trees.write(root, "404.html", "<p>not here");
        Trees.write(root, "old.html", "<p>old");
        Trees.write(root, "index.html", "<p>index");
        List<String> notes = new ArrayList<>();
        Trees.pack(
                root,
                output,
                plan -> plan.errorPage(404, "404.html")
                        .redirect(RedirectRule.parse("/old.html=/new.html"))
                        .redirect(RedirectRule.parse("/index.html=/"))
                        .redirect(RedirectRule.parse("/x/=https://example.org/?a,b,302")),
                notes);
        try (Webroot webroot = open()) {
            assertEquals(new WebrootEntry.Redirect(301, "/new.html"), webroot.lookup("/old.html"));
            assertEquals(new WebrootEntry.Redirect(302, "https://example.org/?a,b"), webroot.lookup("/x/"));
            assertEquals(new WebrootEntry.Redirect(301, "/"), webroot.lookup("/index.html"));
            assertEquals("<p>index", Trees.text(webroot, "/"));
            WebrootEntry.File page = webroot.errorPages().get(404);
            assertEquals(Trees.file(webroot, "/404.html").body(), page == null ? null : page.body());
        }
        assertTrue(notes.toString().contains("/old.html is not reachable there"), notes::toString);
    }

    @Test
    void directoriesAndWebrootsAreMounted() throws IOException {
        Path docs = Files.createDirectory(directory.resolve("docs"));
        Trees.write(docs, "guide/a.txt", "guide");
        Path packed = directory.resolve("api.webroot");
        Trees.write(docs, "long.txt", "x".repeat(9000));
        Trees.pack(
                docs,
                packed,
                plan -> plan.compress(Set.of(Encoding.GZIP), 0).redirect(RedirectRule.parse("/home=/guide/")));
        Trees.write(root, "docs/hidden.txt", "hidden");
        Trees.write(root, "a.txt", "a");
        List<String> notes = new ArrayList<>();
        Trees.pack(root, output, plan -> plan.mount("/docs", docs).mount("/v1/api", packed), notes);
        try (Webroot webroot = open()) {
            assertEquals("guide", Trees.text(webroot, "/docs/guide/a.txt"));
            assertEquals("guide", Trees.text(webroot, "/v1/api/guide/a.txt"));
            assertInstanceOf(WebrootEntry.SlashMissing.class, webroot.lookup("/docs"));
            assertInstanceOf(WebrootEntry.SlashMissing.class, webroot.lookup("/v1/api"));
            assertEquals(new WebrootEntry.Redirect(301, "/v1/api/guide/"), webroot.lookup("/v1/api/home"));
            assertEquals(
                    Set.of(Encoding.GZIP),
                    Trees.file(webroot, "/v1/api/long.txt").variants().keySet());
            assertNull(webroot.lookup("/docs/hidden.txt"));
            assertTrue(Trees.text(webroot, "/").contains("href=\"docs/\""));
        }
        assertTrue(notes.toString().contains("hidden by the mount at /docs/"), notes::toString);
    }

    @Test
    void theWebrootThatIsReplacedIsNotPackedIntoItself() throws IOException {
        Trees.write(root, "a.txt", "a");
        Path inside = root.resolve("site.webroot");
        Trees.pack(root, inside, plan -> plan);
        BuildSummary second = Trees.pack(root, inside, plan -> plan);
        assertEquals(1, second.files());
        try (Stream<Path> names = Files.list(root)) {
            assertEquals(2, names.count(), "nothing else is left behind");
        }
    }

    @Test
    void namesThatAreNoTextAreServedAsTheyAre() throws Exception {
        // A shell writes the name: the JDK can't, in every locale.
        String script = "printf x > \"$(printf 'caf\\351')\"";
        Process shell =
                new ProcessBuilder("sh", "-c", script).directory(root.toFile()).start();
        assertEquals(0, shell.waitFor());
        Trees.pack(root, output, plan -> plan);
        try (Webroot webroot = open()) {
            byte[] path = "/café".getBytes(StandardCharsets.ISO_8859_1);
            assertTrue(webroot.find(path, 0, path.length) >= 0);
            assertTrue(Trees.text(webroot, "/").contains("href=\"caf%E9\""));
        }
    }
}
