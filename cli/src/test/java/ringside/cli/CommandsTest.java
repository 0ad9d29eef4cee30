package ringside.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.result.Trial;
import ringside.loadtest.LoadReport;

/// The commands as processes: end to end, and how they take signals.
@Timeout(120)
class CommandsTest {

    private static final int BIG_BYTES = 64 << 20;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void loadMeasuresWhatServeServes() throws IOException, InterruptedException {
        byte[] body = "ringside\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
        Path root = Files.createDirectory(directory.resolve("root"));
        Files.write(root.resolve("a.txt"), body);
        Path report = directory.resolve("report.json");
        Path expected = Files.writeString(directory.resolve("expected.txt"), "/a.txt 9000 " + crc32c(body) + "\n");
        try (Invocation.Running server = serve(root);
                Invocation.Running load = Invocation.Running.start(
                        directory,
                        "load",
                        "2@" + url(server) + "/a.txt",
                        "--connections=4",
                        "--warmup=100ms",
                        "--duration=300ms",
                        "--check-every=1",
                        "--expect=" + expected,
                        "--json=" + report,
                        "--hlog=" + directory.resolve("latency.hlog"),
                        "--events")) {
            List<String> events = new ArrayList<>();
            for (String line : load.rest().lines().toList()) {
                events.add(new ObjectMapper().readTree(line).get("event").asText());
            }
            load.endsWith(0);
            assertEquals(List.of("warming", "measuring", "measured", "done"), events);
            assertTrue(load.errors().contains("no errors"), load.errors());
            LoadReport read = LoadReport.read(report);
            assertTrue(read.complete());
            assertTrue(read.requests() > 0);
            assertEquals(read.requests() * body.length, read.bodyBytes());
            assertEquals(read.requests(), read.bodiesChecked());
            assertTrue(Files.size(directory.resolve("latency.hlog")) > 0);
        }
    }

    @Test
    void wrongBytesAreToldBeforeTheLoad() throws IOException, InterruptedException {
        Path root = Files.createDirectory(directory.resolve("root"));
        Files.writeString(root.resolve("a.txt"), "what it isn't");
        byte[] other = "what it's not".getBytes(StandardCharsets.UTF_8);
        Path expected = Files.writeString(directory.resolve("expected.txt"), "/a.txt 13 " + crc32c(other) + "\n");
        try (Invocation.Running server = serve(root);
                Invocation.Running load = Invocation.Running.start(
                        directory,
                        "load",
                        url(server) + "/a.txt",
                        "--warmup=0",
                        "--duration=200ms",
                        "--check-every=1",
                        "--expect=" + expected)) {
            load.rest();
            load.endsWith(69);
            assertTrue(load.errors().contains("is expected"), load.errors());
        }
    }

    /// Cold trials depend on it: the URLs that are measured are asked for once each at most, and not before.
    @Test
    void warmUpUrlsKeepTheOthersForTheWindow() throws IOException, InterruptedException {
        Path root = Files.createDirectory(directory.resolve("root"));
        StringBuilder expectations = new StringBuilder();
        List<String> arguments = new ArrayList<>(List.of("load"));
        try (Invocation.Running server = Invocation.Running.start(
                directory, "serve", root.toString(), "--port=0", "--threads=1", "--access-log")) {
            String url = server.awaitLine("listening on ").substring("listening on ".length());
            for (int i = 0; i < 20; i++) {
                byte[] body = ("file " + i).getBytes(StandardCharsets.UTF_8);
                Files.write(root.resolve(i + ".txt"), body);
                expectations.append("/%d.txt %d %s%n".formatted(i, body.length, crc32c(body)));
                arguments.add(i < 15 ? url + "/" + i + ".txt" : "--warmup-url=" + url + "/" + i + ".txt");
            }
            Path report = directory.resolve("report.json");
            Path expected = Files.writeString(directory.resolve("expected.txt"), expectations);
            arguments.addAll(List.of(
                    "--connections=2", "--warmup=200ms", "--duration=5s", "--json=" + report, "--expect=" + expected));
            try (Invocation.Running load = Invocation.Running.start(directory, arguments.toArray(String[]::new))) {
                load.rest();
                load.endsWith(0);
            }
            LoadReport read = LoadReport.read(report);
            assertEquals(15, read.requests());
            assertTrue(read.measuredSeconds() < 5, "the window ends when all have been asked for");
            server.signal("TERM");
            String log = server.rest();
            for (int i = 0; i < 15; i++) {
                String path = "/" + i + ".txt ";
                assertEquals(1, log.lines().filter(line -> line.contains(path)).count(), () -> path + "in\n" + log);
            }
            server.endsWith(143);
        }
    }

    @Test
    void sigtermLetsATransferFinish() throws IOException, InterruptedException {
        Path root = bigFile();
        try (Invocation.Running server = serve(root, "--drain=20s");
                Socket client = request(server)) {
            InputStream in = client.getInputStream();
            long head = skipHead(in);
            server.signal("TERM");
            long read = in.transferTo(java.io.OutputStream.nullOutputStream());
            assertTrue(head > 0);
            assertEquals(BIG_BYTES, read);
            server.endsWith(143);
            assertEquals("", server.errors());
        }
    }

    @Test
    void sigtermCutsATransferWhoseClientDoesNotRead() throws IOException, InterruptedException {
        Path root = bigFile();
        try (Invocation.Running server = serve(root, "--drain=300ms");
                Socket client = request(server)) {
            skipHead(client.getInputStream());
            server.signal("TERM");
            server.endsWith(143);
            assertEquals(
                    "ringside serve: 1 connection was cut after 300 ms",
                    server.errors().strip());
        }
    }

    @Test
    void sigintKeepsWhatALoadHasMeasured() throws IOException, InterruptedException {
        Invocation.assumeSigintIsHeeded();
        Path root = Files.createDirectory(directory.resolve("root"));
        Files.writeString(root.resolve("a.txt"), "ringside");
        Path report = directory.resolve("report.json");
        try (Invocation.Running server = serve(root);
                Invocation.Running load = Invocation.Running.start(
                        directory,
                        "load",
                        url(server) + "/a.txt",
                        "--warmup=100ms",
                        "--duration=60s",
                        "--json=" + report,
                        "--events")) {
            load.awaitLine("{\"event\":\"measuring\"}");
            load.signal("INT");
            load.endsWith(130);
            JsonNode json = new ObjectMapper().readTree(report.toFile());
            assertFalse(json.get("complete").asBoolean(true), json::toString);
            assertTrue(load.errors().contains("stopped early"), load.errors());
        }
    }

    @Test
    void benchMakesItsRecordAndItsReport() throws IOException, InterruptedException {
        try (Invocation.Running bench = Invocation.Running.start(
                directory,
                "bench",
                "--engines=blocking",
                "--transports=epoll",
                "--cache=hot,cold",
                "--sizes=64k",
                "--connections=4",
                "--repeats=1",
                "--warmup=100ms",
                "--duration=200ms",
                "--seed=1",
                "--guard=mark",
                "--results=" + directory.resolve("results"))) {
            String out = bench.rest();
            bench.process().waitFor();
            Path made = onlyResult();
            assertTrue(out.contains("blocking/epoll"), out);
            assertTrue(out.contains("report: " + made.resolve("report.html")), out);
            assertTrue(Files.readString(made.resolve("report.html")).contains("blocking/epoll"));
            Run run = RunFile.read(made);
            assertTrue(run.complete());
            // Hot and cold, the baseline and its twin.
            assertEquals(4, run.trials().size());
            for (Trial trial : run.trials()) {
                String reason = trial.reason().orElse("");
                assumeFalse(reason.startsWith("not cold"), () -> "this file system keeps all in memory: " + reason);
                assertTrue(trial.isValid(), trial::toString);
            }
            bench.endsWith(0);
            reportsAreMadeAnewAndLaidOverEachOther(made);
        }
    }

    private void reportsAreMadeAnewAndLaidOverEachOther(Path made) throws IOException {
        String page = Files.readString(made.resolve("report.html"));
        String text = Files.readString(made.resolve("report.md"));
        Files.delete(made.resolve("report.html"));
        Invocation one = Invocation.of("report", made.toString());
        assertEquals(0, one.exitCode(), one::err);
        assertTrue(one.out().contains("report: " + made.resolve("report.html")), one::out);
        assertEquals(page, Files.readString(made.resolve("report.html")));
        assertEquals(text, Files.readString(made.resolve("report.md")));

        exports(made);
        Path other = Files.createDirectory(directory.resolve("elsewhere"));
        String json = Files.readString(made.resolve(RunFile.NAME));
        Files.writeString(
                other.resolve(RunFile.NAME), json.replaceFirst("\"cpuModel\" : \"[^\"]*\"", "\"cpuModel\" : \"Z80\""));
        Path both = directory.resolve("both.html");
        Invocation.of("report", "--html=" + both, made.toString(), other.toString())
                .failedWith(69, "--across-machines");
        assertFalse(Files.exists(both));
        Invocation across =
                Invocation.of("report", "--html=" + both, "--across-machines", made.toString(), other.toString());
        assertEquals(0, across.exitCode(), across::err);
        assertTrue(across.err().contains("Different machines"), across::err);
        assertTrue(Files.readString(both).contains("Different machines"));

        Invocation.of("report", made.toString(), made.toString()).failedWith(2, "given twice");
        Invocation.of("report", "--html=" + both.resolve("x"), made.toString()).failedWith(69, "--html");
        Invocation.of("report", directory.resolve("nowhere").toString()).failedWith(69, "nowhere");
        Files.writeString(
                other.resolve(RunFile.NAME), json.replaceFirst("\"schemaVersion\" : 1", "\"schemaVersion\" : 2"));
        Invocation.of("report", made.toString(), other.toString()).failedWith(69, "schema version 2");
    }

    /// Each to a file, and to standard output.
    private void exports(Path made) throws IOException {
        for (String format : List.of("jmh", "openmetrics", "junit", "markdown")) {
            Path file = directory.resolve("run." + format);
            Invocation toFile = Invocation.of("export", "--" + format + "=" + file, made.toString());
            assertEquals(0, toFile.exitCode(), toFile::err);
            Invocation toStdout = Invocation.of("export", "--" + format + "=-", made.toString());
            assertEquals(Files.readString(file), toStdout.out());
            assertTrue(toStdout.out().contains("ringside"), toStdout::out);
        }
        Invocation.of("export", made.toString()).failedWith(2, "nothing to write");
        Invocation.of("export", "--csv=" + directory.resolve("no/where.csv"), made.toString())
                .failedWith(69, "there is no directory");
    }

    @Test
    void sigintKeepsTheFinishedTrialsOfABenchAndLeavesNoChild() throws IOException, InterruptedException {
        Invocation.assumeSigintIsHeeded();
        List<ProcessHandle> children = new ArrayList<>();
        try (Invocation.Running bench = Invocation.Running.start(
                directory,
                "bench",
                "--engines=blocking",
                "--transports=epoll",
                "--sizes=4k",
                "--connections=4",
                "--repeats=50",
                "--warmup=100ms",
                "--duration=200ms",
                "--seed=1",
                "--guard=mark",
                "--results=" + directory.resolve("results"))) {
            bench.awaitLine("1/100");
            while (children.isEmpty() && bench.process().isAlive()) {
                children.addAll(bench.process().toHandle().descendants().toList());
                Thread.onSpinWait();
            }
            bench.signal("INT");
            String out = bench.rest();
            bench.endsWith(130);
            Run run = RunFile.read(onlyResult());
            assertFalse(run.complete());
            assertFalse(run.trials().isEmpty());
            // What comes after the run is written as well.
            assertTrue(out.contains("report: "), out);
            assertTrue(Files.exists(onlyResult().resolve("report.html")));
            for (ProcessHandle child : children) {
                assertFalse(child.isAlive(), () -> child.info().toString());
            }
        }
    }

    @Test
    void verifyChecksEveryByteAndSaysSo() throws IOException, InterruptedException {
        try (Invocation.Running verify = Invocation.Running.start(
                directory,
                "verify",
                "--engine=blocking",
                "--transport=nio,epoll",
                "--seconds=500ms",
                "--connections=4",
                "--dir=" + directory,
                "--json")) {
            JsonNode json = new ObjectMapper().readTree(verify.rest());
            verify.endsWith(0);
            assertTrue(json.get("complete").asBoolean() && json.get("good").asBoolean(), json::toString);
            for (JsonNode pair : json.get("pairs")) {
                assertTrue(pair.get("responses").asLong() > 0, json::toString);
                assertEquals(0, pair.get("notes").size(), json::toString);
            }
            assertTrue(verify.errors().contains("nothing wrong"), verify.errors());
        }
    }

    @Test
    void sigintKeepsWhatAVerificationHasFound() throws IOException, InterruptedException {
        Invocation.assumeSigintIsHeeded();
        Path trees = Files.createDirectory(directory.resolve("trees"));
        try (Invocation.Running verify = Invocation.Running.start(
                directory,
                "verify",
                "--engine=blocking",
                "--transport=nio,epoll",
                "--seconds=2",
                "--connections=4",
                "--dir=" + trees)) {
            verify.awaitLine("1/2");
            verify.signal("INT");
            String out = verify.rest();
            verify.endsWith(130);
            assertTrue(out.contains("stopped early"), out);
            assertTrue(out.lines().anyMatch(line -> line.startsWith("blocking nio ") && line.contains("right")), out);
            try (Stream<Path> left = Files.list(trees)) {
                assertEquals(List.of(), left.toList());
            }
        }
    }

    private Path onlyResult() throws IOException {
        try (Stream<Path> list = Files.list(directory.resolve("results"))) {
            return list.findFirst().orElseThrow();
        }
    }

    private Invocation.Running serve(Path root, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("serve", root.toString(), "--port=0", "--threads=1"));
        arguments.addAll(List.of(more));
        return Invocation.Running.start(directory, arguments.toArray(String[]::new));
    }

    private static String url(Invocation.Running server) throws IOException {
        return server.awaitLine("listening on ").substring("listening on ".length());
    }

    private Path bigFile() throws IOException {
        Path root = Files.createDirectory(directory.resolve("root"));
        try (var file = new java.io.RandomAccessFile(root.resolve("big.bin").toFile(), "rw")) {
            file.setLength(BIG_BYTES); // more than any socket buffer takes
        }
        return root;
    }

    private static Socket request(Invocation.Running server) throws IOException {
        Socket client = new Socket(
                InetAddress.getLoopbackAddress(), URI.create(url(server)).getPort());
        client.getOutputStream()
                .write("GET /big.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    /// @return the length of the head
    private static long skipHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("the head ends early: " + head);
            }
            head.append((char) octet);
        }
        assertTrue(head.toString().startsWith("HTTP/1.1 200 "), head::toString);
        assertTrue(head.toString().toLowerCase(Locale.ROOT).contains("content-length: " + BIG_BYTES), head::toString);
        return head.length();
    }

    private static String crc32c(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        return Long.toHexString(crc.getValue());
    }
}
