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
        String type = text.isEmpty() ? "" : "text/plain; charset=utf-8";
        ByteBuf response = head(allocator, status, type, body.length, extraFields, persistence, tick, body.length);
        if (withBody) {
            response.writeBytes(body);
        }
        return response;
    }

    /// @param mediaType empty for no content
    /// @param extraFields whole lines with CR LF, or empty
    /// @param roomBytes for what is to follow it in the buffer
    /// @return the caller's
    static ByteBuf head(
            ByteBufAllocator allocator,
            Status status,
            String mediaType,
            long lengthBytes,
            String extraFields,
            Persistence persistence,
            Tick tick,
            int roomBytes) {
        String type = mediaType.isEmpty() ? "" : "Content-Type: " + mediaType + "\r\n";
        String before = status.line + ResponseHeads.UP_TO_DATE;
        String after =
                "\r\n" + type + "Content-Length: " + lengthBytes + "\r\n" + extraFields + persistence.field + "\r\n";
        return allocator
                .directBuffer(before.length() + HttpDate.LENGTH_BYTES + after.length() + roomBytes)
                .writeBytes(before.getBytes(StandardCharsets.US_ASCII))
                .writeBytes(tick.httpDate)
                .writeBytes(after.getBytes(StandardCharsets.US_ASCII));
    }

    /// `Location` for a directory asked for without its slash (RFC 9110 §10.2.2): the path encoded again, so that
    /// nothing a client sent can end the line or name another host.
    ///
    /// @param base see [ContentOptions#baseUrl()]
    /// @param path decoded and normalised
    /// @param octets hold the query, with its question mark, from `queryFrom` to `queryTo`
    static String location(String base, byte[] path, int from, int to, byte[] octets, int queryFrom, int queryTo) {
        StringBuilder line = new StringBuilder("Location: ").append(base);
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
