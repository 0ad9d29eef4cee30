package ringside.bench.trial;

import java.util.List;

/// Keeps the files of a cold warm-up cold: they are few, are asked for again and again, and an engine that has met each
/// of them once would warm up on hot files from then on. Used by the thread of the trial, in slices between two looks
/// at the warm-up.
final class RollingEviction {

    /// Of the tenth of a second between two looks, so that none comes late.
    private static final long SLICE_NANOS = 30_000_000;

    private final FileCacheState cache;
    private final List<FileSet.Entry> entries;
    private int next;

    RollingEviction(FileCacheState cache, FileSet files) {
        this.cache = cache;
        this.entries = files.entries();
    }

    /// Evicts files in turn for some 30 ms, each at most once.
    ///
    /// @return how many
    int slice() {
        long endNanos = System.nanoTime() + SLICE_NANOS;
        int evicted = 0;
        while (evicted < entries.size() && System.nanoTime() < endNanos) {
            cache.evict(entries.get(next));
            next = (next + 1) % entries.size();
            evicted++;
        }
        return evicted;
    }
}
