package ringside.server;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The methods of RFC 9110 §9 and PATCH (RFC 5789): those that are served, and those that are known but
/// refused.
enum Method {
    GET,
    HEAD,
    POST,
    PUT,
    DELETE,
    CONNECT,
    OPTIONS,
    TRACE,
    PATCH;

    /// As a field (RFC 9110 §10.2.1).
    static final String SERVED = "Allow: GET, HEAD, OPTIONS\r\n";

    private static final Method[] ALL = values();

    private static final byte[][] TOKENS = tokens();

    /// Methods are case-sensitive.
    ///
    /// @return null for a method that isn't known
    static @Nullable Method of(byte[] octets, int from, int to) {
        for (int i = 0; i < TOKENS.length; i++) {
            if (Arrays.equals(TOKENS[i], 0, TOKENS[i].length, octets, from, to)) {
                return ALL[i];
            }
        }
        return null;
    }

    private static byte[][] tokens() {
        byte[][] tokens = new byte[ALL.length][];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = Octets.ascii(ALL[i].name());
        }
        return tokens;
    }

    /// Whether files and what is like them answer it: [#SERVED].
    boolean isServed() {
        return this == GET || this == HEAD || this == OPTIONS;
    }
}
