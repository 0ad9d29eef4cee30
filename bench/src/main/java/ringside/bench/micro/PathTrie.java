package ringside.bench.micro;

import java.util.Arrays;

/// A path-compressed trie over bytes, packed into one array: what [LookupBenchmark] holds the webroot's table
/// against.
///
/// ```
///  node: label length (1 to 2 bytes), label, value + 1 (4 bytes, 0 = none), children (1 byte),
///        their first bytes, their offsets (4 bytes each)
/// ```
final class PathTrie {

    private byte[] packed = new byte[1 << 20];
    private int size;
    private final int root;

    /// @param sorted by their bytes, all different; the value of each is its index
    PathTrie(byte[][] sorted) {
        root = node(sorted, 0, sorted.length, 0);
    }

    long bytes() {
        return size;
    }

    int find(byte[] path) {
        int at = root;
        int depth = 0;
        while (true) {
            int labelBytes = packed[at++];
            if (labelBytes < 0) {
                labelBytes = (labelBytes & 0x7F) << 8 | (packed[at++] & 0xFF);
            }
            if (depth + labelBytes > path.length
                    || !Arrays.equals(packed, at, at + labelBytes, path, depth, depth + labelBytes)) {
                return -1;
            }
            at += labelBytes;
            depth += labelBytes;
            if (depth == path.length) {
                return int32(at) - 1;
            }
            int children = packed[at + 4] & 0xFF;
            int child = child(at + 5, children, path[depth]);
            if (child < 0) {
                return -1;
            }
            at = int32(at + 5 + children + 4 * child);
        }
    }

    private int child(int at, int children, byte wanted) {
        int low = 0;
        int high = children - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Byte.compareUnsigned(packed[at + middle], wanted);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private int node(byte[][] keys, int from, int to, int depth) {
        int end = depth;
        byte[] first = keys[from];
        byte[] last = keys[to - 1];
        while (end < first.length && end < last.length && first[end] == last[end]) {
            end++;
        }
        int value = first.length == end ? from + 1 : 0;
        byte[] firsts = new byte[256];
        int[] offsets = new int[256];
        int children = 0;
        for (int i = value == 0 ? from : from + 1; i < to; ) {
            int next = i + 1;
            while (next < to && keys[next][end] == keys[i][end]) {
                next++;
            }
            firsts[children] = keys[i][end];
            offsets[children++] = node(keys, i, next, end);
            i = next;
        }
        return write(first, depth, end, value, firsts, offsets, children);
    }

    private int write(byte[] key, int depth, int end, int value, byte[] firsts, int[] offsets, int children) {
        int labelBytes = end - depth;
        int needed = labelBytes + 7 + 5 * children;
        if (size + needed > packed.length) {
            packed = Arrays.copyOf(packed, 2 * packed.length + needed);
        }
        int start = size;
        if (labelBytes > 0x7F) {
            packed[size++] = (byte) (0x80 | labelBytes >> 8);
        }
        packed[size++] = (byte) labelBytes;
        System.arraycopy(key, depth, packed, size, labelBytes);
        size += labelBytes;
        put32(value);
        packed[size++] = (byte) children;
        System.arraycopy(firsts, 0, packed, size, children);
        size += children;
        for (int i = 0; i < children; i++) {
            put32(offsets[i]);
        }
        return start;
    }

    private void put32(int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            packed[size++] = (byte) (value >> shift);
        }
    }

    private int int32(int at) {
        return (packed[at] & 0xFF)
                | (packed[at + 1] & 0xFF) << 8
                | (packed[at + 2] & 0xFF) << 16
                | (packed[at + 3] & 0xFF) << 24;
    }
}
