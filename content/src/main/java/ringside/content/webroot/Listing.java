package ringside.content.webroot;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The page of a directory that has no index: directories, then files, each in the order of their names'
/// bytes. Written row by row into a spill file, so that it may be of any length. One thread; one page at a
/// time.
final class Listing implements AutoCloseable {

    static final String MEDIA_TYPE = "text/html; charset=utf-8";

    private static final int CHUNK_BYTES = 64 << 10;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String HEX = "0123456789ABCDEF";

    private final Arena arena = Arena.ofConfined();
    private final AppendFile page;
    private long newestSeconds;

    Listing(WebrootWriter writer) {
        this.page = writer.spill(arena, "listing");
    }

    /// @param path of the directory, ends in a slash
    void begin(PathBuffer path) {
        String title = "Index of " + escape(path.toString());
        page.rewind(0);
        newestSeconds = 0;
        write("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" + title + "</title>\n"
                + "<style>body{font-family:sans-serif}td,th{padding:0 1em 0 0;text-align:left}"
                + "td:nth-child(2){text-align:right}</style>\n</head>\n<body>\n<h1>" + title + "</h1>\n<table>\n"
                + "<tr><th>Name</th><th>Bytes</th><th>Modified (UTC)</th></tr>\n");
        if (path.length() > 1) {
            write("<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n");
        }
    }

    void directory(byte[] name) {
        write("<tr><td><a href=\"" + reference(name) + "/\">" + text(name) + "/</a></td><td></td><td></td></tr>\n");
    }

    void file(byte[] name, StoredFile file) {
        newestSeconds = Math.max(newestSeconds, file.mtimeSeconds());
        write("<tr><td><a href=\"" + reference(name) + "\">" + text(name) + "</a></td><td>" + file.lengthBytes()
                + "</td><td>" + TIME.format(Instant.ofEpochSecond(file.mtimeSeconds())) + "</td></tr>\n");
    }

    /// The newest of the files' times.
    long newestSeconds() {
        return newestSeconds;
    }

    /// @return the page's length
    long end(BodyStore bodies) {
        write("</table>\n</body>\n</html>\n");
        long length = page.position();
        try (Arena reading = Arena.ofConfined()) {
            MemorySegment chunk = reading.allocate(CHUNK_BYTES);
            byte[] array = new byte[CHUNK_BYTES];
            for (long at = 0; at < length; at += CHUNK_BYTES) {
                int part = (int) Math.min(CHUNK_BYTES, length - at);
                page.read(chunk.asSlice(0, part), at);
                MemorySegment.copy(chunk, Layout.U8, 0, array, 0, part);
                bodies.append(array, 0, part);
            }
        }
        return length;
    }

    private void write(String text) {
        page.append(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] name) {
        return escape(new String(name, StandardCharsets.UTF_8));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /// A relative reference (RFC 3986 §4.2): all but unreserved octets encoded, a colon and quotes among them.
    private static String reference(byte[] name) {
        StringBuilder text = new StringBuilder(name.length + 16);
        for (byte octet : name) {
            boolean unreserved = (octet >= 'a' && octet <= 'z')
                    || (octet >= 'A' && octet <= 'Z')
                    || (octet >= '0' && octet <= '9')
                    || octet == '-'
                    || octet == '.'
                    || octet == '_'
                    || octet == '~';
            if (unreserved) {
                text.append((char) octet);
            } else {
                text.append('%').append(HEX.charAt((octet & 0xFF) >> 4)).append(HEX.charAt(octet & 0xF));
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        page.close();
        arena.close();
    }
}
