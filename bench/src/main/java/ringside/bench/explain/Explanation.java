package ringside.bench.explain;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What came of it: the request that stands for the others, and what must be known to judge it.
///
/// @param side `blocking/epoll`: engine with the options that were given, and transport
/// @param sizeBytes of the file
/// @param cold whether it was asked for from outside the page cache
/// @param bytesWay what the engine says of itself
/// @param kernelRelease `6.18.44`
/// @param pinnedCpu the CPU of the server, as text; empty when it wasn't pinned
/// @param requests how many were traced
/// @param alike how many of them did the same
/// @param warmUpRequests before them
/// @param responseBytes head and body
/// @param cachedPages of the file before the request that is shown
/// @param totalPages of the file
/// @param engineCounts what the engine itself counted of the request that is shown, by name
/// @param notes sentences: what isn't as it should be
public record Explanation(
        String side,
        long sizeBytes,
        boolean cold,
        String bytesWay,
        String kernelRelease,
        String pinnedCpu,
        int requests,
        int alike,
        int warmUpRequests,
        long responseBytes,
        long cachedPages,
        long totalPages,
        SortedMap<String, Long> engineCounts,
        List<String> notes,
        Timeline timeline) {

    public Explanation {
        engineCounts = Collections.unmodifiableSortedMap(new TreeMap<>(engineCounts));
        notes = List.copyOf(notes);
    }

    /// Whether most requests did the same.
    public boolean isTypical() {
        return 2 * alike > requests;
    }
}
