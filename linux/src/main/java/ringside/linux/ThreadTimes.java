package ringside.linux;

/// A living thread at one moment.
///
/// @param stat its `stat` line: name, CPU ticks
/// @param run what the scheduler says, to the nanosecond; missing where the kernel has no schedstat
public record ThreadTimes(ProcessStat stat, Reading<ThreadRun> run) {}
