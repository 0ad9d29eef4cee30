package ringside.server;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/// Classes of octets in HTTP/1.1 messages, as bits in one table.
final class Octets {

    /// RFC 9110 §5.6.2
    static final int TOKEN = 1;
    /// What may stand in a request target: visible ASCII but `#`, and beyond ASCII what clients send unencoded.
    static final int TARGET = 2;
    /// RFC 9110 §5.5: visible, blank, tab, and octets beyond ASCII.
    static final int VALUE = 4;
    /// RFC 3986 §3.2.2 and the port after it; no user information.
    static final int HOST = 8;
    /// What a path keeps unencoded when it is written into a `Location`: RFC 3986 §2.3 and `/`.
    static final int LOCATION = 16;

    private static final byte[] CLASSES = classes();

    private Octets() {}

    static boolean is(byte octet, int octetClass) {
        return (CLASSES[octet & 0xff] & octetClass) != 0;
    }

    /// Whether the octets are `lowerCase`, in any case.
    static boolean equalsIgnoreCase(byte[] octets, int from, int to, byte[] lowerCase) {
        if (to - from != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            byte octet = octets[from + i];
            if (octet != lowerCase[i] && (octet < 'A' || octet > 'Z' || octet + 32 != lowerCase[i])) {
                return false;
            }
        }
        return true;
    }

    /// Where `octet` is first; `to` if it isn't there.
    static int indexOf(byte[] octets, int from, int to, byte octet) {
        int i = from;
        while (i < to && octets[i] != octet) {
            i++;
        }
        return i;
    }

    /// The first place that is no blank and no tab (RFC 9110 §5.6.3); `to` if there is none.
    static int skipBlanks(byte[] octets, int from, int to) {
        int i = from;
        while (i < to && (octets[i] == ' ' || octets[i] == '\t')) {
            i++;
        }
        return i;
    }

    /// After the last octet that is no blank and no tab; `from` if there is none.
    static int trimBlanks(byte[] octets, int from, int to) {
        int i = to;
        while (i > from && (octets[i - 1] == ' ' || octets[i - 1] == '\t')) {
            i--;
        }
        return i;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Writes a number that isn't negative.
    static void writeDecimal(ByteBuf target, long value) {
        long scale = 1;
        while (value / scale >= 10) {
            scale *= 10;
        }
        for (; scale > 0; scale /= 10) {
            target.writeByte('0' + (int) (value / scale % 10));
        }
    }

    /// The value of a hexadecimal digit, or −1.
    static int hexValue(byte octet) {
        return Character.digit(octet, 16);
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int octet = 0x21; octet < 0x100; octet++) {
            if (octet != 0x7f) {
                classes[octet] |= VALUE;
                if (octet != '#') {
                    classes[octet] |= TARGET;
                }
            }
        }
        classes['\t'] |= VALUE;
        classes[' '] |= VALUE;
        for (int octet = '0'; octet <= 'z'; octet++) {
            if (Character.isLetterOrDigit(octet)) {
                classes[octet] |= TOKEN | HOST | LOCATION;
            }
        }
        add(classes, TOKEN, "!#$%&'*+-.^_`|~");
        add(classes, HOST, "-._~!$&'()*+,;=%[]:");
        add(classes, LOCATION, "-._~/");
        return classes;
    }

    private static void add(byte[] classes, int octetClass, String octets) {
        for (int i = 0; i < octets.length(); i++) {
            classes[octets.charAt(i)] |= (byte) octetClass;
        }
    }
}
