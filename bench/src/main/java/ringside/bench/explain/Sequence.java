package ringside.bench.explain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one request did, without its times: for each thread the calls and operations in their order. Threads of
/// a pool count as one another, and how two threads interleave doesn't matter.
///
/// @param text equal for equal sequences
record Sequence(String text) {

    static Sequence of(Timeline timeline) {
        Map<Integer, StringBuilder> byThread = new TreeMap<>();
        for (Step step : timeline.shown()) {
            boolean counts = switch (step.kind()) {
                case CALL, SUBMISSION, COMPLETION, PUNT, ARM, NOTE -> true;
                case SLEEP, RUN, PAGES, FAULT, BLOCK -> false;
            };
            if (counts) {
                byThread.computeIfAbsent(step.threadId(), _ -> new StringBuilder())
                        .append(step.kind())
                        .append(' ')
                        .append(step.name())
                        .append(' ')
                        .append(step.descriptor())
                        .append(' ')
                        .append(ending(step))
                        .append('\n');
            }
        }
        List<String> threads = new ArrayList<>();
        byThread.forEach(
                (threadId, steps) -> threads.add(timeline.name(threadId).replaceAll("[0-9]+", "") + "\n" + steps));
        threads.sort(null);
        return new Sequence(String.join("\n", threads));
    }

    /// The most frequent sequence, and of those that had it the request that waited least for a CPU: what other
    /// processes do to it isn't what is to be shown.
    static Typical typical(List<Timeline> requests) {
        Map<Sequence, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < requests.size(); i++) {
            groups.computeIfAbsent(of(requests.get(i)), _ -> new ArrayList<>()).add(i);
        }
        List<Integer> most = List.of();
        for (List<Integer> group : groups.values()) {
            boolean calmer = !most.isEmpty() && disturbances(requests, group) < disturbances(requests, most);
            if (group.size() > most.size() || (group.size() == most.size() && calmer)) {
                most = group;
            }
        }
        Comparator<Timeline> calmest = Comparator.<Timeline>comparingLong(
                        request -> request.totals().preemptedMicros())
                .thenComparingLong(Timeline::spanMicros);
        int shown = Collections.min(most, (a, b) -> calmest.compare(requests.get(a), requests.get(b)));
        return new Typical(shown, most.size());
    }

    /// @param index of the request that stands for the others
    /// @param count how many have its sequence
    record Typical(int index, int count) {}

    private static long disturbances(List<Timeline> requests, List<Integer> group) {
        return group.stream()
                .mapToLong(index -> requests.get(index).disturbances().size())
                .sum();
    }

    /// Results differ from request to request; whether it was an error doesn't.
    private static String ending(Step step) {
        return step.result().startsWith("E") ? step.result().replaceFirst("[, ].*", "") : "";
    }
}
