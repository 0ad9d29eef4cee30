package ringside.server;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/// The head of an application's answer: fields up to an empty line, as RFC 3875 §6 has them, or an HTTP response's with
/// its status line, as uwsgi sends it. Lines may end in LF alone.
///
/// Strict about what goes out again: a name that is no token or a value with a control character is refused, so that no
/// application's mistake lets a client's octets end a line.
final class CgiHead {

    /// More than any application's cookies.
    private static final int BYTES_MAX = 64 << 10;

    /// Ours to say (RFC 9110 §7.6.1), or said otherwise.
    private static final Set<String> DROPPED = Set.of(
            "status", "content-length", "date", "server", "connection", "keep-alive", "te", "trailer", "upgrade");

    private byte[] octets = new byte[1 << 10];
    private int length;
    private boolean complete;

    int statusCode = 200;
    String reason = "OK";
    /// Of the body; −1 if the head doesn't say.
    long contentLengthBytes = -1;
    /// Whole lines with CR LF.
    private final StringBuilder fields = new StringBuilder();

    /// Empty if nothing is wrong, else a sentence without its full stop.
    private String fault = "";

    boolean isComplete() {
        return complete;
    }

    String fault() {
        return fault;
    }

    String fields() {
        return fields.toString();
    }

    /// Takes what belongs to the head; what is left of `in` is the body's. Not after the head is complete.
    ///
    /// @return whether the head is complete, or has a [#fault()]
    boolean read(ByteBuf in) {
        while (in.isReadable()) {
            byte octet = in.readByte();
            if (length == octets.length) {
                octets = Arrays.copyOf(octets, 2 * length);
            }
            octets[length++] = octet;
            if (octet == '\n' && endsEmptyLine()) {
                complete = true;
                parse();
                return true;
            }
            if (length > BYTES_MAX) {
                return fail("the head of its answer is longer than " + BYTES_MAX + " bytes");
            }
        }
        return false;
    }

    private boolean endsEmptyLine() {
        int before = length - 2;
        if (before >= 0 && octets[before] == '\r') {
            before--;
        }
        return before < 0 || octets[before] == '\n';
    }

    private void parse() {
        boolean statusSaid = false;
        boolean locationSaid = false;
        int position = 0;
        while (fault.isEmpty()) {
            int end = position;
            while (octets[end] != '\n') {
                end++;
            }
            int to = end > position && octets[end - 1] == '\r' ? end - 1 : end;
            if (to == position) {
                break;
            }
            String line = new String(octets, position, to - position, StandardCharsets.ISO_8859_1);
            if (position == 0 && line.startsWith("HTTP/")) {
                statusSaid = true;
                int blank = line.indexOf(' ');
                status(blank < 0 ? "" : line.substring(blank + 1));
            } else {
                String name = field(line);
                statusSaid |= name.equals("status");
                locationSaid |= name.equals("location");
            }
            position = end + 1;
        }
        if (locationSaid && !statusSaid) {
            statusCode = 302;
            reason = "Found";
        }
        if (position == 0) {
            fail("its answer has no head");
        }
    }

    /// @return the field's name in lower case
    private String field(String line) {
        int colon = line.indexOf(':');
        String name = colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT);
        String value = line.substring(colon + 1).strip();
        if (name.isEmpty() || !all(name, Octets.TOKEN) || !all(value, Octets.VALUE)) {
            fail("a line of its answer's head is no field: '" + shown(line) + "'");
        } else if (name.equals("status")) {
            status(value);
        } else if (name.equals("content-length")) {
            contentLength(value);
        } else if (name.equals("transfer-encoding")) {
            fail("its answer has a Transfer-Encoding, which is the server's to choose");
        } else if (!DROPPED.contains(name)) {
            fields.append(line, 0, colon).append(": ").append(value).append("\r\n");
        }
        return name;
    }

    private void status(String text) {
        String digits = text.length() > 3 ? text.substring(0, 3) : text;
        boolean right = digits.matches("[2-9][0-9][0-9]") && (text.length() == 3 || text.charAt(3) == ' ');
        if (!right || !all(text, Octets.VALUE)) {
            fail("its answer's status is '" + shown(text) + "'");
            return;
        }
        statusCode = Integer.parseInt(digits);
        reason = text.substring(3).strip();
    }

    private void contentLength(String text) {
        if (contentLengthBytes >= 0 || !text.matches("[0-9]{1,18}")) {
            fail("its answer's Content-Length is '" + shown(text) + "', or not the only one");
            return;
        }
        contentLengthBytes = Long.parseLong(text);
    }

    private static boolean all(String text, int octetClass) {
        for (int i = 0; i < text.length(); i++) {
            if (!Octets.is((byte) text.charAt(i), octetClass)) {
                return false;
            }
        }
        return true;
    }

    private boolean fail(String why) {
        if (fault.isEmpty()) {
            fault = why;
        }
        return true;
    }

    /// For a log.
    private static String shown(String text) {
        String visible = text.replaceAll("[^ -~]", "?");
        return visible.length() > 100 ? visible.substring(0, 100) + "…" : visible;
    }
}
