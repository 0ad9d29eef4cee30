package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Counts events of a process from outside: in all its threads, its descendants, and everything that any of them
/// starts from then on, io_uring's worker threads (`iou-wrk-…`) included. perf_event_open(2), Linux 2.6.31; no tool is
/// needed.
///
/// One counter per event and thread, each inherited by what that thread starts. A thread that began while the
/// counters were being opened has some by inheritance and lacks others: so the list of threads is read again, and
/// when somebody has come, all is closed and opened anew. A busy process that never stands still long enough is
/// counted as it is, and [#unsettled()] says so.
///
/// Counting costs the process something: 50 to 100 ns for each counted system call, and at each context switch the
/// exchange of all the thread's counters, some 50 ns each. One thread at a time.
public final class PerfCounters implements AutoCloseable {

    private static final long PERF_FLAG_FD_CLOEXEC = 1 << 3;

    /// `_IOW('$', 6, char *)`.
    static final long PERF_EVENT_IOC_SET_FILTER = 0x4008_2406L;

    private static final long ANY_CPU = -1;
    private static final long NO_GROUP = -1;
    private static final int ATTEMPTS_MAX = 10;

    private final Kernel kernel;
    private final Processes processes;
    private final int processId;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment attr = arena.allocate(PerfEvent.ATTR);
    private final MemorySegment value = arena.allocate(ValueLayout.JAVA_LONG);
    private final Map<PerfEvent, Reading<List<Integer>>> descriptors = new LinkedHashMap<>();
    private final List<Integer> holders = new ArrayList<>();
    private int threads;
    private int newcomers;

    private PerfCounters(Kernel kernel, int processId) {
        this.kernel = kernel;
        this.processes = new Processes(kernel);
        this.processId = processId;
    }

    /// Begins to count. An event that isn't permitted or doesn't exist is unmeasurable, and the others count.
    ///
    /// @param processId of this process or another that we may trace (ptrace(2))
    public static PerfCounters attach(Kernel kernel, int processId, List<PerfEvent> events) {
        PerfCounters counters = new PerfCounters(kernel, processId);
        try {
            counters.hold(events);
            counters.openAll();
            return counters;
        } catch (RuntimeException e) {
            counters.close();
            throw e;
        }
    }

    /// How often it has happened since the counters were attached.
    ///
    /// @return unmeasurable with reason and remedy when it can't be counted
    /// @throws IllegalArgumentException for an event that wasn't asked for
    public Reading<Long> count(PerfEvent event) {
        Reading<List<Integer>> opened = descriptors.get(event);
        if (opened == null) {
            throw new IllegalArgumentException(event.name() + " isn't counted: name it when attaching");
        }
        return opened.map(fds -> {
            long sum = 0;
            for (int fd : fds) {
                long result = Interruptions.restart(kernel, Syscall.READ, fd, value.address(), Long.BYTES, 0);
                if (result != Long.BYTES) {
                    throw new IllegalArgumentException(
                            result < 0
                                    ? KernelException.describe(Syscall.READ, "the counter " + event.name(), result)
                                    : "the counter " + event.name() + " was read short");
                }
                sum += value.get(ValueLayout.JAVA_LONG, 0);
            }
            return sum;
        });
    }

    /// How many threads there were when the counters were opened.
    public int threads() {
        return threads;
    }

    /// How many threads came while the counters were being opened, each time that it was tried: some of their events
    /// may be missing or counted twice. As a rule 0.
    public int unsettled() {
        return newcomers;
    }

    /// Ends the counting. The kernel takes its time to withdraw a tracepoint: some 10 ms each.
    @Override
    public void close() {
        closeAll();
        holders.forEach(fd -> Descriptors.close(kernel, fd, "counter"));
        holders.clear();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    /// Opens each event once, for our own thread and switched off: finds out what can be counted, and keeps the
    /// kernel from withdrawing tracepoints between two attempts.
    private void hold(List<PerfEvent> events) {
        for (PerfEvent event : events) {
            long fd = open(event, 0, PerfEvent.DISABLED);
            if (fd < 0) {
                descriptors.put(event, new Reading.Unmeasurable<>(why(event, fd)));
            } else {
                holders.add((int) fd);
                descriptors.put(event, new Reading.Measured<>(new ArrayList<>()));
            }
        }
    }

    private void openAll() {
        for (int attempt = 1; ; attempt++) {
            Set<Integer> before = threadIds();
            before.forEach(this::openOn);
            Set<Integer> after = threadIds();
            threads = before.size();
            after.removeAll(before);
            newcomers = after.size();
            if (newcomers == 0 || attempt == ATTEMPTS_MAX) {
                return;
            }
            closeAll();
        }
    }

    private void openOn(int threadId) {
        for (Map.Entry<PerfEvent, Reading<List<Integer>>> entry : descriptors.entrySet()) {
            if (!(entry.getValue() instanceof Reading.Measured<List<Integer>>(List<Integer> fds))) {
                continue;
            }
            PerfEvent event = entry.getKey();
            long fd = open(event, threadId, PerfEvent.INHERIT);
            if (fd >= 0) {
                fds.add((int) fd);
            } else if (fd != -Errno.ESRCH) {
                fds.forEach(opened -> Descriptors.close(kernel, opened, "counter"));
                entry.setValue(new Reading.Unmeasurable<>(why(event, fd)));
            }
        }
    }

    /// @param threadId 0: the calling thread
    private long open(PerfEvent event, int threadId, long flags) {
        event.describe(attr, flags);
        long fd =
                kernel.call(Syscall.PERF_EVENT_OPEN, attr.address(), threadId, ANY_CPU, NO_GROUP, PERF_FLAG_FD_CLOEXEC);
        if (fd < 0 || event.filter().isEmpty()) {
            return fd;
        }
        try (Arena local = Arena.ofConfined()) {
            long filter = local.allocateFrom(event.filter()).address();
            long result = kernel.call(Syscall.IOCTL, fd, PERF_EVENT_IOC_SET_FILTER, filter);
            if (result < 0) {
                Descriptors.close(kernel, (int) fd, "counter");
                return result;
            }
        }
        return fd;
    }

    private Set<Integer> threadIds() {
        Set<Integer> ids = new HashSet<>(processes.threadIds(processId).value().orElse(List.of()));
        for (ProcessStat child : processes.descendants(processId)) {
            ids.addAll(processes.threadIds(child.id()).value().orElse(List.of()));
        }
        return ids;
    }

    private void closeAll() {
        for (Reading<List<Integer>> opened : descriptors.values()) {
            opened.value().ifPresent(fds -> {
                fds.forEach(fd -> Descriptors.close(kernel, fd, "counter"));
                fds.clear();
            });
        }
    }

    private String why(PerfEvent event, long result) {
        return switch (Errno.of(result).number()) {
            case Errno.EACCES, Errno.EPERM ->
                "counting isn't permitted (perf_event_open(2); kernel.perf_event_paranoid is %s). Run as root or with CAP_PERFMON, outside of containers that forbid the call; or, as root, `sysctl kernel.perf_event_paranoid=-1`."
                        .formatted(paranoid());
            case Errno.ENOSYS ->
                "this kernel has no perf_event_open(2), or a container's filter hides it. Run outside of the"
                        + " container.";
            case Errno.ENOENT, Errno.ENODEV, Errno.EOPNOTSUPP -> "this kernel or machine doesn't count " + event.name();
            case Errno.EINVAL ->
                "this kernel doesn't take the counter " + event.name()
                        + (event.filter().isEmpty() ? "" : " with the filter " + event.filter());
            case Errno.EMFILE ->
                "there are too few descriptors for a counter of each event in each of %d threads. Raise the limit (ulimit -n)."
                        .formatted(threadIds().size());
            default -> KernelException.describe(Syscall.PERF_EVENT_OPEN, event.name(), result);
        };
    }

    private String paranoid() {
        return new PseudoFiles(kernel)
                .read("/proc/sys/kernel/perf_event_paranoid")
                .value()
                .map(String::strip)
                .orElse("unknown");
    }
}
