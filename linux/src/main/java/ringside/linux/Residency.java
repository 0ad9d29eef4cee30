package ringside.linux;

import java.util.OptionalLong;

/// How much of a range of a file the page cache held at one moment, measured by [PageResidency].
///
/// @param cachedPages pages in the cache
/// @param totalPages pages that the range spans
/// @param dirtyPages pages not yet written back; empty where the method can't tell
/// @param writebackPages pages being written back; empty where the method can't tell
/// @param evictedPages pages that were cached once and dropped; empty where the method can't tell
/// @param method who counted
public record Residency(
        long cachedPages,
        long totalPages,
        OptionalLong dirtyPages,
        OptionalLong writebackPages,
        OptionalLong evictedPages,
        Method method) {

    /// Who counted the pages.
    public enum Method {
        /// cachestat(2), Linux 6.5: one call whatever the size.
        CACHESTAT,
        /// mincore(2) over mapped windows: visits every page, so slow on huge sparse files.
        MINCORE,
        /// The range was empty and nobody was asked.
        EMPTY_RANGE
    }

    public Residency {
        if (cachedPages < 0 || cachedPages > totalPages) {
            throw new IllegalArgumentException(cachedPages + " cached pages of " + totalPages);
        }
    }

    static Residency ofEmptyRange() {
        OptionalLong none = OptionalLong.of(0);
        return new Residency(0, 0, none, none, none, Method.EMPTY_RANGE);
    }

    /// Nothing is cached: reads go to the device.
    public boolean isCold() {
        return cachedPages == 0;
    }

    /// Everything is cached: reads don't touch the device.
    public boolean isHot() {
        return cachedPages == totalPages;
    }

    /// Cached part of the range, 0 to 1; NaN for an empty range.
    public double share() {
        return (double) cachedPages / totalPages;
    }
}
