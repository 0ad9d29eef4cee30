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

class NiceValueTest {

    /// proc_pid_stat(5); counted from behind the name, which may hold spaces.
    private static final int NICE = 19 - 3;

    private final FfmKernel kernel = new FfmKernel();

    @TestFactory
    Stream<DynamicTest> constants() {
        return CProbe.compare(List.of("sys/resource.h"), Map.of("PRIO_PROCESS", (long) NiceValue.PRIO_PROCESS));
    }

    /// Upwards, which needs no privilege; of one thread, not of its process.
    @Test
    void aThreadGetsItAndNobodyElse() throws Exception {
        FutureTask<String> task = new FutureTask<>(() -> {
            new NiceValue(kernel).set(0, 7);
            return nice((int) kernel.call(Syscall.GETTID));
        });
        Thread.ofPlatform().start(task);
        assertEquals("7", task.get());
        assertEquals("0", nice((int) kernel.call(Syscall.GETTID)));
    }

    @Test
    void oneThatHasEndedIsAnError() {
        KernelException gone =
                assertThrows(KernelException.class, () -> new NiceValue(kernel).set(Integer.MAX_VALUE - 1, 7));
        assertEquals(Errno.ESRCH, gone.errno().number());
    }

    private static String nice(int threadId) throws IOException {
        String line = Files.readString(Path.of("/proc/self/task/" + threadId + "/stat"));
        return line.substring(line.lastIndexOf(')') + 2).split(" ")[NICE];
    }
}
