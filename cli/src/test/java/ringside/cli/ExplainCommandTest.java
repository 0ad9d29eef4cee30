package ringside.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.linux.FfmKernel;
import ringside.linux.Reading;
import ringside.linux.TraceFs;
import ringside.linux.TraceInstance;

@Timeout(120)
class ExplainCommandTest {

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        explain                                     | ENGINE
        explain quantum                             | quantum
        explain blocking:no-such=1                  | no-such
        explain blocking --transport carrier-pigeon | carrier-pigeon
        explain blocking --size big                 | is no size: write bytes
        explain blocking --size 0                   | a file of 0 B
        explain blocking --size 1000g               | what is longer repeats itself
        explain blocking --requests 0               | 0 requests
        explain blocking --json --markdown          | choose one
        explain blocking --transport nio,epoll --html x.html | name one
        explain blocking --no-such-option           | --no-such-option
        """)
    void mistakesGetASentence(String line, String sentence) {
        Invocation.of(line.split(" ")).failedWith(2, sentence);
    }

    @Test
    void hasHelp() {
        Invocation help = Invocation.of("explain", "--help");
        assertEquals(0, help.exitCode());
        assertTrue(help.out().startsWith("Usage: ringside explain"), help::out);
        assertFalse(help.out().contains("${"), help::out);
    }

    @Test
    void printsJsonAndDrawsThePicture() throws IOException {
        requireTracing();
        Path picture = directory.resolve("picture.html");
        Invocation done = Invocation.of(
                "explain",
                "blocking",
                "--size",
                "1k",
                "--requests",
                "1",
                "--json",
                "--html",
                picture.toString(),
                "--dir",
                directory.resolve("files").toString());
        assertEquals(0, done.exitCode(), done::toString);
        JsonNode root = new ObjectMapper().readTree(done.out());
        assertEquals(1024, root.at("/totals/readBytes").asLong(), done.out());
        assertTrue(Files.readString(picture).startsWith("<!DOCTYPE html>"));
        try (Stream<Path> files = Files.list(directory.resolve("files"))) {
            assertEquals(List.of(), files.toList());
        }
    }

    /// Whoever ends it: no server, no trace buffer and no file stays behind.
    @Test
    void aSignalLeavesNothingBehind() throws IOException, InterruptedException {
        Path instances = requireTracing();
        try (Invocation.Running running = Invocation.Running.start(
                directory,
                "explain",
                "blocking",
                "--requests",
                "1000",
                "--dir",
                directory.resolve("files").toString())) {
            String own = "-" + running.process().pid() + "-";
            // The buffer is there before the server is; both have to go.
            while (running.process().isAlive()
                    && (count(instances, own) == 0
                            || running.process().descendants().count() == 0)) {
                Thread.sleep(10);
            }
            List<ProcessHandle> children = running.process().descendants().toList();
            running.signal("TERM");
            running.endsWith(143);
            assertEquals(0, count(instances, own));
            children.forEach(child -> assertFalse(child.isAlive(), child::toString));
            try (Stream<Path> files = Files.list(directory.resolve("files"))) {
                assertEquals(List.of(), files.toList());
            }
        }
    }

    private static long count(Path instances, String own) throws IOException {
        try (Stream<Path> all = Files.list(instances)) {
            return all.filter(path -> path.getFileName().toString().contains(own))
                    .count();
        }
    }

    private static Path requireTracing() {
        Reading<TraceFs> traceFs = TraceFs.find(new FfmKernel());
        Assumptions.assumeTrue(traceFs.isMeasured(), traceFs.whyMissing());
        Reading<TraceInstance> instance = TraceInstance.open(traceFs.orThrow());
        Assumptions.assumeTrue(instance.isMeasured(), instance.whyMissing());
        instance.orThrow().close();
        return traceFs.orThrow().root().resolve("instances");
    }
}
