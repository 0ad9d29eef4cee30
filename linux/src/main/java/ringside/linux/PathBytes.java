package ringside.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// A path as the kernel takes it: UTF-8 bytes and a NUL, written without an intermediate array of the JVM's.
///
/// Linux file names are bytes; a name that is no UTF-8 has no `String` and can't be named through this class.
final class PathBytes {

    /// `linux/limits.h`: the kernel refuses longer ones with ENAMETOOLONG, the NUL included.
    static final int PATH_BYTES_MAX = 4096;

    private PathBytes() {}

    /// Why no file can have this name, or the empty string if one can.
    static String refusal(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == 0) {
                return "the path has a NUL at index " + i + ", which ends a path for the kernel";
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < path.length()
                        && Character.isLowSurrogate(path.charAt(i + 1));
                if (!pair) {
                    return "the path has half a surrogate pair at index " + i + ", which has no UTF-8 form";
                }
                i++;
            }
        }
        return "";
    }

    /// @throws IllegalArgumentException for a path that no file can have
    static void check(String path) {
        String refusal = refusal(path);
        if (!refusal.isEmpty()) {
            throw new IllegalArgumentException(refusal + ": give the path as text that a file name can hold");
        }
    }

    static MemorySegment encode(String path, SegmentAllocator allocator) {
        return allocator.allocateFrom(path, StandardCharsets.UTF_8);
    }

    /// Writes an ASCII or UTF-8 path into `buffer`.
    ///
    /// @return 0, or −EINVAL for a path that no file can have, or −ENAMETOOLONG
    static int write(String path, MemorySegment buffer) {
        int length = path.length();
        if (length >= buffer.byteSize()) {
            return -Errno.ENAMETOOLONG;
        }
        int i = 0;
        for (; i < length; i++) {
            char c = path.charAt(i);
            if (c == 0 || c >= 0x80) {
                break;
            }
            buffer.set(ValueLayout.JAVA_BYTE, i, (byte) c);
        }
        if (i == length) {
            buffer.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
            return 0;
        }
        if (!refusal(path).isEmpty()) {
            return -Errno.EINVAL;
        }
        byte[] utf8 = path.getBytes(StandardCharsets.UTF_8);
        if (utf8.length >= buffer.byteSize()) {
            return -Errno.ENAMETOOLONG;
        }
        MemorySegment.copy(utf8, 0, buffer, ValueLayout.JAVA_BYTE, 0, utf8.length);
        buffer.set(ValueLayout.JAVA_BYTE, utf8.length, (byte) 0);
        return 0;
    }
}
