package ringside.linux;

/// What the scheduler did with a thread: `/proc/PID/task/TID/schedstat`
/// (Documentation/scheduler/sched-stats.rst).
///
/// @param runNanos time on a CPU
/// @param waitNanos time ready to run and waiting for a CPU
/// @param timeslices how often it got a CPU
public record ThreadRun(long runNanos, long waitNanos, long timeslices) {

    /// @throws IllegalArgumentException with a sentence, if the text isn't three numbers
    public static ThreadRun parse(String text) {
        String[] fields = text.strip().split(" ", -1);
        if (fields.length != 3) {
            throw new IllegalArgumentException("the schedstat line '" + text.strip() + "' has not three numbers");
        }
        return new ThreadRun(
                KeyedLines.parseNumber("schedstat run time", fields[0]),
                KeyedLines.parseNumber("schedstat waiting time", fields[1]),
                KeyedLines.parseNumber("schedstat time slices", fields[2]));
    }
}
