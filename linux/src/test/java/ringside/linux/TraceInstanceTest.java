package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class TraceInstanceTest {

    private final Kernel kernel = new FfmKernel();

    @Test
    void recordsWhatHappensBetweenStartAndStop() throws IOException {
        try (TraceInstance instance = open()) {
            Assumptions.assumeTrue(
                    instance.enable("syscalls:sys_enter_getppid"), "this kernel has no CONFIG_FTRACE_SYSCALLS");
            assertFalse(instance.enable("syscalls:sys_enter_no_such_call"));
            int threadId = (int) kernel.call(Syscall.GETTID, 0);
            instance.limitTo(List.of(threadId));
            instance.enable("syscalls:sys_enter_getpid");
            instance.enable("syscalls:sys_exit_getpid");
            instance.start();
            instance.mark("one");
            kernel.call(Syscall.GETPID, 0);
            instance.stop();
            kernel.call(Syscall.GETPID, 0);

            List<TraceRecord> records = TraceText.parse(instance.read()).records();
            assertEquals(
                    List.of("tracing_mark_write", "sys_getpid", "sys_getpid"),
                    records.stream().map(TraceRecord::event).toList());
            assertEquals("one", records.getFirst().body());
            assertEquals(threadId, records.get(1).threadId());
            assertEquals(
                    ProcessHandle.current().pid(), Long.decode(records.get(2).body()));
            assertTrue(Math.abs(System.nanoTime() / 1000 - records.get(1).micros()) < 60_000_000, "another clock");

            instance.start();
            instance.stop();
            assertEquals(List.of(), TraceText.parse(instance.read()).records());
        }
    }

    @Test
    void leavesNothingBehind() throws IOException {
        Path directory;
        try (TraceInstance instance = open()) {
            directory = instance.directory();
            instance.enable("sched:sched_switch");
            instance.start();
            assertTrue(Files.isDirectory(directory));
        }
        assertFalse(Files.exists(directory));
    }

    @Test
    void removesWhatAKilledProcessLeft() throws IOException, InterruptedException {
        Path orphan;
        try (TraceInstance instance = open()) {
            Process ended = new ProcessBuilder("true").start();
            ended.waitFor();
            orphan = instance.directory()
                    .resolveSibling(instance.directory()
                            .getFileName()
                            .toString()
                            .replaceFirst("-\\d+-(\\d+)$", "-" + ended.pid() + "-$1"));
            Files.createDirectory(orphan);
        }
        try (TraceInstance next = open()) {
            assertTrue(Files.exists(next.directory()));
            assertFalse(Files.exists(orphan));
        }
    }

    private TraceInstance open() {
        Reading<TraceFs> traceFs = TraceFs.find(kernel);
        Assumptions.assumeTrue(traceFs.isMeasured(), traceFs.whyMissing());
        Reading<TraceInstance> instance = TraceInstance.open(traceFs.orThrow());
        Assumptions.assumeTrue(instance.isMeasured(), instance.whyMissing());
        return instance.orThrow();
    }
}
