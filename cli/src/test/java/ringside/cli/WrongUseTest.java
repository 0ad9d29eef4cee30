package ringside.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import ringside.engines.Engines;
import ringside.engines.Transport;
import ringside.linux.KernelException;

/// Every mistake gets a sentence and its exit code, and nothing but a defect gets a stack trace.
@Timeout(60)
class WrongUseTest {

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"bench", "serve .", "load http://127.0.0.1:1/", "engines", "verify", "report ."})
    void everyCommandNamesAnUnknownOptionAndItsHelp(String line) {
        Invocation failed = Invocation.of((line + " --no-such-option").split(" "));
        failed.failedWith(2, "'--no-such-option'");
        String command = line.replaceFirst(" .*", "");
        assertTrue(failed.err().contains("Try 'ringside " + command + " --help'."), failed::err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bench", "serve", "load", "engines", "verify", "report"})
    void everyCommandHasHelp(String command) {
        Invocation help = Invocation.of(command, "--help");
        assertEquals(0, help.exitCode());
        assertTrue(help.out().startsWith("Usage: ringside " + command), help::out);
        assertFalse(help.out().contains("${"), help::out);
    }

    @Test
    void anUnknownCommandIsNamed() {
        Invocation unknown = Invocation.of("sreve");
        unknown.failedWith(2, "sreve");
        assertTrue(unknown.err().contains("Did you mean: ringside serve"), unknown::err);
    }

    /// It names all commands, though it has read the options of none.
    @Test
    void helpIsThereInThreeWays() {
        Invocation all = Invocation.of("--help");
        assertEquals(0, all.exitCode(), all::toString);
        for (String command : new String[] {"bench", "serve", "io", "micro", "fsck", "help"}) {
            assertTrue(all.out().contains("\n  " + command + " "), all::out);
        }
        assertFalse(all.out().contains("rehearse"), all::out);
        Invocation one = Invocation.of("help", "io");
        assertEquals(Invocation.of("io", "--help").out(), one.out());
        assertTrue(one.out().contains("--pattern"), one::out);
    }

    @Test
    void wordsMayComeFromAFile() throws IOException {
        Path words = Files.writeString(directory.resolve("words"), "io\n--pattern\nzigzag\n");
        Invocation.of("@" + words).failedWith(2, "zigzag");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        serve                               | name a directory or a webroot
        serve . --vhosts .                  | not both
        serve . --engine quantum            | quantum
        serve . --engine blocking:no-such=1 | no-such
        serve . --transport carrier-pigeon  | carrier-pigeon
        serve . --port seventy              | seventy
        serve . --port 65536                | port 65536
        serve . --threads 0                 | 0 threads
        serve . --cache-entries 0           | a cache of 0 files
        serve . --head-max 1                | limits that leave no room
        serve . --target-max none           | none
        serve . --body-max -1               | body -1 bytes
        serve . --head-timeout 0s           | head 0 s
        serve . --body-timeout soon         | soon
        serve . --requests-max -1           | -1 requests
        serve . --fastcgi /app              | names no prefix and address
        serve . --fastcgi app=tcp:h:1       | the prefix 'app'
        serve . --fastcgi /app=h:1          | no address of an application
        serve . --uwsgi /a=tcp:127.0.0.1:1 --fastcgi /a=unix:s | two applications
        serve . --fastcgi-root /srv         | for no application
        serve . --upstream-idle 65          | 65 idle
        serve . --compress deflate          | no content coding
        serve . --compress gzip --compress-min -1 | no negative length
        serve . --mount /a                  | no mount
        serve . --mount /a=b --mount /a=c   | two mounts at /a
        serve . --kernel plan9              | plan9
        serve . --drain soon                | soon
        serve . --pin nought                | nought
        load                                | URL
        load ftp://127.0.0.1/               | ftp://127.0.0.1/
        load http://127.0.0.1:1/ --transport carrier-pigeon | carrier-pigeon
        load http://127.0.0.1:1/ --connections many         | many
        load http://127.0.0.1:1/ --connections 0            | connections
        load http://127.0.0.1:1/ --duration 0s              | duration
        load http://127.0.0.1:1/ --rate -1                  | -1
        load http://127.0.0.1:1/ --warmup-url http://127.0.0.1:2/ | different servers
        verify --engine quantum             | quantum
        verify --engine blocking:no-such=1  | no-such
        verify --transport carrier-pigeon   | carrier-pigeon
        verify --seconds soon               | soon
        verify --seconds 0                  | a time of 0.0 s
        verify --connections 0              | 0 connections
        verify --seed x                     | 'x'
        verify --replace -1                 | -1 replacements
        verify --replace 5 --mutate         | one after the other
        bench --engines quantum             | quantum
        bench --transports carrier-pigeon   | carrier-pigeon
        bench --sizes big                   | big
        bench --cache lukewarm              | lukewarm
        bench --repeats none                | none
        bench --repeats 0                   | repeats
        bench --peers apache                | apache
        bench --generators ab               | unknown generator
        """)
    void aWrongValueIsNamed(String line, String sentence) {
        Invocation.of(line.split(" ")).failedWith(2, sentence);
    }

    @Test
    void expectedBodiesThatAreNoneAreNamedByLine() throws IOException {
        Path file = Files.writeString(directory.resolve("expected.txt"), "# path length crc\n/a twelve 00\n");
        Invocation.of("load", "http://127.0.0.1:1/a", "--expect", file.toString())
                .failedWith(2, "expected.txt, line 2");
    }

    @Test
    void aMissingFileOfExpectedBodiesIsNamed() {
        Invocation.of("load", "http://127.0.0.1:1/a", "--expect", "/no/such/file")
                .failedWith(69, "there is no /no/such/file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "load http://127.0.0.1:1/a --json /no/such/report.json",
                "load http://127.0.0.1:1/a --hlog /no/such/latency.hlog",
                "explain blocking --html /no/such/picture.html"
            })
    void aReportThatCanNotBeWrittenIsToldBeforeTheWork(String line) {
        Invocation.of(line.split(" ")).failedWith(69, "there is no directory /no/such");
    }

    @Test
    void aServerThatIsNotThereIsNamed() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Invocation.of("load", "http://127.0.0.1:" + port + "/", "--duration", "100ms")
                .failedWith(69, "127.0.0.1:" + port);
    }

    @Test
    void aPortInUseIsNamedWithTheRemedy() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Invocation failed =
                    Invocation.of("serve", directory.toString(), "--port", Integer.toString(taken.getLocalPort()));
            failed.failedWith(69, "127.0.0.1:" + taken.getLocalPort());
            assertTrue(failed.err().contains("Choose another port"), failed::err);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/directory", "/etc/passwd"})
    void aDirectoryOfHostsThatIsNoneIsNamed(String path) {
        Invocation.of("serve", "--vhosts", path, "--port", "0").failedWith(69, path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/directory", "/etc/passwd"})
    void aDirectoryThatIsNoneIsNamed(String path) {
        Invocation.of("serve", path, "--port", "0").failedWith(69, path);
    }

    @Test
    void aBenchOfADirectoryThatIsNoneIsRefused() {
        Invocation.of("bench", "--root", "/no/such/directory", "--results", directory.toString())
                .failedWith(69, "/no/such/directory");
    }

    @Test
    void aBenchOfAnEmptyDirectoryIsRefused() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        Invocation refused = Invocation.of(
                "bench", "--engines", "blocking", "--root", empty.toString(), "--results", directory.toString());
        assertEquals(69, refused.exitCode(), refused::toString);
        assertTrue(refused.err().contains(empty + " holds no readable regular file"), refused::err);
    }

    @Test
    void aDirectoryForTheTreeThatIsNoneIsNamed() {
        Invocation refused =
                Invocation.of("verify", "--engine=blocking", "--transport=nio", "--dir=/no/such/directory");
        assertEquals(69, refused.exitCode(), refused::toString);
        assertTrue(refused.err().contains("there is no directory /no/such/directory"), refused::err);
    }

    @Test
    void resultsThatCanNotBeWrittenAreRefused() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        Invocation.of("bench", "--results", file.resolve("results").toString())
                .failedWith(69, "Name another results directory");
    }

    @Test
    void enginesAsJsonHasEveryEngineOnEveryTransport() throws IOException {
        Invocation engines = Invocation.of("engines", "--json");
        assertEquals(0, engines.exitCode(), engines::toString);
        JsonNode list = new ObjectMapper().readTree(engines.out());
        assertEquals(Engines.ALL.size(), list.size());
        for (JsonNode engine : list) {
            assertEquals(Transport.values().length, engine.get("transports").size(), engine::toString);
            for (JsonNode cell : engine.get("transports")) {
                assertTrue(
                        cell.get("available").asBoolean()
                                || (!cell.get("reason").asText().isBlank()
                                        && !cell.get("remedy").asText().isBlank()),
                        cell::toString);
            }
        }
    }

    @Test
    void enginesAsATableNamesEveryEngineWithoutColoursInAPipe() {
        Invocation engines = Invocation.of("engines", "--verbose");
        assertEquals(0, engines.exitCode(), engines::toString);
        Engines.ALL.forEach(
                engine -> assertTrue(engines.out().contains("\n" + engine.spec().name() + " "), engines::out));
        assertFalse(engines.out().contains("\033["), engines::out);
    }

    @Test
    void onlyADefectPrintsATrace() {
        CommandLine command = new CommandLine(new Main());
        java.io.StringWriter err = new java.io.StringWriter();
        command.setErr(new java.io.PrintWriter(err, true));
        assertEquals(70, Failure.report(new IllegalArgumentException("deep inside"), command));
        assertTrue(
                err.toString().contains("a defect of ringside")
                        && err.toString().contains("\tat "),
                err::toString);
        err.getBuffer().setLength(0);
        assertEquals(69, Failure.report(new UnsupportedOperationException("not here"), command));
        assertEquals("ringside: not here", err.toString().strip());
        assertTrue(RuntimeException.class.isAssignableFrom(KernelException.class));
    }
}
