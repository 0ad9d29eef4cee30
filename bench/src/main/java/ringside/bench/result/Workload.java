package ringside.bench.result;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Comparator;

/// What is asked of every side alike.
///
/// @param fileBytes size of each file; where sizes differ their mean, rounded
/// @param sizesDiffer true for a given directory whose files aren't all of one size
/// @param fileCount how many files
/// @param connections keep-alive connections
/// @param load closed, or open with its rate
/// @param cache whether the page cache held the files at the start
public record Workload(long fileBytes, boolean sizesDiffer, int fileCount, int connections, Load load, Cache cache) {
    /// State of the page cache at the start of a trial, proven by the residency in [Measurements].
    public enum Cache {
        @JsonProperty("hot")
        HOT,
        @JsonProperty("cold")
        COLD
    }

    /// As reports show them: by size, connections, pace, hot before cold.
    public static final Comparator<Workload> ORDER = Comparator.comparingLong(Workload::fileBytes)
            .thenComparing(Workload::sizesDiffer)
            .thenComparingInt(Workload::fileCount)
            .thenComparingInt(Workload::connections)
            .thenComparingDouble(w -> w.load() instanceof Load.Open(double rate) ? rate : 0)
            .thenComparing(Workload::cache);

    public Workload {
        Require.notNegative("fileBytes", fileBytes);
        Require.positive("fileCount", fileCount);
        Require.positive("connections", connections);
    }
}
