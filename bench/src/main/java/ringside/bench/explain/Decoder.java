package ringside.bench.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import ringside.bench.explain.DescriptorTable.Descriptor;
import ringside.linux.TraceRecord;
import ringside.linux.TraceRecord.Context;

/// Reads the records of one request into steps. Used once, by one thread.
///
/// ```
///   records ──► calls ◄── enter, exit            ──► drafts ──► Timeline
///               sleeps ◄── switch, waking              (Assembly)
///               operations ◄── submit, file, punt, arm, complete   (RingDrafts)
///               pages, block requests                              (StorageDrafts)
/// ```
final class Decoder {

    private static final Pattern SWITCH =
            Pattern.compile("prev_comm=.* prev_pid=(\\d+) .*prev_state=(\\S+) ==> next_comm=.* next_pid=(\\d+) .*");
    private static final Pattern WAKING = Pattern.compile("comm=.* pid=(\\d+) prio=.*");

    private final RequestTrace trace;
    private final CallText text;
    private final RingDrafts ring;
    private final StorageDrafts storage;
    private final Map<Integer, ThreadState> threads = new LinkedHashMap<>();
    private final List<Draft> drafts = new ArrayList<>();
    private final List<int[]> wakeUps = new ArrayList<>();
    private long originMicros = -1;

    private Decoder(RequestTrace trace) {
        this.trace = trace;
        text = new CallText(trace.descriptors());
        ring = new RingDrafts(trace.operations(), trace.descriptors());
        storage = new StorageDrafts(trace.inode());
    }

    static Timeline decode(RequestTrace trace) {
        Decoder decoder = new Decoder(trace);
        boolean begun = false;
        for (TraceRecord record : trace.records()) {
            if (begun) {
                decoder.take(record);
            } else {
                begun = record.event().equals("tracing_mark_write")
                        && record.body().equals(RequestTrace.BEGIN);
            }
        }
        return new Assembly(trace, decoder.drafts, decoder.threads, decoder.wakeUps).timeline();
    }

    private void take(TraceRecord record) {
        if (originMicros < 0 && !isArrival(record)) {
            return;
        }
        if (originMicros < 0) {
            originMicros = record.micros();
        }
        long at = record.micros() - originMicros;
        switch (record.event()) {
            case "sched_switch" -> switched(record, at);
            case "sched_waking" -> waking(record, at);
            case "mm_filemap_add_to_page_cache",
                    "mm_filemap_fault",
                    "mm_filemap_map_pages",
                    "block_rq_issue",
                    "block_rq_complete",
                    "block_bio_queue" -> add(storage.take(record, at, serverThread(record)));
            default -> {
                ThreadState thread = serverThread(record);
                if (thread != null) {
                    takeOwn(record, at, thread);
                }
            }
        }
    }

    /// The request has arrived when a loop is woken, or when one that wasn't asleep comes out of a call.
    private boolean isArrival(TraceRecord record) {
        if (record.event().equals("sched_waking")) {
            Matcher woken = WAKING.matcher(record.body());
            return woken.matches() && isLoop(Integer.parseInt(woken.group(1)));
        }
        return isLoop(record.threadId()) && record.context() == Context.TASK;
    }

    private boolean isLoop(int threadId) {
        return trace.threads().contains(threadId) && trace.threads().role(threadId) == ThreadRole.LOOP;
    }

    private @Nullable ThreadState serverThread(TraceRecord record) {
        return record.context() == Context.TASK ? thread(record.threadId()) : null;
    }

    private @Nullable ThreadState thread(int threadId) {
        return trace.threads().contains(threadId)
                ? threads.computeIfAbsent(
                        threadId, id -> new ThreadState(id, trace.threads().role(id)))
                : null;
    }

    private void takeOwn(TraceRecord record, long at, ThreadState thread) {
        switch (record.form()) {
            case CALL -> called(record, at, thread);
            case RETURN -> returned(record, at, thread);
            case EVENT -> {
                trace.operations().learn(record);
                if (!thread.seen
                        && !thread.role.isKernelOnly()
                        && record.event().startsWith("io_uring_")) {
                    beganEarlier(thread);
                }
                add(ring.take(record, at, thread));
            }
        }
    }

    private void called(TraceRecord record, long at, ThreadState thread) {
        Fields fields = Fields.of(record.body());
        Draft call = new Draft(Step.Kind.CALL, at, thread.threadId, 0, CallText.manName(record.event()));
        call.ruleName = CallText.variant(record.event(), fields);
        call.arguments.addAll(text.arguments(record.event(), fields));
        call.descriptors.addAll(text.descriptors(record.event(), fields));
        call.offset = fields.has("pos") ? fields.argument("pos") : fields.argument("pos_l");
        thread.touched |= call.descriptors.stream().anyMatch(Decoder::isOfRequest);
        thread.call = call;
        thread.seen = true;
        add(call, thread);
    }

    private void returned(TraceRecord record, long at, ThreadState thread) {
        String name = CallText.manName(record.event());
        Draft call = thread.call;
        if (call == null || !(call.name.equals(name) || call.name.isEmpty())) {
            call = beganEarlier(thread);
        }
        if (call.name.isEmpty()) {
            call.name = name;
            call.ruleName = name.equals("io_uring_enter") || name.equals("futex") ? name + "/wait" : name;
            call.descriptors.add(guessed(name));
        }
        call.endMicros = at;
        call.result = Fields.hex(record.body());
        thread.call = null;
        thread.last = call;
    }

    /// A call that began before the trace: its end will tell its name, nothing its arguments.
    private Draft beganEarlier(ThreadState thread) {
        Draft call = new Draft(Step.Kind.CALL, 0, thread.threadId, 0, "");
        call.arguments.addAll(Step.BEGAN_EARLIER);
        thread.call = call;
        thread.seen = true;
        add(call, thread);
        return call;
    }

    /// What a call that waits is about, when its arguments weren't seen.
    private static Descriptor guessed(String name) {
        DescriptorKind kind = name.startsWith("epoll_")
                ? DescriptorKind.EPOLL
                : name.equals("io_uring_enter") ? DescriptorKind.RING : DescriptorKind.NONE;
        return new Descriptor(-1, kind, kind.label());
    }

    private static boolean isOfRequest(Descriptor descriptor) {
        return switch (descriptor.kind()) {
            case CONNECTION, FILE, DIRECT_FILE, RING, PIPE_IN, PIPE_OUT -> true;
            case LISTENER, EPOLL, EVENTFD, TIMERFD, OTHER, UNKNOWN, NONE -> false;
        };
    }

    private void switched(TraceRecord record, long at) {
        Matcher change = SWITCH.matcher(record.body());
        if (!change.matches()) {
            return;
        }
        ThreadState leaving = thread(Integer.parseInt(change.group(1)));
        if (leaving != null) {
            leaves(leaving, at, change.group(2));
        }
        ThreadState coming = thread(Integer.parseInt(change.group(3)));
        if (coming != null) {
            comes(coming, at);
        }
    }

    private void leaves(ThreadState thread, long at, String state) {
        boolean runnable = state.startsWith("R");
        thread.leaves(at, runnable);
        thread.wakerName = "";
        if (thread.run != null) {
            thread.run.endMicros = at;
            thread.run = null;
        }
        if (!runnable && thread.call != null) {
            Draft sleep = new Draft(
                    Step.Kind.SLEEP, at, thread.threadId, 1, state.startsWith("D") ? "waits for the device" : "sleeps");
            thread.sleep = sleep;
            add(sleep, thread);
        }
    }

    private void comes(ThreadState thread, long at) {
        thread.returns(at);
        if (thread.sleep != null) {
            thread.sleep.endMicros = at;
            thread.sleep.meaning = thread.wakerName.isEmpty() ? "" : "woken by " + thread.wakerName;
            thread.sleep = null;
        }
        if (thread.role.isKernelOnly()) {
            thread.run = new Draft(Step.Kind.RUN, at, thread.threadId, 0, "runs");
            thread.run.meaning =
                    thread.role == ThreadRole.IO_WORKER ? "do what was handed over" : "look for submissions";
            add(thread.run, thread);
        }
    }

    private void waking(TraceRecord record, long at) {
        Matcher woken = WAKING.matcher(record.body());
        ThreadState target = woken.matches() ? thread(Integer.parseInt(woken.group(1))) : null;
        if (target == null) {
            return;
        }
        ThreadState waker = serverThread(record);
        target.wakerName = waker(record);
        target.woken(at);
        if (waker == null) {
            return;
        }
        wakeUps.add(new int[] {waker.threadId, target.threadId});
        if (waker.call != null) {
            waker.call.suffix += ", wakes " + trace.threads().name(target.threadId);
        }
    }

    private String waker(TraceRecord record) {
        return switch (record.context()) {
            case TASK ->
                record.threadId() == trace.clientThreadId()
                        ? "the client"
                        : trace.threads().contains(record.threadId())
                                ? trace.threads().name(record.threadId())
                                : record.thread();
            case SOFT_INTERRUPT -> "a soft interrupt";
            case HARD_INTERRUPT -> "an interrupt";
        };
    }

    private void add(@Nullable Draft draft) {
        if (draft != null) {
            drafts.add(draft);
        }
    }

    private void add(Draft draft, ThreadState thread) {
        drafts.add(draft);
        thread.last = draft;
    }
}
