package ringside.loadtest;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ringside.linux.FfmKernel;
import ringside.linux.KernelException;
import ringside.linux.Syscall;

/// Pins the calling thread to one CPU: sched_setaffinity(2).
final class LoopPin {

    private static final int MASK_BYTES = 1024;

    private LoopPin() {}

    /// @throws LoadException if that isn't possible here
    static void pin(int cpu) {
        if (!Syscall.SUPPORTED) {
            throw new LoadException("event loops can be pinned on Linux on x86-64 only. Leave the CPUs out");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            mask.setAtIndex(ValueLayout.JAVA_LONG, cpu / Long.SIZE, 1L << (cpu % Long.SIZE));
            long result = new FfmKernel().call(Syscall.SCHED_SETAFFINITY, 0, MASK_BYTES, mask.address());
            KernelException.check(Syscall.SCHED_SETAFFINITY, "CPU " + cpu, result);
        } catch (KernelException e) {
            throw new LoadException(
                    "can't pin an event loop: " + e.getMessage()
                            + " See which CPUs there are: nproc --all, taskset -p $$",
                    e);
        }
    }
}
