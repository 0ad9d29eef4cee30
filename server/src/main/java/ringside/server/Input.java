package ringside.server;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// Octets of one connection that have arrived and aren't used up: usually none, or one request.
///
/// Copying into an array gives the read buffer back at once and lets the parser work without bounds checks of two
/// layers.
final class Input {

    private static final int BYTES_INITIAL = 1 << 10;

    byte[] octets = new byte[BYTES_INITIAL];
    int from;
    int to;

    int readableBytes() {
        return to - from;
    }

    void append(ByteBuf in) {
        int length = in.readableBytes();
        if (octets.length - to < length) {
            makeRoom(length);
        }
        in.readBytes(octets, to, length);
        to += length;
    }

    void skip(int bytes) {
        from += bytes;
        if (from == to) {
            from = 0;
            to = 0;
        }
    }

    /// Skips the empty lines that a client may have sent after a body (RFC 9112 §2.2).
    void skipEmptyLines() {
        while (to - from >= 2 && octets[from] == '\r' && octets[from + 1] == '\n') {
            skip(2);
        }
    }

    void clear() {
        from = 0;
        to = 0;
    }

    /// A burst's room isn't kept by a connection that waits.
    void shrink() {
        if (octets.length > 4 * BYTES_INITIAL && to <= BYTES_INITIAL) {
            octets = Arrays.copyOf(octets, BYTES_INITIAL);
        }
    }

    private void makeRoom(int length) {
        int readable = to - from;
        byte[] target = octets.length - readable >= length
                ? octets
                : new byte[Math.max(2 * octets.length, Integer.highestOneBit(readable + length) << 1)];
        System.arraycopy(octets, from, target, 0, readable);
        octets = target;
        from = 0;
        to = readable;
    }
}
