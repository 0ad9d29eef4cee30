package ringside.linux;

/// One line of `/proc/PID/stat` or `/proc/PID/task/TID/stat`, proc_pid_stat(5): the fields that ringside has a
/// use for.
///
/// @param id the process's, or the thread's
/// @param name up to 15 bytes that may be anything, blanks, parentheses and newlines included
/// @param state `R` running, `S` sleeping, `D` waiting for a device, `Z` ended and not waited for, …
/// @param parentId the parent process's
/// @param userTicks time in user space since the start; a process's includes its threads that have ended
/// @param systemTicks time in the kernel on its behalf, likewise; soft interrupts are billed to whoever is
///     interrupted, or to nobody, depending on how the kernel was built
/// @param childrenTicks what its children had used, user and system, that have ended and were waited for, theirs
///     included
/// @param threads living threads
/// @param startTicks when it started, since boot: with `id` it names a process for good, since ids come round
///     again
/// @param lastCpu where it ran last
public record ProcessStat(
        int id,
        String name,
        char state,
        int parentId,
        long minorFaults,
        long majorFaults,
        long userTicks,
        long systemTicks,
        long childrenTicks,
        int threads,
        long startTicks,
        int lastCpu) {

    // Fields after the name, counted from the state (field 3 of proc_pid_stat(5)) as 0.
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int MINOR_FAULTS = 7;
    private static final int MAJOR_FAULTS = 9;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int CHILDREN_USER_TICKS = 13;
    private static final int CHILDREN_SYSTEM_TICKS = 14;
    private static final int THREADS = 17;
    private static final int START_TICKS = 19;
    private static final int LAST_CPU = 36;

    /// @throws IllegalArgumentException with a sentence, if the line isn't one
    public static ProcessStat parse(String line) {
        // The name may hold parentheses; nothing after it does, so that the last one closes it.
        int open = line.indexOf(" (");
        int close = line.lastIndexOf(") ");
        if (open < 1 || close <= open) {
            throw new IllegalArgumentException("no name in parentheses in the stat line '" + line.strip() + "'");
        }
        String[] fields = line.substring(close + 2).strip().split(" ", -1);
        if (fields.length <= LAST_CPU || fields[STATE].length() != 1) {
            throw new IllegalArgumentException("the stat line '" + line.strip() + "' is cut short");
        }
        return new ProcessStat(
                toInt(KeyedLines.parseNumber("process id", line.substring(0, open))),
                line.substring(open + 2, close),
                fields[STATE].charAt(0),
                toInt(number(fields, PARENT)),
                number(fields, MINOR_FAULTS),
                number(fields, MAJOR_FAULTS),
                number(fields, USER_TICKS),
                number(fields, SYSTEM_TICKS),
                number(fields, CHILDREN_USER_TICKS) + number(fields, CHILDREN_SYSTEM_TICKS),
                toInt(number(fields, THREADS)),
                number(fields, START_TICKS),
                toInt(number(fields, LAST_CPU)));
    }

    /// User and system time.
    public long cpuTicks() {
        return userTicks + systemTicks;
    }

    private static long number(String[] fields, int index) {
        return KeyedLines.parseNumber("field " + (index + 3) + " of the stat line", fields[index]);
    }

    private static int toInt(long number) {
        if (number != (int) number) {
            throw new IllegalArgumentException(number + " in the stat line is out of range");
        }
        return (int) number;
    }
}
