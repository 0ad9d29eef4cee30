package ringside.content.webroot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The hash that finds a path's bucket. Part of the format: it can't change without a new version.
///
/// Eight bytes at a time, little-endian: multiply by 2^64/φ and fold; at the end one round of the finaliser
/// of SplitMix64 (Steele, Lea, Flood 2014). The seed follows from the webroot's content, so that who chooses
/// some names of a webroot can't choose where they fall.
final class PathHash {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
    private static final long FINAL = 0xBF58_476D_1CE4_E5B9L;

    private PathHash() {}

    static long of(byte[] path, int from, int to, long seed) {
        long hash = seed ^ (to - from);
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            hash = fold(hash ^ (long) LONGS.get(path, i));
        }
        long tail = 0;
        for (int shift = 0; i < to; i++, shift += 8) {
            tail |= (path[i] & 0xFFL) << shift;
        }
        hash = fold(hash ^ tail);
        hash = (hash ^ hash >>> 27) * FINAL;
        return hash ^ hash >>> 31;
    }

    private static long fold(long hash) {
        long product = hash * GOLDEN;
        return product ^ product >>> 32;
    }

    static long bucket(long hash, long bucketCount) {
        return Math.unsignedMultiplyHigh(hash, bucketCount);
    }

    /// Never 0, which stands for an empty slot.
    static int tag(long hash) {
        int tag = (int) hash & 0xFF;
        return tag == 0 ? 1 : tag;
    }
}
