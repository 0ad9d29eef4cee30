package ringside.bench.nginx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.bench.nginx.Differences.Difference;
import ringside.bench.peer.Peer;
import ringside.bench.peer.PeerSettings;
import ringside.bench.peer.Peers;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.server.HttpServer;
import ringside.server.ServerConfig;

/// Asks our server and nginx the same raw requests about the same tree, and holds the differences against a list of
/// those that are known. A difference that isn't in the list fails, and so does one in the list that is gone.
///
/// `-Dnginx.write=true` writes the list anew: each new line is then to be given a category, and the category a section
/// in `docs/nginx-differences.md`.
class NginxDifferenceTest {

    private static final Path LIST = Path.of("src/test/resources/nginx/differences.tsv");
    private static final Path REASONS = Path.of("../docs/nginx-differences.md");
    private static final Pattern HEADING = Pattern.compile("^## ([a-z0-9-]+)$", Pattern.MULTILINE);
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int WAITS_MAX = 500;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void everyDifferenceIsKnown() throws IOException, InterruptedException {
        Peer nginx = Peers.byName("nginx");
        Optional<Path> program = Peers.find(nginx.program());
        assumeTrue(program.isPresent(), () -> Peers.notInstalled("nginx", nginx.program(), nginx.aptPackage()));
        Differences known = Differences.read(LIST);
        String version = Peers.version(program.orElseThrow(), nginx.versionArguments());
        assumeTrue(
                version.equals(known.version) || writes(),
                () -> "the differences are those from " + known.version + ", and this is " + version);
        Path root = tree();
        int port = freePort();
        Process process = start(nginx, program.orElseThrow(), root, port);
        try (HttpServer ours = HttpServer.start(
                ServerConfig.of(root, ChosenEngine.parse("blocking"), Transport.preferred(), new FfmKernel())
                        .withBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .withThreads(1))) {
            awaitAccept(process, port);
            List<Difference> found = differences(ours.port(), port);
            if (writes()) {
                known.write(LIST, version, found);
            } else {
                compare(known, found);
            }
        } finally {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void everyCategoryHasItsReasonAndEveryReasonItsLines() throws IOException {
        TreeSet<String> reasons = HEADING.matcher(Files.readString(REASONS))
                .results()
                .map(heading -> heading.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(reasons, Differences.read(LIST).names());
    }

    private static boolean writes() {
        return Boolean.getBoolean("nginx.write");
    }

    private static void compare(Differences known, List<Difference> found) {
        StringBuilder report = new StringBuilder();
        found.stream()
                .filter(difference -> !known.categories.containsKey(difference))
                .forEach(difference -> report.append("\nnew:  ").append(difference.line("")));
        known.categories.forEach((difference, category) -> {
            if (!found.contains(difference)) {
                report.append("\ngone: ").append(difference.line(category));
            }
        });
        if (!report.isEmpty()) {
            fail("answers differ from nginx's in other ways than " + LIST + " says. If that is meant, write the list"
                    + " anew with -Dnginx.write=true, and give each new line a category of " + REASONS
                    + ", which loses those that have no line any more:" + report);
        }
    }

    private static List<Difference> differences(int ours, int theirs) throws IOException {
        List<Difference> differences = new ArrayList<>();
        boolean settled = false;
        List<String> requests = RawRequests.all();
        assertTrue(requests.size() > 300, "there are " + requests.size() + " requests");
        for (String request : requests) {
            if (request.contains("$TAG") && !settled) {
                awaitStrongTag(ours);
                settled = true;
            }
            Map<String, String> our = RawAnswer.to(ours, tagged(ours, request)).parts;
            Map<String, String> their = RawAnswer.to(theirs, tagged(theirs, request)).parts;
            TreeSet<String> names = new TreeSet<>(our.keySet());
            names.addAll(their.keySet());
            if (!our.getOrDefault("status", "").equals(their.get("status"))) {
                // What else differs follows from it.
                names.retainAll(List.of("status"));
            }
            // A tag is weak while its file is young.
            if (!settled) {
                names.remove("etag");
            }
            for (String name : names) {
                String one = our.getOrDefault(name, "");
                String other = their.getOrDefault(name, "");
                if (!one.equals(other)) {
                    differences.add(new Difference(Differences.printable(request), name, one, other));
                }
            }
        }
        return differences;
    }

    private static String tagged(int port, String request) throws IOException {
        return request.contains("$TAG") ? request.replace("$TAG", tag(port)) : request;
    }

    private static String tag(int port) throws IOException {
        return RawAnswer.to(port, "GET /data.txt HTTP/1.1\r\nHost: test\r\n\r\n")
                .entityTag();
    }

    /// The tag of a file that was written just now is weak: nobody could tell the next change from it.
    private static void awaitStrongTag(int port) throws IOException {
        for (int i = 0; i < WAITS_MAX && tag(port).startsWith("W/"); i++) {
            LockSupport.parkNanos(WAIT_NANOS);
        }
        assertTrue(tag(port).startsWith("\""), "a file that hasn't changed for seconds has a strong tag");
    }

    private Path tree() throws IOException {
        Path root = Files.createDirectories(directory.resolve("root"));
        Files.createDirectories(root.resolve("sub"));
        Files.createDirectories(root.resolve("noindex"));
        Files.writeString(directory.resolve("secret.txt"), "not for you");
        Files.writeString(root.resolve("index.html"), "<p>root");
        Files.writeString(root.resolve("sub/index.html"), "<p>sub");
        Files.writeString(root.resolve("noindex/a.txt"), "a");
        Files.writeString(root.resolve("data.txt"), "0123456789".repeat(100));
        Files.writeString(root.resolve("empty.txt"), "");
        Files.writeString(root.resolve("page.html"), "<p>page");
        Files.writeString(root.resolve("image.png"), "no image");
        Files.writeString(root.resolve(".hidden"), "hidden");
        Files.writeString(root.resolve("with space.txt"), "space");
        Files.writeString(root.resolve("100%.txt"), "percent");
        Files.writeString(root.resolve("\u00fcmlaut.txt"), "umlaut");
        Files.createSymbolicLink(root.resolve("inside.txt"), Path.of("sub/index.html"));
        Files.createSymbolicLink(root.resolve("outside.txt"), Path.of("../secret.txt"));
        Files.createSymbolicLink(root.resolve("loop.txt"), Path.of("loop.txt"));
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.fromMillis(784_111_777_000L));
            }
        }
        return root;
    }

    /// As it is measured, with media types and charsets as ours says them.
    private Process start(Peer nginx, Path program, Path root, int port) throws IOException {
        Path work = Files.createDirectories(directory.resolve("nginx"));
        PeerSettings settings = new PeerSettings(root, work, port, 64);
        String configuration = nginx.configuration(settings).replace("default_type application/octet-stream;", """
                types {
                    text/html html;
                    text/plain txt;
                    image/png png;
                }
                default_type application/octet-stream;
                charset utf-8;
                charset_types text/html text/plain;
                absolute_redirect off;
                """);
        Path file = Files.writeString(work.resolve("nginx.conf"), configuration);
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(nginx.arguments(file, settings));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(work.resolve("errors").toFile())
                .start();
    }

    private void awaitAccept(Process process, int port) throws IOException {
        for (int i = 0; i < WAITS_MAX && process.isAlive(); i++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return;
            } catch (IOException notYet) {
                LockSupport.parkNanos(WAIT_NANOS);
            }
        }
        fail("nginx doesn't accept: " + Files.readString(directory.resolve("nginx/errors")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
