package ringside.bench.io;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// Counts the system calls that an engine makes, by name, and passes them on. What it costs is an increment
/// for each call. Netty's own calls (epoll_wait(2), io_uring_enter(2) of the event loop's ring) don't come
/// this way, nor do those of the JDK.
///
/// Counts are exact for calls of one thread, the event loop; those of an engine's other threads can get lost.
final class CountingKernel implements Kernel {

    private static final Syscall[] CALLS = Syscall.values();

    private final Kernel kernel;
    /// By the calls' numbers.
    private final long[] counts =
            new long[1 + Arrays.stream(CALLS).mapToInt(Syscall::number).max().orElse(0)];

    CountingKernel(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public String name() {
        return kernel.name();
    }

    @Override
    public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
        counts[call.number()]++;
        return kernel.call(call, a0, a1, a2, a3, a4, a5);
    }

    /// The counts so far, without those that are 0. On the counting thread.
    Map<Syscall, Long> made() {
        Map<Syscall, Long> made = new EnumMap<>(Syscall.class);
        for (Syscall call : CALLS) {
            if (counts[call.number()] != 0) {
                made.put(call, counts[call.number()]);
            }
        }
        return made;
    }
}
