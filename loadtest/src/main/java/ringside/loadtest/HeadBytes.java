package ringside.loadtest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Finds things in the bytes of a head, where they lie. All indexes are absolute; ends are exclusive.
final class HeadBytes {

    private static final long LINE_FEEDS = 0x0A0A0A0A0A0A0A0AL;

    private HeadBytes() {}

    /// Where the next line feed is, or `to` if there is none before it.
    ///
    /// Eight bytes at a time: x − 0x01… & ~x & 0x80… marks the lowest zero byte of x exactly (Hacker's Delight, 2nd
    /// edition, section 6-1), and x is zero where `in` has a line feed.
    static int indexOfLineFeed(ByteBuffer in, int from, int to) {
        int i = from;
        boolean little = in.order() == ByteOrder.LITTLE_ENDIAN;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long word = in.getLong(i);
            long x = (little ? word : Long.reverseBytes(word)) ^ LINE_FEEDS;
            long zeros = (x - 0x0101010101010101L) & ~x & 0x8080808080808080L;
            if (zeros != 0) {
                return i + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        while (i < to && in.get(i) != '\n') {
            i++;
        }
        return i;
    }

    static boolean isField(ByteBuffer in, int from, int end, String name) {
        return end - from > name.length() && in.get(from + name.length()) == ':' && startsWith(in, from, name);
    }

    /// @param lower in lower case; the caller has checked that so many bytes are there
    static boolean startsWith(ByteBuffer in, int from, String lower) {
        for (int i = 0; i < lower.length(); i++) {
            int b = in.get(from + i);
            if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static boolean contains(ByteBuffer in, int from, int end, String lower) {
        for (int i = from; i <= end - lower.length(); i++) {
            if (startsWith(in, i, lower)) {
                return true;
            }
        }
        return false;
    }

    static int skipSpace(ByteBuffer in, int from, int end) {
        int i = from;
        while (i < end && (in.get(i) == ' ' || in.get(i) == '\t')) {
            i++;
        }
        return i;
    }

    static int trimmedLength(ByteBuffer in, int from, int end) {
        int i = end;
        while (i > from && (in.get(i - 1) == ' ' || in.get(i - 1) == '\t')) {
            i--;
        }
        return i - from;
    }

    static int digit(byte b) {
        return b >= '0' && b <= '9' ? b - '0' : -1;
    }
}
