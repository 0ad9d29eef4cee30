package ringside.linux;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Watches processes through `/proc`: CPU time, I/O, memory, threads, children. Any thread; control plane.
///
/// A process that has ended is a [Reading.Vanished]; what the kernel refuses to tell is a
/// [Reading.Unmeasurable] with its reason. Nothing here throws for either. A process that has ended but wasn't
/// waited for by its parent can still be read.
///
/// **Which CPU time?** [#cpuNanos(int)] is exact and has the threads that have ended: take it for cost.
/// [#stat(int)] divides the same into user and system, in ticks of 10 ms. The sum over [#threads(int)] lacks
/// the threads that have ended between two looks, so that differences of it can even be negative: take it to
/// see *which* threads work.
public final class Processes {

    /// The kind of clock that a process's CPU time is, in the low bits of its clock's id (`CPUCLOCK_SCHED`,
    /// `linux/posix-timers.h`).
    private static final int CPUCLOCK_SCHED = 2;

    private static final String PROC = "/proc";

    private final Kernel kernel;
    private final PseudoFiles files;

    public Processes(Kernel kernel) {
        this.kernel = kernel;
        this.files = new PseudoFiles(kernel);
    }

    /// User and system ticks, faults, state. For ticks in a second see [SystemStat#ticksPerSecond()].
    public Reading<ProcessStat> stat(int processId) {
        return ofProcess(processId, "stat").map(ProcessStat::parse);
    }

    /// What the process has read and written. Needs the right to trace the process (ptrace(2)).
    public Reading<ProcessIo> io(int processId) {
        return ofProcess(processId, "io").map(ProcessIo::parse);
    }

    /// Memory and number of threads. Its context switches are the first thread's: see [#contextSwitches(int)].
    public Reading<ProcessStatus> status(int processId) {
        return ofProcess(processId, "status").map(ProcessStatus::parse);
    }

    /// CPU time, user and system, of all threads of the process since its start, those that have ended
    /// included: clock_gettime(2) on the process's CPU clock, clock_getcpuclockid(3).
    public Reading<Long> cpuNanos(int processId) {
        if (processId <= 0) {
            throw new IllegalArgumentException("not a process id: " + processId);
        }
        long clock = ((long) ~processId << 3) | CPUCLOCK_SCHED;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(2 * Long.BYTES, Long.BYTES);
            long result = kernel.call(Syscall.CLOCK_GETTIME, clock, time.address());
            if (result == -Errno.EINVAL || result == -Errno.ESRCH) {
                // EINVAL is what the kernel says of a clock whose process has gone.
                return new Reading.Vanished<>(process(processId));
            }
            if (result < 0) {
                return new Reading.Unmeasurable<>(KernelException.describe(
                        Syscall.CLOCK_GETTIME, "the CPU clock of " + process(processId), result));
            }
            return new Reading.Measured<>(
                    time.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L + time.get(ValueLayout.JAVA_LONG, 8));
        }
    }

    /// The living threads, by id. Threads that end while they are being read are left out.
    public Reading<List<ThreadTimes>> threads(int processId) {
        return threadIds(processId).map(ids -> {
            List<ThreadTimes> threads = new ArrayList<>(ids.size());
            for (int id : ids) {
                String directory = task(processId, id);
                Reading<ProcessStat> stat =
                        files.readOfProcess(directory, "stat", "thread " + id).map(ProcessStat::parse);
                stat.value()
                        .ifPresent(line -> threads.add(new ThreadTimes(
                                line,
                                files.readOfProcess(directory, "schedstat", "thread " + id)
                                        .map(ThreadRun::parse))));
            }
            return List.copyOf(threads);
        });
    }

    /// Time on a CPU of the living threads together. See the class about those that have ended.
    public Reading<Long> threadRunNanos(int processId) {
        return threadIds(processId).map(ids -> {
            long sum = 0;
            for (int id : ids) {
                Reading<ThreadRun> run = files.readOfProcess(task(processId, id), "schedstat", "thread " + id)
                        .map(ThreadRun::parse);
                if (run instanceof Reading.Unmeasurable<ThreadRun>(String why)) {
                    throw new IllegalArgumentException(why);
                }
                sum += run.value().map(ThreadRun::runNanos).orElse(0L);
            }
            return sum;
        });
    }

    /// Context switches, voluntary and not, of the living threads together.
    public Reading<Long> contextSwitches(int processId) {
        return threadIds(processId).map(ids -> {
            long sum = 0;
            for (int id : ids) {
                Reading<ProcessStatus> status = files.readOfProcess(task(processId, id), "status", "thread " + id)
                        .map(ProcessStatus::parse);
                if (status instanceof Reading.Unmeasurable<ProcessStatus>(String why)) {
                    throw new IllegalArgumentException(why);
                }
                sum += status.value()
                        .map(lines -> lines.voluntarySwitches() + lines.involuntarySwitches())
                        .orElse(0L);
            }
            return sum;
        });
    }

    /// The process's descendants, parents before children, by the parents' ids in one look through `/proc`.
    ///
    /// That look is no snapshot: a process that starts while it lasts may be missed, and the orphans of a
    /// parent that has ended belong to another.
    public List<ProcessStat> descendants(int processId) {
        return descendants(processId, all());
    }

    /// The same, of a look that was taken before.
    public static List<ProcessStat> descendants(int processId, List<ProcessStat> all) {
        Map<Integer, List<ProcessStat>> byParent = new TreeMap<>();
        for (ProcessStat stat : all) {
            byParent.computeIfAbsent(stat.parentId(), parent -> new ArrayList<>())
                    .add(stat);
        }
        List<ProcessStat> found = new ArrayList<>();
        ArrayDeque<Integer> parents = new ArrayDeque<>(List.of(processId));
        for (Integer parent = parents.poll(); parent != null; parent = parents.poll()) {
            // Removed as they are found: ids that came round during the look can't make a circle.
            List<ProcessStat> children = byParent.remove(parent);
            if (children != null) {
                found.addAll(children);
                children.forEach(child -> parents.add(child.id()));
            }
        }
        return List.copyOf(found);
    }

    /// All processes that this one may see, kernel threads included, in one look through `/proc`, which is no snapshot.
    public List<ProcessStat> all() {
        List<ProcessStat> all = new ArrayList<>();
        for (int id : numbersIn(PROC)) {
            stat(id).value().ifPresent(all::add);
        }
        return List.copyOf(all);
    }

    /// What the scheduler says of one thread, to the nanosecond.
    public Reading<ThreadRun> threadRun(int processId, int threadId) {
        return files.readOfProcess(task(processId, threadId), "schedstat", "thread " + threadId)
                .map(ThreadRun::parse);
    }

    /// The living threads' ids.
    Reading<List<Integer>> threadIds(int processId) {
        List<Integer> ids = numbersIn(PROC + "/" + processId + "/task");
        return ids.isEmpty() ? new Reading.Vanished<>(process(processId)) : new Reading.Measured<>(ids);
    }

    private Reading<String> ofProcess(int processId, String name) {
        return files.readOfProcess(PROC + "/" + processId, name, process(processId));
    }

    private static List<Integer> numbersIn(String directory) {
        String[] names = new File(directory).list();
        if (names == null) {
            return List.of();
        }
        return Arrays.stream(names)
                .filter(name -> !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9'))
                .map(Integer::valueOf)
                .sorted()
                .toList();
    }

    private static String task(int processId, int threadId) {
        return PROC + "/" + processId + "/task/" + threadId;
    }

    private static String process(int processId) {
        return "process " + processId;
    }
}
