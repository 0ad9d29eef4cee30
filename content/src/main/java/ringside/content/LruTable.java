package ringside.content;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A hash table from byte strings to resources, with its entries also in a list by their last use. Looking up
/// allocates nothing.
///
/// ```
///   buckets ─► entry ─► entry           newest ⇄ … ⇄ oldest
/// ```
final class LruTable {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /// Clients choose the keys: where they fall isn't for them to know.
    private static final long SEED = RandomGenerator.getDefault().nextLong() | 1;

    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    static final class Entry {
        final byte[] key;
        final int hash;
        final String relativePath;
        final Resource resource;
        long checkedSecond;
        private @Nullable Entry nextInBucket;
        private @Nullable Entry newer;
        private @Nullable Entry older;

        private Entry(byte[] key, int hash, String relativePath, Resource resource, long second) {
            this.key = key;
            this.hash = hash;
            this.relativePath = relativePath;
            this.resource = resource;
            this.checkedSecond = second;
        }

        static Entry of(byte[] path, int from, int to, int hash, String relativePath, Resource resource, long second) {
            return new Entry(Arrays.copyOfRange(path, from, to), hash, relativePath, resource, second);
        }

        /// Whether the path is a directory's, and the resource so its index.
        boolean isIndex() {
            return key[key.length - 1] == '/';
        }
    }

    private final int entriesMax;
    private final @Nullable Entry[] buckets;
    private @Nullable Entry newest;
    private @Nullable Entry oldest;
    private int size;

    LruTable(int entriesMax) {
        this.entriesMax = entriesMax;
        int wanted = Math.min(Math.max(entriesMax, 8), 1 << 20);
        this.buckets = new Entry[Integer.highestOneBit(wanted - 1) << 2];
    }

    static int hash(byte[] bytes, int from, int to) {
        long hash = SEED ^ (to - from);
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(bytes, i));
        }
        long tail = 0;
        for (; i < to; i++) {
            tail = tail << 8 | (bytes[i] & 0xff);
        }
        return (int) mix(hash ^ tail);
    }

    private static long mix(long hash) {
        long mixed = hash * GOLDEN;
        return mixed ^ mixed >>> 32;
    }

    int size() {
        return size;
    }

    /// The entry for the key; null if there is none. Its place in the order of use stays: see [#used(Entry)].
    @Nullable
    Entry get(byte[] bytes, int from, int to, int hash) {
        for (Entry e = buckets[hash & (buckets.length - 1)]; e != null; e = e.nextInBucket) {
            if (e.hash == hash && Arrays.equals(e.key, 0, e.key.length, bytes, from, to)) {
                return e;
            }
        }
        return null;
    }

    /// Makes an entry the newest. Once a second for each is enough: between hits of the same second there is no order
    /// worth four writes to memory that nothing else touches.
    void used(Entry e) {
        if (newest != e) {
            unlink(e);
            linkNewest(e);
        }
    }

    /// @param entry for a key that isn't in the table
    void put(Entry entry) {
        Entry last = oldest;
        if (size >= entriesMax && last != null) {
            remove(last);
        }
        int bucket = entry.hash & (buckets.length - 1);
        entry.nextInBucket = buckets[bucket];
        buckets[bucket] = entry;
        linkNewest(entry);
        size++;
    }

    void remove(Entry entry) {
        int bucket = entry.hash & (buckets.length - 1);
        Entry e = buckets[bucket];
        if (e == entry) {
            buckets[bucket] = entry.nextInBucket;
        } else {
            while (e != null && e.nextInBucket != entry) {
                e = e.nextInBucket;
            }
            if (e == null) {
                throw new IllegalStateException("an entry that isn't in the table");
            }
            e.nextInBucket = entry.nextInBucket;
        }
        unlink(entry);
        size--;
        if (entry.resource instanceof ServedFile file) {
            file.close();
        }
    }

    void removeFile(ServedFile file) {
        for (Entry e = newest; e != null; e = e.older) {
            if (file.equals(e.resource)) {
                remove(e);
                return;
            }
        }
    }

    /// Lets the less recently used half go.
    void evictHalf() {
        for (int rest = (size + 1) / 2; rest > 0 && oldest != null; rest--) {
            remove(oldest);
        }
    }

    void clear() {
        while (oldest != null) {
            remove(oldest);
        }
    }

    private void linkNewest(Entry e) {
        Entry second = newest;
        e.newer = null;
        e.older = second;
        if (second != null) {
            second.newer = e;
        } else {
            oldest = e;
        }
        newest = e;
    }

    private void unlink(Entry e) {
        if (e.newer != null) {
            e.newer.older = e.older;
        } else {
            newest = e.older;
        }
        if (e.older != null) {
            e.older.newer = e.newer;
        } else {
            oldest = e.newer;
        }
    }
}
