package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Has threads run when nobody else wants to: `SCHED_IDLE` of sched_setscheduler(2), Linux 2.6.23, which needs no
/// privilege. Beside a thread that never sleeps one of them gets 3 parts of the time where that gets 1,024
/// (`WEIGHT_IDLEPRIO`, kernel/sched/sched.h), though in turns that last until the next tick. Any thread.
public final class IdlePolicy {

    /// `linux/sched.h`.
    static final int SCHED_IDLE = 5;

    private final Kernel kernel;

    public IdlePolicy(Kernel kernel) {
        this.kernel = kernel;
    }

    /// For good: the way back needs the right to raise a priority.
    ///
    /// @param threadId of this or another process; 0 = the calling thread
    /// @throws KernelException ESRCH if it has ended, EPERM for somebody else's or where a sandbox forbids it
    public void set(int threadId) {
        try (Arena arena = Arena.ofConfined()) {
            // struct sched_param: its one field, the static priority, is 0 for all but real-time policies.
            MemorySegment priority = arena.allocate(ValueLayout.JAVA_INT);
            KernelException.check(
                    Syscall.SCHED_SETSCHEDULER,
                    threadId == 0 ? "the calling thread" : "thread " + threadId,
                    kernel.call(Syscall.SCHED_SETSCHEDULER, threadId, SCHED_IDLE, priority.address()));
        }
    }
}
