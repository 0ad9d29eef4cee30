package ringside.engines;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;
import ringside.linux.Errno;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// Gives engines the smallest queues that the kernel makes, whatever they ask for: an AIO context for one request
/// (which the kernel rounds up to a page of completions, so that it is full with 126 requests), and a completion
/// queue of a ring that is no longer than its submission queue.
///
/// Offsets are those of `struct io_uring_params`. Any thread.
final class NarrowKernel implements Kernel {

    private static final int PARAMS_BYTES = 120;
    private static final long PARAMS_CQ_ENTRIES = 4;
    private static final long PARAMS_FLAGS = 8;
    private static final int IORING_SETUP_CQSIZE = 1 << 3;

    private final Kernel kernel;
    private final AtomicLong full = new AtomicLong();

    NarrowKernel(Kernel kernel) {
        this.kernel = kernel;
    }

    /// How often the kernel itself has said that an AIO context is full.
    long full() {
        return full.get();
    }

    @Override
    public String name() {
        return "narrow";
    }

    @Override
    public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
        if (call == Syscall.IO_SETUP) {
            return kernel.call(call, 1, a1, a2, a3, a4, a5);
        }
        if (call == Syscall.IO_URING_SETUP) {
            narrow((int) a0, a1);
        }
        long result = kernel.call(call, a0, a1, a2, a3, a4, a5);
        if (call == Syscall.IO_SUBMIT && result == -Errno.EAGAIN) {
            full.incrementAndGet();
        }
        return result;
    }

    @SuppressWarnings("restricted")
    private static void narrow(int sqEntries, long address) {
        MemorySegment params = MemorySegment.ofAddress(address).reinterpret(PARAMS_BYTES);
        int flags = params.get(ValueLayout.JAVA_INT, PARAMS_FLAGS);
        params.set(ValueLayout.JAVA_INT, PARAMS_FLAGS, flags | IORING_SETUP_CQSIZE);
        params.set(ValueLayout.JAVA_INT, PARAMS_CQ_ENTRIES, sqEntries);
    }
}
