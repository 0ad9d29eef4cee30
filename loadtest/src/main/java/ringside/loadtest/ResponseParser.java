package ringside.loadtest;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads HTTP/1.x answers to GET (RFC 9112) from bytes as they come, without an object per answer.
///
/// ```
///  STATUS ──line──► FIELDS ──empty line──┬─► BODY (Content-Length) ──────────────────────────┬─► DONE
///    ▲                 │                 ├─► CHUNK_SIZE ⇄ CHUNK_DATA, then TRAILERS ─────────┤
///    └── 1xx but 101 ──┘                 ├─► UNTIL_CLOSE ──closed()──────────────────────────┤
///                                        └─► no body (204, 304, 101) ────────────────────────┘
///  anything that isn't HTTP ──► MALFORMED
/// ```
///
/// Lines are parsed where they lie; only one that is split between two receives is copied. Body bytes are counted
/// and skipped, or, when a checksum is given to [#begin], read for it. Belongs to one thread.
final class ResponseParser {

    /// What [#feed] came to.
    enum Outcome {
        /// The answer isn't whole yet; all bytes were taken.
        MORE,
        /// The answer is whole; bytes after [#position()] belong to nothing that was asked.
        DONE,
        /// This isn't HTTP/1.x; the connection is of no further use.
        MALFORMED
    }

    private enum State {
        STATUS,
        FIELDS,
        BODY,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILERS,
        UNTIL_CLOSE,
        DONE,
        MALFORMED
    }

    private static final int LINE_BYTES_MAX = 16 * 1024;
    private static final int HEAD_BYTES_MAX = 256 * 1024;

    private State state = State.DONE;
    private @Nullable CRC32C checksum;
    private @Nullable ByteBuffer carry;
    private int position;
    private int headBytes;
    private long bytesSeen;
    private int status;
    private boolean http10;
    private boolean closeAsked;
    private boolean keepAliveAsked;
    private boolean chunked;
    private long contentLength;
    private long leftBytes;
    private long bodyBytes;

    /// Expects a new answer.
    ///
    /// @param checksum updated with every byte of the body, after a reset; `null` leaves the body unread
    void begin(@Nullable CRC32C checksum) {
        this.checksum = checksum;
        if (checksum != null) {
            checksum.reset();
        }
        state = State.STATUS;
        bytesSeen = 0;
        if (carry != null) {
            carry.clear();
        }
        beginHead();
    }

    private void beginHead() {
        headBytes = 0;
        status = 0;
        http10 = false;
        closeAsked = false;
        keepAliveAsked = false;
        chunked = false;
        contentLength = -1;
        leftBytes = 0;
        bodyBytes = 0;
    }

    /// Takes bytes `from` (inclusive) to `to` (exclusive) of `in`, by absolute index; the position of `in` may change,
    /// its bytes don't. Nothing of it is retained.
    Outcome feed(ByteBuffer in, int from, int to) {
        position = from;
        bytesSeen += to - from;
        while (true) {
            switch (state) {
                case STATUS, FIELDS, CHUNK_SIZE, CHUNK_END, TRAILERS -> {
                    if (!takeLine(in, to)) {
                        return state == State.MALFORMED ? Outcome.MALFORMED : Outcome.MORE;
                    }
                }
                case BODY, CHUNK_DATA -> {
                    takeBody(in, (int) Math.min(leftBytes, to - position));
                    if (leftBytes > 0) {
                        return Outcome.MORE;
                    }
                    state = state == State.BODY ? State.DONE : State.CHUNK_END;
                }
                case UNTIL_CLOSE -> {
                    leftBytes = (long) to - position;
                    takeBody(in, to - position);
                    return Outcome.MORE;
                }
                case DONE -> {
                    return Outcome.DONE;
                }
                case MALFORMED -> {
                    return Outcome.MALFORMED;
                }
            }
        }
    }

    /// The server has closed the connection.
    ///
    /// @return `DONE` if that ended a body that had no other end, `MORE` if the answer is cut short
    Outcome closed() {
        if (state == State.UNTIL_CLOSE) {
            state = State.DONE;
        }
        return switch (state) {
            case DONE -> Outcome.DONE;
            case MALFORMED -> Outcome.MALFORMED;
            default -> Outcome.MORE;
        };
    }

    /// Where [#feed] stopped taking: an index of its buffer.
    int position() {
        return position;
    }

    /// Whether any byte of this answer has come.
    boolean started() {
        return bytesSeen > 0;
    }

    /// Three digits, once the answer is whole.
    int status() {
        return status;
    }

    /// Bytes of the body so far, without the chunks' framing.
    long bodyBytes() {
        return bodyBytes;
    }

    /// Whether the connection can carry another request after this answer (RFC 9112 section 9.3).
    boolean keepAlive() {
        return !closeAsked && (!http10 || keepAliveAsked) && (chunked || contentLength >= 0 || bodyless());
    }

    private void takeBody(ByteBuffer in, int count) {
        if (checksum != null && count > 0) {
            int limit = in.limit();
            in.limit(position + count).position(position);
            checksum.update(in);
            in.limit(limit);
        }
        position += count;
        leftBytes -= count;
        bodyBytes += count;
    }

    /// @return whether a line was there and was understood
    private boolean takeLine(ByteBuffer in, int to) {
        int from = position;
        int lineFeed = HeadBytes.indexOfLineFeed(in, from, to);
        boolean whole = lineFeed < to;
        int end = whole ? lineFeed + 1 : to;
        headBytes += end - from;
        position = end;
        int carried = carry == null ? 0 : carry.position();
        if (carried + end - from > LINE_BYTES_MAX || headBytes > HEAD_BYTES_MAX) {
            state = State.MALFORMED;
            return false;
        }
        if (whole && carried == 0) {
            line(in, from, lineFeed);
        } else {
            ByteBuffer kept = carry == null ? newCarry() : carry;
            kept.put(carried, in, from, end - from).position(carried + end - from);
            if (whole) {
                kept.clear();
                line(kept, 0, carried + end - from - 1);
            }
        }
        return whole && state != State.MALFORMED;
    }

    private ByteBuffer newCarry() {
        ByteBuffer fresh = ByteBuffer.allocateDirect(LINE_BYTES_MAX);
        carry = fresh;
        return fresh;
    }

    /// @param lineFeed index of the line's end; a carriage return before it isn't part of the line
    private void line(ByteBuffer in, int from, int lineFeed) {
        int end = lineFeed > from && in.get(lineFeed - 1) == '\r' ? lineFeed - 1 : lineFeed;
        switch (state) {
            case STATUS -> statusLine(in, from, end);
            case FIELDS -> {
                if (end == from) {
                    endOfHead();
                } else {
                    field(in, from, end);
                }
            }
            case CHUNK_SIZE -> chunkSize(in, from, end);
            case CHUNK_END -> {
                headBytes = 0;
                state = end == from ? State.CHUNK_SIZE : State.MALFORMED;
            }
            case TRAILERS -> state = end == from ? State.DONE : State.TRAILERS;
            case BODY, CHUNK_DATA, UNTIL_CLOSE, DONE, MALFORMED ->
                throw new IllegalStateException("no line in " + state);
        }
    }

    /// `HTTP/1.1 200 OK`; the reason may be missing.
    private void statusLine(ByteBuffer in, int from, int end) {
        boolean right = end - from >= 12
                && HeadBytes.startsWith(in, from, "http/1.")
                && HeadBytes.digit(in.get(from + 7)) >= 0
                && in.get(from + 8) == ' '
                && (end - from == 12 || in.get(from + 12) == ' ');
        int hundreds = right ? HeadBytes.digit(in.get(from + 9)) : -1;
        int tens = right ? HeadBytes.digit(in.get(from + 10)) : -1;
        int ones = right ? HeadBytes.digit(in.get(from + 11)) : -1;
        if (hundreds < 1 || hundreds > 5 || tens < 0 || ones < 0) {
            state = State.MALFORMED;
            return;
        }
        http10 = in.get(from + 7) == '0';
        status = hundreds * 100 + tens * 10 + ones;
        state = State.FIELDS;
    }

    private void field(ByteBuffer in, int from, int end) {
        // Most fields are told apart from the three that matter by their first letter and the colon's place.
        int first = in.get(from) | 0x20;
        if (first == 'c' || first == 't') {
            if (HeadBytes.isField(in, from, end, "content-length")) {
                contentLength(in, from + 15, end);
                return;
            }
            if (HeadBytes.isField(in, from, end, "transfer-encoding")) {
                int start = HeadBytes.skipSpace(in, from + 18, end);
                chunked = HeadBytes.trimmedLength(in, start, end) == 7 && HeadBytes.startsWith(in, start, "chunked");
                if (!chunked) {
                    // A coding that we didn't ask for and can't take off: there is no way to know the body's end.
                    state = State.MALFORMED;
                }
                return;
            }
            if (HeadBytes.isField(in, from, end, "connection")) {
                closeAsked |= HeadBytes.contains(in, from + 11, end, "close");
                keepAliveAsked |= HeadBytes.contains(in, from + 11, end, "keep-alive");
                return;
            }
        }
        for (int i = from; i < end; i++) {
            byte b = in.get(i);
            if (b == ':' && i > from) {
                return;
            }
            if (b <= ' ' || b == ':' || b == 0x7F) {
                break;
            }
        }
        state = State.MALFORMED;
    }

    private void contentLength(ByteBuffer in, int from, int end) {
        int start = HeadBytes.skipSpace(in, from, end);
        int digits = HeadBytes.trimmedLength(in, start, end);
        long value = 0;
        boolean right = digits > 0 && digits <= 18;
        for (int i = start; right && i < start + digits; i++) {
            int digit = HeadBytes.digit(in.get(i));
            right = digit >= 0;
            value = value * 10 + digit;
        }
        if (!right || (contentLength >= 0 && contentLength != value)) {
            state = State.MALFORMED;
            return;
        }
        contentLength = value;
    }

    private void endOfHead() {
        if (status < 200 && status != 101) {
            // An interim answer: the real one follows (RFC 9110 section 15.2).
            int seen = headBytes;
            beginHead();
            headBytes = seen;
            state = State.STATUS;
        } else if (bodyless()) {
            state = State.DONE;
        } else if (chunked) {
            headBytes = 0;
            state = State.CHUNK_SIZE;
        } else if (contentLength >= 0) {
            leftBytes = contentLength;
            state = State.BODY;
        } else {
            state = State.UNTIL_CLOSE;
        }
    }

    private boolean bodyless() {
        return status < 200 || status == 204 || status == 304;
    }

    /// Hexadecimal, then perhaps extensions after a semicolon, which mean nothing to us.
    private void chunkSize(ByteBuffer in, int from, int end) {
        long size = 0;
        int i = from;
        while (i < end && Character.digit(in.get(i), 16) >= 0 && i - from < 15) {
            size = size << 4 | Character.digit(in.get(i), 16);
            i++;
        }
        int after = HeadBytes.skipSpace(in, i, end);
        if (i == from || (after < end && in.get(after) != ';')) {
            state = State.MALFORMED;
            return;
        }
        leftBytes = size;
        state = size == 0 ? State.TRAILERS : State.CHUNK_DATA;
    }
}
