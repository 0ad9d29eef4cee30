package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.linux.Inotify;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// Virtual hosts over HTTP: which one answers, and how a directory of them is followed.
class VirtualHostsTest {

    @TempDir
    private Path directory = Path.of("");

    private final HostReports reports = new HostReports();
    private final ManualClock clock = new ManualClock();
    private Path hosts = Path.of("");
    private Path builds = Path.of("");
    private int built;

    @BeforeEach
    void directories() throws IOException {
        hosts = Files.createDirectory(directory.resolve("hosts"));
        builds = Files.createDirectory(directory.resolve("builds"));
    }

    /// Whatever a test did, nothing of its webroots is open afterwards.
    @AfterEach
    void nothingIsLeftOpen() throws IOException {
        assertEquals("", open(directory));
    }

    private HttpServer start() throws IOException {
        return start(new FfmKernel());
    }

    private HttpServer start(Kernel kernel) throws IOException {
        ServerConfig config = ServerConfig.of(hosts, ChosenEngine.parse("blocking"), Transport.preferred(), kernel)
                .withBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withThreads(2);
        return HttpServer.start(
                config,
                () -> ServerContent.ofHosts(config, reports),
                clock,
                channel -> {},
                OutputStream.nullOutputStream(),
                null);
    }

    private static Response ask(HttpServer server, String request) throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            return client.send(request).read();
        }
    }

    private static Response get(HttpServer server, String host, String target) throws IOException {
        return ask(server, "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }

    private static String page(HttpServer server, String host) throws IOException {
        Response response = get(server, host, "/page.txt");
        return response.status() == 200 ? response.text() : Integer.toString(response.status());
    }

    private Path webroot(String page) throws IOException {
        return Webroots.build(builds.resolve("w" + built++), Map.of("page.txt", page.getBytes(StandardCharsets.UTF_8)));
    }

    private static void replace(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /// As `ln -sfn` does it.
    private void link(Path target, Path link) throws IOException {
        Path temporary = builds.resolve("link" + built++);
        Files.createSymbolicLink(temporary, target);
        replace(temporary, link);
    }

    /// The descriptors of this process that are below a directory, as text.
    private static String open(Path below) throws IOException {
        StringBuilder found = new StringBuilder();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)) {
                    String name = Files.readSymbolicLink(descriptor).toString();
                    found.append(name.startsWith(below + "/") ? name + "\n" : "");
                }
            }
        }
        return found.toString();
    }

    /// Request line; Host field; the answer without `__default__`; with it.
    private static final String CHOICES = """
        GET /page.txt HTTP/1.1 | A.Example.:8080 | 200 a     | 200 a
        GET /page.txt HTTP/1.1 | b.example       | 200 b     | 200 b
        GET /page.txt HTTP/1.0 | b.example       | 200 b     | 200 b
        GET /page.txt HTTP/1.1 | [0:0::1]:80     | 200 six   | 200 six
        GET /page.txt HTTP/1.1 | c.example       | 421       | 200 rest
        GET /page.txt HTTP/1.1 | __default__     | 421       | 200 rest
        GET /page.txt HTTP/1.1 | ..              | 421       | 200 rest
        GET /page.txt HTTP/1.1 |                 | 421       | 200 rest
        GET /page.txt HTTP/1.0 |                 | 404       | 200 rest
        GET /page.txt HTTP/1.0 | none            | 404       | 200 rest
        GET /page.txt HTTP/1.0 | c.example       | 421       | 200 rest
        GET http://b.example/page.txt HTTP/1.1     | a.example | 200 b | 200 b
        GET http://B.EXAMPLE.:1/page.txt HTTP/1.1  | a.example | 200 b | 200 b
        GET http://c.example/page.txt HTTP/1.1     | a.example | 421   | 200 rest
        GET http://b.example/page.txt HTTP/1.0     | none      | 200 b | 200 b
        GET http://b.example/../b.example/page.txt HTTP/1.1 | a.example | 400 | 400
        GET /../b.example/page.txt HTTP/1.1        | a.example | 400   | 400
        GET /page.txt HTTP/1.1                     | b.example/../a.example | 400 | 400
        GET /b.example/page.txt HTTP/1.1           | a.example | 404   | 404
        """;

    @Test
    void theHostChooses() throws IOException {
        Files.createSymbolicLink(hosts.resolve("a.example"), webroot("a"));
        directoryHost("B.example", "b");
        directoryHost("[::1]", "six");
        try (HttpServer server = start()) {
            choose(server, 2);
        }
        directoryHost("__default__", "rest");
        try (HttpServer server = start()) {
            choose(server, 3);
        }
    }

    private static void choose(HttpServer server, int expectedColumn) throws IOException {
        for (String row : CHOICES.lines().toList()) {
            String[] columns = row.split("\\|", -1);
            String host = columns[1].strip();
            String field = host.equals("none") ? "" : "Host: " + host + "\r\n";
            Response response = ask(server, columns[0].strip() + "\r\n" + field + "\r\n");
            assertEquals(columns[expectedColumn].strip(), text(response), row);
        }
    }

    private static String text(Response response) {
        return response.status() == 200 ? "200 " + response.text() : Integer.toString(response.status());
    }

    private Path directoryHost(String name, String page) throws IOException {
        Path host = Files.createDirectory(hosts.resolve(name));
        Files.writeString(host.resolve("page.txt"), page);
        return host;
    }

    @Test
    void webrootsComeGoAndAreReplaced() throws IOException, InterruptedException {
        try (HttpServer server = start()) {
            assertEquals("421", page(server, "a.example"));
            // A finished copy is loaded, an unfinished one isn't.
            byte[] bytes = Files.readAllBytes(webroot("one"));
            Path entry = hosts.resolve("a.example");
            try (FileChannel copy = FileChannel.open(entry, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                copy.write(ByteBuffer.wrap(bytes, 0, bytes.length - 1));
                Files.createDirectory(hosts.resolve("marker"));
                reports.await("opened marker");
                assertEquals("421", page(server, "a.example"));
                copy.write(ByteBuffer.wrap(bytes, bytes.length - 1, 1));
            }
            reports.await("opened a.example");
            assertEquals("one", page(server, "a.example"));

            replace(webroot("two"), entry);
            reports.await("opened a.example");
            assertEquals("two", page(server, "a.example"));
            link(webroot("three"), entry);
            reports.await("opened a.example");
            assertEquals("three", page(server, "a.example"));
            // Another name, moved in; then out.
            replace(webroot("b"), hosts.resolve("b.example"));
            reports.await("opened b.example");
            assertEquals("b", page(server, "b.example"));
            replace(hosts.resolve("b.example"), builds.resolve("b"));
            reports.await("removed b.example");
            assertEquals("421", page(server, "b.example"));
            Files.createLink(hosts.resolve("hard.example"), builds.resolve("b"));
            reports.await("opened hard.example");
            assertEquals("b", page(server, "hard.example"));
            Files.delete(entry);
            reports.await("removed a.example");
            assertEquals("421", page(server, "a.example"));
            assertEquals("404", page(server, "marker"));
            Files.delete(hosts.resolve("marker"));
            reports.await("removed marker");
            assertEquals("421", page(server, "marker"));
            reports.none();
        }
    }

    @Test
    void whereLinksLeadIsFollowed() throws IOException, InterruptedException {
        Path release = Files.createDirectories(builds.resolve("r1"));
        replace(webroot("one"), release.resolve("site"));
        Path current = Files.createSymbolicLink(builds.resolve("current"), Path.of("r1"));
        Files.createSymbolicLink(hosts.resolve("a.example"), Path.of("../builds/current/site"));
        Files.createSymbolicLink(hosts.resolve("www.a.example"), Path.of("a.example"));
        try (HttpServer server = start()) {
            reports.await("opened a.example");
            reports.await("opened www.a.example");
            assertEquals("one", page(server, "a.example"));
            assertEquals(2, open(directory).lines().count(), "one webroot, and its store on one loop");
            // The file at the end.
            replace(webroot("two"), release.resolve("site"));
            awaitBoth();
            assertEquals("two", page(server, "a.example"));
            assertEquals("two", page(server, "www.a.example"));
            // A directory in the middle.
            Files.createDirectories(builds.resolve("r2"));
            replace(webroot("three"), builds.resolve("r2/site"));
            link(Path.of("r2"), current);
            awaitBoth();
            assertEquals("three", page(server, "www.a.example"));
            // A copy over it is heard of as well, and what was never there.
            Files.delete(builds.resolve("r2/site"));
            reports.await("refused a.example, the old one stays");
            reports.await("refused www.a.example, the old one stays");
            assertEquals("three", page(server, "a.example"));
            Files.copy(webroot("four"), builds.resolve("r2/site"));
            awaitBoth();
            assertEquals("four", page(server, "a.example"));
            Files.createSymbolicLink(hosts.resolve("b.example"), Path.of("../builds/later/site"));
            // A copy that was met before its end is looked at once more when it is closed.
            reports.awaitPast("opened ", "refused b.example");
            Files.createDirectories(builds.resolve("later"));
            replace(webroot("late"), builds.resolve("later/site"));
            reports.await("opened b.example");
            assertEquals("late", page(server, "b.example"));
            reports.none();
        }
    }

    private void awaitBoth() throws InterruptedException {
        reports.await("opened ");
        reports.await("opened ");
    }

    @Test
    void directoriesAreServedAsTheyAre() throws IOException, InterruptedException {
        try (HttpServer server = start()) {
            Path host = directoryHost("a.example", "one");
            reports.await("opened a.example");
            clock.advance(1);
            assertEquals("one", page(server, "a.example"));
            Path other = Files.createDirectory(builds.resolve("other"));
            Files.writeString(other.resolve("page.txt"), "two");
            Files.createSymbolicLink(host.resolve("out"), Path.of("../../builds/other/page.txt"));
            assertEquals(404, get(server, "a.example", "/out").status());
            replace(host, builds.resolve("old"));
            reports.await("removed a.example");
            link(other, host);
            reports.await("opened a.example");
            assertEquals("two", page(server, "a.example"));
            Files.writeString(builds.resolve("new"), "three");
            replace(builds.resolve("new"), other.resolve("page.txt"));
            clock.advance(1);
            assertEquals("three", page(server, "a.example"));
            reports.none();
        }
    }

    @Test
    void junkIsSaidOnceAndLeftAlone() throws IOException, InterruptedException {
        Files.writeString(hosts.resolve("README"), "not a webroot");
        Files.writeString(hosts.resolve(".hidden"), "somebody's");
        try (HttpServer server = start();
                ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            reports.await("refused README: " + hosts.resolve("README") + ": not a webroot");
            Files.createDirectory(hosts.resolve("with port:80"));
            reports.await("refused with port:80: 'with port:80' is no host's name");
            socket.bind(UnixDomainSocketAddress.of(hosts.resolve("socket")));
            reports.await("refused socket: it is neither");
            run("mkfifo", hosts.resolve("fifo"));
            reports.await("refused fifo: it is neither");
            link(Path.of("loop"), hosts.resolve("loop"));
            reports.await("refused loop: ");
            link(Path.of("nowhere"), hosts.resolve("dangling"));
            reports.await("refused dangling: ");
            Files.write(hosts.resolve("empty"), new byte[0]);
            reports.await("refused empty: ");
            Files.writeString(hosts.resolve("\nforged line"), "x");
            reports.await("refused \nforged line: ");
            // Touched, and nothing new about it.
            Files.writeString(hosts.resolve("README"), "no webroot either");
            Files.writeString(hosts.resolve(".hidden"), "still");
            for (String name : new String[] {"README", "with port:80", "socket", "fifo", "loop", "dangling", "empty"}) {
                Files.delete(hosts.resolve(name));
            }
            replace(webroot("good"), hosts.resolve("README"));
            reports.await("opened README");
            assertEquals("good", page(server, "readme"));
            reports.none();
        }
    }

    private static void run(String command, Path argument) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder(command, argument.toString()).start().waitFor());
    }

    @Test
    void whatIsDamagedDoesNotReplaceWhatIsSound() throws IOException, InterruptedException {
        Path entry = hosts.resolve("a.example");
        replace(webroot("sound"), entry);
        try (HttpServer server = start()) {
            reports.await("opened a.example");
            Path damaged = webroot("damaged");
            byte[] bytes = Files.readAllBytes(damaged);
            int body = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("damaged");
            bytes[body] ^= 1;
            Files.write(damaged, bytes);
            replace(damaged, entry);
            reports.await("refused a.example, the old one stays: " + entry + ": a body is damaged");
            assertEquals("sound", page(server, "a.example"));
            link(Path.of("nowhere"), entry);
            reports.await("refused a.example, the old one stays: ");
            Files.delete(entry);
            reports.await("removed a.example");
            run("mkfifo", entry);
            reports.await("refused a.example: it is neither");
            replace(webroot("again"), entry);
            reports.await("opened a.example");
            assertEquals("again", page(server, "a.example"));
            reports.none();
        }
    }

    @Test
    void whatIsWrittenIntoAnswers503UntilItIsWhole() throws IOException, InterruptedException {
        Path entry = hosts.resolve("a.example");
        replace(webroot("before"), entry);
        byte[] after = Files.readAllBytes(webroot("after"));
        try (HttpServer server = start()) {
            reports.await("opened a.example");
            assertEquals("before", page(server, "a.example"));
            try (FileChannel file = FileChannel.open(entry, StandardOpenOption.WRITE)) {
                file.truncate(0);
                reports.await("refused a.example: " + entry);
                assertEquals("503", page(server, "a.example"));
                file.write(ByteBuffer.wrap(after));
            }
            reports.await("opened a.example");
            assertEquals("after", page(server, "a.example"));
            reports.none();
        }
    }

    /// The same host twice: the name that is written as hosts are compared counts.
    @Test
    void twoEntriesOfOneHost() throws IOException, InterruptedException {
        directoryHost("A.example", "upper");
        try (HttpServer server = start()) {
            reports.await("opened A.example");
            assertEquals("upper", page(server, "a.example"));
            Path host = directoryHost("a.example", "lower");
            reports.await("opened a.example");
            reports.await("refused A.example: another entry");
            assertEquals("lower", page(server, "a.example"));
            Files.delete(host.resolve("page.txt"));
            Files.delete(host);
            reports.await("removed a.example");
            assertEquals("upper", page(server, "a.example"));
            reports.none();
        }
    }

    @Test
    void aReplacedWebrootIsClosedWithItsLastTransfer() throws IOException, InterruptedException {
        Path entry = hosts.resolve("a.example");
        replace(Webroots.build(builds.resolve("big"), Map.of("page.txt", TestServer.BIG)), entry);
        try (HttpServer server = start();
                RawClient slow = new RawClient(server.port(), 4 << 10)) {
            reports.await("opened a.example");
            // More than the buffers between them hold: the transfer is under way until it is read.
            slow.send("GET /page.txt HTTP/1.1\r\nHost: a.example\r\n\r\n");
            slow.awaitFirstOctet();
            replace(webroot("new"), entry);
            reports.await("opened a.example");
            assertEquals("new", page(server, "a.example"));
            assertTrue(open(directory).contains("(deleted)"), () -> "the transfer's file is closed");
            assertArrayEquals(TestServer.BIG, slow.read().body());
            assertEquals(
                    "new",
                    slow.send("GET /page.txt HTTP/1.1\r\nHost: a.example\r\n\r\n")
                            .read()
                            .text());
            assertEquals(
                    "",
                    open(directory).lines().filter(l -> l.endsWith("(deleted)")).reduce("", String::concat));
            assertEquals(0, server.counters().defects());
        }
    }

    @Test
    void theDirectoryItselfMayBeALinkThatChanges() throws IOException, InterruptedException {
        replace(webroot("one"), hosts.resolve("a.example"));
        Path other = Files.createDirectory(directory.resolve("other"));
        replace(webroot("two"), other.resolve("b.example"));
        Path real = hosts;
        hosts = Files.createSymbolicLink(directory.resolve("link"), real);
        try (HttpServer server = start()) {
            reports.await("opened a.example");
            link(other, hosts);
            reports.await("removed a.example");
            reports.await("opened b.example");
            assertEquals("two", page(server, "b.example"));
            assertEquals("421", page(server, "a.example"));
            Files.delete(hosts);
            reports.await("blind ");
            assertEquals("two", page(server, "b.example"));
            Files.createSymbolicLink(hosts, real);
            reports.await("opened a.example");
            reports.await("removed b.example");
            reports.none();
        }
    }

    /// Every event is lost, and every loss is told: all is found by looking again.
    @Test
    void lostEventsAreMadeUpFor() throws IOException, InterruptedException {
        Path entry = hosts.resolve("a.example");
        replace(webroot("one"), entry);
        try (HttpServer server = start(new Forgetful(new FfmKernel()))) {
            reports.await("opened a.example");
            replace(webroot("two"), entry);
            reports.await("opened a.example");
            assertEquals("two", page(server, "a.example"));
            directoryHost("b.example", "b");
            reports.await("opened b.example");
            Files.delete(entry);
            reports.await("removed a.example");
            assertEquals("421", page(server, "a.example"));
            reports.none();
        }
    }

    /// Puts `IN_Q_OVERFLOW` in the place of whatever inotify tells.
    private static final class Forgetful implements Kernel {

        private final Kernel kernel;
        private volatile long inotify = -1;

        Forgetful(Kernel kernel) {
            this.kernel = kernel;
        }

        @Override
        public String name() {
            return kernel.name();
        }

        @Override
        @SuppressWarnings("restricted")
        public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
            long result = kernel.call(call, a0, a1, a2, a3, a4, a5);
            if (call == Syscall.INOTIFY_INIT1) {
                inotify = result;
            }
            if (call != Syscall.READ || a0 != inotify || result <= 0) {
                return result;
            }
            MemorySegment event = MemorySegment.ofAddress(a1).reinterpret(16);
            event.set(ValueLayout.JAVA_INT, 0, -1);
            event.set(ValueLayout.JAVA_INT, 4, Inotify.IN_Q_OVERFLOW);
            event.set(ValueLayout.JAVA_LONG_UNALIGNED, 8, 0);
            return 16;
        }
    }
}
