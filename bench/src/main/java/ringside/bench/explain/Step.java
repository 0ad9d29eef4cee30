package ringside.bench.explain;

import java.util.List;
import java.util.OptionalLong;

/// One line of a timeline.
///
/// @param atMicros when it began, since the request arrived
/// @param durationMicros how long it lasted; empty for a moment, and for what hadn't ended when the trace did
/// @param threadId whose it is; [Timeline#DEVICE] for what isn't a thread's
/// @param depth 1 for what happens within a system call, 0 else
/// @param name the call's in its man page, the operation's opcode, or what else happened
/// @param arguments each as text
/// @param descriptor what it is about
/// @param result as text: a number, an error's name; empty when there is none
/// @param meaning what it stands for; empty when that isn't known
/// @param operation what a submission has in common with its completion; -1 where there is none
/// @param bytes that it moved, of the kind that `flow` says
record Step(
        Kind kind,
        long atMicros,
        OptionalLong durationMicros,
        int threadId,
        int depth,
        String name,
        List<String> arguments,
        DescriptorKind descriptor,
        String result,
        String meaning,
        int operation,
        Flow flow,
        long bytes) {

    /// In place of its arguments: the call began before the trace, which has its end only.
    static final List<String> BEGAN_EARLIER = List.of("…");

    /// What kind of thing happened.
    enum Kind {
        /// A system call.
        CALL,
        /// An operation that the kernel took from a ring.
        SUBMISSION,
        /// A completion that the kernel put into a ring.
        COMPLETION,
        /// An operation goes to a thread of io-wq.
        PUNT,
        /// An operation waits for its descriptor to become ready.
        ARM,
        /// The thread doesn't run: it waits within a call.
        SLEEP,
        /// A thread that knows no calls runs.
        RUN,
        /// Pages of the file enter the page cache.
        PAGES,
        /// Pages of the file are mapped on a fault.
        FAULT,
        /// A request to a block device.
        BLOCK,
        /// Something else that should be known.
        NOTE
    }

    Step {
        arguments = List.copyOf(arguments);
        if (depth < 0 || depth > 1) {
            throw new IllegalArgumentException("depth " + depth);
        }
    }

    /// `pread64(48<file>, …, 65536, 0)`, `submit READ 48<file>`.
    String text() {
        String joined = String.join(", ", arguments);
        return switch (kind) {
            case CALL -> name + "(" + joined + ")";
            case SUBMISSION -> spaced("submit " + name, joined);
            case COMPLETION -> spaced("complete " + name, joined);
            case PUNT -> spaced("hand to io-wq: " + name, joined);
            case ARM -> spaced("arm poll for " + name, joined);
            case SLEEP, RUN, PAGES, FAULT, BLOCK, NOTE -> spaced(name, joined);
        };
    }

    private static String spaced(String name, String joined) {
        return joined.isEmpty() ? name : name + " " + joined;
    }

    /// Whether the trace has no more of it than its end.
    boolean beganEarlier() {
        return kind == Kind.CALL && arguments.equals(BEGAN_EARLIER);
    }

    /// When it ended, or began when it has no duration.
    long endMicros() {
        return atMicros + durationMicros.orElse(0);
    }
}
