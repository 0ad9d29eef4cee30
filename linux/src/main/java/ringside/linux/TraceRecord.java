package ringside.linux;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One line of a tracefs `trace` file: an event, when, where, and by whom (`Documentation/trace/ftrace.rst`, "The
/// File System").
///
/// @param thread the name of the thread that ran, 15 characters at most; `<...>` where the kernel has forgotten it
/// @param threadId its id; an interrupt's event carries the id of whoever was interrupted: see `context`
/// @param cpu where it ran
/// @param context on whose behalf
/// @param micros the clock of the instance, in whole microseconds: the text has no finer ones
/// @param event without its group: `sched_switch`; of a system call `sys_pread64`
/// @param form what kind of line it is
/// @param body what follows the event's name, without the punctuation of its form
public record TraceRecord(
        String thread, int threadId, int cpu, Context context, long micros, String event, Form form, String body) {

    /// What the CPU was doing.
    public enum Context {
        /// The thread's own work: a system call, a fault.
        TASK,
        /// A soft interrupt, which may have nothing to do with the thread.
        SOFT_INTERRUPT,
        /// A hardware interrupt.
        HARD_INTERRUPT
    }

    /// How the line is written.
    public enum Form {
        /// `sys_read(fd: 3, buf: 0x7f…, count: 0x40)`.
        CALL,
        /// `sys_read -> 0x20`.
        RETURN,
        /// `name: …`, any other tracepoint.
        EVENT
    }

    private static final Pattern LINE = Pattern.compile(
            "\\s*(.+?)-(\\d+)\\s+(?:\\([- \\d]+\\)\\s+)?\\[(\\d+)\\]\\s+(\\S{4,8})\\s+(\\d+)\\.(\\d{6}): (\\w+)(:"
                    + " ?|\\(| -> )(.*)");

    private static final int INTERRUPT_FLAG = 2;

    public TraceRecord {
        if (threadId < 0 || micros < 0) {
            throw new IllegalArgumentException("thread " + threadId + " at " + micros + " µs");
        }
    }

    /// @throws IllegalArgumentException when the line has another form
    static TraceRecord parse(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a line of the trace that isn't understood: '" + line + "'");
        }
        String body = parts.group(9);
        Form form = switch (parts.group(8)) {
            case "(" -> Form.CALL;
            case " -> " -> Form.RETURN;
            default -> Form.EVENT;
        };
        return new TraceRecord(
                parts.group(1),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)),
                context(parts.group(4)),
                Long.parseLong(parts.group(5)) * 1_000_000 + Long.parseLong(parts.group(6)),
                parts.group(7),
                form,
                form == Form.CALL && body.endsWith(")") ? body.substring(0, body.length() - 1) : body.strip());
    }

    /// The third of the flags: `s` soft interrupt, `h` and `H` hardware interrupt, `z` and `Z` one that can't be
    /// masked.
    private static Context context(String flags) {
        return switch (flags.charAt(INTERRUPT_FLAG)) {
            case 's' -> Context.SOFT_INTERRUPT;
            case 'h', 'H', 'z', 'Z' -> Context.HARD_INTERRUPT;
            default -> Context.TASK;
        };
    }
}
