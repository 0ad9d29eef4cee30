package ringside.content.webroot;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A path that grows and shrinks by segments, as bytes. One thread.
final class PathBuffer {

    private byte[] bytes = new byte[256];
    private int length;

    PathBuffer(byte[] start) {
        append(start);
    }

    /// Its first [#length()] bytes are the path; used again at the next change.
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void append(byte[] segment) {
        if (length + segment.length + 1 > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * (length + segment.length + 1));
        }
        System.arraycopy(segment, 0, bytes, length, segment.length);
        length += segment.length;
    }

    void appendSlash() {
        bytes[length++] = '/'; // there is always room for one more
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
    }

    void truncate(int length) {
        this.length = length;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
