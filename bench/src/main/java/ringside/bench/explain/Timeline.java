package ringside.bench.explain;

import java.util.List;
import java.util.Map;

/// What happened for one request, in its order.
///
/// @param steps by the time of their beginning; those of all threads of the server
/// @param threads in the order in which they come up
/// @param spanMicros from the arrival of the request to the end of the last call or operation that sent something
/// @param totals of the threads that took part
/// @param disturbances sentences: what the JVM did to the threads that took part
record Timeline(List<Step> steps, List<Lane> threads, long spanMicros, Totals totals, List<String> disturbances) {

    /// The thread of steps that belong to none.
    static final int DEVICE = -1;

    /// A thread.
    ///
    /// @param takesPart whether it did something for the request
    /// @param away when it wasn't on a CPU, in order
    record Lane(int threadId, String name, ThreadRole role, boolean takesPart, List<Away> away) {
        Lane {
            away = List.copyOf(away);
        }
    }

    /// A time that a thread didn't run.
    ///
    /// @param toMicros exclusive
    /// @param preempted whether it would have run, had there been a CPU for it
    record Away(long fromMicros, long toMicros, boolean preempted) {}

    /// Calls of the threads that didn't take part.
    ///
    /// @param calls how many
    /// @param byThread the threads' names and how many calls each made
    record Others(long calls, Map<String, Long> byThread) {}

    Timeline {
        steps = List.copyOf(steps);
        threads = List.copyOf(threads);
        disturbances = List.copyOf(disturbances);
    }

    /// The steps of the threads that took part, and of the device.
    List<Step> shown() {
        return steps.stream().filter(step -> isShown(step.threadId())).toList();
    }

    boolean isShown(int threadId) {
        return threadId == DEVICE || threads.stream().anyMatch(lane -> lane.threadId() == threadId && lane.takesPart());
    }

    Others others() {
        Map<String, Long> byThread = new java.util.TreeMap<>();
        for (Step step : steps) {
            if (step.kind() == Step.Kind.CALL && !isShown(step.threadId())) {
                byThread.merge(name(step.threadId()), 1L, Long::sum);
            }
        }
        return new Others(byThread.values().stream().mapToLong(Long::longValue).sum(), byThread);
    }

    String name(int threadId) {
        if (threadId == DEVICE) {
            return "device";
        }
        return threads.stream()
                .filter(lane -> lane.threadId() == threadId)
                .map(Lane::name)
                .findFirst()
                .orElse(Integer.toString(threadId));
    }
}
