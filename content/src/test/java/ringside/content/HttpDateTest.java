package ringside.content;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpDateTest {

    @ParameterizedTest
    @CsvSource({
        "784111777, 'Sun, 06 Nov 1994 08:49:37 GMT'",
        "0, 'Thu, 01 Jan 1970 00:00:00 GMT'",
        "-1, 'Wed, 31 Dec 1969 23:59:59 GMT'",
        "951782400, 'Tue, 29 Feb 2000 00:00:00 GMT'",
        "9223372036854775807, 'Fri, 31 Dec 9999 23:59:59 GMT'"
    })
    void rfc9110Section5_6_7_fixdate(long epochSeconds, String date) {
        byte[] formatted = HttpDate.format(epochSeconds);
        assertEquals(HttpDate.LENGTH_BYTES, formatted.length);
        assertEquals(date, new String(formatted, StandardCharsets.US_ASCII));
    }

    private static final long NOW = 1_800_000_000; // 2027

    private static long parse(String text) {
        byte[] octets = ("?" + text + "?").getBytes(StandardCharsets.ISO_8859_1);
        return HttpDate.parse(octets, 1, octets.length - 1, NOW);
    }

    @ParameterizedTest
    @CsvSource({
        "'Sun, 06 Nov 1994 08:49:37 GMT', 784111777",
        "'Sunday, 06-Nov-94 08:49:37 GMT', 784111777",
        "'Wednesday, 06-Nov-94 08:49:37 GMT', 784111777",
        "'Sun Nov  6 08:49:37 1994', 784111777",
        "'Sun Nov 16 08:49:37 1994', 784975777",
        "'Thu, 01 Jan 1970 00:00:00 GMT', 0",
        "'Wed, 31 Dec 1969 23:59:59 GMT', -1",
        "'Tue, 29 Feb 2000 00:00:00 GMT', 951782400",
        "'Sat, 31 Dec 2016 23:59:60 GMT', 1483228800",
        "'Friday, 01-Jan-77 00:00:00 GMT', 3376684800",
        "'Saturday, 01-Jan-78 00:00:00 GMT', 252460800"
    })
    void rfc9110Section5_6_7_threeFormsAreRead(String text, long epochSeconds) {
        assertEquals(epochSeconds, parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "'1994'",
        "'Sun, 06 Nov 1994 08:49:37 CET'",
        "'Sun, 06 nov 1994 08:49:37 GMT'",
        "'Son, 06 Nov 1994 08:49:37 GMT'",
        "'Sun, 31 Nov 1994 08:49:37 GMT'",
        "'Sun, 00 Nov 1994 08:49:37 GMT'",
        "'Tue, 29 Feb 1900 00:00:00 GMT'",
        "'Sun, 06 Nov 1994 24:49:37 GMT'",
        "'Sun, 06 Nov 1994 08:60:37 GMT'",
        "'Sun, 06 Nov 1994 08:49:61 GMT'",
        "'Sun, 06 Nov 1994 08.49.37 GMT'",
        "'Sun, 06 Nov 1994 08:49:37 GMT '",
        "'Sun,  6 Nov 1994 08:49:37 GMT'",
        "'Sun, 06-Nov-94 08:49:37 GMT'",
        "'Sunday, 06-Nov-1994 08:49:37 GMT'",
        "'Sunday 06-Nov-94 08:49:37 GMT'",
        "'Sun Nov 6 08:49:37 1994'",
        "'Sun Nov  6 08:49:37 19x4'",
        "'06-Nov-94 08:49:37 GMT'",
        "'784111777'"
    })
    void rfc9110Section5_6_7_nothingElseIs(String text) {
        assertEquals(HttpDate.INVALID, parse(text));
    }
}
