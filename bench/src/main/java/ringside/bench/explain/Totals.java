package ringside.bench.explain;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The sums of a timeline over the threads that took part.
///
/// @param calls system calls by name: those that were entered
/// @param submissions operations that the kernel took from a ring
/// @param completions that it put into one
/// @param punts operations that went to a thread of io-wq
/// @param polls operations that had to wait for their descriptor
/// @param sleeps times that a thread waited within a call, the wait for the request and for the next one left out
/// @param readBytes copied from the page cache into buffers
/// @param directBytes that the device wrote into buffers
/// @param sentBytes copied from buffers into the socket
/// @param kernelBytes that went into the socket without passing through buffers
/// @param zeroCopyBytes that the socket was to take from the buffers without a copy
/// @param copiedAfterAll how many of those sends the kernel made a copy for, as their notifications say
/// @param pagesAdded pages that entered the page cache
/// @param faults page faults on the file
/// @param blockRequests to the device
/// @param blockBytes of those
/// @param kernelMicros on a CPU within system calls
/// @param userMicros on a CPU outside of them
/// @param workerMicros on a CPU, of io-wq's threads and submission pollers
/// @param preemptedMicros ready to run, while something else had the CPU
record Totals(
        Map<String, Integer> calls,
        int submissions,
        int completions,
        int punts,
        int polls,
        int sleeps,
        long readBytes,
        long directBytes,
        long sentBytes,
        long kernelBytes,
        long zeroCopyBytes,
        int copiedAfterAll,
        long pagesAdded,
        int faults,
        int blockRequests,
        long blockBytes,
        long kernelMicros,
        long userMicros,
        long workerMicros,
        long preemptedMicros) {

    Totals {
        calls = Collections.unmodifiableMap(new TreeMap<>(calls));
    }

    int callCount() {
        return calls.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// Of the time between two moments, what a thread wasn't on a CPU.
    static long awayMicros(List<Timeline.Away> away, long from, long to) {
        long sum = 0;
        for (Timeline.Away span : away) {
            sum += Math.max(0, Math.min(span.toMicros(), to) - Math.max(span.fromMicros(), from));
        }
        return sum;
    }

    /// Times on CPUs, which come from the lanes.
    record CpuTimes(long kernelMicros, long userMicros, long workerMicros, long preemptedMicros) {}

    /// @param steps of the threads that took part
    /// @param drafts the same, with what steps don't tell
    static Totals of(List<Step> steps, List<Draft> drafts, CpuTimes times) {
        Map<String, Integer> calls = new TreeMap<>();
        EnumMap<Step.Kind, Integer> count = new EnumMap<>(Step.Kind.class);
        EnumMap<Flow, Long> bytes = new EnumMap<>(Flow.class);
        for (Step step : steps) {
            count.merge(step.kind(), 1, Integer::sum);
            bytes.merge(step.flow(), step.bytes(), Long::sum);
            if (step.kind() == Step.Kind.CALL && !step.beganEarlier()) {
                calls.merge(step.name(), 1, Integer::sum);
            }
        }
        return new Totals(
                calls,
                count.getOrDefault(Step.Kind.SUBMISSION, 0),
                count.getOrDefault(Step.Kind.COMPLETION, 0),
                count.getOrDefault(Step.Kind.PUNT, 0),
                count.getOrDefault(Step.Kind.ARM, 0),
                count.getOrDefault(Step.Kind.SLEEP, 0),
                bytes.getOrDefault(Flow.PAGE_CACHE_TO_BUFFER, 0L),
                bytes.getOrDefault(Flow.DEVICE_TO_BUFFER, 0L),
                bytes.getOrDefault(Flow.BUFFER_TO_SOCKET, 0L),
                bytes.getOrDefault(Flow.WITHIN_KERNEL, 0L),
                bytes.getOrDefault(Flow.ZERO_COPY, 0L),
                (int) drafts.stream().filter(draft -> draft.copiedAfterAll).count(),
                pages(drafts, Step.Kind.PAGES),
                count.getOrDefault(Step.Kind.FAULT, 0),
                count.getOrDefault(Step.Kind.BLOCK, 0),
                pages(drafts, Step.Kind.BLOCK),
                times.kernelMicros(),
                times.userMicros(),
                times.workerMicros(),
                times.preemptedMicros());
    }

    private static long pages(List<Draft> drafts, Step.Kind kind) {
        return drafts.stream()
                .filter(draft -> draft.kind == kind)
                .mapToLong(draft -> draft.pages)
                .sum();
    }
}
