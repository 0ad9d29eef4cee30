package ringside.server;

import org.jspecify.annotations.Nullable;

/// The fields of a request's head that this server acts on; all others are skipped.
final class RequestFields {

    private static final byte[] HOST = Octets.ascii("host");
    private static final byte[] CONNECTION = Octets.ascii("connection");
    private static final byte[] CONTENT_LENGTH = Octets.ascii("content-length");
    private static final byte[] TRANSFER_ENCODING = Octets.ascii("transfer-encoding");
    private static final byte[] EXPECT = Octets.ascii("expect");
    private static final byte[] CONTINUE = Octets.ascii("100-continue");
    private static final byte[] CLOSE = Octets.ascii("close");
    private static final byte[] KEEP_ALIVE = Octets.ascii("keep-alive");
    private static final byte[] CHUNKED = Octets.ascii("chunked");

    boolean connectionClose;
    boolean connectionKeepAlive;
    boolean expectsContinue;
    /// Anything but `100-continue`.
    boolean expectsOther;
    /// −1 if there is none; a number too large for a long is the largest long.
    long contentLengthBytes;
    /// Transfer codings named.
    int transferEncodings;

    private int chunkedCodings;
    private boolean chunkedLast;
    private boolean transferEncodingSeen;
    private int hosts;

    void reset() {
        connectionClose = false;
        connectionKeepAlive = false;
        expectsContinue = false;
        expectsOther = false;
        contentLengthBytes = -1;
        transferEncodings = 0;
        chunkedCodings = 0;
        chunkedLast = false;
        transferEncodingSeen = false;
        hosts = 0;
    }

    /// @return null if nothing is wrong with the field
    @Nullable
    Refusal add(byte[] octets, int nameFrom, int nameTo, int valueFrom, int valueTo) {
        switch (nameTo - nameFrom) {
            case 4 -> {
                if (Octets.equalsIgnoreCase(octets, nameFrom, nameTo, HOST)) {
                    return addHost(octets, valueFrom, valueTo);
                }
            }
            case 6 -> {
                if (Octets.equalsIgnoreCase(octets, nameFrom, nameTo, EXPECT)) {
                    addExpectation(octets, valueFrom, valueTo);
                }
            }
            case 10 -> {
                if (Octets.equalsIgnoreCase(octets, nameFrom, nameTo, CONNECTION)) {
                    addConnection(octets, valueFrom, valueTo);
                }
            }
            case 14 -> {
                if (Octets.equalsIgnoreCase(octets, nameFrom, nameTo, CONTENT_LENGTH)) {
                    return addContentLength(octets, valueFrom, valueTo);
                }
            }
            case 17 -> {
                if (Octets.equalsIgnoreCase(octets, nameFrom, nameTo, TRANSFER_ENCODING)) {
                    addTransferEncoding(octets, valueFrom, valueTo);
                }
            }
            default -> {}
        }
        return null;
    }

    /// What can only be said when all fields are read. RFC 9112 §3.2 (Host), §6.1 and §6.3 (framing).
    @Nullable
    Refusal check(boolean version11) {
        if (hosts == 0 && version11) {
            return Refusal.HOST_MISSING;
        }
        if (transferEncodingSeen) {
            if (contentLengthBytes >= 0) {
                return Refusal.LENGTH_AND_ENCODING;
            }
            if (!version11) {
                return Refusal.ENCODING_IN_1_0;
            }
            if (!chunkedLast || chunkedCodings != 1) {
                return Refusal.ENCODING_ENDLESS;
            }
            if (transferEncodings != 1) {
                return Refusal.ENCODING_UNKNOWN;
            }
        }
        return null;
    }

    private @Nullable Refusal addHost(byte[] octets, int from, int to) {
        if (++hosts > 1) {
            return Refusal.HOST_REPEATED;
        }
        for (int i = from; i < to; i++) {
            if (!Octets.is(octets[i], Octets.HOST)) {
                return Refusal.HOST_SYNTAX;
            }
        }
        return null;
    }

    private @Nullable Refusal addContentLength(byte[] octets, int from, int to) {
        if (contentLengthBytes >= 0) {
            return Refusal.LENGTH_REPEATED;
        }
        if (from == to) {
            return Refusal.LENGTH_SYNTAX;
        }
        long length = 0;
        for (int i = from; i < to; i++) {
            int digit = octets[i] - '0';
            if (digit < 0 || digit > 9) {
                return Refusal.LENGTH_SYNTAX;
            }
            length = length > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : length * 10 + digit;
        }
        contentLengthBytes = length;
        return null;
    }

    private void addConnection(byte[] octets, int from, int to) {
        for (int start = from; start < to; ) {
            int end = elementEnd(octets, start, to);
            int trimmedFrom = skipBlanks(octets, start, end);
            int trimmedTo = trimBlanks(octets, trimmedFrom, end);
            if (Octets.equalsIgnoreCase(octets, trimmedFrom, trimmedTo, CLOSE)) {
                connectionClose = true;
            } else if (Octets.equalsIgnoreCase(octets, trimmedFrom, trimmedTo, KEEP_ALIVE)) {
                connectionKeepAlive = true;
            }
            start = end + 1;
        }
    }

    /// RFC 9110 §10.1.1
    private void addExpectation(byte[] octets, int from, int to) {
        for (int start = from; start < to; ) {
            int end = elementEnd(octets, start, to);
            int trimmedFrom = skipBlanks(octets, start, end);
            int trimmedTo = trimBlanks(octets, trimmedFrom, end);
            if (trimmedTo > trimmedFrom) {
                boolean known = Octets.equalsIgnoreCase(octets, trimmedFrom, trimmedTo, CONTINUE);
                expectsContinue |= known;
                expectsOther |= !known;
            }
            start = end + 1;
        }
    }

    private void addTransferEncoding(byte[] octets, int from, int to) {
        transferEncodingSeen = true;
        for (int start = from; start < to; ) {
            int end = elementEnd(octets, start, to);
            int trimmedFrom = skipBlanks(octets, start, end);
            int trimmedTo = trimBlanks(octets, trimmedFrom, end);
            if (trimmedTo > trimmedFrom) {
                transferEncodings++;
                chunkedLast = Octets.equalsIgnoreCase(octets, trimmedFrom, trimmedTo, CHUNKED);
                chunkedCodings += chunkedLast ? 1 : 0;
            }
            start = end + 1;
        }
    }

    private static int elementEnd(byte[] octets, int from, int to) {
        int end = from;
        while (end < to && octets[end] != ',') {
            end++;
        }
        return end;
    }

    private static int skipBlanks(byte[] octets, int from, int to) {
        int i = from;
        while (i < to && (octets[i] == ' ' || octets[i] == '\t')) {
            i++;
        }
        return i;
    }

    private static int trimBlanks(byte[] octets, int from, int to) {
        int i = to;
        while (i > from && (octets[i - 1] == ' ' || octets[i - 1] == '\t')) {
            i--;
        }
        return i;
    }
}
