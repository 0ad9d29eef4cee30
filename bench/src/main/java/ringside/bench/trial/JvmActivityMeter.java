package ringside.bench.trial;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import ringside.bench.steady.SteadyState.JvmActivity;
import ringside.linux.Kernel;
import ringside.linux.Processes;
import ringside.linux.Reading;
import ringside.linux.ThreadRun;

/// Reads what a JVM's compilers and collectors used since the last time: three or four small files, where a look at
/// all threads would take the generator's CPU ten times a second. Used by one thread.
final class JvmActivityMeter {

    private enum Task {
        COMPILING,
        COLLECTING
    }

    private final Processes processes;
    private final int pid;
    private final Map<Integer, Task> threads = new HashMap<>();
    private Optional<Map<Integer, Long>> before = Optional.empty();
    private long cpuNanosBefore;

    JvmActivityMeter(Kernel kernel, long pid) {
        this.processes = new Processes(kernel);
        this.pid = Math.toIntExact(pid);
    }

    /// @return what was used since the last call; empty the first time, for what is no JVM, and when a
    ///     thread has ended since, as compilers do that have nothing to do
    Optional<JvmActivity> sinceLast() {
        if (threads.isEmpty()) {
            find();
        }
        Reading<Long> cpuNanos = processes.cpuNanos(pid);
        Map<Integer, Long> now = new HashMap<>();
        for (int thread : threads.keySet()) {
            Reading<ThreadRun> run = processes.threadRun(pid, thread);
            run.value().ifPresent(value -> now.put(thread, value.runNanos()));
        }
        if (now.isEmpty() || now.size() < threads.size() || !cpuNanos.isMeasured()) {
            threads.clear();
            before = Optional.empty();
            return Optional.empty();
        }
        Optional<JvmActivity> activity =
                before.map(earlier -> activity(earlier, now, cpuNanos.orThrow() - cpuNanosBefore));
        before = Optional.of(now);
        cpuNanosBefore = cpuNanos.orThrow();
        return activity;
    }

    private void find() {
        processes
                .threads(pid)
                .value()
                .ifPresent(all -> all.forEach(thread -> {
                    String name = thread.stat().name();
                    if (thread.isJvmCompiler()) {
                        threads.put(thread.stat().id(), Task.COMPILING);
                    } else if (ThreadLedger.isCollector(name)) {
                        threads.put(thread.stat().id(), Task.COLLECTING);
                    }
                }));
    }

    private JvmActivity activity(Map<Integer, Long> earlier, Map<Integer, Long> now, long cpuNanos) {
        double compiling = 0;
        double collecting = 0;
        for (Map.Entry<Integer, Long> thread : now.entrySet()) {
            double nanos = thread.getValue() - earlier.getOrDefault(thread.getKey(), 0L);
            if (threads.get(thread.getKey()) == Task.COMPILING) {
                compiling += nanos;
            } else {
                collecting += nanos;
            }
        }
        return new JvmActivity(compiling, collecting, (double) cpuNanos);
    }
}
