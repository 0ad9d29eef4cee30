package ringside.bench.explain;

import java.util.List;

/// What a thread of the server is for, by its name.
enum ThreadRole {
    /// Drives the connection.
    LOOP,
    /// Ours too: of an engine's pool, a carrier of virtual threads, …
    POOL,
    /// Does what io_uring couldn't do at once (`iou-wrk-PID`, io_uring/io-wq.c).
    IO_WORKER,
    /// Takes submissions for a ring with SQPOLL (`iou-sqp-PID`, io_uring/sqpoll.c).
    SUBMISSION_POLLER,
    /// The JVM's own: compiler, collector, …
    JVM;

    /// How the names of HotSpot's threads begin (the kernel keeps 15 characters).
    private static final List<String> JVM_NAMES = List.of(
            "java",
            "GC ",
            "G1 ",
            "VM ",
            "C1 ",
            "C2 ",
            "Reference Handl",
            "Finalizer",
            "Signal Dispatch",
            "Service Thread",
            "Monitor Deflati",
            "Notification Th",
            "Common-Cleaner",
            "Attach Listener",
            "process reaper",
            "DestroyJavaVM",
            "JFR ");

    static ThreadRole of(String name) {
        if (name.startsWith("ringside-loop")) {
            return LOOP;
        }
        if (name.startsWith("iou-wrk")) {
            return IO_WORKER;
        }
        if (name.startsWith("iou-sqp")) {
            return SUBMISSION_POLLER;
        }
        return JVM_NAMES.stream().anyMatch(name::startsWith) ? JVM : POOL;
    }

    boolean isKernelOnly() {
        return this == IO_WORKER || this == SUBMISSION_POLLER;
    }
}
