package ringside.bench.explain;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import ringside.bench.explain.RingOperations.Operation;
import ringside.linux.TraceRecord;

/// Reads the tracepoints of io_uring (include/trace/events/io_uring.h): an operation's way from its submission
/// to its completion.
final class RingDrafts {

    private static final long CQE_MORE = 2;
    private static final long CQE_NOTIF = 8;

    /// In the result of a notification: `IORING_NOTIF_USAGE_ZC_COPIED`, linux/io_uring.h.
    private static final long ZC_COPIED = 1L << 31;

    private final RingOperations known;
    private final DescriptorTable descriptors;

    /// Submissions under way, by the kernel's name of the request.
    private final Map<String, Draft> underWay = new HashMap<>();

    private int operations;

    RingDrafts(RingOperations known, DescriptorTable descriptors) {
        this.known = known;
        this.descriptors = descriptors;
    }

    /// @return a step, if the record is one
    @Nullable
    Draft take(TraceRecord record, long at, ThreadState thread) {
        if (!record.event().startsWith("io_uring_")) {
            return null;
        }
        Fields fields = Fields.of(record.body());
        thread.touched = true;
        return switch (record.event()) {
            case "io_uring_submit_req" -> submitted(fields, at, thread);
            case "io_uring_file_get" -> about(fields);
            case "io_uring_queue_async_work" -> of(Step.Kind.PUNT, fields, at, thread, "a worker thread does it");
            case "io_uring_poll_arm" -> armed(fields, at, thread);
            case "io_uring_complete" -> completed(fields, at, thread);
            case "io_uring_cqe_overflow" -> note("the completion queue is full", at, thread);
            case "io_uring_fail_link" -> note("the rest of the chain is cancelled", at, thread);
            default -> null;
        };
    }

    private Draft submitted(Fields fields, long at, ThreadState thread) {
        Draft draft = new Draft(Step.Kind.SUBMISSION, at, thread.threadId, thread.depth(), fields.text("opcode"));
        draft.operation = operations++;
        String flags = SymbolicFlags.IOSQE.known(fields.number("flags"));
        if (!flags.isEmpty()) {
            draft.arguments.add(flags);
        }
        underWay.put(RingOperations.request(fields), draft);
        return draft;
    }

    private @Nullable Draft about(Fields fields) {
        Draft draft = underWay.get(RingOperations.request(fields));
        if (draft != null) {
            var descriptor = descriptors.at((int) fields.number("fd"));
            draft.arguments.add(draft.descriptors.size(), descriptor.toString());
            draft.descriptors.add(descriptor);
        }
        return null;
    }

    private Draft of(Step.Kind kind, Fields fields, long at, ThreadState thread, String meaning) {
        Draft draft = new Draft(kind, at, thread.threadId, thread.depth(), fields.text("opcode"));
        draft.meaning = meaning;
        Draft submission = underWay.get(RingOperations.request(fields));
        if (submission != null) {
            draft.operation = submission.operation;
            draft.descriptors.addAll(submission.descriptors);
            submission.descriptors.forEach(descriptor -> draft.arguments.add(descriptor.toString()));
        }
        return draft;
    }

    private Draft armed(Fields fields, long at, ThreadState thread) {
        String events = SymbolicFlags.POLL.known(fields.number("events") & 0xffff_ffffL);
        return of(Step.Kind.ARM, fields, at, thread, events.isEmpty() ? "" : "not ready: waits for " + events);
    }

    private Draft completed(Fields fields, long at, ThreadState thread) {
        Draft submission = underWay.get(RingOperations.request(fields));
        Optional<Operation> earlier = known.at(fields);
        String opcode = submission != null
                ? submission.name
                : earlier.map(Operation::opcode).orElse("of an earlier submission");
        Draft draft = new Draft(Step.Kind.COMPLETION, at, thread.threadId, thread.depth(), opcode);
        if (submission != null) {
            draft.operation = submission.operation;
            draft.descriptors.addAll(submission.descriptors);
        } else {
            earlier.filter(operation -> operation.fd() >= 0)
                    .ifPresent(operation -> draft.descriptors.add(descriptors.at(operation.fd())));
        }
        draft.descriptors.forEach(descriptor -> draft.arguments.add(descriptor.toString()));
        long flags = fields.number("cflags");
        String symbols = SymbolicFlags.CQE.known(flags);
        if (!symbols.isEmpty()) {
            draft.suffix = " " + symbols;
        }
        long result = fields.number("result");
        if ((flags & CQE_NOTIF) != 0) {
            boolean copied = (result & ZC_COPIED) != 0;
            draft.resultText = copied ? "IORING_NOTIF_USAGE_ZC_COPIED" : "0";
            draft.copiedAfterAll = copied;
            draft.meaning = "the buffer is free again" + (copied ? "; its bytes were copied after all" : "");
        }
        draft.result = result;
        draft.endMicros = at;
        if (submission != null && (flags & CQE_MORE) == 0) {
            submission.endMicros = at;
            underWay.remove(RingOperations.request(fields));
        }
        return draft;
    }

    private static Draft note(String sentence, long at, ThreadState thread) {
        return new Draft(Step.Kind.NOTE, at, thread.threadId, thread.depth(), sentence);
    }
}
