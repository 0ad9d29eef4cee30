package ringside.bench.io;

/// Gives the blocks of a file in the order in which they are to be read. Deterministic: the same seed gives
/// the same order. One thread; nothing is allocated.
sealed interface BlockOrder {

    /// What [#next()] answers when every block had its turn.
    long EXHAUSTED = -1;

    /// @return a block's number, 0 to count − 1, or [#EXHAUSTED]
    long next();

    /// @param once whether each block comes once at most, so that a cold one is read cold
    static BlockOrder of(ReadPattern pattern, boolean once, long blockCount, long seed) {
        return switch (pattern) {
            case RANDOM -> once ? new Shuffled(blockCount, seed) : new Drawn(blockCount, seed);
            case SEQUENTIAL -> new Sequential(blockCount, once);
        };
    }

    /// Drawn at random, with replacement: xorshift64* (Vigna 2016, "An experimental exploration of
    /// Marsaglia's xorshift generators, scrambled"), of which the upper half is scaled to the count (Lemire
    /// 2019). A few instructions for each.
    final class Drawn implements BlockOrder {

        private final long blockCount;
        private long state;

        Drawn(long blockCount, long seed) {
            requireBlocks(blockCount);
            this.blockCount = blockCount;
            // Zero is the one state that xorshift never leaves.
            this.state = mix(seed) == 0 ? 1 : mix(seed);
        }

        @Override
        public long next() {
            long x = state;
            x ^= x >>> 12;
            x ^= x << 25;
            x ^= x >>> 27;
            state = x;
            return Math.unsignedMultiplyHigh(x * 0x2545_F491_4F6C_DD1DL, blockCount);
        }
    }

    /// Each block once, in an order that looks random, without a table: a bijection on the next power of two,
    /// applied again while it leads beyond the count ("cycle walking", Black and Rogaway 2002), at most twice
    /// on average.
    final class Shuffled implements BlockOrder {

        private final long blockCount;
        private final long mask;
        private final int shift;
        private final long key;
        private long index;

        Shuffled(long blockCount, long seed) {
            requireBlocks(blockCount);
            this.blockCount = blockCount;
            int bits = Math.max(2, 64 - Long.numberOfLeadingZeros(blockCount - 1));
            this.mask = -1L >>> (64 - bits);
            this.shift = (bits + 1) / 2;
            this.key = mix(seed);
        }

        @Override
        public long next() {
            if (index == blockCount) {
                return EXHAUSTED;
            }
            long block = permute(index++);
            while (block >= blockCount) {
                block = permute(block);
            }
            return block;
        }

        /// Adding, multiplying by an odd number and xoring the upper bits into the lower ones can each be
        /// undone within `mask`.
        private long permute(long value) {
            long x = (value + key) & mask;
            x ^= x >>> shift;
            x = (x * 0xBF58_476D_1CE4_E5B9L) & mask;
            x ^= x >>> shift;
            x = (x * 0x94D0_49BB_1331_11EBL + (key >>> 17)) & mask;
            return x ^ (x >>> shift);
        }
    }

    /// From the first to the last, and then from the first again.
    final class Sequential implements BlockOrder {

        private final long blockCount;
        private final boolean once;
        private long index;

        Sequential(long blockCount, boolean once) {
            requireBlocks(blockCount);
            this.blockCount = blockCount;
            this.once = once;
        }

        @Override
        public long next() {
            if (index == blockCount) {
                if (once) {
                    return EXHAUSTED;
                }
                index = 0;
            }
            return index++;
        }
    }

    private static void requireBlocks(long blockCount) {
        if (blockCount < 1) {
            throw new IllegalArgumentException(blockCount + " blocks can't be read");
        }
    }

    /// SplitMix64's finaliser (Steele, Lea, Flood 2014).
    private static long mix(long seed) {
        long z = seed + 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }
}
