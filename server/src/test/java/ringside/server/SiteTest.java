package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.content.DirectorySettings;
import ringside.content.webroot.BuildObserver;
import ringside.content.webroot.BuildPlan;
import ringside.content.webroot.RedirectRule;
import ringside.content.webroot.WebrootBuild;
import ringside.engines.ChosenEngine;
import ringside.engines.Engine;
import ringside.engines.Engines;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;

/// What a server makes of its content: listings, indexes, mounts, redirects, error pages.
class SiteTest {

    private static final Pattern HREF = Pattern.compile("href=\"([^\"]*)\"");
    private static final ContentOptions LISTING =
            ContentOptions.PLAIN.withDirectories(DirectorySettings.DEFAULT.withListings(true));

    @TempDir
    Path directory;

    @BeforeEach
    void fill() throws IOException {
        Path root = Files.createDirectories(directory.resolve("root"));
        Path names = Files.createDirectories(root.resolve("names & <such>/deep"));
        Files.writeString(names.resolve("a:b?c#d%41.txt"), "escaped");
        Files.writeString(names.resolve("\"quoted\"<script>.txt"), "quoted");
        Files.writeString(names.resolve("ümlaut €.html"), "umlaut");
        Files.writeString(names.resolve(".hidden"), "hidden");
        Files.createDirectories(root.resolve("both"));
        Files.writeString(root.resolve("both/default.html"), "default");
        Files.writeString(root.resolve("404.html"), "<p>nothing here</p>");
        Files.writeString(root.resolve("sorry.txt"), "sorry");
        Files.writeString(root.resolve("docsx"), "not the mount");
        Path manual = Files.createDirectories(directory.resolve("manual/sub"));
        Files.writeString(manual.resolve("../page.txt"), "manual");
        Files.writeString(manual.resolve("index.html"), "sub of the manual");
        Files.writeString(manual.resolve("../404.html"), "the manual's");
    }

    private TestServer server(Transport transport, ContentOptions site) {
        return new TestServer(transport, directory, config -> config.withContent(site), channel -> {});
    }

    private TestServer server(ContentOptions site) {
        return server(Transport.NIO, site);
    }

    private Path webroot() {
        Path webroot = directory.resolve("site.webroot");
        BuildPlan plan = BuildPlan.builder(directory.resolve("manual"), webroot)
                .redirect(RedirectRule.parse("/old=/sub/,307"))
                .errorPage(404, "404.html")
                .listings(false)
                .build();
        new WebrootBuild(new FfmKernel(), plan, BuildObserver.NONE).run();
        return webroot;
    }

    // ---- listings ----

    @ParameterizedTest
    @EnumSource
    void everyReferenceOfAListingLeadsSomewhere(Transport transport) throws IOException {
        try (TestServer server = server(transport, LISTING);
                RawClient client = server.client()) {
            String path = "/names%20%26%20%3Csuch%3E/deep/";
            Response page = client.get(path);
            assertEquals(200, page.status());
            assertEquals("text/html; charset=utf-8", page.field("Content-Type"));
            assertEquals("no-cache", page.field("Cache-Control"));
            assertEquals("chunked", page.field("Transfer-Encoding"));
            String html = page.text();
            assertFalse(html.contains("<script>") || html.contains("& ") || html.contains(".hidden"), html);
            assertTrue(html.contains(">ümlaut €.html</a>"), html);
            List<String> references = new ArrayList<>();
            Matcher matcher = HREF.matcher(html.substring(html.indexOf("<tbody>")));
            while (matcher.find()) {
                references.add(matcher.group(1));
            }
            assertEquals(4, references.size(), references::toString);
            assertEquals("../", references.removeFirst());
            for (String reference : references) {
                assertTrue(List.of("escaped", "quoted", "umlaut")
                        .contains(client.get(path + reference).text()));
            }
            assertEquals(200, client.get("/names%20%26%20%3Csuch%3E/").status());
            client.send("HEAD " + path + " HTTP/1.1\r\nHost: test\r\n\r\n");
            assertEquals("text/html; charset=utf-8", client.read(false).field("Content-Type"));
            client.send("GET " + path + " HTTP/1.0\r\n\r\n");
            assertEquals(html, client.read().text());
            assertEquals(0, server.server.counters().defects());
        }
    }

    @Test
    @DisplayName("RFC 9111 §4.2: a listing is never stale")
    void aListingIsNeverStale() throws IOException {
        try (TestServer server = server(LISTING);
                RawClient client = server.client()) {
            assertFalse(client.get("/").text().contains("new.txt"));
            Files.writeString(directory.resolve("root/new.txt"), "12345");
            assertTrue(client.get("/").text().contains(">new.txt</a></td><td title=\"5 bytes\">5 B"));
            Files.delete(directory.resolve("root/new.txt"));
            assertFalse(client.get("/").text().contains("new.txt"));
        }
    }

    @Test
    @DisplayName("RFC 9110 §12.5.1: a listing in JSON")
    @SuppressWarnings("StringConcatToTextBlock") // its lines end in CR LF
    void aListingInJson() throws IOException {
        try (TestServer server = server(LISTING);
                RawClient client = server.client()) {
            client.send("GET /names%20%26%20%3Csuch%3E/deep/ HTTP/1.1\r\nHost: test\r\n"
                    + "Accept: application/json, */*\r\n\r\n");
            Response json = client.read();
            assertEquals("application/json", json.field("Content-Type"));
            assertEquals("Accept", json.field("Vary"));
            String text = json.text();
            assertTrue(text.startsWith("{\"path\": \"/names & <such>/deep/\", \"entries\": [\n"), text);
            assertTrue(
                    text.contains(
                            "{\"name\": \"\\\"quoted\\\"<script>.txt\", \"type\": \"file\", \"bytes\": 6, \"mediaType\":"
                                    + " \"text/plain; charset=utf-8\", \"modified\": \"20"),
                    text);
            assertTrue(text.endsWith("Z\"}\n]}\n"), text);
        }
    }

    @Test
    @DisplayName("RFC 9110 §15.5.4: a directory that is not to be listed")
    void withoutListingsItIsForbidden() throws IOException {
        try (TestServer server = server(ContentOptions.PLAIN);
                RawClient client = server.client()) {
            Response refused = client.get("/names%20%26%20%3Csuch%3E/");
            assertEquals(403, refused.status());
            assertFalse(refused.text().contains("deep"));
            assertEquals(404, client.get("/absent/").status());
            assertEquals(404, client.get("/docsx/").status());
        }
    }

    @Test
    void severalWindowsOfNamesMakeOnePage() throws IOException {
        Path many = Files.createDirectory(directory.resolve("root/many"));
        int count = 9000;
        for (int i = 0; i < count; i++) {
            Files.createFile(many.resolve("file-%05d".formatted(i)));
        }
        try (TestServer server = server(Transport.preferred(), LISTING);
                RawClient client = server.client()) {
            Matcher matcher = Pattern.compile("href=\"file-([0-9]{5})\"")
                    .matcher(client.get("/many/").text());
            for (int i = 0; i < count; i++) {
                assertTrue(matcher.find());
                assertEquals(i, Integer.parseInt(matcher.group(1)));
            }
            assertFalse(matcher.find());
        }
    }

    // ---- indexes ----

    @Test
    void theFirstIndexThatIsThereAnswers() throws IOException {
        try (TestServer server = server(LISTING);
                RawClient client = server.client()) {
            assertEquals("default", client.get("/both/").text());
            Files.writeString(directory.resolve("root/both/index.html"), "index");
            server.clock.advance(1);
            assertEquals("index", client.get("/both/").text());
            Files.delete(directory.resolve("root/both/index.html"));
            server.clock.advance(1);
            assertEquals("default", client.get("/both/").text());
            Files.delete(directory.resolve("root/both/default.html"));
            server.clock.advance(1);
            assertTrue(client.get("/both/").text().contains("Index of"));
        }
        DirectorySettings other = DirectorySettings.DEFAULT.withIndexNames(List.of("home.txt"));
        try (TestServer server = server(ContentOptions.PLAIN.withDirectories(other));
                RawClient client = server.client()) {
            Files.writeString(directory.resolve("root/both/home.txt"), "home");
            Files.writeString(directory.resolve("root/both/index.html"), "index");
            assertEquals("home", client.get("/both/").text());
        }
    }

    // ---- mounts and redirects ----

    @Test
    void theLongestPrefixOfWholeSegmentsCounts() throws IOException {
        ContentOptions site = LISTING.withMounts(Map.of(
                "/docs", directory.resolve("manual"),
                "/docs/sub/packed", webroot(),
                "/packed", webroot()));
        try (TestServer server = server(site);
                RawClient client = server.client()) {
            assertEquals("manual", client.get("/docs/page.txt").text());
            assertEquals("not the mount", client.get("/docsx").text());
            assertEquals("/docs/", client.get("/docs").field("Location"));
            assertEquals("/docs/sub/?a=1", client.get("/docs/sub?a=1").field("Location"));
            assertEquals("sub of the manual", client.get("/docs/sub/").text());
            assertEquals("manual", client.get("/docs/sub/packed/page.txt").text());
            assertEquals(403, client.get("/packed/").status());
            assertEquals("/packed/sub/", client.get("/packed/old").field("Location"));
            assertEquals(
                    "/docs/sub/packed/sub/", client.get("/docs/sub/packed/old").field("Location"));
            assertEquals(400, client.get("/docs/../../page.txt").status());
            assertEquals(404, client.get("/docs/../page.txt").status());
            String listing = client.get("/").text();
            assertTrue(listing.contains("href=\"docs/\"") && listing.contains("href=\"packed/\""), listing);
            assertEquals(0, server.server.counters().defects());
        }
    }

    @Test
    @DisplayName("RFC 9110 §10.2.2, §15.4: redirects")
    void redirects() throws IOException {
        ContentOptions site = ContentOptions.PLAIN
                .withRedirects(List.of(
                        RedirectRule.parse("/old=/new"),
                        RedirectRule.parse("/temporary=/a%20b?c=d,307"),
                        RedirectRule.parse("/away=https://example.org/x,302")))
                .withBaseUrl("https://example.org/files");
        try (TestServer server = server(site);
                RawClient client = server.client()) {
            Response moved = client.get("/old?query");
            assertEquals(301, moved.status());
            assertEquals("https://example.org/files/new", moved.field("Location"));
            Response temporary = client.get("/temp%6frary");
            assertEquals(307, temporary.status());
            assertEquals("https://example.org/files/a%20b?c=d", temporary.field("Location"));
            assertEquals("https://example.org/x", client.get("/away").field("Location"));
            assertEquals("https://example.org/files/both/", client.get("/both").field("Location"));
            assertEquals(404, client.get("/old/").status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a=//other/x",
                "/a=javascript:alert(1)",
                "/a=ftp://example.org/",
                "/a=relative",
                "/a=http:///x",
                "/a=/b,304",
                "a=/b",
                "/a=/b c",
                "/a=https://exa mple/"
            })
    void targetsThatAreNone(String rule) {
        assertThrows(IllegalArgumentException.class, () -> RedirectRule.parse(rule));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "docs", "/docs/", "//docs", "/a/../b", "/./a", "/a//b"})
    void prefixesThatAreNone(String prefix) {
        assertThrows(IllegalArgumentException.class, () -> ContentOptions.PLAIN.withMounts(Map.of(prefix, directory)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"files", "/files/", "ftp://x", "/a b", "/a?b", "https://", "/a\r\nX: y"})
    void basesThatAreNone(String base) {
        assertThrows(IllegalArgumentException.class, () -> ContentOptions.PLAIN.withBaseUrl(base));
    }

    // ---- error pages ----

    @ParameterizedTest
    @EnumSource
    void errorsHaveTheirPages(Transport transport) throws IOException {
        ContentOptions site =
                ContentOptions.PLAIN.withErrorPages(ErrorPages.parse(List.of("404=/404.html", "4xx=/sorry.txt")));
        try (TestServer server = server(transport, site);
                RawClient client = server.client()) {
            for (int i = 0; i < 2; i++) {
                Response absent = client.get("/absent");
                assertEquals(404, absent.status());
                assertEquals("<p>nothing here</p>", absent.text());
                assertEquals("text/html; charset=utf-8", absent.field("Content-Type"));
                assertEquals("", absent.field("ETag") + absent.field("Last-Modified"));
                client.send("DELETE /404.html HTTP/1.1\r\nHost: test\r\n\r\n");
                Response refused = client.read();
                assertEquals(405, refused.status());
                assertEquals("sorry", refused.text());
                assertFalse(refused.field("Allow").isEmpty());
                client.send("HEAD /absent HTTP/1.1\r\nHost: test\r\n\r\n");
                assertEquals("19", client.read(false).field("Content-Length"));
                // The page itself is a file as any other.
                assertEquals(200, client.get("/404.html").status());
            }
            client.send("GET /%zz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
            assertEquals("sorry", client.read().text());
            assertTrue(client.atEnd());
            try (RawClient broken = server.client()) {
                broken.send("GET / HTTP/1.1\r\n\r\n");
                Response last = broken.read();
                assertEquals(400, last.status());
                assertEquals("sorry", last.text());
                assertTrue(broken.atEnd());
            }
            try (RawClient slow = server.client()) {
                assertEquals(200, slow.get("/404.html").status());
                slow.send("GET / HTTP/1.1\r\nHo");
                // A request on another connection proves that the loop has seen what was sent before.
                try (RawClient other = server.client()) {
                    assertEquals(200, other.get("/404.html").status());
                    server.server.sweepNow();
                }
                server.clock.advance(31);
                server.server.sweepNow();
                assertEquals(408, slow.read().status());
            }
            assertEquals(0, server.server.counters().defects());
        }
    }

    /// Of a directory and of a webroot, which brings its own; a short one and one that takes several turns.
    @Test
    void errorPagesGoByEveryEngine() throws IOException {
        Transport transport = Transport.preferred();
        String longPage = "no, for the following reasons. ".repeat(10_000);
        Files.writeString(directory.resolve("root/403.html"), longPage);
        Files.writeString(directory.resolve("manual/404.html"), longPage);
        ContentOptions site =
                ContentOptions.PLAIN.withErrorPages(ErrorPages.parse(List.of("404=/404.html", "403=/403.html")));
        Path webroot = webroot();
        for (Engine engine : Engines.ALL) {
            if (!engine.probe(new FfmKernel(), transport).isAvailable()) {
                continue;
            }
            ChosenEngine chosen = ChosenEngine.parse(engine.spec().name());
            for (Path root : List.of(directory.resolve("root"), webroot)) {
                boolean ofDirectory = Files.isDirectory(root);
                try (TestServer server = new TestServer(
                                transport,
                                directory,
                                config -> ServerConfig.of(root, chosen, transport, new FfmKernel())
                                        .withBind(config.bind())
                                        .withThreads(1)
                                        .withContent(ofDirectory ? site : ContentOptions.PLAIN),
                                channel -> {});
                        RawClient client = server.client()) {
                    Response absent = client.get("/absent");
                    assertEquals(404, absent.status(), chosen.name());
                    assertEquals(ofDirectory ? "<p>nothing here</p>" : longPage, absent.text(), chosen.name());
                    Response unlisted = client.get("/");
                    assertEquals(403, unlisted.status(), chosen.name());
                    assertEquals(ofDirectory ? longPage : Refusal.UNLISTED.text + "\n", unlisted.text(), chosen.name());
                    client.send("HEAD /absent HTTP/1.1\r\nHost: test\r\n\r\n");
                    assertEquals("" + absent.body().length, client.read(false).field("Content-Length"));
                    assertEquals(
                            200,
                            client.get(ofDirectory ? "/docsx" : "/page.txt").status(),
                            "the connection is kept");
                    assertEquals(0, server.server.counters().defects(), chosen.name());
                }
            }
        }
    }

    @Test
    void anErrorPageThatIsMissingIsALineOfText() throws IOException {
        ContentOptions site =
                ContentOptions.PLAIN.withErrorPages(ErrorPages.parse(List.of("404=/gone.html", "405=/both")));
        try (TestServer server = server(site);
                RawClient client = server.client()) {
            assertEquals("There is no such file here.\n", client.get("/absent").text());
            client.send("PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
            assertEquals(405, client.read().status());
            assertEquals(200, client.get("/docsx").status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"200=/x", "404", "404=x", "404=/x/", "404=/../x", "6xx=/x", "4x=/x"})
    void errorPagesThatAreNone(String text) {
        assertThrows(IllegalArgumentException.class, () -> ErrorPages.parse(List.of(text)));
    }

    @Test
    void aWebrootBringsItsOwn() throws IOException {
        Path webroot = webroot();
        try (HttpServer server = HttpServer.start(
                        ServerConfig.of(webroot, ChosenEngine.parse("blocking"), Transport.NIO, new FfmKernel())
                                .withBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                                .withThreads(1));
                RawClient client = new RawClient(server.port())) {
            for (int i = 0; i < 2; i++) {
                Response absent = client.get("/absent");
                assertEquals(404, absent.status());
                assertEquals("the manual's", absent.text());
            }
            assertEquals("manual", client.get("/page.txt").text());
            assertEquals(403, client.get("/").status());
        }
    }
}
