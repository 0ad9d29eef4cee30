package ringside.bench.io;

import java.util.Map;
import ringside.bench.result.Latency;
import ringside.bench.result.Measured;

/// What one process saw of its own window. Written and read as JSON.
///
/// @param seconds length of the window
/// @param reads whole blocks read in it
/// @param bytes in them
/// @param shortReads answers with fewer bytes than asked for, which were continued; from ramp to tail
/// @param underWayMax the most reads that were under way at once: 1 for an engine that reads within the call
/// @param latency of each read; in an open loop since its intended start
/// @param startLag how long after its intended start a read started; open loop only
/// @param threadMicrosPerRead CPU time of the event loop's thread, without what it spent waiting for intended
///     starts
/// @param threadUserMicrosPerRead the part of it in user space, waiting included; in ticks of 10 ms
/// @param waitedSeconds CPU time that the loop spent turning until the next intended start; open loop only
/// @param systemCallsPerRead that the engine made, by name; Netty's own (epoll_wait(2), io_uring_enter(2) of
///     the event loop's ring) and those of other threads aren't among them
/// @param engineCounts what the engine itself counted, by name; from ramp to tail
/// @param allocatedBytesPerRead on the Java heap, by the loop's thread
/// @param residencyBefore fraction of the pages in the page cache before the ramp
/// @param residencyAfter after the reads
/// @param verified blocks whose bytes were checked; from ramp to tail
/// @param mismatches blocks whose bytes were wrong
/// @param failure why it ended early, or the empty text
record ReadResult(
        double seconds,
        long reads,
        long bytes,
        long shortReads,
        int underWayMax,
        Latency latency,
        Latency startLag,
        Measured threadMicrosPerRead,
        Measured threadUserMicrosPerRead,
        double waitedSeconds,
        Map<String, Double> systemCallsPerRead,
        Map<String, Long> engineCounts,
        Measured allocatedBytesPerRead,
        Measured residencyBefore,
        Measured residencyAfter,
        long verified,
        long mismatches,
        String failure) {

    ReadResult {
        systemCallsPerRead = Map.copyOf(systemCallsPerRead);
        engineCounts = Map.copyOf(engineCounts);
        if (seconds < 0 || reads < 0 || bytes < 0) {
            throw new IllegalArgumentException(reads + " reads in " + seconds + " s");
        }
    }

    double readsPerSecond() {
        return seconds > 0 ? reads / seconds : 0;
    }
}
