package ringside.content.webroot;

import java.util.Arrays;
import ringside.linux.FileKind;

/// The names in a directory, packed, so that a directory of ten million names fits into a fraction of the
/// heap; and in the order of their bytes, so that the same tree gives the same webroot on every file system.
/// One thread.
final class NameList {

    /// What is left of a mode's kind in a byte, as in `d_type`.
    private static final int KIND_SHIFT = 12;

    /// For each name: its kind, its length, its bytes.
    private byte[] packed = new byte[1 << 10];

    private int packedBytes;
    private int[] starts = new int[1 << 5];
    private int size;

    void add(byte[] name, int length, FileKind kind) {
        int needed = packedBytes + 2 + length;
        if (needed < 0) {
            throw new BuildException("a directory with more than 2 GiB of names: split it");
        }
        if (needed > packed.length) {
            packed = Arrays.copyOf(packed, (int) Math.min(Math.max(2L * packed.length, needed), Integer.MAX_VALUE - 8));
        }
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, 2 * size);
        }
        starts[size++] = packedBytes;
        packed[packedBytes] = (byte) (kind.formatBits() >> KIND_SHIFT);
        packed[packedBytes + 1] = (byte) length;
        System.arraycopy(name, 0, packed, packedBytes + 2, length);
        packedBytes = needed;
    }

    int size() {
        return size;
    }

    FileKind kind(int index) {
        return FileKind.ofMode(packed[starts[index]] << KIND_SHIFT);
    }

    void setKind(int index, FileKind kind) {
        packed[starts[index]] = (byte) (kind.formatBits() >> KIND_SHIFT);
    }

    int length(int index) {
        return Byte.toUnsignedInt(packed[starts[index] + 1]);
    }

    boolean isHidden(int index) {
        return packed[starts[index] + 2] == '.';
    }

    byte[] name(int index) {
        int start = starts[index] + 2;
        return Arrays.copyOfRange(packed, start, start + length(index));
    }

    /// Merge sort: of offsets, by the bytes that they are of.
    void sort() {
        int[] from = starts;
        int[] to = new int[from.length];
        for (int width = 1; width < size; width *= 2) {
            for (int left = 0; left < size; left += 2 * width) {
                merge(from, to, left, Math.min(left + width, size), Math.min(left + 2 * width, size));
            }
            int[] swapped = from;
            from = to;
            to = swapped;
        }
        starts = from;
    }

    private void merge(int[] from, int[] to, int left, int middle, int right) {
        int a = left;
        int b = middle;
        for (int i = left; i < right; i++) {
            if (a < middle && (b == right || compare(from[a], from[b]) <= 0)) {
                to[i] = from[a++];
            } else {
                to[i] = from[b++];
            }
        }
    }

    private int compare(int a, int b) {
        int aLength = Byte.toUnsignedInt(packed[a + 1]);
        int bLength = Byte.toUnsignedInt(packed[b + 1]);
        return Arrays.compareUnsigned(packed, a + 2, a + 2 + aLength, packed, b + 2, b + 2 + bLength);
    }
}
