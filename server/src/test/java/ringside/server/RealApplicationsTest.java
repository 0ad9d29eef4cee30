package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.engines.Transport;

/// Applications in other people's servers: PHP's FPM by FastCGI, uwsgi with Python by its own protocol.
@Timeout(60)
class RealApplicationsTest {

    private static final String PHP = """
            <?php
            $body = file_get_contents('php://input');
            error_log('a complaint');
            if (isset($_GET['status'])) { http_response_code(418); }
            if (isset($_GET['big'])) {
                for ($i = 0; $i < 4096; $i++) { echo str_repeat('x', 1024); }
                exit;
            }
            header('X-Worker: ' . getmypid());
            echo $_SERVER['REQUEST_METHOD'], ' ', $_SERVER['PATH_INFO'] ?? '', ' ', $_GET['a'] ?? '', ' ', strlen($body),
                ' ', md5($body), ' ', $_SERVER['HTTP_X_FIELD'] ?? '', ' ', basename($_SERVER['SCRIPT_FILENAME']);
            """;

    private static final String PYTHON = """
            import hashlib
            def application(environ, start_response):
                body = environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0))
                if environ['QUERY_STRING'] == 'big':
                    start_response('200 OK', [('Content-Type', 'text/plain')])
                    return (b'x' * 1024 for i in range(4096))
                status = '418 Teapot' if environ['QUERY_STRING'] == 'status' else '200 OK'
                start_response(status, [('Content-Type', 'text/plain')])
                return [' '.join([environ['REQUEST_METHOD'], environ['SCRIPT_NAME'] + '+' + environ['PATH_INFO'],
                        str(len(body)), hashlib.md5(body).hexdigest(),
                        environ.get('HTTP_X_FIELD', '')]).encode()]
            """;

    private static final String BODY = "0123456789".repeat(50_000);

    @TempDir
    Path directory;

    /// unix(7) allows 107 bytes of a path.
    private Path home = Path.of("");

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createTempDirectory("rs");
    }

    @AfterEach
    void removeHome() throws IOException {
        try (Stream<Path> left = Files.walk(home)) {
            for (Path path : left.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(path);
            }
        }
    }

    private TestServer server(Transport transport, UpstreamRule rule) {
        UpstreamConfig upstreams = new UpstreamConfig(List.of(rule), 2, 2, 64, 60);
        return new TestServer(transport, directory, config -> config.withUpstreams(upstreams), channel -> {});
    }

    /// A process that listens on a socket in its home.
    private static final class Application implements AutoCloseable {
        private final Process process;

        Application(Path home, Path socket, String... command) throws IOException {
            process = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("log").toFile())
                    .start();
            while (!listens(socket)) {
                if (!process.isAlive()) {
                    throw new IOException("it ended: " + Files.readString(home.resolve("log")));
                }
                LockSupport.parkNanos(20_000_000);
            }
        }

        private static boolean listens(Path socket) {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                return channel.connect(UnixDomainSocketAddress.of(socket));
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            // The parent first: it would replace its children.
            List<ProcessHandle> children = process.descendants().toList();
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
            try {
                assertTrue(process.waitFor(10, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private static String installed(String program, String debianPackage) {
        for (String folder : List.of("/usr/sbin/", "/usr/bin/")) {
            if (Files.isExecutable(Path.of(folder + program))) {
                return folder + program;
            }
        }
        assumeTrue(false, program + " isn't installed: apt-get install " + debianPackage);
        return "";
    }

    @ParameterizedTest
    @EnumSource
    void php(Transport transport) throws IOException {
        String fpm = installed("php-fpm8.2", "php8.2-fpm");
        Path socket = home.resolve("php.sock");
        Path scripts = Files.createDirectory(home.resolve("scripts"));
        Files.writeString(scripts.resolve("index.php"), PHP);
        Files.writeString(scripts.resolve("other.php"), PHP);
        Path settings = Files.writeString(
                home.resolve("fpm.conf"), """
                [global]
                error_log = %1$s/fpm.log
                daemonize = no
                [www]
                user = %2$s
                group = %3$s
                listen = %1$s/php.sock
                pm = static
                pm.max_children = 2
                catch_workers_output = yes
                """.formatted(home, System.getProperty("user.name"), group()));
        UpstreamRule rule = new UpstreamRule(
                UpstreamProtocol.FASTCGI, "/app", new UpstreamAddress.Unix(socket), Optional.of(scripts));
        try (LogLines log = new LogLines(UpstreamPool.class);
                Application _ = new Application(home, socket, fpm, "-n", "-F", "-R", "-y", settings.toString());
                TestServer server = server(transport, rule);
                RawClient client = server.client()) {
            String empty = " 0 d41d8cd98f00b204e9800998ecf8427e ";
            assertEquals(
                    "GET  7" + empty + "y index.php",
                    client.send("GET /app/?a=7 HTTP/1.1\r\nHost: test\r\nX-Field: y\r\n\r\n")
                            .read()
                            .text());
            assertEquals(
                    "GET /user/1 " + empty + " index.php",
                    client.get("/app/user/1").text());
            assertEquals(
                    "GET /x " + empty + " other.php",
                    client.get("/app/other.php/x").text());
            log.contain("a complaint");
            assertEquals(404, client.get("/app/none.php").status());
            assertEquals(418, client.get("/app/?status").status());
            assertEquals(4 << 20, client.get("/app/?big").body().length);
            assertEquals(
                    "200",
                    ""
                            + client.send("HEAD /app/ HTTP/1.1\r\nHost: test\r\n\r\n")
                                    .read(false)
                                    .status());
            post(client, "/app/", "POST   500000 " + md5(BODY) + "  index.php");
            String worker = client.get("/app/").field("X-Worker");
            for (int i = 0; i < 5; i++) {
                assertEquals(worker, client.get("/app/").field("X-Worker"), "one kept connection is one worker");
            }
            assertEquals(0, server.server.counters().defects());
        }
    }

    @ParameterizedTest
    @EnumSource
    void uwsgi(Transport transport) throws IOException {
        installed("uwsgi_python3", "uwsgi-plugin-python3");
        String uwsgi = installed("uwsgi-core", "uwsgi-core");
        Path socket = home.resolve("py.sock");
        Path script = Files.writeString(home.resolve("app.py"), PYTHON);
        UpstreamRule rule =
                new UpstreamRule(UpstreamProtocol.UWSGI, "/app", new UpstreamAddress.Unix(socket), Optional.empty());
        try (Application _ = new Application(
                        home,
                        socket,
                        uwsgi,
                        "--plugin=python3",
                        "--uwsgi-socket=" + socket,
                        "--wsgi-file=" + script,
                        "--need-app",
                        "--workers=2",
                        "--die-on-term");
                TestServer server = server(transport, rule);
                RawClient client = server.client()) {
            String empty = " 0 d41d8cd98f00b204e9800998ecf8427e ";
            assertEquals(
                    "GET /app+/x y" + empty + "z",
                    client.send("GET /app/x%20y HTTP/1.1\r\nHost: test\r\nX-Field: z\r\n\r\n")
                            .read()
                            .text());
            assertEquals(418, client.get("/app?status").status());
            assertEquals(4 << 20, client.get("/app?big").body().length);
            assertEquals(
                    200,
                    client.send("HEAD /app HTTP/1.1\r\nHost: test\r\n\r\n")
                            .read(false)
                            .status());
            post(client, "/app", "POST /app+ 500000 " + md5(BODY) + " ");
            assertEquals(0, server.server.counters().defects());
        }
    }

    /// With a length, and in chunks.
    private static void post(RawClient client, String target, String expected) throws IOException {
        String head = "POST " + target + " HTTP/1.1\r\nHost: test\r\n";
        client.send(head + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY);
        assertEquals(expected, client.read().text());
        client.send(head + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(BODY.length()) + "\r\n" + BODY
                + "\r\n0\r\n\r\n");
        assertEquals(expected, client.read().text());
    }

    private static String md5(String text) {
        try {
            byte[] digest =
                    java.security.MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.US_ASCII));
            return java.util.HexFormat.of().formatHex(digest);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Of the user who runs the test.
    private String group() throws IOException {
        return Files.readAttributes(home, java.nio.file.attribute.PosixFileAttributes.class)
                .group()
                .getName();
    }
}
