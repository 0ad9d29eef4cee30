package ringside.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.bench.peer.Peers;

@Timeout(120)
class IoCommandTest {

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        io --no-such-option                   | '--no-such-option'
        io --engine quantum                   | quantum
        io --engine sendfile                  | engine sendfile sends
        io --engine blocking --direct         | write --engine direct, or leave --direct out
        io --engine direct --cache hot        | leave --cache out
        io --engine uring --cache lukewarm    | lukewarm
        io --engine uring --depth 100000      | --depth 1 to
        io --engine uring --depth 200         | write --engine uring:queue-depth=200
        io --pattern zigzag                   | zigzag
        io --block 100                        | --block 512 to
        io --block many                       | many
        io --size 1k --block 4k               | less than one block
        io --seconds 0                        | --seconds 0.1 or more
        io --rate 0                           | choose --rate above 0
        io --rate 1e12                        | at most 1000000000
        io --rate fast                        | is not a number
        io --depth many                       | is not a whole number
        io --seed x                           | is not a whole number
        io --transport carrier-pigeon         | carrier-pigeon
        io --kernel plan9                     | plan9
        io --peer dd                          | There is one: fio
        io --peer fio --seconds 1             | --seconds 2 or more
        io --repeats 0                        | --repeats 1 to
        io --verify --size 1024g              | keeps a checksum for each block
        io --events                           | needs --file and --size
        """)
    void aWrongValueIsNamed(String line, String sentence) {
        Invocation.of(line.split(" ")).failedWith(2, sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        io --file /no/such/file               | there is no file /no/such/file
        io --file /dev/null                   | is no regular file
        io --dir /no/such/directory           | name a directory that you may write to with --dir
        io --json /no/such/report.json        | there is no directory /no/such
        io --hlog /no/such/log.hlog           | there is no directory /no/such
        """)
    void whatIsMissingIsNamed(String line, String sentence) {
        Invocation failed = Invocation.of(line.split(" "));
        assertEquals(69, failed.exitCode(), failed::toString);
        assertTrue(failed.err().contains(sentence), failed::err);
    }

    @Test
    void aFileThatIsTooShortIsRefused() throws IOException {
        Path file = Files.write(directory.resolve("short"), new byte[1000]);
        Invocation refused = Invocation.of("io", "--file", file.toString());
        assertTrue(refused.err().contains("less than one --block of 4096"), refused::toString);
        Invocation larger = Invocation.of("io", "--file", file.toString(), "--block", "512", "--size", "1m");
        assertTrue(larger.err().contains("fewer than --size"), larger::toString);
    }

    @Test
    void helpNamesEveryOption() {
        Invocation help = Invocation.of("io", "--help");
        assertEquals(0, help.exitCode());
        assertTrue(help.out().startsWith("Usage: ringside io"), help::out);
        assertFalse(help.out().contains("${"), help::out);
    }

    @Test
    void aRunIsReportedAndLeavesNothingBehind() throws IOException {
        Path json = directory.resolve("report.json");
        Path work = Files.createDirectory(directory.resolve("work"));
        Invocation run = Invocation.of(
                "io",
                "--engine",
                "blocking,aio",
                "--size",
                "1m",
                "--seconds",
                "300ms",
                "--ramp",
                "100ms",
                "--verify",
                "--dir",
                work.toString(),
                "--json",
                json.toString());
        assertEquals(0, run.exitCode(), run::toString);
        assertTrue(run.out().contains("blocking on "), run::out);
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertEquals(1, report.get("format").asInt());
        assertTrue(report.get("complete").asBoolean());
        assertEquals(2, report.get("trials").size());
        for (JsonNode trial : report.get("trials")) {
            assertTrue(trial.get("reads").asLong() > 0, trial::toString);
            assertTrue(isCost(trial.get("cost").get("cpuMicrosPerRead")), trial::toString);
            assertTrue(trial.get("details").get("verified").asLong() > 0, trial::toString);
            assertEquals("", trial.get("failure").asText());
        }
        assertEquals(List.of(), entries(work));
    }

    @Test
    void aLedgerIsKeptWhenAskedFor() throws IOException {
        Path json = directory.resolve("ledger.json");
        Invocation run = Invocation.of(
                "io",
                "--engine",
                "nowait",
                "--size",
                "1m",
                "--seconds",
                "500ms",
                "--ramp",
                "100ms",
                "--ledger",
                "--dir",
                directory.toString(),
                "--json",
                json.toString());
        assertEquals(0, run.exitCode(), run::toString);
        JsonNode trial =
                new ObjectMapper().readTree(json.toFile()).get("trials").get(0);
        assertTrue(
                trial.get("details")
                                .get("engineCounts")
                                .get("reads that didn't wait")
                                .asLong()
                        > 0,
                trial::toString);
        assertTrue(run.out().contains("counted by the engine, ramp and tail included: "), run::out);
        JsonNode calls = trial.get("ledger").get("system calls");
        assumeTrue(calls.isNumber(), () -> "the kernel counts nothing for us: " + calls);
        double reads = trial.get("ledger").get("preadv2").asDouble();
        assertTrue(reads > 0.5 && reads < 1.5 && reads <= calls.asDouble(), trial::toString);
        assertTrue(run.out().contains("kernel, per read of nowait on "), run::out);
    }

    @Test
    void fioRunsBesideIt() throws IOException {
        assumeTrue(Peers.find("fio").isPresent(), "fio is not installed: apt-get install fio");
        Invocation run = Invocation.of(
                "io",
                "--engine",
                "blocking",
                "--size",
                "1m",
                "--seconds",
                "2",
                "--ramp",
                "100ms",
                "--repeats",
                "1",
                "--peer",
                "fio",
                "--dir",
                directory.toString(),
                "--json",
                "-");
        assertEquals(0, run.exitCode(), run::toString);
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertEquals("psync", report.get("comparisons").get(0).get("fioEngine").asText());
        assertEquals("fio", report.get("trials").get(1).get("by").asText());
        JsonNode ours = report.get("trials").get(0).get("cost").get("cpuMicrosPerRead");
        assertTrue(isCost(ours), report::toString);
        int pairs = report.get("comparisons").get(0).get("cpuRatios").size();
        assertEquals(ours.isNumber() ? 1 : 0, pairs, report::toString);
    }

    @Test
    void anInterruptedRunLeavesNothingBehind() throws IOException, InterruptedException {
        Invocation.assumeSigintIsHeeded();
        Path work = Files.createDirectory(directory.resolve("interrupted"));
        try (Invocation.Running io = Invocation.Running.start(
                directory, "io", "--engine", "blocking", "--size", "1m", "--seconds", "60", "--dir", work.toString())) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (io.process().descendants().findAny().isEmpty() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            List<ProcessHandle> children = io.process().descendants().toList();
            assertFalse(children.isEmpty(), "no reader was started");
            io.signal("INT");
            io.endsWith(130);
            children.forEach(child -> assertFalse(child.isAlive(), "a reader is left"));
            assertEquals(List.of(), entries(work));
        }
    }

    /// A number, or what a machine with more to do than CPUs has to say.
    private static boolean isCost(JsonNode cost) {
        return cost.isNumber()
                ? cost.asDouble() > 0
                : cost.asText().startsWith("unmeasurable: the machine was too busy");
    }

    private static List<Path> entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }
}
