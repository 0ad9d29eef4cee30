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
}
