package ringside.content.hosts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Hosts and their names: RFC 9110 §4.2.3, RFC 3986 §3.2.2.
class HostTableTest {

    private final byte[] scratch = HostTable.scratch();

    private static Site site(String name) {
        return new Site(name, SpoiltRoot.SITE.root());
    }

    private String find(HostTable table, String host) {
        // Other octets around it: nothing outside the range counts.
        byte[] octets = ("a[" + host + "]1").getBytes(StandardCharsets.ISO_8859_1);
        int found = table.find(octets, 2, octets.length - 2, scratch);
        return found < 0 ? "none" : table.sites().get(found).source();
    }

    private static HostTable table(Optional<String> otherwise, String... names) {
        Map<String, Site> byName = new HashMap<>();
        for (String name : names) {
            byName.put(HostName.formOf(name).orElseThrow(), site(name));
        }
        return HostTable.of(byName, otherwise.map(HostTableTest::site).orElse(null));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
        example.org               | example.org
        EXAMPLE.Org               | example.org
        example.org:8080          | example.org
        example.org:              | example.org
        example.org.              | example.org
        example.org.:80           | example.org
        example.org..             | none
        example.org:80:80         | none
        example.org:8o            | none
        www.example.org           | none
        example.or                | none
        example%2eorg             | none
        ex_ample-1                | ex_ample-1
        127.0.0.1                 | 127.0.0.1
        127.0.0.1:1               | 127.0.0.1
        [::1]                     | [::1]
        [::1]:8080                | [::1]
        [::1]:                    | [::1]
        [0:0:0:0:0:0:0:1]         | [::1]
        [0000::0.0.0.1]           | [::1]
        [::2]                     | none
        [::1                      | none
        ::1                       | none
        [::1]x                    | none
        [::1%25lo]                | none
        [2001:DB8::A]             | [2001:db8:0::a]
        [2001:db8:0:0:0:0:0:a]    | [2001:db8:0::a]
        [::ffff:192.0.2.1]:80     | [::ffff:c000:201]
        ''                        | none
        .                         | none
        ..                        | none
        .example.org              | none
        example..org              | none
        """)
    void hostsAreComparedByTheirForm(String host, String expected) {
        String[] names = {
            "example.org", "ex_ample-1", "127.0.0.1", "[::1]", "[2001:db8:0::a]", "[::ffff:c000:201]",
        };
        assertEquals(expected, find(table(Optional.empty(), names), host));
        String withRest = expected.equals("none") ? "rest" : expected;
        assertEquals(withRest, find(table(Optional.of("rest"), names), host));
        assertEquals("rest", find(table(Optional.of("rest")), host));
        assertEquals("none", find(table(Optional.empty()), host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "/",
                "a/b",
                "../a",
                "a b",
                "a:80",
                "[::1]:80",
                "ä.example",
                "a\u0000",
                "~",
                "a*",
                "lost+found",
                "[",
                "[]",
                "[:::]",
                "[1:2:3:4:5:6:7]",
                "[1:2:3:4:5:6:7:8:9]",
                "[1::2::3]",
                "[12345::]",
                "[::1.2.3]",
                "[::1.2.3.256]",
                "[::01.2.3.4]",
                "[1:2:3:4:5:6:7::8]",
                "[1:2:3:4:5:6:7:1.2.3.4]",
                "[g::]",
                "[1:]",
                "[:1]",
                "%2e%2e",
                "a\\b"
            })
    void whatIsNoNameHasNoForm(String name) {
        assertEquals(Optional.empty(), HostName.formOf(name));
    }

    @Test
    void aNameHasALimit() {
        assertTrue(HostName.formOf("a".repeat(253)).isPresent());
        assertFalse(HostName.formOf("a".repeat(254)).isPresent());
        assertEquals("none", find(table(Optional.empty(), "a"), "a".repeat(5000)));
    }

    /// The JDK reads addresses too.
    @Test
    void addressesAreWhatTheJdkReads() throws UnknownHostException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String alphabet = "0123456789abcdefABCDEF::::::::";
        int addresses = 0;
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            int length = 2 + random.nextInt(12);
            for (int i = 0; i < length; i++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Optional<String> form = HostName.formOf("[" + text + "]");
            if (form.isPresent()) {
                addresses++;
                byte[] expected = InetAddress.ofLiteral(text.toString()).getAddress();
                String ours = form.get().substring(1);
                // An IPv4-mapped address is the JDK's IPv4 address.
                String theirs = new String(expected, StandardCharsets.ISO_8859_1);
                assertTrue(ours.endsWith(theirs), () -> "seed " + seed + ": " + text);
            } else if (text.indexOf(":") >= 0 && !text.toString().matches(".*[0-9a-fA-F]{5}.*")) {
                // RFC 3986 §3.2.2 has four digits at most, of which the JDK takes more if they are zeros.
                String address = text.toString();
                boolean known;
                try {
                    InetAddress.ofLiteral(address);
                    known = true;
                } catch (IllegalArgumentException e) {
                    known = false;
                }
                assertFalse(known, () -> "seed " + seed + ": the JDK reads " + address);
            }
        }
        assertTrue(addresses > 10, "only " + addresses + " addresses came up, seed " + seed);
    }

    @Test
    void manyHostsAreFoundAmongEachOther() {
        String[] names = new String[5000];
        for (int i = 0; i < names.length; i++) {
            names[i] = "host-" + i + ".example";
        }
        HostTable table = table(Optional.empty(), names);
        for (String name : names) {
            assertEquals(name, find(table, name));
        }
        assertEquals("none", find(table, "host-5000.example"));
        assertEquals(5000, table.sites().size());
    }

    @Test
    void oneSiteMayHaveManyNames() {
        Site shared = site("shared");
        HostTable table = HostTable.of(Map.of("a", shared, "b", shared), shared);
        assertEquals(1, table.sites().size());
        assertFalse(table.isSingle());
        assertTrue(HostTable.of(shared).isSingle());
        assertTrue(table.isSame(HostTable.of(Map.of("b", shared, "a", shared), shared)));
        assertFalse(table.isSame(HostTable.of(Map.of("b", shared, "a", shared), null)));
        assertFalse(table.isSame(HostTable.of(Map.of("b", shared, "a", site("shared")), shared)));
    }
}
