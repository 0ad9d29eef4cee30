package ringside.bench.verify;

/// The content of a file, known from position alone: 8 bytes from each multiple of 8 on are one word of a
/// SplitMix64 stream (Steele, Lea, Flood 2014) that starts at the file's key. A byte from another offset or
/// another file is wrong with a probability of 255/256, eight of them always.
///
/// @param key of the file and its version
record KnownBytes(long key) {

    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

    static KnownBytes of(long seed, String name, int version) {
        return new KnownBytes(mix(mix(seed) + GOLDEN_GAMMA * name.hashCode()) + version);
    }

    byte at(long position) {
        return (byte) (word(position >>> 3) >>> (8 * (position & 7)));
    }

    /// Fills `target` with the bytes from `position` on.
    void fill(byte[] target, int count, long position) {
        for (int i = 0; i < count; i++) {
            target[i] = at(position + i);
        }
    }

    /// @return the first index from `from` on, below `to`, at which `bytes` differ from what is at `position` and
    ///     after it; −1 if none does
    int mismatch(byte[] bytes, int from, int to, long position) {
        int i = from;
        long at = position;
        while (i < to) {
            long word = word(at >>> 3) >>> (8 * (at & 7));
            int count = Math.min(to - i, 8 - (int) (at & 7));
            for (int end = i + count; i < end; i++, at++) {
                if (bytes[i] != (byte) word) {
                    return i;
                }
                word >>>= 8;
            }
        }
        return -1;
    }

    private long word(long index) {
        return mix(key + GOLDEN_GAMMA * (index + 1));
    }

    static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return b ^ (b >>> 31);
    }
}
