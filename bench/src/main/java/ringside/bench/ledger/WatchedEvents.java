package ringside.bench.ledger;

import java.util.ArrayList;
import java.util.List;
import ringside.bench.result.Ledger;
import ringside.bench.result.Ledger.Group;
import ringside.linux.Kernel;
import ringside.linux.PerfEvent;
import ringside.linux.Reading;
import ringside.linux.TraceFs;

/// What is counted by perf_event_open(2), and what to call it.
///
/// Every counter is exchanged at each context switch of the server, so that this is a choice: the calls that a
/// server makes for a request, and for a connection.
///
/// @param name in reports
/// @param event unmeasurable where this kernel has no such event
record WatchedEvents(String name, Group group, String unit, Ledger.Source source, Reading<PerfEvent> event) {

    /// By their tracepoints `syscalls:sys_enter_…`, which carry the kernel's own names: `newfstat` is fstat(2),
    /// `sendfile64` sendfile(2).
    private static final List<String> CALLS = List.of(
            "read",
            "pread64",
            "readv",
            "preadv2",
            "write",
            "writev",
            "sendto",
            "sendmsg",
            "recvfrom",
            "recvmsg",
            "sendfile64",
            "splice",
            "io_submit",
            "io_getevents",
            "io_uring_enter",
            "epoll_wait",
            "epoll_pwait",
            "epoll_pwait2",
            "epoll_ctl",
            "poll",
            "futex",
            "openat",
            "openat2",
            "close",
            "newfstat",
            "newfstatat",
            "statx",
            "fcntl",
            "setsockopt",
            "accept4",
            "mmap",
            "munmap",
            "madvise",
            "fadvise64");

    /// `CLONE_IO`: of all threads only the ring's own have it (`create_io_thread`, kernel/fork.c).
    private static final String BY_THE_RING = "clone_flags & 0x80000000";

    static List<WatchedEvents> of(Kernel kernel) {
        Reading<TraceFs> traceFs = TraceFs.find(kernel);
        List<WatchedEvents> events = new ArrayList<>();
        events.add(tracepoint(traceFs, Ledger.SYSTEM_CALLS, Group.CALLS, "calls", "raw_syscalls:sys_enter"));
        for (String call : CALLS) {
            WatchedEvents named =
                    tracepoint(traceFs, manName(call), Group.CALLS, "calls", "syscalls:sys_enter_" + call);
            if (named.event.isMeasured()) {
                events.add(named);
            }
        }
        events.add(software(Ledger.CONTEXT_SWITCHES, Group.SCHEDULING, "switches", PerfEvent.CONTEXT_SWITCHES));
        events.add(software("CPU migrations", Group.SCHEDULING, "migrations", PerfEvent.CPU_MIGRATIONS));
        events.add(software(Ledger.MINOR_FAULTS, Group.MEMORY, "faults", PerfEvent.MINOR_FAULTS));
        events.add(software(Ledger.MAJOR_FAULTS, Group.MEMORY, "faults", PerfEvent.MAJOR_FAULTS));
        events.add(tracepoint(
                traceFs, Ledger.PAGE_CACHE_INSERTS, Group.MEMORY, "folios", "filemap:mm_filemap_add_to_page_cache"));
        events.add(tracepoint(traceFs, Ledger.BLOCK_IOS, Group.STORAGE, "bios", "block:block_bio_queue"));
        events.add(tracepoint(traceFs, Ledger.BLOCK_REQUESTS, Group.STORAGE, "requests", "block:block_rq_issue"));
        events.add(ring(traceFs, Ledger.PUNTS, "requests", "io_uring_queue_async_work"));
        events.add(ring(traceFs, "polls armed", "requests", "io_uring_poll_arm"));
        events.add(ring(traceFs, "completion queue overflows", "completions", "io_uring_cqe_overflow"));
        WatchedEvents born =
                tracepoint(traceFs, "ring workers started", Group.IO_URING, "threads", "task:task_newtask");
        events.add(new WatchedEvents(
                born.name, born.group, born.unit, born.source, born.event.map(event -> event.where(BY_THE_RING))));
        return events;
    }

    /// Whether it is one of the calls that are counted by name.
    boolean isNamedCall() {
        return group == Group.CALLS && !name.equals(Ledger.SYSTEM_CALLS);
    }

    private static WatchedEvents ring(Reading<TraceFs> traceFs, String name, String unit, String tracepoint) {
        return tracepoint(traceFs, name, Group.IO_URING, unit, "io_uring:" + tracepoint);
    }

    private static WatchedEvents tracepoint(
            Reading<TraceFs> traceFs, String name, Group group, String unit, String tracepoint) {
        Reading<PerfEvent> event = traceFs.isMeasured()
                ? PerfEvent.tracepoint(traceFs.orThrow(), tracepoint)
                : new Reading.Unmeasurable<>("tracepoints can't be looked up: " + traceFs.whyMissing()
                        + " Run as root; or let this user read tracefs (its mount option gid=) and count"
                        + " (CAP_PERFMON).");
        return new WatchedEvents(name, group, unit, Ledger.Source.TRACEPOINT, event);
    }

    private static WatchedEvents software(String name, Group group, String unit, PerfEvent event) {
        return new WatchedEvents(name, group, unit, Ledger.Source.SOFTWARE, new Reading.Measured<>(event));
    }

    private static String manName(String call) {
        return switch (call) {
            case "newfstat" -> "fstat";
            case "sendfile64" -> "sendfile";
            default -> call;
        };
    }
}
