package ringside.content.webroot;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Fills the table of buckets from the records, when all of them are known.
///
/// A key that finds its bucket full goes into the next one with room, and every bucket that it passed says so
/// in its overflow byte: a look-up goes on only behind such a bucket.
final class BucketTable {

    private final MemorySegment buckets;
    private final long bucketCount;
    private final long seed;

    /// @param arena for the table: about 6.3 bytes a record
    BucketTable(Arena arena, long recordCount, long seed) {
        this.bucketCount = bucketCount(recordCount);
        this.buckets = arena.allocate(bucketCount * Layout.BUCKET_BYTES, Layout.BUCKET_BYTES);
        this.seed = seed;
    }

    static long bucketCount(long recordCount) {
        long slots = recordCount * 100 / Layout.BUCKET_LOAD_PERCENT + 1;
        return (slots + Layout.BUCKET_SLOTS - 1) / Layout.BUCKET_SLOTS;
    }

    /// Adds a record whose path isn't in the table.
    ///
    /// @param record its offset
    void add(byte[] path, int length, long record) {
        long hash = PathHash.of(path, 0, length, seed);
        long bucket = PathHash.bucket(hash, bucketCount);
        while (true) {
            long at = bucket * Layout.BUCKET_BYTES;
            for (int slot = 0; slot < Layout.BUCKET_SLOTS; slot++) {
                if (buckets.get(Layout.U8, at + slot) == 0) {
                    buckets.set(Layout.U8, at + slot, (byte) PathHash.tag(hash));
                    buckets.set(Layout.U32, at + Layout.BUCKET_REFERENCES + (long) slot * Integer.BYTES, (int)
                            (record / Layout.UNIT_BYTES + 1));
                    return;
                }
            }
            buckets.set(Layout.U8, at + Layout.BUCKET_OVERFLOW, (byte) 1);
            bucket = bucket + 1 == bucketCount ? 0 : bucket + 1;
        }
    }

    MemorySegment segment() {
        return buckets;
    }
}
