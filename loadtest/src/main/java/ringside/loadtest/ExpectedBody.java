package ringside.loadtest;

/// What the body of a right answer is.
///
/// @param lengthBytes at least 0
/// @param crc32c of all its bytes (RFC 3720 appendix B.4, [java.util.zip.CRC32C]): 0 to 2³²−1
public record ExpectedBody(long lengthBytes, long crc32c) {
    public ExpectedBody {
        if (lengthBytes < 0 || crc32c < 0 || crc32c > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("a body of " + lengthBytes + " bytes with CRC-32C " + crc32c
                    + ": the length is at least 0 and the checksum 32 bits");
        }
    }
}
