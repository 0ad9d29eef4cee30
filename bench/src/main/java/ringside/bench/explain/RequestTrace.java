package ringside.bench.explain;

import java.util.List;
import ringside.linux.TraceRecord;

/// What was recorded of one request, and what must be known to read it.
///
/// @param records from before the request was sent to after its effects had ended; of all processes
/// @param inode of the file: the page cache's tracepoints name it so; their device isn't stat(2)'s everywhere
///     (btrfs)
/// @param clientThreadId who asked
/// @param headBytes of the response
/// @param bodyBytes of the response
record RequestTrace(
        List<TraceRecord> records,
        ServerThreads threads,
        DescriptorTable descriptors,
        RingOperations operations,
        long inode,
        int clientThreadId,
        long headBytes,
        long bodyBytes) {

    /// The mark that stands before the sending of the request.
    static final String BEGIN = "request";

    RequestTrace {
        records = List.copyOf(records);
        if (headBytes < 0 || bodyBytes < 0) {
            throw new IllegalArgumentException("a response of " + headBytes + " + " + bodyBytes + " bytes");
        }
    }
}
