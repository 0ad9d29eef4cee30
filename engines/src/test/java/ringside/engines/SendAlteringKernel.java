package ringside.engines;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import ringside.linux.Errno;
import ringside.linux.IoUringAbi;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// Makes a ring of ours give results that sending engines seldom meet, by altering what they ask for just before the
/// kernel takes it: the answers are the kernel's own, and true.
///
/// - splices and sends of half the length, in the middle of a chain, too, which the kernel then goes on with;
/// - chains cut in two: both operations start at once;
/// - io_uring_enter(2) that takes a part of what is submitted, is interrupted or takes nothing.
///
/// Knows one ring: the one that was mapped last.
final class SendAlteringKernel implements Kernel {

    private static final int SQE_BYTES = 64;

    private final Kernel kernel;
    private final long seed;
    private final Random random;
    // All on the loop that enters.
    private int shortened;
    private int cut;
    private int parts;
    private long sqes;
    private int sqeCount;
    private int taken;
    /// SQEs before this one have been altered already, and are submitted again.
    private int altered;

    SendAlteringKernel(Kernel kernel, long seed) {
        this.kernel = kernel;
        this.seed = seed;
        this.random = new Random(seed);
    }

    /// Whether each kind of alteration was made at least once; chains only where there are some.
    boolean wasBusy(boolean chains) {
        return shortened > 0 && parts > 0 && (cut > 0 || !chains);
    }

    @Override
    public String name() {
        return "altering sends";
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + shortened + " shortened, " + cut + " chains cut, " + parts + " partial enters";
    }

    @Override
    public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
        long submit = a1;
        if (call == Syscall.IO_URING_ENTER && a1 > 0) {
            int roll = random.nextInt(20);
            if (roll < 2) {
                return roll == 0 ? -Errno.EINTR : -Errno.EAGAIN;
            }
            if (roll < 6 && a1 > 1) {
                submit = 1L + random.nextInt((int) a1 - 1);
                parts++;
            }
            for (int i = Math.max(0, altered - taken); i < submit; i++) {
                alter(memory(sqes + (long) (taken + i & sqeCount - 1) * SQE_BYTES, SQE_BYTES));
            }
            altered = Math.max(altered, taken + (int) submit);
        }
        long result = kernel.call(call, a0, submit, a2, a3, a4, a5);
        if (call == Syscall.IO_URING_ENTER && result > 0) {
            taken += (int) result;
        } else if (call == Syscall.MMAP && a5 == IoUringAbi.IORING_OFF_SQES && result > 0) {
            sqes = result;
            sqeCount = (int) (a1 / SQE_BYTES);
            taken = 0;
            altered = 0;
        }
        return result;
    }

    private void alter(MemorySegment sqe) {
        int opcode = sqe.get(ValueLayout.JAVA_BYTE, 0);
        int flags = sqe.get(ValueLayout.JAVA_BYTE, 1);
        int length = sqe.get(ValueLayout.JAVA_INT, 24);
        boolean moves = opcode == IoUringAbi.IORING_OP_SPLICE
                || opcode == IoUringAbi.IORING_OP_SEND
                || opcode == IoUringAbi.IORING_OP_SEND_ZC
                || opcode == IoUringAbi.IORING_OP_READ
                || opcode == IoUringAbi.IORING_OP_READ_FIXED;
        if (moves && length > 1 && random.nextInt(3) == 0) {
            shortened++;
            sqe.set(ValueLayout.JAVA_INT, 24, length / 2);
        }
        if ((flags & IoUringAbi.IOSQE_IO_LINK) != 0 && random.nextInt(4) == 0) {
            cut++;
            sqe.set(ValueLayout.JAVA_BYTE, 1, (byte) (flags & ~IoUringAbi.IOSQE_IO_LINK));
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment memory(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }
}
