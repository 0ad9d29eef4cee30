package ringside.bench.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import ringside.bench.explain.Meanings.Meaning;
import ringside.bench.explain.Meanings.Numbers;
import ringside.bench.explain.Timeline.Away;
import ringside.bench.explain.Timeline.Lane;

/// Makes a timeline of the drafts: says who took part, what each step stands for, and adds up.
final class Assembly {

    private final RequestTrace trace;
    private final List<Draft> drafts;
    private final Map<Integer, ThreadState> threads;
    private final List<int[]> wakeUps;
    private final IdentityHashMap<Draft, Meaning> meanings = new IdentityHashMap<>();

    /// @param wakeUps pairs of thread ids: who woke whom
    Assembly(RequestTrace trace, List<Draft> drafts, Map<Integer, ThreadState> threads, List<int[]> wakeUps) {
        this.trace = trace;
        // A wait whose end the trace doesn't have is the wait for the next request: the call itself says so.
        this.drafts = drafts.stream()
                .filter(draft -> draft.kind != Step.Kind.SLEEP || draft.endMicros >= 0)
                .filter(draft -> !draft.name.isEmpty())
                .sorted(Comparator.comparingLong(draft -> draft.atMicros))
                .collect(Collectors.toCollection(ArrayList::new));
        this.threads = threads;
        this.wakeUps = wakeUps;
        this.drafts.removeIf(this::isIdling);
    }

    /// A submission poller goes on looking for a while after the last submission: that is no part of the request.
    private boolean isIdling(Draft draft) {
        return draft.kind == Step.Kind.RUN
                && trace.threads().role(draft.threadId) == ThreadRole.SUBMISSION_POLLER
                && drafts.stream().noneMatch(later -> later.kind != Step.Kind.RUN && later.atMicros >= draft.atMicros);
    }

    Timeline timeline() {
        Set<Integer> participants = participants();
        interpret();
        List<Step> steps = new ArrayList<>();
        List<Step> shown = new ArrayList<>();
        List<Draft> shownDrafts = new ArrayList<>();
        for (Draft draft : drafts) {
            Meaning meaning = meanings.getOrDefault(draft, Meaning.UNKNOWN);
            Step step = draft.toStep(draft.meaning.isEmpty() ? meaning.text() : draft.meaning, meaning.flow());
            steps.add(step);
            if (draft.threadId == Timeline.DEVICE || participants.contains(draft.threadId)) {
                shown.add(step);
                shownDrafts.add(draft);
            }
        }
        long endMicros = shown.stream().mapToLong(Step::endMicros).max().orElse(0);
        List<Lane> lanes = lanes(participants, endMicros);
        return new Timeline(
                steps,
                lanes,
                span(shown),
                Totals.of(shown, shownDrafts, times(lanes, shown, endMicros)),
                disturbances(participants));
    }

    /// Loops take part; so do threads that touched what belongs to the request, those that they woke, and those
    /// that woke them. The JVM's own never do.
    private Set<Integer> participants() {
        Set<Integer> found = new HashSet<>();
        for (ThreadState thread : threads.values()) {
            if (thread.role != ThreadRole.JVM && (thread.touched || thread.role == ThreadRole.LOOP)) {
                found.add(thread.threadId);
            }
        }
        boolean grown = true;
        while (grown) {
            grown = false;
            for (int[] pair : wakeUps) {
                if (isJvm(pair[0]) || isJvm(pair[1])) {
                    continue;
                }
                if (found.contains(pair[0]) && found.add(pair[1])) {
                    grown = true;
                }
                if (found.contains(pair[1]) && found.add(pair[0])) {
                    grown = true;
                }
            }
        }
        return found;
    }

    private boolean isJvm(int threadId) {
        return trace.threads().role(threadId) == ThreadRole.JVM;
    }

    private List<String> disturbances(Set<Integer> participants) {
        Set<String> sentences = new TreeSet<>();
        for (int[] pair : wakeUps) {
            if ((participants.contains(pair[0]) && isJvm(pair[1]))
                    || (isJvm(pair[0]) && participants.contains(pair[1]))) {
                sentences.add(trace.threads().name(pair[0]) + " woke "
                        + trace.threads().name(pair[1]));
            }
        }
        return List.copyOf(sentences);
    }

    /// In the order of the results, since what is sent is counted on.
    private void interpret() {
        long sentBytes = 0;
        List<Draft> byResult = drafts.stream()
                .filter(draft -> draft.kind == Step.Kind.CALL
                        || draft.kind == Step.Kind.SUBMISSION
                        || draft.kind == Step.Kind.COMPLETION)
                .sorted(Comparator.comparingLong(Draft::resultMicros))
                .toList();
        for (Draft draft : byResult) {
            Long result = draft.result;
            if (result == null) {
                meanings.put(draft, Meanings.pending(draft.ruleName, draft.about()));
                continue;
            }
            String part = "";
            if (result > 0
                    && Meanings.flow(draft.ruleName, draft.about(), result).isToSocket()) {
                part = part(sentBytes, sentBytes + result);
                sentBytes += result;
            }
            meanings.put(draft, Meanings.ended(draft.ruleName, draft.about(), new Numbers(result, draft.offset, part)));
        }
    }

    /// Which part of the response the bytes `from` to `to` are.
    String part(long from, long to) {
        long head = trace.headBytes();
        long body = trace.bodyBytes();
        long bodyFrom = Math.max(0, from - head);
        long bodyTo = Math.max(0, to - head);
        String bodyPart = bodyFrom == 0 && bodyTo >= body
                ? "whole body"
                : bytes(bodyTo - bodyFrom) + " of the body" + (bodyTo >= body ? ", the last" : "");
        if (from >= head) {
            return bodyFrom == 0 && bodyTo >= body ? "the whole body" : bodyPart;
        }
        if (to < head) {
            return "part of the head";
        }
        return bodyTo == 0 ? "the head" : "head + " + bodyPart;
    }

    private static String bytes(long bytes) {
        return ringside.engines.ByteSize.name(bytes);
    }

    private List<Lane> lanes(Set<Integer> participants, long endMicros) {
        List<Lane> lanes = new ArrayList<>();
        for (ThreadState thread : threads.values()) {
            if (thread.awaySinceMicros >= 0) {
                thread.returns(Math.max(endMicros, thread.awaySinceMicros));
            }
            lanes.add(new Lane(
                    thread.threadId,
                    trace.threads().name(thread.threadId),
                    thread.role,
                    participants.contains(thread.threadId),
                    thread.away));
        }
        lanes.sort(Comparator.comparing(Lane::role));
        return lanes;
    }

    private static long span(List<Step> shown) {
        return shown.stream()
                .filter(step -> step.flow().isToSocket())
                .mapToLong(Step::endMicros)
                .max()
                .orElse(0);
    }

    private static Totals.CpuTimes times(List<Lane> lanes, List<Step> shown, long endMicros) {
        long kernel = 0;
        long user = 0;
        long workers = 0;
        long preempted = 0;
        for (Lane lane : lanes) {
            if (!lane.takesPart()) {
                continue;
            }
            long away = 0;
            for (Away span : lane.away()) {
                long micros = Math.min(span.toMicros(), endMicros) - Math.min(span.fromMicros(), endMicros);
                away += micros;
                preempted += span.preempted() ? micros : 0;
            }
            if (lane.role().isKernelOnly()) {
                workers += shown.stream()
                        .filter(step -> step.kind() == Step.Kind.RUN && step.threadId() == lane.threadId())
                        .mapToLong(step -> step.durationMicros().orElse(0))
                        .sum();
                continue;
            }
            long within = 0;
            for (Step step : shown) {
                if (step.kind() == Step.Kind.CALL && step.threadId() == lane.threadId()) {
                    long to = step.durationMicros().isPresent() ? step.endMicros() : endMicros;
                    within += to - step.atMicros() - Totals.awayMicros(lane.away(), step.atMicros(), to);
                }
            }
            kernel += within;
            user += Math.max(0, endMicros - away - within);
        }
        return new Totals.CpuTimes(kernel, user, workers, preempted);
    }
}
