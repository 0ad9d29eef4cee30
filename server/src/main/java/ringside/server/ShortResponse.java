package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import ringside.content.HttpDate;
import ringside.linux.Errno;

/// Answers without a file: a status, and a line of text that names the problem.
final class ShortResponse {

    private static final byte[] NO_BODY = {};

    private ShortResponse() {}

    /// 503 for what may pass by itself (RFC 9110 §15.6.4), else 500.
    static Status statusOf(Errno errno) {
        return switch (errno.number()) {
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.EAGAIN, Errno.EBUSY -> Status.SERVICE_UNAVAILABLE;
            default -> Status.INTERNAL_SERVER_ERROR;
        };
    }

    /// @param text empty for no content
    /// @param extraFields whole lines with CR LF, or empty
    /// @param withBody false for HEAD, whose answer has the fields of GET's and no content (RFC 9110 §9.3.2)
    /// @return the caller's
    static ByteBuf of(
            ByteBufAllocator allocator,
            Status status,
            String text,
            String extraFields,
            Persistence persistence,
            Tick tick,
            boolean withBody) {
        byte[] body = text.isEmpty() ? NO_BODY : (text + "\n").getBytes(StandardCharsets.UTF_8);
        String type = text.isEmpty() ? "" : "Content-Type: text/plain; charset=utf-8\r\n";
        String before = status.line + ResponseHeads.UP_TO_DATE;
        String after = "\r\n" + type + "Content-Length: " + body.length + "\r\n" + extraFields + persistence.field + "\r\n";
        ByteBuf response =
                allocator.directBuffer(before.length() + HttpDate.LENGTH_BYTES + after.length() + body.length);
        response.writeBytes(before.getBytes(StandardCharsets.US_ASCII))
                .writeBytes(tick.httpDate)
                .writeBytes(after.getBytes(StandardCharsets.US_ASCII));
        if (withBody) {
            response.writeBytes(body);
        }
        return response;
    }

    /// `Location` for a directory asked for without its slash (RFC 9110 §10.2.2): the path encoded again, so that
    /// nothing a client sent can end the line or name another host.
    ///
    /// @param path decoded and normalised
    /// @param octets hold the query, with its question mark, from `queryFrom` to `queryTo`
    static String location(byte[] path, int from, int to, byte[] octets, int queryFrom, int queryTo) {
        StringBuilder line = new StringBuilder("Location: ");
        for (int i = from; i < to; i++) {
            encode(line, path[i], Octets.LOCATION);
        }
        line.append('/');
        for (int i = queryFrom; i < queryTo; i++) {
            if (octets[i] > 0) {
                line.append((char) octets[i]);
            } else {
                encode(line, octets[i], Octets.LOCATION);
            }
        }
        return line.append("\r\n").toString();
    }

    private static void encode(StringBuilder target, byte octet, int unencoded) {
        if (Octets.is(octet, unencoded)) {
            target.append((char) octet);
        } else {
            target.append('%')
                    .append(Character.toUpperCase(Character.forDigit(octet >> 4 & 0xf, 16)))
                    .append(Character.toUpperCase(Character.forDigit(octet & 0xf, 16)));
        }
    }
}
