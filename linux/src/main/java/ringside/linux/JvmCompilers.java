package ringside.linux;

import java.util.List;
import java.util.function.IntConsumer;

/// The compilers of the JVM that this runs in. Where a generator has one CPU, they share that with its event loop, and
/// one that paces an open load hardly sleeps: a compiler that gets the CPU in its place keeps it until the next tick.
/// At 250 Hz that was 35 times 4 ms in 3 s, and a 99th percentile of 4 ms that was nobody's but the generator's.
///
/// Threads that they start inherit what they are given. Where it isn't allowed, all stays as it is.
public final class JvmCompilers {

    private JvmCompilers() {}

    /// From here on they come after others, but not last of all. For a JVM beside a loop that comes before others and
    /// never sleeps: its own threads may have to wait for a lock that a compiler holds, but not for seconds.
    ///
    /// @param value as [NiceValue#set]
    public static void giveNice(int value) {
        NiceValue nice = new NiceValue(new FfmKernel());
        each(thread -> nice.set(thread, value));
    }

    private static void each(IntConsumer task) {
        if (!Syscall.SUPPORTED) {
            return;
        }
        int self = Math.toIntExact(ProcessHandle.current().pid());
        for (ThreadTimes thread :
                new Processes(new FfmKernel()).threads(self).value().orElse(List.of())) {
            if (thread.isJvmCompiler()) {
                try {
                    task.accept(thread.stat().id());
                } catch (KernelException e) {
                    System.getLogger("ringside.linux")
                            .log(System.Logger.Level.DEBUG, "a compiler thread keeps its priority", e);
                }
            }
        }
    }
}
