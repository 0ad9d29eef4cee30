package ringside.content;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Dates as HTTP writes them: IMF-fixdate, RFC 9110 §5.6.7, `Sun, 06 Nov 1994 08:49:37 GMT`.
public final class HttpDate {

    /// Every date is this long, from the year 0 to 9999.
    public static final int LENGTH_BYTES = 29;

    private static final long SECONDS_MIN =
            Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
    private static final long SECONDS_MAX =
            Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private HttpDate() {}

    /// @param epochSeconds since 1970; brought into the years that HTTP can write
    /// @return 29 bytes of ASCII
    public static byte[] format(long epochSeconds) {
        Instant instant = Instant.ofEpochSecond(Math.clamp(epochSeconds, SECONDS_MIN, SECONDS_MAX));
        return FORMAT.format(instant).getBytes(StandardCharsets.US_ASCII);
    }
}
