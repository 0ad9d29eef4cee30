package ringside.server;

import java.util.ArrayList;
import java.util.List;

/// Requests for stored files and what each must be answered with, by the section that says so.
final class AnswerRows {

    /// Of every file.
    static final String MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";

    /// The length of `/data.bin`.
    static final int DATA_BYTES = 300_001;

    /// Stands for the tag of the file that is asked for.
    static final String TAG = "$TAG";

    /// Stands for the tag of its gzip form.
    static final String GZIP_TAG = "$GZIP";

    /// From the first to the last byte.
    record Span(long first, long last) {}

    /// A request and its answer.
    ///
    /// @param ranges of `/data.bin` that the body is to be made of; empty for another body
    /// @param shown fields of the answer
    record Row(String name, String line, List<String> fields, int status, List<Span> ranges, List<String> shown) {

        Row shows(String... more) {
            List<String> all = new ArrayList<>(shown);
            all.addAll(List.of(more));
            return new Row(name, line, fields, status, ranges, all);
        }
    }

    private static Row row(String name, int status, String... fields) {
        return new Row(name, "GET /data.bin", List.of(fields), status, List.of(), List.of());
    }

    private static Row head(String name, int status, String... fields) {
        return new Row(name, "HEAD /data.bin", List.of(fields), status, List.of(), List.of());
    }

    private static Row of(String target, Row row) {
        return new Row(row.name, "GET " + target, row.fields, row.status, row.ranges, row.shown);
    }

    private static Row range(String name, String range, long... firstsAndLasts) {
        List<Span> ranges = new ArrayList<>();
        for (int i = 0; i < firstsAndLasts.length; i += 2) {
            ranges.add(new Span(firstsAndLasts[i], firstsAndLasts[i + 1]));
        }
        return new Row(name, "GET /data.bin", List.of("Range: " + range), 206, ranges, List.of());
    }

    private static final long END = DATA_BYTES - 1;

    static final List<Row> CONDITIONS = List.of(
            row("RFC 9110 §8.8.3 a strong entity tag", 200).shows("ETag: " + TAG, "Last-Modified: " + MODIFIED),
            row("RFC 9110 §14.3 Accept-Ranges", 200).shows("Accept-Ranges: bytes"),
            row("RFC 9110 §13.1.1 If-Match, the tag", 200, "If-Match: " + TAG),
            row("RFC 9110 §13.1.1 If-Match, any", 200, "If-Match: *"),
            row("RFC 9110 §13.1.1 If-Match, in a list", 200, "If-Match: \"a\", " + TAG + ",\"b\""),
            row("RFC 9110 §13.1.1 If-Match, in a second line", 200, "If-Match: \"a\"", "If-Match: " + TAG),
            row("RFC 9110 §13.1.1 If-Match, another tag", 412, "If-Match: \"a\""),
            row("RFC 9110 §13.1.1 If-Match compares strongly", 412, "If-Match: W/" + TAG),
            row("RFC 9110 §13.1.1 If-Match, not well-formed", 412, "If-Match: nothing"),
            row("RFC 9110 §13.1.1 If-Match, empty", 412, "If-Match:"),
            head("RFC 9110 §13.1.1 If-Match for HEAD", 412, "If-Match: \"a\""),
            row("RFC 9110 §13.1.4 If-Unmodified-Since, the date", 200, "If-Unmodified-Since: " + MODIFIED),
            row("RFC 9110 §13.1.4 later", 200, "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:38 GMT"),
            row("RFC 9110 §13.1.4 earlier", 412, "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT"),
            row("RFC 9110 §13.1.4 no date", 200, "If-Unmodified-Since: yesterday"),
            row(
                    "RFC 9110 §13.1.4 twice",
                    200,
                    "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT",
                    "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT"),
            row("RFC 9110 §13.1.2 If-None-Match, the tag", 304, "If-None-Match: " + TAG)
                    .shows("ETag: " + TAG),
            row("RFC 9110 §13.1.2 compares weakly", 304, "If-None-Match: W/" + TAG),
            row("RFC 9110 §13.1.2 any", 304, "If-None-Match: *"),
            row("RFC 9110 §13.1.2 another tag", 200, "If-None-Match: \"a\""),
            row("RFC 9110 §13.1.2 a list", 304, "If-None-Match: \"a\", W/\"b\" ,," + TAG),
            row("RFC 9110 §13.1.2 a list without it", 200, "If-None-Match: \"a\", W/\"b\""),
            row("RFC 9110 §13.1.2 lines", 304, "If-None-Match: \"a\"", "If-None-Match: \"b\"", "If-None-Match: " + TAG),
            row("RFC 9110 §8.8.3 commas within a tag", 304, "If-None-Match: \"a,b,\"," + TAG),
            row("RFC 9110 §8.8.3 a tag is case-sensitive", 200, "If-None-Match: w/" + TAG),
            row("RFC 9110 §8.8.3 without quotes", 200, "If-None-Match: a, b"),
            head("RFC 9110 §13.1.2 for HEAD", 304, "If-None-Match: " + TAG),
            row("RFC 9110 §13.1.3 If-Modified-Since, the date", 304, "If-Modified-Since: " + MODIFIED),
            row("RFC 9110 §13.1.3 later", 304, "If-Modified-Since: Sun, 06 Nov 1994 08:49:38 GMT"),
            row("RFC 9110 §13.1.3 earlier", 200, "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT"),
            row("RFC 9110 §5.6.7 RFC 850's date", 304, "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT"),
            row("RFC 9110 §5.6.7 RFC 850's date, earlier", 200, "If-Modified-Since: Sunday, 06-Nov-94 08:49:36 GMT"),
            row("RFC 9110 §5.6.7 asctime's date", 304, "If-Modified-Since: Sun Nov  6 08:49:37 1994"),
            row("RFC 9110 §5.6.7 asctime's date, earlier", 200, "If-Modified-Since: Sun Nov  6 08:49:36 1994"),
            row("RFC 9110 §13.1.3 no date", 200, "If-Modified-Since: 1994"),
            row("RFC 9110 §13.1.3 no such day", 200, "If-Modified-Since: Sun, 31 Feb 2030 08:49:37 GMT"),
            head("RFC 9110 §13.1.3 for HEAD", 304, "If-Modified-Since: " + MODIFIED),
            row(
                    "RFC 9110 §13.2.2 If-Match goes before If-Unmodified-Since",
                    200,
                    "If-Match: " + TAG,
                    "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT"),
            row(
                    "RFC 9110 §13.2.2 If-None-Match goes before If-Modified-Since",
                    200,
                    "If-None-Match: \"a\"",
                    "If-Modified-Since: " + MODIFIED),
            row(
                    "RFC 9110 §13.2.2 and the other way",
                    304,
                    "If-None-Match: " + TAG,
                    "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT"),
            row(
                    "RFC 9110 §13.2.2 If-Match fails before If-None-Match",
                    412,
                    "If-Match: \"a\"",
                    "If-None-Match: " + TAG),
            row("RFC 9110 §13.2.2 If-Match holds, If-None-Match too", 304, "If-Match: *", "If-None-Match: " + TAG),
            row(
                    "RFC 9110 §13.2.2 If-Unmodified-Since fails before If-None-Match",
                    412,
                    "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT",
                    "If-None-Match: " + TAG),
            row("RFC 9110 §13.2.2 a condition goes before a range", 304, "If-None-Match: " + TAG, "Range: bytes=0-0"),
            row("RFC 9110 §13.2.2 and before one that can't be", 412, "If-Match: \"a\"", "Range: bytes=999999-"),
            of("/absent", row("RFC 9110 §13.2.1 conditions of what isn't there", 404, "If-Match: \"a\"")),
            of("/sub", row("RFC 9110 §13.2.1 conditions of a redirect", 301, "If-None-Match: *")));

    static final List<Row> RANGES = List.of(
            range("RFC 9110 §14.1.2 the first 500 bytes", "bytes=0-499", 0, 499),
            range("RFC 9110 §14.1.2 the first byte", "bytes=0-0", 0, 0),
            range("RFC 9110 §14.1.2 the last byte by position", "bytes=300000-300000", END, END),
            range("RFC 9110 §14.1.2 the last byte by suffix", "bytes=-1", END, END),
            range("RFC 9110 §14.1.2 the last 500 bytes", "bytes=-500", END - 499, END),
            range("RFC 9110 §14.1.2 from a position on", "bytes=299000-", 299_000, END),
            range("RFC 9110 §14.1.2 from the beginning on", "bytes=0-", 0, END),
            range("RFC 9110 §14.1.2 past the end", "bytes=299000-999999", 299_000, END),
            range("RFC 9110 §14.1.2 a suffix longer than the file", "bytes=-999999", 0, END),
            range("RFC 9110 §14.1.2 a position beyond a long", "bytes=1-99999999999999999999", 1, END),
            range("RFC 9110 §14.1 units in any case", "Bytes=4095-4096", 4095, 4096),
            range("RFC 9110 §14.2 across the pages and chunks of the engine", "bytes=1-270000", 1, 270_000),
            range("RFC 9110 §14.1.1 blanks and empty elements", "bytes= , 0-4 ,,", 0, 4),
            range("RFC 9110 §14.6 two parts", "bytes=0-99,200000-200999", 0, 99, 200_000, 200_999),
            range(
                    "RFC 9110 §15.3.7.2 in the order asked for",
                    "bytes=-5, 5000-5001, 0-0",
                    END - 4,
                    END,
                    5000,
                    5001,
                    0,
                    0),
            range("RFC 9110 §14.6 large parts", "bytes=0-99999,200000-", 0, 99_999, 200_000, END),
            range("RFC 9110 §15.3.7.2 overlapping ranges become one", "bytes=0-499,400-899", 0, 899),
            range("RFC 9110 §15.3.7.2 adjoining ranges become one", "bytes=500-899,0-499", 0, 899),
            range("RFC 9110 §15.3.7.2 so do those with a gap smaller than a part's lines", "bytes=0-9,50-59", 0, 59),
            range("RFC 9110 §15.3.7.2 a bridge joins its neighbours", "bytes=0-9,1000-1009,10-999", 0, 1009),
            range("RFC 9110 §14.2 what can't be is left out", "bytes=999999-,0-0", 0, 0),
            range("RFC 9110 §14.2 sixteen parts", sixteen(), sixteenRanges()),
            range("RFC 9110 §17.15 the same range sixteen times is sent once", "bytes=" + "0-,".repeat(16), 0, END),
            row("RFC 9110 §17.15 seventeen ranges are none", 200, "Range: " + sixteen() + ",0-0"),
            row("RFC 9110 §14.2 another unit", 200, "Range: lines=1-2"),
            row("RFC 9110 §14.1.1 last before first", 200, "Range: bytes=2-1"),
            row("RFC 9110 §14.1.1 one wrong among right ones", 200, "Range: bytes=0-1,2-1"),
            row("RFC 9110 §14.1.1 no number", 200, "Range: bytes=a-b"),
            row("RFC 9110 §14.1.1 a sign", 200, "Range: bytes=+1-2"),
            row("RFC 9110 §14.1.1 nothing", 200, "Range: bytes="),
            row("RFC 9110 §14.1.1 a bare dash", 200, "Range: bytes=-"),
            row("RFC 9110 §14.1.1 a blank within", 200, "Range: bytes=0 -1"),
            row("RFC 9110 §14.1.1 no unit", 200, "Range: 0-1"),
            row("RFC 9110 §5.3 two lines", 200, "Range: bytes=0-1", "Range: bytes=4-5"),
            row("RFC 9110 §15.5.17 from the end on", 416, "Range: bytes=300001-")
                    .shows("Content-Range: bytes */300001"),
            row("RFC 9110 §15.5.17 none of several", 416, "Range: bytes=300001-300002,-0"),
            row("RFC 9110 §14.1.2 a suffix of nothing", 416, "Range: bytes=-0").shows("Content-Range: bytes */300001"),
            row("RFC 9110 §14.1.2 beyond a long", 416, "Range: bytes=99999999999999999999-"),
            head("RFC 9110 §14.2 ranges are for GET", 200, "Range: bytes=0-0"),
            head("RFC 9110 §14.2 even those that can't be", 200, "Range: bytes=999999-"),
            of("/empty.txt", row("RFC 9110 §14.1.2 nothing of an empty file", 416, "Range: bytes=0-"))
                    .shows("Content-Range: bytes */0"),
            of("/empty.txt", row("RFC 9110 §14.1.2 the end of an empty file", 200, "Range: bytes=-5")),
            row("RFC 9110 §13.1.5 If-Range, the tag", 206, "Range: bytes=0-0", "If-Range: " + TAG),
            row("RFC 9110 §13.1.5 another tag", 200, "Range: bytes=0-0", "If-Range: \"a\""),
            row("RFC 9110 §13.1.5 compares strongly", 200, "Range: bytes=0-0", "If-Range: W/" + TAG),
            row("RFC 9110 §13.1.5 no list", 200, "Range: bytes=0-0", "If-Range: " + TAG + ", " + TAG),
            row("RFC 9110 §13.1.5 the date", 206, "Range: bytes=0-0", "If-Range: " + MODIFIED),
            row(
                    "RFC 9110 §13.1.5 a later date isn't the same",
                    200,
                    "Range: bytes=0-0",
                    "If-Range: Sun, 06 Nov 1994 08:49:38 GMT"),
            row("RFC 9110 §13.1.5 no date", 200, "Range: bytes=0-0", "If-Range: 1994"),
            row(
                    "RFC 9110 §13.1.5 a whole file instead of one that can't be",
                    200,
                    "Range: bytes=999999-",
                    "If-Range: \"a\""),
            row("RFC 9110 §13.1.5 without a range", 200, "If-Range: \"a\""),
            row("RFC 9110 §13.1.5 twice", 200, "Range: bytes=0-0", "If-Range: " + TAG, "If-Range: " + TAG),
            row("RFC 9110 §13.2.2 a condition that holds, and a range", 206, "If-Match: " + TAG, "Range: bytes=0-0"));

    static final List<Row> FORMS = List.of(
            page("RFC 9110 §12.5.3 nothing said", 200, "", "Vary: Accept-Encoding"),
            page(
                    "RFC 9110 §12.5.3 gzip",
                    200,
                    "Accept-Encoding: gzip",
                    "Content-Encoding: gzip",
                    "Vary: Accept-Encoding"),
            page("RFC 9110 §12.5.3 empty", 200, "Accept-Encoding:", "Content-Encoding: "),
            page("RFC 9110 §12.5.3 any", 200, "Accept-Encoding: *", "Content-Encoding: gzip"),
            page("RFC 9110 §12.5.3 gzip forbidden", 200, "Accept-Encoding: gzip;q=0, *", "Content-Encoding: "),
            page(
                    "RFC 9110 §12.5.3 identity rather",
                    200,
                    "Accept-Encoding: gzip;q=0.5, identity",
                    "Content-Encoding: "),
            page(
                    "RFC 9110 §12.5.3 gzip only",
                    200,
                    "Accept-Encoding: identity;q=0, gzip;q=0.1",
                    "Content-Encoding: gzip"),
            page("RFC 9110 §12.5.3 one that isn't stored", 200, "Accept-Encoding: br", "Content-Encoding: "),
            page(
                    "RFC 9110 §15.5.7 nothing that is stored",
                    406,
                    "Accept-Encoding: identity;q=0, br",
                    "Vary: Accept-Encoding"),
            page("RFC 9110 §15.5.7 nothing at all", 406, "Accept-Encoding: *;q=0", "Vary: Accept-Encoding"),
            page(
                    "RFC 9110 §14.2 a range of a coded form",
                    206,
                    "Accept-Encoding: gzip\r\nRange: bytes=0-1",
                    "Content-Encoding: gzip"),
            page(
                    "RFC 9110 §14.6 no parts of a coded form",
                    200,
                    "Accept-Encoding: gzip\r\nRange: bytes=0-1,90-",
                    "Content-Encoding: gzip"),
            page(
                    "RFC 9110 §13.1.2 the tag of a coded form",
                    304,
                    "Accept-Encoding: gzip\r\nIf-None-Match: $GZIP",
                    "ETag: $GZIP",
                    "Vary: Accept-Encoding"),
            page(
                    "RFC 9110 §8.8.3 it isn't the plain one's",
                    200,
                    "Accept-Encoding: gzip\r\nIf-None-Match: " + TAG,
                    "ETag: $GZIP"),
            page("RFC 9110 §8.8.3 nor the other way", 200, "If-None-Match: $GZIP", "ETag: " + TAG));

    private static Row page(String name, int status, String fields, String... shown) {
        return of(
                "/page.html",
                new Row(
                        name,
                        "",
                        fields.isEmpty() ? List.of() : List.of(fields.split("\r\n")),
                        status,
                        List.of(),
                        List.of(shown)));
    }

    private static String sixteen() {
        StringBuilder ranges = new StringBuilder("bytes=");
        for (int i = 0; i < 16; i++) {
            ranges.append(i == 0 ? "" : ",").append(1000 * i).append('-').append(1000 * i + i);
        }
        return ranges.toString();
    }

    private static long[] sixteenRanges() {
        long[] ranges = new long[32];
        for (int i = 0; i < 16; i++) {
            ranges[2 * i] = 1000L * i;
            ranges[2 * i + 1] = 1001L * i;
        }
        return ranges;
    }

    private AnswerRows() {}
}
