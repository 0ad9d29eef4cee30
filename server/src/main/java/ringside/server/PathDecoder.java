package ringside.server;

import org.jspecify.annotations.Nullable;

/// Turns the path of a request target into the one form that means its file: percent-decoded once (RFC 3986 §2.4),
/// dot segments removed (§5.2.4), empty segments dropped, as the kernel would. An encoded slash is a slash.
///
/// What would lead above the root is refused here; that nothing leaves it is the kernel's promise (openat2(2)).
///
/// Belongs to an event loop. The result holds until the next call.
final class PathDecoder {

    /// The decoded path is in here, from 0 on.
    final byte[] path;

    int length;

    PathDecoder(int targetBytesMax) {
        path = new byte[targetBytesMax + 2];
    }

    /// @return null if [#path] holds the path
    @Nullable
    Refusal decode(byte[] octets, int from, int to) {
        byte[] out = path;
        int n = 0;
        out[n++] = '/';
        int segment = n;
        for (int i = from; i <= to; i++) {
            byte octet = '/';
            boolean last = i == to;
            if (!last) {
                octet = octets[i];
                if (octet == '%') {
                    int value = to - i > 2 ? hex(octets[i + 1], octets[i + 2]) : -1;
                    if (value < 0) {
                        return Refusal.PATH_ENCODING;
                    }
                    if (value == 0) {
                        return Refusal.PATH_NUL;
                    }
                    octet = (byte) value;
                    i += 2;
                }
            }
            if (octet != '/') {
                out[n++] = octet;
                continue;
            }
            int segmentLength = n - segment;
            if (segmentLength == 1 && out[segment] == '.') {
                n = segment;
            } else if (segmentLength == 2 && out[segment] == '.' && out[segment + 1] == '.') {
                if (segment == 1) {
                    return Refusal.PATH_ABOVE_ROOT;
                }
                n = parent(out, segment);
            } else if (segmentLength > 0 && !last) {
                out[n++] = '/';
            }
            segment = n;
        }
        length = n;
        return null;
    }

    private static int parent(byte[] out, int segment) {
        int n = segment - 1;
        while (out[n - 1] != '/') {
            n--;
        }
        return n;
    }

    private static int hex(byte high, byte low) {
        int value = Octets.hexValue(high) << 4 | Octets.hexValue(low);
        return value;
    }
}
