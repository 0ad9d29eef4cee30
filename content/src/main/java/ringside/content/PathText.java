package ringside.content;

/// Paths as they are written into a response: RFC 3986 §2.
public final class PathText {

    private static final String HEX = "0123456789ABCDEF";

    private PathText() {}

    /// Percent-encodes all octets but the unreserved ones and slashes, so that nothing in a name means anything.
    public static String encode(byte[] path) {
        StringBuilder text = new StringBuilder(path.length + 16);
        for (byte octet : path) {
            boolean plain = (octet >= 'a' && octet <= 'z')
                    || (octet >= 'A' && octet <= 'Z')
                    || (octet >= '0' && octet <= '9')
                    || "-._~/".indexOf(octet) >= 0;
            if (plain) {
                text.append((char) octet);
            } else {
                text.append('%').append(HEX.charAt((octet & 0xFF) >> 4)).append(HEX.charAt(octet & 0xF));
            }
        }
        return text.toString();
    }
}
