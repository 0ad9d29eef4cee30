package ringside.linux;

import java.util.List;

/// The compilers of the JVM that this runs in. Where a generator has one CPU, they share that with its event loop, and
/// one that paces an open load hardly sleeps: a compiler that gets the CPU in its place keeps it until the next tick.
/// At 250 Hz that was 35 times 4 ms in 3 s, and a 99th percentile of 4 ms that was nobody's but the generator's.
public final class JvmCompilers {

    private JvmCompilers() {}

    /// From here on they take what the others leave: some 0.3 % of the CPU beside a loop that never sleeps. What
    /// isn't compiled by then is compiled later. Threads that they start inherit it. Where it isn't allowed, all
    /// stays as it is.
    public static void stepBack() {
        if (!Syscall.SUPPORTED) {
            return;
        }
        FfmKernel kernel = new FfmKernel();
        IdlePolicy idle = new IdlePolicy(kernel);
        int self = Math.toIntExact(ProcessHandle.current().pid());
        for (ThreadTimes thread : new Processes(kernel).threads(self).value().orElse(List.of())) {
            if (thread.isJvmCompiler()) {
                try {
                    idle.set(thread.stat().id());
                } catch (KernelException e) {
                    System.getLogger("ringside.linux")
                            .log(System.Logger.Level.DEBUG, "a compiler thread keeps its priority", e);
                }
            }
        }
    }
}
