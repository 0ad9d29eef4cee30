package ringside.content.webroot;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 of memory outside the heap. One thread.
final class Digests {

    /// Small enough to stay in the cache between the copy and the digest, which wants an array.
    private static final int CHUNK_BYTES = 32 << 10;

    private final MessageDigest sha256 = sha256();
    private final byte[] chunk = new byte[CHUNK_BYTES];

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    void update(MemorySegment bytes) {
        long length = bytes.byteSize();
        for (long at = 0; at < length; at += CHUNK_BYTES) {
            int part = (int) Math.min(CHUNK_BYTES, length - at);
            MemorySegment.copy(bytes, Layout.U8, at, chunk, 0, part);
            sha256.update(chunk, 0, part);
        }
    }

    /// Ends one digest; the next begins.
    byte[] end() {
        return sha256.digest();
    }
}
