package ringside.linux;

import java.util.List;

/// A living thread at one moment.
///
/// @param stat its `stat` line: name, CPU ticks
/// @param run what the scheduler says, to the nanosecond; missing where the kernel has no schedstat
public record ThreadTimes(ProcessStat stat, Reading<ThreadRun> run) {

    /// Beginnings of the names of HotSpot's compilers, of which the kernel keeps 15 bytes.
    private static final List<String> COMPILERS = List.of("C1 CompilerThre", "C2 CompilerThre");

    /// Whether it compiles for the JVM that it is a thread of.
    public boolean isJvmCompiler() {
        return COMPILERS.stream().anyMatch(stat.name()::startsWith);
    }
}
