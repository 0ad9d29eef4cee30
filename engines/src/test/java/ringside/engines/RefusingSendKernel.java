package ringside.engines;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import ringside.linux.IoUringAbi;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// Has some of a ring's SEND_ZCs refused, as a kernel does that may pin no more memory for a socket: in their place
/// goes a NOP that completes with the errno (`IORING_NOP_INJECT_RESULT`, Linux 6.10), so that nothing is sent and
/// the completion is the kernel's own.
///
/// Knows one ring: the one that was mapped last.
final class RefusingSendKernel implements Kernel {

    private static final int SQE_BYTES = 64;
    private static final int SQE_OPCODE = 0;
    private static final int SQE_IOPRIO = 2;
    private static final int SQE_LEN = 24;
    private static final int SQE_NOP_FLAGS = 28;
    private static final int IORING_NOP_INJECT_RESULT = 1;

    private final Kernel kernel;
    private final Random random;
    private final int errno;
    // All on the loop that enters.
    private int refused;
    private long sqes;
    private int sqeCount;
    private int taken;
    /// SQEs before this one have been looked at already, and are submitted again.
    private int seen;

    /// @param errno of the refusals, positive
    RefusingSendKernel(Kernel kernel, long seed, int errno) {
        this.kernel = kernel;
        this.random = new Random(seed);
        this.errno = errno;
    }

    int refused() {
        return refused;
    }

    @Override
    public String name() {
        return "refusing sends";
    }

    @Override
    public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
        if (call == Syscall.IO_URING_ENTER) {
            for (int i = Math.max(0, seen - taken); i < a1; i++) {
                alter(memory(sqes + (long) (taken + i & sqeCount - 1) * SQE_BYTES, SQE_BYTES));
            }
            seen = Math.max(seen, taken + (int) a1);
        }
        long result = kernel.call(call, a0, a1, a2, a3, a4, a5);
        if (call == Syscall.IO_URING_ENTER && result > 0) {
            taken += (int) result;
        } else if (call == Syscall.MMAP && a5 == IoUringAbi.IORING_OFF_SQES && result > 0) {
            sqes = result;
            sqeCount = (int) (a1 / SQE_BYTES);
            taken = 0;
            seen = 0;
        }
        return result;
    }

    private void alter(MemorySegment sqe) {
        if (sqe.get(ValueLayout.JAVA_BYTE, SQE_OPCODE) == IoUringAbi.IORING_OP_SEND_ZC && random.nextInt(3) == 0) {
            refused++;
            sqe.set(ValueLayout.JAVA_BYTE, SQE_OPCODE, (byte) IoUringAbi.IORING_OP_NOP);
            sqe.set(ValueLayout.JAVA_SHORT, SQE_IOPRIO, (short) 0);
            sqe.set(ValueLayout.JAVA_INT, SQE_LEN, -errno);
            sqe.set(ValueLayout.JAVA_INT, SQE_NOP_FLAGS, IORING_NOP_INJECT_RESULT);
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment memory(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }
}
