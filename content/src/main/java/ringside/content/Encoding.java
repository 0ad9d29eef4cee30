package ringside.content;

/// A content coding that a body can be kept in besides the plain one (RFC 9110 §8.4.1). The order is part of the
/// webroot's format.
public enum Encoding {
    GZIP("gzip", ".gz", 1),
    /// RFC 7932
    BR("br", ".br", 2),
    /// RFC 8878
    ZSTD("zstd", ".zst", 4);

    private final String token;
    private final String suffix;
    private final int bit;

    Encoding(String token, String suffix, int bit) {
        this.token = token;
        this.suffix = suffix;
        this.bit = bit;
    }

    /// As `Accept-Encoding` and `Content-Encoding` call it.
    public String token() {
        return token;
    }

    /// What the name of a file in this coding ends in, after the name of the plain one: `.gz`.
    public String suffix() {
        return suffix;
    }

    /// Among the encodings of a webroot's record: a power of two.
    public int bit() {
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
