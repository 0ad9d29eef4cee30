package ringside.bench.trial;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The bytes of one generated file, known from their position alone: each block of 4 KiB is a SplitMix64 stream
/// (Steele, Lea, Flood 2014) whose start is mixed from seed, file and block. A block that is sent in the place of
/// another one, of the same or of another file, changes the checksum, and no file system can compress or share it.
public final class Content {

    public static final int BLOCK_BYTES = 4096;

    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

    private final long fileKey;

    public Content(long seed, long sizeBytes, int fileIndex) {
        fileKey = mix(mix(seed + GOLDEN_GAMMA * sizeBytes) + fileIndex);
    }

    /// Fills `target` from its position to its limit with the bytes of the file from `offset` on.
    ///
    /// @param offset a multiple of [#BLOCK_BYTES]
    public void fill(ByteBuffer target, long offset) {
        ByteBuffer words = target.order(ByteOrder.LITTLE_ENDIAN);
        long block = offset / BLOCK_BYTES;
        while (words.hasRemaining()) {
            long state = mix(fileKey ^ (GOLDEN_GAMMA * ++block));
            int blockBytes = Math.min(BLOCK_BYTES, words.remaining());
            for (int i = blockBytes >> 3; i > 0; i--) {
                state += GOLDEN_GAMMA;
                words.putLong(mix(state));
            }
            for (int i = blockBytes & 7; i > 0; i--) {
                state += GOLDEN_GAMMA;
                words.put((byte) mix(state));
            }
        }
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return b ^ (b >>> 31);
    }
}
