package ringside.server;

import org.jspecify.annotations.Nullable;

/// Reads the head of an HTTP/1.1 request (RFC 9112) from an array, strictly: where RFC 9112 lets a recipient be
/// lenient (a bare LF, folded fields, blanks before a colon), the request is refused, since intermediaries
/// disagree about such requests and smugglers live on that.
///
/// ```
///   request line ─► fields ─► framing and host        each may refuse; the first refusal counts
/// ```
///
/// One parser serves all connections of an event loop: what it read holds until the next call. It keeps indices
/// into the caller's array and allocates nothing.
final class RequestParser {

    /// The end of the head isn't there yet.
    static final int INCOMPLETE = 0;
    /// A whole head: see the fields.
    static final int COMPLETE = 1;
    /// See [#refusal].
    static final int REFUSED = 2;

    private static final int METHOD_BYTES_MAX = 32;
    private static final byte[] HTTP = Octets.ascii("HTTP/");
    private static final byte[] SCHEME_HTTP = Octets.ascii("http://");
    private static final byte[] SCHEME_HTTPS = Octets.ascii("https://");
    private static final byte[] EMPTY = {};

    private final HttpLimits limits;
    /// Of the request read last.
    final RequestFields fields = new RequestFields();

    private byte[] octets = EMPTY;
    private int position;
    private int limit;

    /// Where the request line starts, past empty lines (RFC 9112 §2.2), and ends.
    int lineFrom;

    int lineTo;
    /// After the head.
    int headTo;

    /// Null for a token that isn't a known method.
    @Nullable
    Method method;

    /// The path without the query; empty for an absolute URI without one.
    int pathFrom;

    int pathTo;
    /// With its question mark; empty if there is none.
    int queryFrom;

    int queryTo;
    /// Whether the path means itself: nothing encoded, no segment that is empty or starts with a dot.
    boolean pathPlain;

    /// The host that the request is for, with its port if there is one: the target's if that is an absolute URI,
    /// whatever the Host field says (RFC 9112 §3.2.2); empty if none is named.
    int hostFrom;

    int hostTo;

    boolean version11;
    Refusal refusal = Refusal.METHOD_SYNTAX;

    RequestParser(HttpLimits limits) {
        this.limits = limits;
    }

    /// Whether the connection may carry another request after this one, as far as the request says.
    boolean keepAlive() {
        return !fields.connectionClose && (version11 || fields.connectionKeepAlive);
    }

    /// Bytes of the body that follow the head; 0 if [#chunked()].
    long contentLengthBytes() {
        return Math.max(0, fields.contentLengthBytes);
    }

    boolean chunked() {
        return fields.transferEncodings > 0;
    }

    /// Whether the client waits for 100 before it sends the body. RFC 9110 §10.1.1: HTTP/1.0 knows no such thing.
    boolean expectsContinue() {
        return fields.expectsContinue && version11;
    }

    /// Whether it expects what nobody knows.
    boolean expectsOther() {
        return fields.expectsOther && version11;
    }

    /// Whether the request asks about the server, not about a resource of it: `OPTIONS *`.
    boolean asterisk() {
        return pathTo - pathFrom == 1 && octets[pathFrom] == '*' && queryTo == queryFrom;
    }

    /// Reads the request that starts at `from`.
    ///
    /// @param to after the last octet that has arrived
    /// @return [#INCOMPLETE], [#COMPLETE] or [#REFUSED]
    int parse(byte[] octets, int from, int to) {
        this.octets = octets;
        limit = Math.min(to, from + limits.headBytesMax());
        position = from;
        fields.reset();
        lineFrom = from;
        lineTo = from;
        method = null;
        hostFrom = 0;
        hostTo = 0;
        version11 = true;
        int result = parseLine();
        if (result == COMPLETE) {
            result = parseFields();
        }
        if (result == INCOMPLETE && limit - from >= limits.headBytesMax()) {
            return refuse(Refusal.HEAD_TOO_LARGE);
        }
        return result;
    }

    private int parseLine() {
        while (position + 1 < limit && octets[position] == '\r' && octets[position + 1] == '\n') {
            position += 2;
        }
        lineFrom = position;
        if (position < limit && octets[position] == '\r') {
            return position + 1 < limit ? refuse(Refusal.LINE_END) : INCOMPLETE;
        }
        int p = position;
        while (p < limit && Octets.is(octets[p], Octets.TOKEN)) {
            p++;
        }
        if (p - lineFrom > METHOD_BYTES_MAX) {
            return refuse(Refusal.METHOD_TOO_LONG);
        }
        if (p == limit) {
            return INCOMPLETE;
        }
        if (p == lineFrom || octets[p] != ' ') {
            return refuse(Refusal.METHOD_SYNTAX);
        }
        method = Method.of(octets, lineFrom, p);
        position = p + 1;
        int result = parseTarget();
        if (result == COMPLETE) {
            result = parseVersion();
        }
        return result == COMPLETE && octets[pathFrom] != '/' ? parseOtherForm() : result;
    }

    private int parseTarget() {
        int from = position;
        int end = Math.min(limit, from + limits.targetBytesMax() + 1);
        int query = -1;
        boolean plain = true;
        byte previous = 0;
        int p = from;
        for (; p < end; p++) {
            byte octet = octets[p];
            if (!Octets.is(octet, Octets.TARGET)) {
                break;
            }
            if (query < 0) {
                if (octet == '?') {
                    query = p;
                } else if (octet == '%' || (previous == '/' && (octet == '/' || octet == '.'))) {
                    plain = false;
                }
                previous = octet;
            }
        }
        if (p - from > limits.targetBytesMax()) {
            return refuse(Refusal.TARGET_TOO_LONG);
        }
        if (p == limit) {
            return INCOMPLETE;
        }
        if (octets[p] != ' ' || p == from) {
            return refuse(octets[p] == '\r' && p > from ? Refusal.VERSION_SYNTAX : Refusal.TARGET_SYNTAX);
        }
        position = p + 1;
        pathFrom = from;
        pathTo = query < 0 ? p : query;
        queryFrom = pathTo;
        queryTo = p;
        pathPlain = plain;
        return COMPLETE;
    }

    /// RFC 9112 §3.2.2 to §3.2.4: absolute, authority, asterisk.
    private int parseOtherForm() {
        if (method == Method.CONNECT) {
            return COMPLETE;
        }
        if (asterisk()) {
            return method == Method.OPTIONS ? COMPLETE : refuse(Refusal.TARGET_SYNTAX);
        }
        int authority = pathFrom;
        if (startsWith(SCHEME_HTTP)) {
            authority += SCHEME_HTTP.length;
        } else if (startsWith(SCHEME_HTTPS)) {
            authority += SCHEME_HTTPS.length;
        } else {
            return refuse(Refusal.TARGET_SYNTAX);
        }
        int p = authority;
        while (p < pathTo && octets[p] != '/') {
            if (!Octets.is(octets[p], Octets.HOST)) {
                return refuse(Refusal.HOST_SYNTAX);
            }
            p++;
        }
        if (p == authority) {
            // RFC 9110 §4.2.1: an http URI without a host is invalid.
            return refuse(Refusal.HOST_SYNTAX);
        }
        hostFrom = authority;
        hostTo = p;
        pathFrom = p;
        pathPlain = false;
        return COMPLETE;
    }

    private boolean startsWith(byte[] scheme) {
        int to = pathFrom + scheme.length;
        return to <= pathTo && Octets.equalsIgnoreCase(octets, pathFrom, to, scheme);
    }

    private int parseVersion() {
        int p = position;
        for (int i = 0; i < 8; i++, p++) {
            if (p == limit) {
                return INCOMPLETE;
            }
            byte octet = octets[p];
            boolean right = i < 5 ? octet == HTTP[i] : i == 6 ? octet == '.' : octet >= '0' && octet <= '9';
            if (!right) {
                return refuse(Refusal.VERSION_SYNTAX);
            }
        }
        lineTo = p;
        if (octets[p - 3] != '1') {
            return refuse(Refusal.VERSION_UNKNOWN);
        }
        // RFC 9110 §2.5: a higher minor version is answered as the highest that is known.
        version11 = octets[p - 1] != '0';
        position = p;
        int result = lineEnd(p, Refusal.VERSION_SYNTAX);
        position = p + 2;
        return result;
    }

    private int parseFields() {
        while (true) {
            if (position >= limit) {
                return INCOMPLETE;
            }
            byte first = octets[position];
            if (first == '\r') {
                int result = lineEnd(position, Refusal.LINE_END);
                headTo = position + 2;
                return result == COMPLETE ? finish() : result;
            }
            if (first == ' ' || first == '\t') {
                return refuse(Refusal.FOLDED_FIELD);
            }
            int result = parseField();
            if (result != COMPLETE) {
                return result;
            }
        }
    }

    private int parseField() {
        int nameFrom = position;
        int p = nameFrom;
        while (p < limit && Octets.is(octets[p], Octets.TOKEN)) {
            p++;
        }
        if (p == limit) {
            return INCOMPLETE;
        }
        if (p == nameFrom || octets[p] != ':') {
            return refuse(octets[p] == '\n' ? Refusal.LINE_END : Refusal.FIELD_NAME);
        }
        int nameTo = p++;
        while (p < limit && (octets[p] == ' ' || octets[p] == '\t')) {
            p++;
        }
        int valueFrom = p;
        while (p < limit && Octets.is(octets[p], Octets.VALUE)) {
            p++;
        }
        if (p == limit) {
            return INCOMPLETE;
        }
        int result = lineEnd(p, octets[p] == '\n' ? Refusal.LINE_END : Refusal.FIELD_VALUE);
        if (result != COMPLETE) {
            return result;
        }
        position = p + 2;
        while (p > valueFrom && (octets[p - 1] == ' ' || octets[p - 1] == '\t')) {
            p--;
        }
        Refusal refused = fields.add(octets, nameFrom, nameTo, valueFrom, p);
        return refused == null ? COMPLETE : refuse(refused);
    }

    /// CR LF must stand at `p`.
    private int lineEnd(int p, Refusal otherwise) {
        if (p == limit) {
            return INCOMPLETE;
        }
        if (octets[p] != '\r') {
            return refuse(otherwise);
        }
        if (p + 1 == limit) {
            return INCOMPLETE;
        }
        return octets[p + 1] == '\n' ? COMPLETE : refuse(Refusal.LINE_END);
    }

    private int finish() {
        if (hostTo == 0) {
            hostFrom = fields.hostFrom;
            hostTo = fields.hostTo;
        }
        Refusal refused = fields.check(version11);
        return refused == null ? COMPLETE : refuse(refused);
    }

    private int refuse(Refusal why) {
        refusal = why;
        return REFUSED;
    }
}
