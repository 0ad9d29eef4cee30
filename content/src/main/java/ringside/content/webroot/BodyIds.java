package ringside.content.webroot;

import java.util.Arrays;

/// Finds the body with a digest: a hash table from the first 64 bits of digests to the numbers of bodies.
/// Whether the rest of the digest is the same is for the caller to see. 16 to 32 bytes of heap a body.
final class BodyIds {

    static final int NONE = -1;
    private static final int BODIES_MAX = 1 << 29;

    private long[] prefixes = new long[1 << 10];
    /// Number + 1; 0 is empty.
    private int[] slots = new int[1 << 11];

    private int size;

    int size() {
        return size;
    }

    /// The first candidate.
    int first(long prefix) {
        return from((int) prefix & (slots.length - 1), prefix);
    }

    /// The candidate after `id`.
    int next(int id, long prefix) {
        int slot = (int) prefix & (slots.length - 1);
        while (slots[slot] != id + 1) {
            slot = slot + 1 & (slots.length - 1);
        }
        return from(slot + 1 & (slots.length - 1), prefix);
    }

    private int from(int start, long prefix) {
        for (int slot = start; slots[slot] != 0; slot = slot + 1 & (slots.length - 1)) {
            int id = slots[slot] - 1;
            if (prefixes[id] == prefix) {
                return id;
            }
        }
        return NONE;
    }

    /// @return its number
    int add(long prefix) {
        if (size == BODIES_MAX) {
            throw new BuildException("more than " + BODIES_MAX + " different bodies: split the tree");
        }
        if (size == prefixes.length) {
            prefixes = Arrays.copyOf(prefixes, 2 * size);
            slots = new int[4 * size];
            for (int id = 0; id < size; id++) {
                insert(prefixes[id], id);
            }
        }
        prefixes[size] = prefix;
        insert(prefix, size);
        return size++;
    }

    private void insert(long prefix, int id) {
        int slot = (int) prefix & (slots.length - 1);
        while (slots[slot] != 0) {
            slot = slot + 1 & (slots.length - 1);
        }
        slots[slot] = id + 1;
    }
}
