package ringside.content;

/// Whether bytes are UTF-8 (RFC 3629).
final class Utf8 {

    private Utf8() {}

    /// Whether the first `length` bytes can be the beginning of a text in UTF-8: a character that is cut off
    /// at the end is no fault. A NUL is: it isn't text then, but UTF-16 or none.
    static boolean isBeginning(byte[] bytes, int length) {
        int i = 0;
        while (i < length) {
            byte first = bytes[i++];
            if (first > 0) {
                continue;
            }
            int more = continuations(first);
            if (more < 0) {
                return false;
            }
            if (more > 0 && i < length && !isSecond(first, bytes[i])) {
                return false;
            }
            for (; more > 0 && i < length; more--) {
                if ((bytes[i++] & 0xC0) != 0x80) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int continuations(byte first) {
        int octet = first & 0xFF;
        if (octet >= 0xC2 && octet <= 0xDF) {
            return 1;
        }
        if (octet >= 0xE0 && octet <= 0xEF) {
            return 2;
        }
        return octet >= 0xF0 && octet <= 0xF4 ? 3 : -1;
    }

    /// No overlong forms, no surrogates, nothing above U+10FFFF.
    private static boolean isSecond(byte first, byte second) {
        int octet = second & 0xFF;
        return switch (first & 0xFF) {
            case 0xE0 -> octet >= 0xA0;
            case 0xED -> octet < 0xA0;
            case 0xF0 -> octet >= 0x90;
            case 0xF4 -> octet < 0x90;
            default -> true;
        };
    }
}
