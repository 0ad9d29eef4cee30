package ringside.server;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import ringside.content.HttpDate;

/// One second of the server's coarse time.
final class Tick {

    private static final DateTimeFormatter LOG_DATE = DateTimeFormatter.ofPattern(
                    "'['dd/MMM/uuuu:HH:mm:ss +0000']'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /// Counts up and never goes back, whatever is done to the wall clock.
    final long second;
    /// For `Date`: [HttpDate#LENGTH_BYTES] octets. Read only.
    final byte[] httpDate;
    /// Seconds since 1970.
    final long wallSeconds;
    /// For the access log: `[10/Oct/2000:13:55:36 +0000]`. Read only.
    final byte[] logDate;

    Tick(long second, Instant wallClock) {
        this.second = second;
        this.wallSeconds = wallClock.getEpochSecond();
        this.httpDate = HttpDate.format(wallClock.getEpochSecond());
        this.logDate = LOG_DATE.format(wallClock).getBytes(StandardCharsets.US_ASCII);
    }
}
