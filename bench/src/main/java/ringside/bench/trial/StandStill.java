package ringside.bench.trial;

import ringside.bench.ledger.ServerCounts;
import ringside.linux.Errno;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.Reading;
import ringside.linux.Syscall;

/// Holds a closed loop still while its server's counters are read, one after the other: what is counted and what was
/// answered belong together then, however slow the machine is just now. With the load going on, readings some
/// milliseconds apart were up to 8 % apart on a busy machine.
///
/// The generator is stopped (SIGSTOP, signal(7)); when the server has said the same number of answers twice, it has
/// answered what was under way: a question goes through its event loops. Not for an open loop, whose requests would be
/// late.
final class StandStill {

    private static final int SIGSTOP = 19;
    private static final int SIGCONT = 18;

    /// Asks so often, at most: a server that goes on answering meanwhile is asked by somebody else too.
    private static final int QUESTIONS_MAX = 100;

    private StandStill() {}

    /// @param reading of the counters
    static void during(Kernel kernel, Child generator, RunningServer server, Runnable reading) {
        signal(kernel, generator, SIGSTOP);
        try {
            awaitIdle(server);
            reading.run();
        } finally {
            signal(kernel, generator, SIGCONT);
        }
    }

    private static void awaitIdle(RunningServer server) {
        Reading<ServerCounts> before = server.counts();
        for (int i = 0; i < QUESTIONS_MAX && before.isMeasured(); i++) {
            Reading<ServerCounts> now = server.counts();
            if (now.isMeasured() && now.orThrow().answers() == before.orThrow().answers()) {
                return;
            }
            before = now;
        }
    }

    private static void signal(Kernel kernel, Child generator, int signal) {
        long result = kernel.call(Syscall.KILL, generator.pid(), signal);
        // One that has asked for each of its cold files has ended.
        if (result != -Errno.ESRCH) {
            KernelException.check(Syscall.KILL, "the generator", result);
        }
    }
}
