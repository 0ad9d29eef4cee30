package ringside.bench.nginx;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The requests that both servers are asked, each written out. `$TAG` stands for the entity tag that the server asked
/// gives to `/data.txt`.
final class RawRequests {

    /// When every file of the tree was modified.
    static final String MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";

    private static final String BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";
    private static final String AFTER = "Sun, 06 Nov 1994 08:49:38 GMT";

    private static final String[] TARGETS = {
        "/",
        "/index.html",
        "/data.txt",
        "/data.txt?a=b",
        "/data.txt?",
        "/data.txt?/../..",
        "/empty.txt",
        "/page.html",
        "/image.png",
        "/absent",
        "/absent/",
        "/sub",
        "/sub/",
        "/sub?a=b",
        "/sub/index.html",
        "/sub/.",
        "/sub/..",
        "/sub/./index.html",
        "/sub//index.html",
        "//data.txt",
        "/sub/../data.txt",
        "/sub/%2e%2e/data.txt",
        "/sub%2findex.html",
        "/sub%2Findex.html",
        "/sub/index.html/",
        "/data.txt/",
        "/data.txt/more",
        "/noindex",
        "/noindex/",
        "/.hidden",
        "/with%20space.txt",
        "/with+space.txt",
        "/100%25.txt",
        "/100%.txt",
        "/100%2",
        "/%64ata.txt",
        "/%2564ata.txt",
        "/data%2etxt",
        "/data.txt%00",
        "/data.txt%0a",
        "/%C3%BCmlaut.txt",
        "/%c3%bcmlaut.txt",
        "/\u00c3\u00bcmlaut.txt",
        "/%FCmlaut.txt",
        "/..",
        "/../data.txt",
        "/%2e%2e/data.txt",
        "/sub/../../data.txt",
        "/...",
        "/data.txt#fragment",
        "/inside.txt",
        "/outside.txt",
        "/loop.txt",
        "/DATA.TXT",
        "/data.txt;a=b",
        "/data.txt:80",
        "/\\data.txt",
        "/a|b",
        "/a\"b",
        "/a^b",
        "/" + "a".repeat(300),
        "http://test/data.txt",
        "http://test",
        "HTTP://TEST/data.txt",
        "https://test/data.txt",
        "http://other:81/data.txt?x",
        "http:///data.txt",
        "http://me@test/data.txt",
        "data.txt",
        "*",
        "ftp://test/data.txt"
    };

    private static final String[] CONDITIONS = {
        "If-Match: $TAG",
        "If-Match: *",
        "If-Match: \"a\"",
        "If-Match: \"a\", $TAG",
        "If-Match: W/$TAG",
        "If-Match: a",
        "If-Match: \"a\"\r\nIf-Match: $TAG",
        "If-None-Match: $TAG",
        "If-None-Match: *",
        "If-None-Match: \"a\"",
        "If-None-Match: \"a\", $TAG",
        "If-None-Match: \"a\",$TAG , \"b\"",
        "If-None-Match: W/$TAG",
        "If-None-Match: W/\"a\", W/$TAG",
        "If-None-Match: w/$TAG",
        "If-None-Match: a",
        "If-None-Match: \"a,b\", $TAG",
        "If-None-Match: \"a\"\r\nIf-None-Match: $TAG",
        "If-Modified-Since: " + MODIFIED,
        "If-Modified-Since: " + BEFORE,
        "If-Modified-Since: " + AFTER,
        "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT",
        "If-Modified-Since: Sun Nov  6 08:49:37 1994",
        "If-Modified-Since: Sun, 06 Nov 2094 08:49:37 GMT",
        "If-Modified-Since: nonsense",
        "If-Modified-Since: 784111777",
        "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 +0000",
        "If-Unmodified-Since: " + MODIFIED,
        "If-Unmodified-Since: " + BEFORE,
        "If-Unmodified-Since: " + AFTER,
        "If-Unmodified-Since: Sunday, 06-Nov-94 08:49:36 GMT",
        "If-Unmodified-Since: nonsense",
        "If-None-Match: $TAG\r\nIf-Modified-Since: " + BEFORE,
        "If-None-Match: \"a\"\r\nIf-Modified-Since: " + MODIFIED,
        "If-Match: $TAG\r\nIf-Unmodified-Since: " + BEFORE,
        "If-Match: \"a\"\r\nIf-Unmodified-Since: " + AFTER,
        "If-Match: \"a\"\r\nIf-None-Match: $TAG",
        "If-Match: $TAG\r\nIf-None-Match: $TAG",
        "If-Unmodified-Since: " + BEFORE + "\r\nIf-None-Match: $TAG",
        "If-None-Match: $TAG\r\nRange: bytes=0-0",
        "If-Match: $TAG\r\nRange: bytes=0-0",
        "If-Match: \"a\"\r\nRange: bytes=0-0"
    };

    private static final String[] RANGES = {
        "bytes=0-0",
        "bytes=0-99",
        "bytes=0-",
        "bytes=999-999",
        "bytes=999-",
        "bytes=990-2000",
        "bytes=-1",
        "bytes=-1000",
        "bytes=-2000",
        "bytes=-0",
        "bytes=1000-",
        "bytes=1000-1001",
        "bytes=5-4",
        "bytes=a-b",
        "bytes=",
        "bytes=-",
        "bytes",
        "bytes=0",
        "bytes=+0-1",
        "bytes =0-1",
        "bytes= 0-1",
        "bytes=0 - 1",
        "bytes=0-1 ",
        "BYTES=0-1",
        "lines=0-1",
        "bytes=0-0,500-500",
        "bytes=0-0, 500-500 ,900-",
        "bytes=900-,0-0",
        "bytes=-1,0-0",
        "bytes=0-99,50-149",
        "bytes=0-99,100-199",
        "bytes=0-99,110-199",
        "bytes=0-0,2000-",
        "bytes=2000-,3000-",
        "bytes=0-0,5-4",
        "bytes=0-0,,500-500",
        "bytes=,0-0",
        "bytes=0-,0-,0-,0-",
        "bytes=0-0,200-200,400-400,600-600,800-800",
        "bytes=0-0,100-100,200-200,300-300,400-400,500-500,600-600,700-700,800-800,900-900,"
                + "150-150,250-250,350-350,450-450,550-550,650-650,750-750",
        "bytes=0-99999999999999999999",
        "bytes=99999999999999999999-",
        "bytes=-99999999999999999999",
        "bytes=9223372036854775807-9223372036854775807",
        "bytes=00-01",
        "bytes=0-0;a"
    };

    private static final String[] RANGE_CONDITIONS = {
        "Range: bytes=0-0\r\nIf-Range: $TAG",
        "Range: bytes=0-0\r\nIf-Range: W/$TAG",
        "Range: bytes=0-0\r\nIf-Range: \"a\"",
        "Range: bytes=0-0\r\nIf-Range: " + MODIFIED,
        "Range: bytes=0-0\r\nIf-Range: " + BEFORE,
        "Range: bytes=0-0\r\nIf-Range: " + AFTER,
        "Range: bytes=0-0\r\nIf-Range: Sunday, 06-Nov-94 08:49:37 GMT",
        "Range: bytes=0-0\r\nIf-Range: nonsense",
        "Range: bytes=2000-\r\nIf-Range: \"a\"",
        "If-Range: \"a\"",
        "Range: bytes=0-0\r\nRange: bytes=1-1",
        "Accept-Encoding: gzip",
        "Accept-Encoding: identity;q=0",
        "Accept: image/png"
    };

    private static final String HOST = "Host: test\r\n";

    private static final String[] HEADS = {
        "GET /data.txt HTTP/1.0\r\n\r\n",
        "GET /data.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "GET /data.txt HTTP/1.0\r\n" + HOST + "Range: bytes=0-0\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "Connection: Close, x\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "Connection: keep-alive\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + HOST + "\r\n",
        "GET /data.txt HTTP/1.1\r\nHost:\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\nHost: test:81\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\nHost: [::1]\r\n\r\n",
        "GET /data.txt HTTP/1.2\r\n" + HOST + "\r\n",
        "GET /data.txt HTTP/1.10\r\n" + HOST + "\r\n",
        "GET /data.txt HTTP/2.0\r\n" + HOST + "\r\n",
        "GET /data.txt HTTP/0.9\r\n" + HOST + "\r\n",
        "GET /data.txt http/1.1\r\n" + HOST + "\r\n",
        "GET /data.txt HTTP/1\r\n" + HOST + "\r\n",
        "GET /data.txt HTTP/1.1 \r\n" + HOST + "\r\n",
        "GET /data.txt  HTTP/1.1\r\n" + HOST + "\r\n",
        "GET  /data.txt HTTP/1.1\r\n" + HOST + "\r\n",
        " GET /data.txt HTTP/1.1\r\n" + HOST + "\r\n",
        "\r\nGET /data.txt HTTP/1.1\r\n" + HOST + "\r\n",
        "\r\n\r\nGET /data.txt HTTP/1.1\r\n" + HOST + "\r\n",
        "GET\t/data.txt HTTP/1.1\r\n" + HOST + "\r\n",
        ("GET /data.txt HTTP/1.1\r\n" + HOST + "\r\n").replace("\r", ""),
        "GET /data.txt HTTP/1.1\r\n" + HOST + "\n",
        "get /data.txt HTTP/1.1\r\n" + HOST + "\r\n",
        "G@T /data.txt HTTP/1.1\r\n" + HOST + "\r\n",
        "BREW /data.txt HTTP/1.1\r\n" + HOST + "\r\n",
        "TRACE /data.txt HTTP/1.1\r\n" + HOST + "\r\n",
        "DELETE /data.txt HTTP/1.1\r\n" + HOST + "\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "X : y\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + ": y\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "X\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "X: y\r\n z\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "X: a\0b\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "X: a\1b\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "X: a\rb\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "X_Y: z\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "X@Y: z\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "X: \u00e4\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\n12345",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "Content-Length: +5\r\n\r\n12345",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "Content-Length: 5a\r\n\r\n12345",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n12345",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "Content-Length: 5, 5\r\n\r\n12345",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "Transfer-Encoding: gzip\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "GET /data.txt HTTP/1.1\r\n" + HOST + "X: " + "a".repeat(9000) + "\r\n\r\n",
        "GET /" + "a".repeat(9000) + " HTTP/1.1\r\n" + HOST + "\r\n"
    };

    private RawRequests() {}

    /// In the order in which they are asked: those that need a strong entity tag come last.
    static List<String> all() {
        Set<String> requests = new LinkedHashSet<>(List.of(HEADS));
        for (String target : TARGETS) {
            requests.add(request("GET", target, ""));
        }
        for (String target : TARGETS) {
            if (target.length() < 100) {
                requests.add(request("HEAD", target, ""));
            }
        }
        for (String range : RANGES) {
            requests.add(request("GET", "/data.txt", "Range: " + range + "\r\n"));
        }
        for (String range : List.of("bytes=0-0", "bytes=0-", "bytes=-5", "bytes=5-")) {
            requests.add(request("GET", "/empty.txt", "Range: " + range + "\r\n"));
            requests.add(request("HEAD", "/data.txt", "Range: " + range + "\r\n"));
            requests.add(request("GET", "/absent", "Range: " + range + "\r\n"));
        }
        List<String> conditional = new ArrayList<>();
        for (String condition : CONDITIONS) {
            conditional.add(request("GET", "/data.txt", condition + "\r\n"));
            conditional.add(request("HEAD", "/data.txt", condition + "\r\n"));
        }
        for (String condition : RANGE_CONDITIONS) {
            conditional.add(request("GET", "/data.txt", condition + "\r\n"));
        }
        for (String target : List.of("/absent", "/sub")) {
            conditional.add(request("GET", target, "If-Match: \"a\"\r\n"));
            conditional.add(request("GET", target, "If-None-Match: *\r\n"));
            conditional.add(request("GET", target, "If-Modified-Since: " + AFTER + "\r\n"));
        }
        requests.addAll(conditional);
        return List.copyOf(requests);
    }

    private static String request(String method, String target, String fields) {
        return method + " " + target + " HTTP/1.1\r\n" + HOST + fields + "\r\n";
    }
}
