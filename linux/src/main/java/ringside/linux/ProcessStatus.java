package ringside.linux;

import java.util.OptionalLong;

/// `/proc/PID/status` or `/proc/PID/task/TID/status`, proc_pid_status(5): the lines that ringside has a use
/// for.
///
/// @param residentBytes memory in RAM now (`VmRSS`); empty for kernel threads and for processes that have ended
/// @param residentBytesMax the most there has been (`VmHWM`); empty likewise
/// @param threads living threads of the process
/// @param voluntarySwitches context switches of *this thread* (of the first, for a process) because it waited
/// @param involuntarySwitches context switches of this thread because another was let in
public record ProcessStatus(
        OptionalLong residentBytes,
        OptionalLong residentBytesMax,
        int threads,
        long voluntarySwitches,
        long involuntarySwitches) {

    /// @throws IllegalArgumentException with a sentence, if a line is missing
    public static ProcessStatus parse(String text) {
        KeyedLines lines = KeyedLines.parse("/proc/PID/status", text);
        return new ProcessStatus(
                lines.bytes("VmRSS"),
                lines.bytes("VmHWM"),
                (int) lines.number("Threads"),
                lines.number("voluntary_ctxt_switches"),
                lines.number("nonvoluntary_ctxt_switches"));
    }
}
