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
    private static final byte[] ACCEPT_ENCODING = Octets.ascii("accept-encoding");
    private static final byte[] IF_MATCH = Octets.ascii("if-match");
    private static final byte[] IF_NONE_MATCH = Octets.ascii("if-none-match");
    private static final byte[] IF_MODIFIED_SINCE = Octets.ascii("if-modified-since");
    private static final byte[] IF_UNMODIFIED_SINCE = Octets.ascii("if-unmodified-since");
    private static final byte[] IF_RANGE = Octets.ascii("if-range");
    private static final byte[] RANGE = Octets.ascii("range");
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
    final FieldLines acceptEncoding = new FieldLines();
    final FieldLines ifMatch = new FieldLines();
    final FieldLines ifNoneMatch = new FieldLines();
    final FieldLines ifModifiedSince = new FieldLines();
    final FieldLines ifUnmodifiedSince = new FieldLines();
    final FieldLines ifRange = new FieldLines();
    final FieldLines range = new FieldLines();
    /// Whether a precondition or a range is there (RFC 9110 §13.1, §14.2); most requests have none.
    boolean conditional;

    private boolean transferEncodingSeen;
    private int hosts;
    /// Where the value of the Host field is, if there is one.
    int hostFrom;

    int hostTo;

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
        hostFrom = 0;
        hostTo = 0;
        acceptEncoding.clear();
        if (conditional) {
            conditional = false;
            ifMatch.clear();
            ifNoneMatch.clear();
            ifModifiedSince.clear();
            ifUnmodifiedSince.clear();
            ifRange.clear();
            range.clear();
        }
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
            case 5 -> addCondition(range, RANGE, octets, nameFrom, nameTo, valueFrom, valueTo);
            case 6 -> {
                if (Octets.equalsIgnoreCase(octets, nameFrom, nameTo, EXPECT)) {
                    addExpectation(octets, valueFrom, valueTo);
                }
            }
            case 8 -> {
                addCondition(ifMatch, IF_MATCH, octets, nameFrom, nameTo, valueFrom, valueTo);
                addCondition(ifRange, IF_RANGE, octets, nameFrom, nameTo, valueFrom, valueTo);
            }
            case 10 -> {
                if (Octets.equalsIgnoreCase(octets, nameFrom, nameTo, CONNECTION)) {
                    addConnection(octets, valueFrom, valueTo);
                }
            }
            case 13 -> addCondition(ifNoneMatch, IF_NONE_MATCH, octets, nameFrom, nameTo, valueFrom, valueTo);
            case 14 -> {
                if (Octets.equalsIgnoreCase(octets, nameFrom, nameTo, CONTENT_LENGTH)) {
                    return addContentLength(octets, valueFrom, valueTo);
                }
            }
            case 15 -> {
                if (Octets.equalsIgnoreCase(octets, nameFrom, nameTo, ACCEPT_ENCODING)) {
                    acceptEncoding.add(valueFrom, valueTo);
                }
            }
            case 17 -> {
                if (Octets.equalsIgnoreCase(octets, nameFrom, nameTo, TRANSFER_ENCODING)) {
                    addTransferEncoding(octets, valueFrom, valueTo);
                }
                addCondition(ifModifiedSince, IF_MODIFIED_SINCE, octets, nameFrom, nameTo, valueFrom, valueTo);
            }
            case 19 ->
                addCondition(ifUnmodifiedSince, IF_UNMODIFIED_SINCE, octets, nameFrom, nameTo, valueFrom, valueTo);
            default -> {}
        }
        return null;
    }

    private void addCondition(
            FieldLines lines, byte[] name, byte[] octets, int nameFrom, int nameTo, int valueFrom, int valueTo) {
        if (Octets.equalsIgnoreCase(octets, nameFrom, nameTo, name)) {
            lines.add(valueFrom, valueTo);
            conditional = true;
        }
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
        hostFrom = from;
        hostTo = to;
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
            int end = Octets.indexOf(octets, start, to, (byte) ',');
            int trimmedFrom = Octets.skipBlanks(octets, start, end);
            int trimmedTo = Octets.trimBlanks(octets, trimmedFrom, end);
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
            int end = Octets.indexOf(octets, start, to, (byte) ',');
            int trimmedFrom = Octets.skipBlanks(octets, start, end);
            int trimmedTo = Octets.trimBlanks(octets, trimmedFrom, end);
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
            int end = Octets.indexOf(octets, start, to, (byte) ',');
            int trimmedFrom = Octets.skipBlanks(octets, start, end);
            int trimmedTo = Octets.trimBlanks(octets, trimmedFrom, end);
            if (trimmedTo > trimmedFrom) {
                transferEncodings++;
                chunkedLast = Octets.equalsIgnoreCase(octets, trimmedFrom, trimmedTo, CHUNKED);
                chunkedCodings += chunkedLast ? 1 : 0;
            }
            start = end + 1;
        }
    }
}
