package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/// Reads and sets the CPUs on which a thread may run: sched_setaffinity(2).
///
/// Any thread. Threads and processes inherit the set of the thread that starts them. For carriers of virtual
/// threads it pins the carrier: call it from platform threads only.
public final class CpuAffinity {

    private static final int MASK_BYTES = CpuSet.CPUS_MAX / Byte.SIZE;

    private final Kernel kernel;

    public CpuAffinity(Kernel kernel) {
        this.kernel = kernel;
    }

    /// The kernel's id of the calling thread, gettid(2).
    public int threadId() {
        return (int) kernel.call(Syscall.GETTID);
    }

    /// Where the calling thread may run.
    public CpuSet get() {
        return get(0);
    }

    /// @param threadId a thread's id, or a process's for its first thread; 0 = the calling thread
    /// @throws KernelException ESRCH if there is no such thread
    public CpuSet get(int threadId) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            long copiedBytes =
                    Interruptions.restart(kernel, Syscall.SCHED_GETAFFINITY, threadId, MASK_BYTES, mask.address(), 0);
            KernelException.check(Syscall.SCHED_GETAFFINITY, thread(threadId), copiedBytes);
            return new CpuSet(BitSet.valueOf(mask.asSlice(0, copiedBytes).toArray(ValueLayout.JAVA_LONG)));
        }
    }

    /// The CPUs that are switched on, whoever may use them: `/sys/devices/system/cpu/online`.
    public CpuSet online() {
        String path = "/sys/devices/system/cpu/online";
        return switch (new PseudoFiles(kernel).read(path)) {
            case Reading.Measured<String>(String list) -> CpuSet.parse(list);
            case Reading.Vanished<String> vanished -> throw new IllegalStateException(vanished.why());
            case Reading.Unmeasurable<String>(String why) -> throw new IllegalStateException(why);
        };
    }

    /// Confines the calling thread to `cpus`.
    public void set(CpuSet cpus) {
        set(0, cpus);
    }

    /// Confines a thread to `cpus`. The kernel silently drops CPUs that are offline or outside the thread's
    /// cpuset; this method doesn't: if a part was dropped it throws, the part that exists being in force.
    ///
    /// @param threadId 0 = the calling thread
    /// @throws KernelException EPERM for somebody else's thread
    /// @throws IllegalArgumentException for the empty set, and if none or only a part of `cpus` can be used
    public void set(int threadId, CpuSet cpus) {
        if (cpus.isEmpty()) {
            throw new IllegalArgumentException("no CPU to run on: name at least one of " + get(threadId));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            long[] words = cpus.bits().toLongArray();
            MemorySegment.copy(words, 0, mask, ValueLayout.JAVA_LONG, 0, words.length);
            long result =
                    Interruptions.restart(kernel, Syscall.SCHED_SETAFFINITY, threadId, MASK_BYTES, mask.address(), 0);
            if (result == -Errno.EINVAL) {
                throw new IllegalArgumentException(
                        "none of the CPUs " + cpus + " can be used here: name some of " + get(threadId));
            }
            KernelException.check(Syscall.SCHED_SETAFFINITY, thread(threadId) + " with CPUs " + cpus, result);
        }
        CpuSet got = get(threadId);
        if (!got.equals(cpus)) {
            throw new IllegalArgumentException(
                    "of the CPUs " + cpus + " only " + got + " can be used here: name CPUs that are online");
        }
    }

    private static String thread(int threadId) {
        return threadId == 0 ? "the calling thread" : "thread " + threadId;
    }
}
