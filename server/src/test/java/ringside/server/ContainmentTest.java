package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.engines.Transport;

/// Nothing outside the root is ever served: RFC 3986 §7.6, openat2(2).
class ContainmentTest {

    private static final String SECRET = "not for you";

    @TempDir
    Path directory;

    @Test
    void linksOutOfTheRootAreNotFollowed() throws IOException {
        try (TestServer server = new TestServer(Transport.NIO, directory);
                RawClient client = server.client()) {
            for (String path : List.of(
                    "/outside",
                    "/absolute",
                    "/outdir/secret.txt",
                    "/outdir/",
                    "/outdir/root/small.txt",
                    "/loop",
                    "/magic",
                    "/sub/../outside")) {
                Response response = client.get(path);
                assertEquals(404, response.status(), path);
                assertFalse(response.text().contains(SECRET), path);
            }
        }
    }

    @Test
    void linksInsideTheRootAreFollowed() throws IOException {
        try (TestServer server = new TestServer(Transport.NIO, directory);
                RawClient client = server.client()) {
            assertEquals("space", client.get("/inside").text());
        }
    }

    @Test
    void dotsNeverLeadOut() throws IOException {
        List<String> ups = List.of(
                "..",
                "%2e%2e",
                "%2E.",
                ".%2e",
                "%2e%2e%2f..",
                "..%2f..",
                "..%5c",
                "%252e%252e",
                "..;",
                "...",
                "..%00",
                "%c0%ae%c0%ae",
                "%uff0e%uff0e",
                "..%c0%af",
                "%%32%65%%32%65",
                "..\\..",
                "%2e%2e\\",
                "./..",
                ".//..",
                "..././",
                "....//");
        List<String> befores =
                List.of("/", "//", "/sub/", "/sub/../", "/sub/deep/../../", "/./", "/%2f", "/outdir/", "/small.txt/");
        try (TestServer server = new TestServer(Transport.NIO, directory)) {
            int requests = 0;
            for (String before : befores) {
                for (String up : ups) {
                    for (String slash : List.of("/", "%2f", "//", "/./")) {
                        String target = before + up + slash + "secret.txt";
                        try (RawClient client = server.client()) {
                            Response response = client.get(target);
                            assertTrue(response.status() >= 400, target + " is answered " + response.status());
                            assertFalse(response.text().contains(SECRET), target);
                        }
                        requests++;
                    }
                }
            }
            assertEquals(befores.size() * ups.size() * 4, requests);
        }
    }

    @Test
    void redirectsStayOnTheHostAndInTheLine() throws IOException {
        try (TestServer server = new TestServer(Transport.NIO, directory);
                RawClient client = server.client()) {
            java.nio.file.Files.createDirectory(server.root.resolve("evil.com"));
            java.nio.file.Files.createDirectory(server.root.resolve("\\evil.com"));
            java.nio.file.Files.createDirectory(server.root.resolve("a\r\nSet-Cookie: b"));
            assertEquals("/evil.com/", client.get("//evil.com").field("Location"));
            assertEquals("/%5Cevil.com/", client.get("/%5cevil.com").field("Location"));
            Response split = client.get("/a%0d%0aSet-Cookie:%20b");
            assertEquals("/a%0D%0ASet-Cookie%3A%20b/", split.field("Location"));
            assertEquals("", split.field("Set-Cookie"));
            assertEquals("/sub/?q=1&r", client.get("/sub?q=1&r").field("Location"));
        }
    }

    @Test
    void onlyRegularFilesAreServed() throws IOException, InterruptedException {
        try (TestServer server = new TestServer(Transport.NIO, directory);
                RawClient client = server.client()) {
            Process mkfifo =
                    new ProcessBuilder("mkfifo", server.root.resolve("fifo").toString()).start();
            assertEquals(0, mkfifo.waitFor());
            java.net.UnixDomainSocketAddress address =
                    java.net.UnixDomainSocketAddress.of(server.root.resolve("socket"));
            try (var socket = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
                socket.bind(address);
                assertEquals(404, client.get("/fifo").status());
                assertEquals(404, client.get("/socket").status());
            }
        }
    }
}
