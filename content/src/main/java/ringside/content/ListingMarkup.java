package ringside.content;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The page of a directory, in parts that are written one after the other: as HTML for people, as JSON for programs.
/// The page of a directory that is served and the one that a webroot stores look the same.
///
/// All references are relative, so that a page is right wherever its directory is mounted, behind a proxy too. Names
/// can't break out of it: text is escaped, and of references all is encoded but RFC 3986's unreserved octets.
public final class ListingMarkup {

    public static final String HTML = "text/html; charset=utf-8";
    /// RFC 8259: always UTF-8.
    public static final String JSON = "application/json";

    /// For a time that isn't known.
    public static final long UNTIMED = Long.MIN_VALUE;

    private static final DateTimeFormatter DAY = utc("uuuu-MM-dd");
    private static final DateTimeFormatter TIME = utc("HH:mm");
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private static final String STYLE = """
            :root{color-scheme:light dark}
            body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
            h1{font-size:1.2rem;overflow-wrap:anywhere}
            table{border-collapse:collapse;width:100%}
            th,td{padding:.3rem 0 .3rem 1rem;text-align:start;vertical-align:top;white-space:nowrap}
            tbody tr{border-top:1px solid rgb(128 128 128/.3)}
            th:first-child,td:first-child{padding-left:0;width:100%;white-space:normal;overflow-wrap:anywhere}
            th:nth-child(2),td:nth-child(2){text-align:end;font-variant-numeric:tabular-nums}
            @media(max-width:40rem){th:nth-child(3),td:nth-child(3),time span{display:none}}
            """;

    private ListingMarkup() {}

    private static DateTimeFormatter utc(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    /// What comes before the entries.
    ///
    /// @param above what stands before the path for those who look from outside, as `/files`; not linked
    /// @param path of the directory, decoded, starts and ends with a slash
    public static String htmlTop(String above, String path) {
        String title = "Index of " + text(above + path);
        StringBuilder top = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(title)
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>Index of ")
                .append(text(above));
        String[] segments = path.substring(1).split("/", -1);
        int depth = segments.length - 1;
        for (int i = 0; i <= depth; i++) {
            String name = i == 0 ? "/" : segments[i - 1] + "/";
            if (i == depth) {
                top.append(text(name));
            } else {
                top.append("<a href=\"")
                        .repeat("../", depth - i)
                        .append("\">")
                        .append(text(name))
                        .append("</a>");
            }
        }
        top.append("</h1>\n<table>\n<thead><tr><th>Name</th><th>Size</th><th>Type</th><th>Modified"
                + "<span> (UTC)</span></th></tr></thead>\n<tbody>\n");
        if (depth > 0) {
            top.append("<tr><td><a href=\"../\">../</a></td><td></td><td></td><td></td></tr>\n");
        }
        return top.toString();
    }

    /// @param name its octets; shown as what they are in UTF-8
    /// @param modifiedSeconds since 1970, or [#UNTIMED]
    public static String htmlDirectory(byte[] name, long modifiedSeconds) {
        return "<tr><td><a href=\"" + PathText.encode(name) + "/\">" + text(name)
                + "/</a></td><td></td><td>directory</td><td>" + time(modifiedSeconds) + "</td></tr>\n";
    }

    /// @param name its octets; shown as what they are in UTF-8
    /// @param modifiedSeconds since 1970, or [#UNTIMED]
    /// @param mediaType a value for `Content-Type`; shown without its parameters
    public static String htmlFile(byte[] name, long lengthBytes, long modifiedSeconds, String mediaType) {
        int parameters = mediaType.indexOf(';');
        return "<tr><td><a href=\"" + PathText.encode(name) + "\">" + text(name) + "</a></td><td title=\"" + lengthBytes
                + " bytes\">" + size(lengthBytes) + "</td><td>"
                + text(parameters < 0 ? mediaType : mediaType.substring(0, parameters)) + "</td><td>"
                + time(modifiedSeconds) + "</td></tr>\n";
    }

    public static String htmlBottom() {
        return "</tbody>\n</table>\n</body>\n</html>\n";
    }

    /// What comes before the entries.
    ///
    /// @param path of the directory, decoded, starts and ends with a slash
    public static String jsonTop(String path) {
        return "{\"path\": " + json(path) + ", \"entries\": [";
    }

    /// @param first whether no entry is before this one
    public static String jsonEntry(ListedEntry entry, boolean first) {
        String modified = entry.modifiedSeconds() == UNTIMED
                ? ""
                : ", \"modified\": \"" + Instant.ofEpochSecond(entry.modifiedSeconds()) + "\"";
        String kind = entry.directory()
                ? "\"directory\""
                : "\"file\", \"bytes\": " + entry.lengthBytes() + ", \"mediaType\": " + json(entry.mediaType());
        return (first ? "\n" : ",\n") + "  {\"name\": " + json(entry.name()) + ", \"type\": " + kind + modified + "}";
    }

    public static String jsonBottom() {
        return "\n]}\n";
    }

    private static String time(long seconds) {
        if (seconds == UNTIMED) {
            return "";
        }
        Instant instant = Instant.ofEpochSecond(seconds);
        return "<time>" + DAY.format(instant) + "<span> " + TIME.format(instant) + "</span></time>";
    }

    private static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        double value = (double) bytes / (1L << (10 * unit));
        return String.format(Locale.ROOT, value < 9.95 ? "%.1f %s" : "%.0f %s", value, UNITS[unit - 1]);
    }

    private static String text(byte[] name) {
        return text(new String(name, StandardCharsets.UTF_8));
    }

    private static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /// A string of RFC 8259 §7.
    private static String json(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
