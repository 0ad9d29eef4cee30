package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.engines.Transport;

class CacheRuleTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/assets/**     | /assets/a/b.css | true",
                "/assets/**     | /assets/        | true",
                "/assets/**     | /assets         | false",
                "/assets/*      | /assets/b.css   | true",
                "/assets/*      | /assets/a/b.css | false",
                "*.css          | /assets/a/b.css | true",
                "*.css          | /b.css          | true",
                "*.css          | /b.css/c        | false",
                "*.{css,js}     | /a/b.js         | true",
                "*.{css,js}     | /a/b.json       | false",
                "/              | /               | true",
                "/              | /a              | false",
                "/a?c           | /abc            | true",
                "/a?c           | /a/c            | false",
                "**             | /anything/at    | true",
                "/a.c           | /abc            | false",
                "/[ab]+(c)      | /[ab]+(c)       | true"
            })
    void patternsMatchPaths(String pattern, String path, boolean matches) {
        CacheRule rule = CacheRule.of(List.of(CacheRule.parse(pattern + "=no-cache")), path);
        assertEquals(matches, !rule.isNone());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-cache",
                "public, max-age=31536000, immutable",
                "private,max-age=0 , no-cache=\"Set-Cookie\"",
                "stale-while-revalidate=60",
                "extension=\"a, b\\\"c\"",
                "max-age=2147483647"
            })
    void valuesOfRfc9111AreTaken(String value) {
        assertEquals(value, CacheRule.parse("/**=" + value).value());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/**",
                "/**=",
                "=no-cache",
                "a/b=no-cache",
                "/{a,{b}}=no-cache",
                "/{a=no-cache",
                "/**=max-age",
                "/**=max-age=-1",
                "/**=max-age=1h",
                "/**=max-age=\"5\"",
                "/**=max-age=2147483648",
                "/**=no-cache no-store",
                "/**=no-cache,,no-store",
                "/**=no-cache,",
                "/**=max-age=1, Max-Age=2",
                "/**=public, private",
                "/**=a=\"b",
                "/**=no-cache\r\nX: y"
            })
    void whatIsNoneIsRefused(String rule) {
        String message = assertThrows(IllegalArgumentException.class, () -> CacheRule.parse(rule))
                .toString();
        assertTrue(message.contains("'"), message);
    }

    /// RFC 9111 §5.2.2, §5.3; RFC 9110 §15.4.5 for 304.
    @Test
    void theFirstRuleThatMatchesIsSent(@TempDir Path directory) throws IOException {
        List<CacheRule> rules = List.of(
                CacheRule.parse("/small.*=public, max-age=90, immutable"),
                CacheRule.parse("/sub/**=no-cache"),
                CacheRule.parse("*.txt=max-age=5"));
        try (TestServer server = new TestServer(
                        Transport.NIO, directory, config -> config.withCacheRules(rules), channel -> {});
                RawClient client = server.client()) {
            Response small = client.get("/small.txt");
            assertEquals("public, max-age=90, immutable", small.field("Cache-Control"));
            assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", small.field("Date"));
            assertEquals("Sun, 06 Nov 1994 08:51:07 GMT", small.field("Expires"));
            server.clock.advance(10);
            Response later = client.get("/small.txt");
            assertEquals("Sun, 06 Nov 1994 08:49:47 GMT", later.field("Date"));
            assertEquals("Sun, 06 Nov 1994 08:51:17 GMT", later.field("Expires"), "it goes with Date");
            client.send("GET /small.txt HTTP/1.1\r\nHost: test\r\nIf-None-Match: *\r\n\r\n");
            Response unmodified = client.read(false);
            assertEquals(304, unmodified.status());
            assertEquals("public, max-age=90, immutable", unmodified.field("Cache-Control"));
            assertEquals("Sun, 06 Nov 1994 08:51:17 GMT", unmodified.field("Expires"));
            client.send("GET /small.txt HTTP/1.1\r\nHost: test\r\nRange: bytes=0-1\r\n\r\n");
            assertEquals("public, max-age=90, immutable", client.read().field("Cache-Control"));
            Response sub = client.get("/sub/");
            assertEquals("no-cache", sub.field("Cache-Control"));
            assertEquals("", sub.field("Expires"));
            assertEquals("max-age=5", client.get("/empty.txt").field("Cache-Control"));
            assertEquals("", client.get("/").field("Cache-Control"));
            assertEquals("", client.get("/absent.txt").field("Cache-Control"));
        }
    }
}
