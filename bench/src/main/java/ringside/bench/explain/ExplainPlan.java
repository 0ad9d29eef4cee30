package ringside.bench.explain;

import java.nio.file.Path;
import ringside.engines.ByteSize;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;

/// What is to be explained.
///
/// @param engine with its options
/// @param sizeBytes of the file that is asked for
/// @param cold whether the file is out of the page cache when it is asked for
/// @param requests how many are traced, to tell the usual from the accidental
/// @param directory where the file is made, in a directory of its own that is removed again
public record ExplainPlan(
        ChosenEngine engine, Transport transport, long sizeBytes, boolean cold, int requests, Path directory) {

    public static final long SIZE_BYTES_DEFAULT = 64 << 10;
    public static final int REQUESTS_DEFAULT = 5;

    private static final long SIZE_BYTES_MAX = 256 << 20;
    private static final int REQUESTS_MAX = 1000;

    /// @throws IllegalArgumentException with a message for a person
    public ExplainPlan {
        if (sizeBytes < 1 || sizeBytes > SIZE_BYTES_MAX) {
            throw new IllegalArgumentException("a file of " + ByteSize.name(sizeBytes) + ": choose from 1 byte to "
                    + ByteSize.name(SIZE_BYTES_MAX) + "; what is longer repeats itself");
        }
        if (requests < 1 || requests > REQUESTS_MAX) {
            throw new IllegalArgumentException(
                    requests + " requests: choose from 1 to " + REQUESTS_MAX + ", an odd number has a middle");
        }
    }
}
