package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class IdlePolicyTest {

    /// proc_pid_stat(5); counted from behind the name, which may hold spaces.
    private static final int POLICY = 41 - 3;

    private final FfmKernel kernel = new FfmKernel();

    @TestFactory
    Stream<DynamicTest> constants() {
        return CProbe.compare(List.of("linux/sched.h"), Map.of("SCHED_IDLE", (long) IdlePolicy.SCHED_IDLE));
    }

    @Test
    void aThreadGetsIt() throws Exception {
        FutureTask<String> task = new FutureTask<>(() -> {
            int threadId = (int) kernel.call(Syscall.GETTID);
            String before = policy(threadId);
            new IdlePolicy(kernel).set(threadId);
            return before + " " + policy(threadId);
        });
        Thread.ofPlatform().start(task);
        assertEquals("0 " + IdlePolicy.SCHED_IDLE, task.get());
    }

    @Test
    void oneThatHasEndedIsAnError() {
        KernelException gone =
                assertThrows(KernelException.class, () -> new IdlePolicy(kernel).set(Integer.MAX_VALUE - 1));
        assertEquals(Errno.ESRCH, gone.errno().number());
    }

    private static String policy(int threadId) throws IOException {
        String line = Files.readString(Path.of("/proc/self/task/" + threadId + "/stat"));
        return line.substring(line.lastIndexOf(')') + 2).split(" ")[POLICY];
    }
}
