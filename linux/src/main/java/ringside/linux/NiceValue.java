package ringside.linux;

/// The nice value of a thread: setpriority(2) with `PRIO_PROCESS`, which on Linux is one thread's. Each step is a
/// quarter of the share that a thread gets beside others (`sched_prio_to_weight`, kernel/sched/core.c). Any thread.
public final class NiceValue {

    /// Nine parts where a thread of 0 gets one, and 640 where one of 19 does. Needs CAP_SYS_NICE, or a limit that
    /// allows it (`RLIMIT_NICE`). For a thread that never sleeps -20 is too much: others that have had their share
    /// wait for seconds.
    public static final int BEFORE_OTHERS = -10;

    /// A third of what a thread of 0 gets.
    public static final int BEHIND_OTHERS = 5;

    /// A 68th of it.
    public static final int LAST = 19;

    /// `sys/resource.h`.
    static final int PRIO_PROCESS = 0;

    private final Kernel kernel;

    public NiceValue(Kernel kernel) {
        this.kernel = kernel;
    }

    /// @param threadId 0 = the calling thread
    /// @param value -20 to 19
    /// @throws KernelException ESRCH if it has ended, EACCES where a value this low isn't allowed
    public void set(int threadId, int value) {
        KernelException.check(
                Syscall.SETPRIORITY,
                threadId == 0 ? "the calling thread" : "thread " + threadId,
                kernel.call(Syscall.SETPRIORITY, PRIO_PROCESS, threadId, value));
    }
}
