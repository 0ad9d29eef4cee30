package ringside.content;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Dates as HTTP writes them: IMF-fixdate, RFC 9110 §5.6.7, `Sun, 06 Nov 1994 08:49:37 GMT`. Read are the two obsolete
/// forms too: `Sunday, 06-Nov-94 08:49:37 GMT` (RFC 850) and `Sun Nov  6 08:49:37 1994` (asctime(3)).
public final class HttpDate {

    /// Every date is this long, from the year 0 to 9999.
    public static final int LENGTH_BYTES = 29;

    /// What [#parse] makes of octets that are no date.
    public static final long INVALID = Long.MIN_VALUE;

    private static final int ASCTIME_BYTES = 24;
    /// Of a date of RFC 850, what follows the day's name and the comma: ` 06-Nov-94 08:49:37 GMT`.
    private static final int RFC_850_BYTES = 23;
    /// RFC 9110 §5.6.7: a year of two digits that seems to lie further ahead is one of the century before.
    private static final int YEARS_AHEAD_MAX = 50;

    private static final String[] DAYS = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

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

    /// Reads a date in any of the three forms. The day's name must be one, but not the right one.
    ///
    /// @param to after its last octet
    /// @param nowSeconds since 1970: decides the century of a year of two digits
    /// @return seconds since 1970, or [#INVALID]
    public static long parse(byte[] octets, int from, int to, long nowSeconds) {
        int length = to - from;
        if (length == LENGTH_BYTES && octets[from + 3] == ',') {
            boolean shaped = isDay(octets, from, from + 3, false)
                    && is(octets, from + 4, " ")
                    && is(octets, from + 7, " ")
                    && is(octets, from + 11, " ")
                    && is(octets, from + 16, " ")
                    && is(octets, from + 25, " GMT");
            int year = digits(octets, from + 12, 4);
            return shaped ? seconds(octets, year, from + 8, digits(octets, from + 5, 2), from + 17) : INVALID;
        }
        if (length == ASCTIME_BYTES && octets[from + 3] == ' ') {
            boolean shaped = isDay(octets, from, from + 3, false)
                    && is(octets, from + 7, " ")
                    && is(octets, from + 10, " ")
                    && is(octets, from + 19, " ");
            int day = octets[from + 8] == ' ' ? digits(octets, from + 9, 1) : digits(octets, from + 8, 2);
            return shaped ? seconds(octets, digits(octets, from + 20, 4), from + 4, day, from + 11) : INVALID;
        }
        int rest = to - RFC_850_BYTES;
        boolean shaped = rest - 1 > from
                && is(octets, rest - 1, ", ")
                && isDay(octets, from, rest - 1, true)
                && is(octets, rest + 3, "-")
                && is(octets, rest + 7, "-")
                && is(octets, rest + 10, " ")
                && is(octets, rest + 19, " GMT");
        if (!shaped) {
            return INVALID;
        }
        int year = fullYear(digits(octets, rest + 8, 2), nowSeconds);
        return seconds(octets, year, rest + 4, digits(octets, rest + 1, 2), rest + 11);
    }

    private static int fullYear(int twoDigits, long nowSeconds) {
        if (twoDigits < 0) {
            return twoDigits;
        }
        int now = Instant.ofEpochSecond(Math.clamp(nowSeconds, SECONDS_MIN, SECONDS_MAX))
                .atOffset(ZoneOffset.UTC)
                .getYear();
        int year = now - now % 100 + twoDigits;
        return year > now + YEARS_AHEAD_MAX ? year - 100 : year;
    }

    /// @param month where its three letters are
    /// @param time where `08:49:37` is
    private static long seconds(byte[] octets, int year, int month, int day, int time) {
        int monthOfYear = month(octets, month);
        int hour = digits(octets, time, 2);
        int minute = digits(octets, time + 3, 2);
        int second = digits(octets, time + 6, 2);
        boolean valid = year >= 0
                && monthOfYear > 0
                && day >= 1
                && hour >= 0
                && hour < 24
                && minute >= 0
                && minute < 60
                && second >= 0
                // A leap second.
                && second <= 60
                && is(octets, time + 2, ":")
                && is(octets, time + 5, ":");
        if (!valid || day > Month.of(monthOfYear).length(Year.isLeap(year))) {
            return INVALID;
        }
        return LocalDate.of(year, monthOfYear, day).toEpochDay() * 86_400 + hour * 3_600L + minute * 60L + second;
    }

    private static int month(byte[] octets, int at) {
        for (int month = 0; month < 12; month++) {
            if (matches(octets, at, MONTHS, 3 * month, 3)) {
                return month + 1;
            }
        }
        return 0;
    }

    /// @param whole whether the name is written out
    private static boolean isDay(byte[] octets, int from, int to, boolean whole) {
        for (String day : DAYS) {
            if (to - from == (whole ? day.length() : 3) && matches(octets, from, day, 0, to - from)) {
                return true;
            }
        }
        return false;
    }

    private static boolean is(byte[] octets, int at, String text) {
        return matches(octets, at, text, 0, text.length());
    }

    private static boolean matches(byte[] octets, int at, String text, int from, int length) {
        for (int i = 0; i < length; i++) {
            if (octets[at + i] != text.charAt(from + i)) {
                return false;
            }
        }
        return true;
    }

    /// @return −1 if one of them is no digit
    private static int digits(byte[] octets, int at, int count) {
        int value = 0;
        for (int i = at; i < at + count; i++) {
            int digit = octets[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return value;
    }
}
