package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.content.Encoding;

/// RFC 9110 §12.5.3, by the qualities that a field comes to, in thousandths: gzip, br, zstd, plain.
class AcceptEncodingTest {

    private final AcceptEncoding accept = new AcceptEncoding();

    private void read(String... values) {
        StringBuilder head = new StringBuilder("X");
        FieldLines lines = new FieldLines();
        for (String value : values) {
            lines.add(head.length(), head.length() + value.length());
            head.append(value).append("\r\n");
        }
        accept.read(head.toString().getBytes(StandardCharsets.ISO_8859_1), lines);
    }

    private String qualities() {
        return accept.quality(Encoding.GZIP) + " " + accept.quality(Encoding.BR) + " " + accept.quality(Encoding.ZSTD)
                + " " + accept.acceptsPlain();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "''                              | 0 0 0 true",
                "gzip                            | 1000 0 0 true",
                "gzip, br, zstd                  | 1000 1000 1000 true",
                "GZip                            | 1000 0 0 true",
                "x-gzip                          | 1000 0 0 true",
                "*                               | 1000 1000 1000 true",
                "*;q=0                           | 0 0 0 false",
                "identity;q=0                    | 0 0 0 false",
                "*;q=0, identity                 | 0 0 0 true",
                "*;q=0, identity;q=0.001         | 0 0 0 true",
                "gzip;q=0, *                     | 0 1000 1000 true",
                "gzip;q=0.5 , br ; Q=0.25        | 500 250 0 true",
                "gzip;q=1.000, br;q=0.000        | 1000 0 0 true",
                "gzip;q=1., br;q=0.              | 1000 0 0 true",
                "gzip;q=1.001, br;q=2, zstd;q=-1 | 0 0 0 true",
                "gzip;q=0.1234, br;q=, zstd;q    | 0 0 0 true",
                "gzip;level=9                    | 0 0 0 true",
                ",, gzip ,,                      | 1000 0 0 true",
                "deflate, compress               | 0 0 0 true",
                "gzip;q=0.2, gzip;q=0.7          | 700 0 0 true",
                "gzipped, gz ip                  | 0 0 0 true"
            })
    void qualitiesAreAsTheFieldSays(String value, String expected) {
        read(value);
        assertEquals(expected, qualities());
    }

    @Test
    void nothingSaidIsNothingTaken() {
        read();
        assertEquals("0 0 0 true", qualities());
        assertNull(accept.preferred(List.of(Encoding.values())));
    }

    @Test
    void linesAreOneList() {
        read("gzip;q=0.5", "br;q=0.25", "identity;q=0");
        assertEquals("500 250 0 false", qualities());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "gzip, br                    | BR",
                "gzip, br;q=0.9              | GZIP",
                "*                           | ",
                "identity;q=0, *             | ZSTD",
                "identity;q=0.5, gzip;q=0.5  | ",
                "identity;q=0.5, gzip;q=0.6  | GZIP",
                "deflate                     | ",
                "*;q=0                       | "
            })
    void preferredIsTheMostWelcome(String value, String expected) {
        read(value);
        Encoding preferred = accept.preferred(List.of(Encoding.ZSTD, Encoding.BR, Encoding.GZIP));
        assertEquals(expected == null ? "" : expected, preferred == null ? "" : preferred.name());
    }
}
