package ringside.bench.micro;

import java.util.Arrays;

/// Sorted paths in blocks of 16, each path but a block's first as what differs from the one before, and a
/// binary search over the blocks: what [LookupBenchmark] holds the webroot's table against.
///
/// ```
///  block: length (2 bytes), path; 15 times: shared bytes (2 bytes), further bytes (2 bytes), those
/// ```
final class FrontCodedPaths {

    private static final int BLOCK_PATHS = 16;

    private byte[] packed = new byte[1 << 20];
    private int size;
    private final int[] blocks;
    private final int count;

    /// @param sorted by their bytes, all different; the value of each is its index
    FrontCodedPaths(byte[][] sorted) {
        count = sorted.length;
        blocks = new int[(count + BLOCK_PATHS - 1) / BLOCK_PATHS];
        for (int i = 0; i < count; i++) {
            byte[] path = sorted[i];
            if (size + path.length + 4 > packed.length) {
                packed = Arrays.copyOf(packed, 2 * packed.length + path.length);
            }
            int shared = 0;
            if (i % BLOCK_PATHS == 0) {
                blocks[i / BLOCK_PATHS] = size;
            } else {
                int mismatch = Arrays.mismatch(sorted[i - 1], path);
                shared = mismatch;
                put16(shared);
            }
            put16(path.length - shared);
            System.arraycopy(path, shared, packed, size, path.length - shared);
            size += path.length - shared;
        }
    }

    long bytes() {
        return size + 4L * blocks.length;
    }

    int find(byte[] path) {
        int low = 0;
        int high = blocks.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int at = blocks[middle];
            int length = int16(at);
            int order = Arrays.compareUnsigned(packed, at + 2, at + 2 + length, path, 0, path.length);
            if (order == 0) {
                return middle * BLOCK_PATHS;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? -1 : scan(high, path);
    }

    /// Keeps how much of `path` the path before had, so that no path is put together.
    private int scan(int block, byte[] path) {
        int at = blocks[block];
        int length = int16(at);
        int matched = matched(at + 2, length, path, 0);
        at += 2 + length;
        int end = Math.min(count, (block + 1) * BLOCK_PATHS);
        for (int i = block * BLOCK_PATHS + 1; i < end; i++) {
            int shared = int16(at);
            int further = int16(at + 2);
            at += 4;
            if (shared < matched) {
                return -1; // sorted: what comes is greater
            }
            if (shared == matched) {
                matched += matched(at, further, path, matched);
                if (matched == path.length && shared + further == path.length) {
                    return i;
                }
            }
            at += further;
        }
        return -1;
    }

    private int matched(int at, int length, byte[] path, int from) {
        int most = Math.min(length, path.length - from);
        int mismatch = Arrays.mismatch(packed, at, at + most, path, from, from + most);
        return mismatch < 0 ? most : mismatch;
    }

    private void put16(int value) {
        packed[size++] = (byte) value;
        packed[size++] = (byte) (value >> 8);
    }

    private int int16(int at) {
        return (packed[at] & 0xFF) | (packed[at + 1] & 0xFF) << 8;
    }
}
