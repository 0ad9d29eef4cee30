package ringside.content.webroot;

import java.util.HexFormat;

/// Where the bytes of a body stand in a webroot's file, and what they are.
///
/// @param id its number; two resources with the same content have the same body
/// @param offset from the start of the file; a multiple of 4096 if the body has 4096 bytes or more
/// @param lengthBytes 0 to 2^40
/// @param sha256 of the bytes, in hexadecimal
public record Body(long id, long offset, long lengthBytes, String sha256) {

    /// Bytes of the digest in an entity tag: 128 bits, at which no two contents of a site meet by accident.
    private static final int TAG_DIGITS = 32;

    public Body {
        if (id < 0 || offset < Layout.HEADER_BYTES || lengthBytes < 0 || sha256.length() != 2 * Layout.SHA256_BYTES) {
            throw new IllegalArgumentException(
                    "body " + id + " at " + offset + ", " + lengthBytes + " bytes, digest '" + sha256 + "'");
        }
    }

    static Body of(long id, long offset, long lengthBytes, byte[] sha256) {
        return new Body(id, offset, lengthBytes, HexFormat.of().formatHex(sha256));
    }

    /// The strong entity tag of this content, quoted (RFC 9110 §8.8.3). Equal contents have equal tags, in
    /// whichever webroot they are; a compressed form is a content of its own.
    public String entityTag() {
        return '"' + sha256.substring(0, TAG_DIGITS) + '"';
    }
}
