package ringside.content.hosts;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Brings the host of a request, and the name of a virtual host, into the one form in which they are compared: in
/// lower case, without port, without a dot at the end (RFC 9110 §4.2.3, RFC 3986 §3.2.2 and §6.2.2.1). IPv6
/// addresses are compared by their value, whatever zeros are written (RFC 5952 §2).
///
/// What isn't a name of letters, digits, `-`, `_` and single dots between them, nor an address, has no form: it can
/// be no virtual host's. So none is ever `..`, or has a slash in it.
final class HostName {

    /// RFC 1035 §2.3.4 allows 255 octets on the wire, which are 253 in text.
    static final int BYTES_MAX = 253;

    private static final int IPV6_BYTES = 16;
    private static final int GROUPS = 8;

    private HostName() {}

    /// Writes the form of a host, with or without a port behind it.
    ///
    /// @param form has room for [#BYTES_MAX]
    /// @return its length, or −1 if the host has none
    static int write(byte[] octets, int from, int to, byte[] form) {
        if (from < to && octets[from] == '[') {
            return writeIpv6(octets, from, to, form);
        }
        int end = from;
        while (end < to && octets[end] != ':') {
            end++;
        }
        if (!isPort(octets, end, to)) {
            return -1;
        }
        if (end > from && octets[end - 1] == '.') {
            end--;
        }
        int length = end - from;
        if (length == 0 || length > BYTES_MAX) {
            return -1;
        }
        boolean labelStarts = true;
        for (int i = 0; i < length; i++) {
            int octet = octets[from + i];
            if (octet == '.') {
                if (labelStarts) {
                    return -1;
                }
                labelStarts = true;
            } else {
                octet = lower(octet);
                if (octet < 0) {
                    return -1;
                }
                labelStarts = false;
            }
            form[i] = (byte) octet;
        }
        return labelStarts ? -1 : length;
    }

    /// The form of a virtual host's name, which has no port.
    static Optional<String> formOf(String name) {
        byte[] octets = name.getBytes(StandardCharsets.UTF_8);
        byte[] form = new byte[BYTES_MAX];
        int length = write(octets, 0, octets.length, form);
        boolean withPort = name.indexOf(':', name.indexOf(']') + 1) >= 0;
        return length < 0 || withPort
                ? Optional.empty()
                : Optional.of(new String(form, 0, length, StandardCharsets.ISO_8859_1));
    }

    /// @return −1 for what may not be in a name
    private static int lower(int octet) {
        if (octet >= 'A' && octet <= 'Z') {
            return octet + ('a' - 'A');
        }
        boolean letterOrDigit = (octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9');
        return letterOrDigit || octet == '-' || octet == '_' ? octet : -1;
    }

    /// Whether there is nothing, or a colon and digits: RFC 3986 §3.2.3 lets them be none.
    private static boolean isPort(byte[] octets, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            if (octets[i] < '0' || octets[i] > '9') {
                return false;
            }
        }
        return from == to || octets[from] == ':';
    }

    /// The form is a bracket and the address's sixteen bytes.
    private static int writeIpv6(byte[] octets, int from, int to, byte[] form) {
        int end = from;
        while (end < to && octets[end] != ']') {
            end++;
        }
        if (end == to || !isPort(octets, end + 1, to)) {
            return -1;
        }
        form[0] = '[';
        return readIpv6(octets, from + 1, end, form) ? 1 + IPV6_BYTES : -1;
    }

    /// Reads `IPv6address` of RFC 3986 §3.2.2.
    ///
    /// @param form gets the address from 1 on
    private static boolean readIpv6(byte[] octets, int from, int to, byte[] form) {
        int groups = 0;
        int gap = -1;
        int i = from;
        if (to - i >= 2 && octets[i] == ':' && octets[i + 1] == ':') {
            gap = 0;
            i += 2;
        }
        while (i < to) {
            if (groups == GROUPS) {
                return false;
            }
            int end = i;
            int value = 0;
            while (end < to && Character.digit(octets[end], 16) >= 0) {
                value = value << 4 | Character.digit(octets[end++], 16);
                if (end - i > 4) {
                    return false;
                }
            }
            if (end < to && octets[end] == '.') {
                if (groups > GROUPS - 2 || !readIpv4(octets, i, to, form, 1 + 2 * groups)) {
                    return false;
                }
                groups += 2;
                break;
            }
            if (end == i) {
                return false;
            }
            form[1 + 2 * groups] = (byte) (value >> 8);
            form[2 + 2 * groups] = (byte) value;
            groups++;
            i = end;
            if (i == to) {
                break;
            }
            if (octets[i++] != ':' || i == to) {
                return false;
            }
            if (octets[i] == ':') {
                if (gap >= 0) {
                    return false;
                }
                gap = groups;
                i++;
            }
        }
        return gap < 0 ? groups == GROUPS : spread(form, groups, gap);
    }

    /// Moves what stands behind `::` to the end.
    private static boolean spread(byte[] form, int groups, int gap) {
        int missing = GROUPS - groups;
        if (missing == 0) {
            return false;
        }
        int moved = 2 * (groups - gap);
        System.arraycopy(form, 1 + 2 * gap, form, 1 + IPV6_BYTES - moved, moved);
        Arrays.fill(form, 1 + 2 * gap, 1 + 2 * gap + 2 * missing, (byte) 0);
        return true;
    }

    private static boolean readIpv4(byte[] octets, int from, int to, byte[] form, int at) {
        int i = from;
        for (int part = 0; part < 4; part++) {
            int start = i;
            int value = 0;
            while (i < to && octets[i] >= '0' && octets[i] <= '9' && i - start < 3) {
                value = value * 10 + octets[i++] - '0';
            }
            boolean right = i > start && value <= 255 && (octets[start] != '0' || i == start + 1);
            if (!right || (part < 3 && (i == to || octets[i++] != '.'))) {
                return false;
            }
            form[at + part] = (byte) value;
        }
        return i == to;
    }
}
