package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import ringside.content.hosts.HostObserver;
import ringside.content.webroot.BuildObserver;
import ringside.content.webroot.BuildPlan;
import ringside.content.webroot.WebrootBuild;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;

/// The corpus of `escapes/`, against everything that can be served: no octet of what lies outside is ever sent
/// (RFC 3986 §7.6, RFC 9110 §17.3). Another kind of content is another line in [#everythingServed()].
class EscapeCorpusTest {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final byte[] OCTET = "\\x".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path directory = Path.of("");

    private final Kernel kernel = new FfmKernel();

    @FunctionalInterface
    private interface Starter {
        HttpServer start() throws IOException;
    }

    @TestFactory
    Stream<DynamicTest> everythingServed() throws IOException {
        EscapeTree tree = EscapeTree.create(directory);
        Path hosts = tree.hosts;
        return Stream.of(
                nothingLeaves("a directory", () -> HttpServer.start(config(tree.root))),
                nothingLeaves("a webroot", () -> HttpServer.start(config(pack(tree.root)))),
                nothingLeaves("a virtual host", () -> {
                    Files.createSymbolicLink(hosts.resolve("host.example"), Path.of("root"));
                    return HttpServer.startHosts(config(hosts), HostObserver.NONE);
                }),
                nothingLeaves("virtual hosts for all", () -> {
                    Files.createSymbolicLink(hosts.resolve("__default__"), Path.of("root"));
                    return HttpServer.startHosts(config(hosts), HostObserver.NONE);
                }));
    }

    private ServerConfig config(Path root) {
        return ServerConfig.of(root, ChosenEngine.parse("blocking"), Transport.NIO, kernel)
                .withBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withThreads(1);
    }

    private Path pack(Path root) {
        Path webroot = directory.resolve("site.webroot");
        BuildPlan plan = BuildPlan.builder(root, webroot).skipBadLinks(true).build();
        new WebrootBuild(kernel, plan, BuildObserver.NONE).run();
        return webroot;
    }

    private static DynamicTest nothingLeaves(String name, Starter starter) {
        return DynamicTest.dynamicTest(name, () -> {
            List<byte[]> targets = corpus("targets.txt");
            List<byte[]> hosts = corpus("hosts.txt");
            byte[] usual = ascii("host.example");
            try (HttpServer server = starter.start()) {
                byte[] reached = exchange(server.port(), ascii("/small.txt"), usual, "");
                assertTrue(isIn("200 OK", reached) && isIn("small", reached), "the root isn't served");
                for (byte[] target : targets) {
                    refused(server, target, usual, "");
                    refused(server, target, usual, "Accept-Encoding: gzip, br, zstd\r\n");
                }
                for (byte[] host : hosts) {
                    for (String target : List.of("/" + EscapeTree.CANARY_NAME, "/../" + EscapeTree.CANARY_NAME)) {
                        refused(server, ascii(target), host, "");
                    }
                }
                assertEquals(0, server.counters().defects());
            }
        });
    }

    private static void refused(HttpServer server, byte[] target, byte[] host, String fields) throws IOException {
        byte[] answer = exchange(server.port(), target, host, fields);
        String what = new String(target, StandardCharsets.ISO_8859_1) + " at "
                + new String(host, StandardCharsets.ISO_8859_1);
        assertTrue(isIn("HTTP/1.1 ", answer), () -> "no answer to " + what);
        assertFalse(isIn(EscapeTree.CANARY, answer), () -> "the canary was sent for " + what);
        assertFalse(isIn("root:x:0", answer), () -> "/etc/passwd was sent for " + what);
    }

    /// All octets of the answer.
    private static byte[] exchange(int port, byte[] target, byte[] host, String fields) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(ascii("GET "));
        request.writeBytes(target);
        request.writeBytes(ascii(" HTTP/1.1\r\n" + fields + "Connection: close\r\nHost: "));
        request.writeBytes(host);
        request.writeBytes(ascii("\r\n\r\n"));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(request.toByteArray());
            socket.shutdownOutput();
            return socket.getInputStream().readAllBytes();
        }
    }

    private static boolean isIn(String text, byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1).contains(text);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static List<byte[]> corpus(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(EscapeCorpusTest.class.getResourceAsStream("/escapes/" + name))) {
            List<byte[]> lines = new ArrayList<>();
            new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> lines.add(octets(line)));
            assertTrue(lines.size() > 30, () -> name + " has " + lines.size() + " lines");
            return lines;
        }
    }

    /// @param line where `@` is the canary's name, `@@` an at sign, and `\xHH` an octet
    private static byte[] octets(String line) {
        byte[] text = ascii(line.replace("@@", "\u0001")
                .replace("@", EscapeTree.CANARY_NAME)
                .replace("\u0001", "@"));
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int i = 0; i < text.length; i++) {
            if (text[i] == OCTET[0] && i + 3 < text.length && text[i + 1] == OCTET[1]) {
                octets.write(Character.digit(text[i + 2], 16) << 4 | Character.digit(text[i + 3], 16));
                i += 3;
            } else {
                octets.write(text[i]);
            }
        }
        return octets.toByteArray();
    }
}
