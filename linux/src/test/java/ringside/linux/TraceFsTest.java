package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class TraceFsTest {

    private final Kernel kernel = new FfmKernel();

    @Test
    void knowsTracepointsByNumber() {
        Reading<TraceFs> found = TraceFs.find(kernel);
        Assumptions.assumeTrue(found.isMeasured(), found.whyMissing());
        TraceFs traceFs = found.orThrow();
        int id = traceFs.id("sched:sched_switch").orThrow();
        assertTrue(traceFs.format("sched:sched_switch").orThrow().contains("ID: " + id + "\n"));
        Reading<Integer> none = traceFs.id("sched:no_such_event");
        assertFalse(none.isMeasured());
        assertTrue(
                none.whyMissing().startsWith("this kernel has no tracepoint sched:no_such_event"), none.whyMissing());
    }

    @Test
    void saysWhatToDoWhereItIsMissing() {
        Kernel bare = new Kernel() {
            @Override
            public String name() {
                return "bare";
            }

            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                return -Errno.EPERM;
            }
        };
        assertEquals(
                "tracefs isn't mounted, and mounting it: "
                        + KernelException.describe(Syscall.MOUNT, "/sys/kernel/tracing", -Errno.EPERM)
                        + ". As root, `mount -t tracefs none /sys/kernel/tracing`.",
                TraceFs.find(bare).whyMissing());
    }
}
