package ringside.linux;

/// Restarts a call that a signal interrupted before it did anything (EINTR, signal(7)).
///
/// Safe for every call that reports a partial result instead of EINTR once bytes have moved: reads, sends,
/// opens. Never for close(2): on Linux the descriptor is gone even then.
final class Interruptions {

    /// A signal storm, or a kernel that lies, ends in −EINTR and not in a loop for ever.
    static final int RESTARTS_MAX = 1_000;

    private Interruptions() {}

    static long restart(Kernel kernel, Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
        long result = kernel.call(call, a0, a1, a2, a3, a4, a5);
        for (int restarts = 0; result == -Errno.EINTR && restarts < RESTARTS_MAX; restarts++) {
            result = kernel.call(call, a0, a1, a2, a3, a4, a5);
        }
        return result;
    }

    static long restart(Kernel kernel, Syscall call, long a0, long a1, long a2, long a3) {
        return restart(kernel, call, a0, a1, a2, a3, 0, 0);
    }
}
