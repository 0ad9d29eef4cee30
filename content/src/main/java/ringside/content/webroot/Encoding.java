package ringside.content.webroot;

/// A content coding that a webroot can store a body in besides the plain one (RFC 9110 §8.4.1). The order is
/// part of the format.
public enum Encoding {
    GZIP("gzip", 1),
    /// RFC 7932
    BR("br", 2),
    /// RFC 8878
    ZSTD("zstd", 4);

    private final String token;
    private final int bit;

    Encoding(String token, int bit) {
        this.token = token;
        this.bit = bit;
    }

    /// As `Accept-Encoding` and `Content-Encoding` call it.
    public String token() {
        return token;
    }

    /// Among the encodings of a record.
    int bit() {
        return bit;
    }

    /// @throws IllegalArgumentException for a token that isn't stored
    public static Encoding of(String token) {
        for (Encoding encoding : values()) {
            if (encoding.token.equals(token)) {
                return encoding;
            }
        }
        throw new IllegalArgumentException("'" + token + "' is no content coding that can be stored: gzip, br, zstd");
    }
}
