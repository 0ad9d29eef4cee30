package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A [Kernel] that wastes CPU time: each thread that makes calls burns a given share of what it uses otherwise. For one
/// purpose: to prove that a measurement finds a slow-down of a known size, and none where there is none.
///
/// It calibrates itself. After every [#CALLS_BETWEEN] calls of a thread it reads that thread's CPU clock
/// (`CLOCK_THREAD_CPUTIME_ID`, clock_gettime(2)) and spins until the share of what came since the last time is used up,
/// so that 5 % stays 5 % whatever a request costs. Threads that make no calls here (compilers, collectors; an event
/// loop whose engine never asks this kernel) burn nothing. With a share of 0 it costs what standing in front costs:
/// what
/// a burning server is to be compared with. Any thread.
public final class BurningKernel implements Kernel {

    /// The system property that has [Kernels#byName] put it in front: a share in percent, 0 to 100.
    public static final String PROPERTY = "ringside.burn";

    /// Some 0.2 ms of a server's work: bursts are as short as a long request, and reading the clock is a small part.
    static final int CALLS_BETWEEN = 32;

    private static final long CLOCK_THREAD_CPUTIME_ID = 3;

    private final Kernel beneath;
    private final double share;
    private final ThreadLocal<Meter> meters = ThreadLocal.withInitial(Meter::new);

    /// @param share of the CPU time that a thread uses otherwise, 0 to 1
    public BurningKernel(Kernel beneath, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "a share of " + share + " can't be burnt: choose 0 to 1 (" + PROPERTY + ": 0 to 100)");
        }
        this.beneath = beneath;
        this.share = share;
    }

    /// @param percent as the property has it
    static BurningKernel parse(Kernel beneath, String percent) {
        try {
            return new BurningKernel(beneath, Double.parseDouble(percent) / 100);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "-D" + PROPERTY + "=" + percent + " is no number of percent: write -D" + PROPERTY + "=5", e);
        }
    }

    @Override
    public String name() {
        return beneath.name() + "+burn";
    }

    @Override
    public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
        long result = beneath.call(call, a0, a1, a2, a3, a4, a5);
        meters.get().called();
        return result;
    }

    /// Of one thread.
    private final class Meter {
        private final MemorySegment time = Arena.ofAuto().allocate(2 * Long.BYTES, Long.BYTES);
        private int calls;
        private long lastNanos = cpuNanos();

        void called() {
            calls++;
            if (calls < CALLS_BETWEEN) {
                return;
            }
            calls = 0;
            long nowNanos = cpuNanos();
            long untilNanos = nowNanos + Math.round((nowNanos - lastNanos) * share);
            while (nowNanos < untilNanos) {
                nowNanos = cpuNanos();
            }
            lastNanos = nowNanos;
        }

        private long cpuNanos() {
            long result = beneath.call(Syscall.CLOCK_GETTIME, CLOCK_THREAD_CPUTIME_ID, time.address());
            KernelException.check(Syscall.CLOCK_GETTIME, "the CPU clock of this thread", result);
            return time.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L + time.get(ValueLayout.JAVA_LONG, 8);
        }
    }
}
