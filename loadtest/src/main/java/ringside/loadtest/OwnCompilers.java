package ringside.loadtest;

import java.util.List;
import ringside.linux.FfmKernel;
import ringside.linux.IdlePolicy;
import ringside.linux.KernelException;
import ringside.linux.Processes;
import ringside.linux.Syscall;
import ringside.linux.ThreadTimes;

/// The compilers of the JVM that the generator runs in. Where it has one CPU, they share that with its event loop, and
/// one that paces an open load hardly sleeps: a compiler that gets the CPU in its place keeps it until the next tick.
/// At 250 Hz that was 35 times 4 ms in 3 s, and a 99th percentile of 4 ms that was nobody's but the generator's.
final class OwnCompilers {

    private OwnCompilers() {}

    /// From here on they take what the others leave: some 0.3 % of the CPU beside a loop that never sleeps. What isn't
    /// compiled by then is compiled later. Where it isn't allowed, all stays as it is.
    static void stepBack() {
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
                    System.getLogger("ringside.loadtest")
                            .log(System.Logger.Level.DEBUG, "a compiler thread keeps its priority", e);
                }
            }
        }
    }
}
