package ringside.bench.trial;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ringside.linux.Reading;
import ringside.linux.ThreadRun;
import ringside.linux.ThreadTimes;

/// What each living thread of a process had used at one moment, by thread id.
///
/// @param threads name and times
record ThreadLedger(Map<Integer, ThreadTimes> threads) {

    /// Of a process that had not begun.
    static final ThreadLedger NONE = new ThreadLedger(Map.of());

    /// Beginnings of the names of the collectors' threads: Serial, Parallel, G1, Shenandoah and ZGC.
    /// Serial collects in the `VM Thread`.
    private static final List<String> COLLECTORS =
            List.of("VM Thread", "GC Thread", "G1 ", "Shenandoah", "ZWorker", "ZDriver");

    private static final String JVM_MARK = "VM Thread";

    ThreadLedger {
        threads = Map.copyOf(threads);
    }

    static ThreadLedger of(List<ThreadTimes> threads) {
        Map<Integer, ThreadTimes> byId = new HashMap<>();
        threads.forEach(thread -> byId.put(thread.stat().id(), thread));
        return new ThreadLedger(byId);
    }

    /// Time since `earlier` in which threads that live now were ready to run and had no CPU. One that has ended
    /// since took its number with it, so that this is a hint and no cost.
    Reading<Long> waitSince(ThreadLedger earlier) {
        long sum = 0;
        for (Map.Entry<Integer, ThreadTimes> thread : threads.entrySet()) {
            Reading<ThreadRun> run = thread.getValue().run();
            if (!run.isMeasured()) {
                return new Reading.Unmeasurable<>(run.whyMissing());
            }
            sum += run.orThrow().waitNanos() - earlier.run(thread.getKey()).waitNanos();
        }
        return new Reading.Measured<>(sum);
    }

    /// CPU time since `earlier` of the JVM's compilers and garbage collectors.
    Reading<Long> jvmSince(ThreadLedger earlier) {
        if (threads.values().stream().noneMatch(thread -> thread.stat().name().equals(JVM_MARK))) {
            return new Reading.Unmeasurable<>("the server is no JVM");
        }
        for (Map.Entry<Integer, ThreadTimes> thread : earlier.threads.entrySet()) {
            if (isOfJvm(thread.getValue()) && !threads.containsKey(thread.getKey())) {
                return new Reading.Unmeasurable<>(
                        "the JVM ended its " + thread.getValue().stat().name() + " within the window");
            }
        }
        long sum = 0;
        for (Map.Entry<Integer, ThreadTimes> thread : threads.entrySet()) {
            if (isOfJvm(thread.getValue())) {
                Reading<ThreadRun> run = thread.getValue().run();
                if (!run.isMeasured()) {
                    return new Reading.Unmeasurable<>(run.whyMissing());
                }
                sum += run.orThrow().runNanos() - earlier.run(thread.getKey()).runNanos();
            }
        }
        return new Reading.Measured<>(sum);
    }

    /// Nothing for a thread that had not begun.
    private ThreadRun run(int id) {
        ThreadTimes thread = threads.get(id);
        return thread == null ? new ThreadRun(0, 0, 0) : thread.run().value().orElse(new ThreadRun(0, 0, 0));
    }

    private static boolean isOfJvm(ThreadTimes thread) {
        return thread.isJvmCompiler() || isCollector(thread.stat().name());
    }

    static boolean isCollector(String threadName) {
        return COLLECTORS.stream().anyMatch(threadName::startsWith);
    }
}
