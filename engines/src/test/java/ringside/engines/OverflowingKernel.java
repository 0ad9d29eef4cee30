package ringside.engines;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import ringside.linux.IoUringAbi;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// Makes a ring's completion queue overflow, which a ring with enough entries never does: while the kernel takes
/// submissions, the queue's head stands where it would if nobody had ever reaped, so that the kernel finds it full
/// and keeps completions for later (`IORING_FEAT_NODROP`). The overflow is the kernel's own.
///
/// For rings that complete only while they are entered (`IORING_SETUP_DEFER_TASKRUN`), and one ring at a time: the
/// one that was made last. Offsets are those of `struct io_uring_params`.
final class OverflowingKernel implements Kernel {

    private static final int PARAMS_BYTES = 120;
    private static final int CQ_ENTRIES = 4;
    private static final int SQ_FLAGS = 40 + 16;
    private static final int CQ_HEAD = 80;
    private static final int CQ_TAIL = 80 + 4;

    private final Kernel kernel;
    private final Random random;
    // All on the loop that enters.
    private long ring;
    private int cqEntries;
    private int sqFlagsAt;
    private int headAt;
    private int tailAt;
    private int overflows;

    OverflowingKernel(Kernel kernel, long seed) {
        this.kernel = kernel;
        this.random = new Random(seed);
    }

    /// Entries after which the kernel held completions back.
    int overflows() {
        return overflows;
    }

    @Override
    public String name() {
        return "overflowing";
    }

    @Override
    public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
        if (call == Syscall.IO_URING_ENTER && a1 > 0 && random.nextBoolean()) {
            return enterFull(a0, a1, a2, a3, a4, a5);
        }
        long result = kernel.call(call, a0, a1, a2, a3, a4, a5);
        if (call == Syscall.IO_URING_SETUP && result >= 0) {
            MemorySegment params = memory(a1, PARAMS_BYTES);
            cqEntries = params.get(ValueLayout.JAVA_INT, CQ_ENTRIES);
            sqFlagsAt = params.get(ValueLayout.JAVA_INT, SQ_FLAGS);
            headAt = params.get(ValueLayout.JAVA_INT, CQ_HEAD);
            tailAt = params.get(ValueLayout.JAVA_INT, CQ_TAIL);
        } else if (call == Syscall.MMAP && a5 == IoUringAbi.IORING_OFF_SQ_RING && result > 0) {
            ring = result;
        }
        return result;
    }

    private long enterFull(long a0, long a1, long a2, long a3, long a4, long a5) {
        MemorySegment head = memory(ring + headAt, Integer.BYTES);
        int headBefore = head.get(ValueLayout.JAVA_INT, 0);
        int tail = memory(ring + tailAt, Integer.BYTES).get(ValueLayout.JAVA_INT, 0);
        head.set(ValueLayout.JAVA_INT, 0, tail - cqEntries);
        long result = kernel.call(Syscall.IO_URING_ENTER, a0, a1, a2, a3, a4, a5);
        head.set(ValueLayout.JAVA_INT, 0, headBefore);
        int flags = memory(ring + sqFlagsAt, Integer.BYTES).get(ValueLayout.JAVA_INT, 0);
        overflows += (flags & IoUringAbi.IORING_SQ_CQ_OVERFLOW) != 0 ? 1 : 0;
        return result;
    }

    @SuppressWarnings("restricted")
    private static MemorySegment memory(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }
}
