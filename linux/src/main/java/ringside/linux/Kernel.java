package ringside.linux;

/// The seam under everything that ringside asks the kernel for: one system call, six words in, one word out.
///
/// Implementations are stateless to the caller and safe to use from any thread; a call runs on the calling thread and
/// may block it. [FfmKernel] is the one to use, [JnaKernel] the alternative that a run can choose, [FaultyKernel] the
/// seeded liar for tests.
///
/// Pointers are passed as addresses. The memory behind them must stay alive until the call returns, or, for requests
/// that the kernel keeps (io_uring, Linux AIO), until their completion has been reaped.
public interface Kernel {

    /// The name that a run's record carries: `ffm`, `jna`, `faulty`.
    String name();

    /// Performs `call` as syscall(2) does.
    ///
    /// @return the call's result, at least 0, or the negated errno (−1 to −4095): see [Errno#of(long)]. It never
    ///     throws for what the kernel answers.
    long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5);

    default long call(Syscall call) {
        return call(call, 0, 0, 0, 0, 0, 0);
    }

    default long call(Syscall call, long a0) {
        return call(call, a0, 0, 0, 0, 0, 0);
    }

    default long call(Syscall call, long a0, long a1) {
        return call(call, a0, a1, 0, 0, 0, 0);
    }

    default long call(Syscall call, long a0, long a1, long a2) {
        return call(call, a0, a1, a2, 0, 0, 0);
    }

    default long call(Syscall call, long a0, long a1, long a2, long a3) {
        return call(call, a0, a1, a2, a3, 0, 0);
    }

    default long call(Syscall call, long a0, long a1, long a2, long a3, long a4) {
        return call(call, a0, a1, a2, a3, a4, 0);
    }
}
