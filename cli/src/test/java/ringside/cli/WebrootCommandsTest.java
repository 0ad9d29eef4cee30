package ringside.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `mkroot` and `fsck`: what they print, refuse and leave behind.
@Timeout(120)
class WebrootCommandsTest {

    @TempDir
    private Path directory = Path.of("");

    private Path root = Path.of("");
    private Path output = Path.of("");

    @BeforeEach
    void tree() throws IOException {
        root = Files.createDirectory(directory.resolve("site"));
        Files.createDirectory(root.resolve("docs"));
        output = directory.resolve("site.webroot");
        Files.writeString(root.resolve("index.html"), "<p>index");
        Files.writeString(root.resolve("404.html"), "<p>none");
        Files.writeString(root.resolve("docs/long.txt"), "x".repeat(5000));
    }

    private Invocation pack(String... options) {
        return Invocation.of(Stream.concat(Stream.of("mkroot", root.toString(), output.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    private JsonNode json(Invocation done) throws IOException {
        assertEquals(0, done.exitCode(), done::toString);
        return new ObjectMapper().readTree(done.out());
    }

    @Test
    void whatIsPackedIsListedAndDrawn() throws IOException {
        JsonNode summary = json(
                pack("--json", "--compress", "gzip,br,zstd", "--error", "404=404.html", "--redirect", "/a=/b,308"));
        assertEquals(3, summary.get("files").asInt());
        assertEquals(3, summary.get("variants").asInt());
        JsonNode report = json(Invocation.of("fsck", output.toString(), "--json", "--list"));
        assertTrue(report.get("sound").asBoolean());
        assertEquals(summary.get("identity"), report.get("identity"));
        assertEquals(summary.get("resources").asInt(), report.get("list").size());
        Invocation list = Invocation.of("fsck", output.toString(), "--list");
        assertTrue(list.out().contains("gzip,br,zstd /docs/long.txt"), list::out);
        assertTrue(list.out().contains("308 /a -> /b"), list::out);
        assertTrue(list.out().contains("error page 404"), list::out);
        Path dot = directory.resolve("site.dot");
        assertEquals(
                0,
                Invocation.of("fsck", output.toString(), "--dot", dot.toString())
                        .exitCode());
        assertTrue(Files.readString(dot).contains("\"/docs/\" -> \"resource /docs/long.txt\""));
        Invocation drawn = Invocation.of("fsck", output.toString(), "--dot", "-");
        assertEquals(Files.readString(dot), drawn.out());
        assertTrue(drawn.err().contains("sound"), drawn::err);
    }

    @Test
    void damageIsNamedAndIsTheExitCode() throws IOException {
        pack("--quiet");
        byte[] sound = Files.readAllBytes(output);
        damaged(0, 3, "not a webroot");
        damaged(100, 4, "header");
        damaged(sound.length - 1, 6, "index");
        damaged(4096, 8, "body");
        damaged(270, 9, "padding");
        Files.write(output, Arrays.copyOf(sound, sound.length - 1));
        damaged(20, 4, "header");
        Files.write(output, Arrays.copyOf(sound, sound.length - 1));
        Invocation cut = Invocation.of("fsck", output.toString());
        assertEquals(5, cut.exitCode(), cut::toString);
        Invocation.of("fsck", directory.resolve("none").toString()).failedWith(69, "none");
    }

    private void damaged(long at, int code, String word) throws IOException {
        int octet;
        try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "rw")) {
            file.seek(at);
            octet = file.read();
            file.seek(at);
            file.write(octet ^ 1);
            Invocation damaged = Invocation.of("fsck", output.toString());
            assertEquals(code, damaged.exitCode(), damaged::toString);
            assertTrue(damaged.out().contains(word), damaged::out);
            file.seek(at);
            file.write(octet);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --compress lzma           | lzma
        --error 404               | 404=errors/404.html
        --error 200=404.html      | from 400 to 599
        --redirect /a             | /old=/new
        --redirect a=/b           | starts with a slash
        --redirect /a=/b,200      | 200
        --mount docs=/tmp         | begins with a slash
        --mount /docs/=/tmp       | begins with a slash
        --mount /docs             | /docs=
        --mtime-from yesterday    | yesterday
        --compress-min -1         | -1
        """)
    void aWrongOptionIsNamed(String options, String word) {
        pack(options.split(" ")).failedWith(2, word);
        assertFalse(Files.exists(output));
    }

    @Test
    void whatCanNotBePackedIsSaid() throws IOException {
        Invocation.of("mkroot", directory.resolve("none").toString(), output.toString())
                .failedWith(69, "there is no");
        Invocation.of("mkroot", root.resolve("index.html").toString(), output.toString())
                .failedWith(69, "is not a directory");
        Invocation.of("mkroot", root.toString(), directory.toString()).failedWith(69, "is a directory");
        pack("--error", "404=none.html").failedWith(69, "none.html");
        pack("--error", "404=../secret").failedWith(69, "../secret");
        Path link = Files.createSymbolicLink(root.resolve("link"), Path.of("../elsewhere"));
        pack().failedWith(69, "leads out of the tree");
        Files.delete(link);
        Path rules = Files.writeString(directory.resolve("rules"), "# rules\n/a /b\n/c\n");
        pack("--redirects", rules.toString()).failedWith(2, "line 3");
        assertFalse(Files.exists(output));
    }

    @Test
    void ctrlCLeavesNothing() throws IOException, InterruptedException {
        Invocation.assumeSigintIsHeeded();
        try (RandomAccessFile file =
                new RandomAccessFile(root.resolve("big.bin").toFile(), "rw")) {
            file.setLength(1L << 40);
        }
        Path out = Files.createDirectory(directory.resolve("out"));
        try (Invocation.Running running = Invocation.Running.start(
                directory, "mkroot", root.toString(), out.resolve("w").toString())) {
            awaitReading(running.process().pid()); // a terabyte of zeros takes minutes
            running.signal("INT");
            running.endsWith(130);
        }
        try (Stream<Path> names = Files.list(out)) {
            assertEquals(List.of(), names.toList());
        }
    }

    private static void awaitReading(long pid) throws IOException, InterruptedException {
        Path descriptors = Path.of("/proc/" + pid + "/fd");
        while (true) {
            try (Stream<Path> open = Files.list(descriptors)) {
                for (Path descriptor : open.toList()) {
                    if (Files.exists(descriptor)
                            && Files.readSymbolicLink(descriptor).endsWith("big.bin")) {
                        return;
                    }
                }
            }
            Thread.sleep(10);
        }
    }
}
