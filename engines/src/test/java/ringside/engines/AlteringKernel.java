package ringside.engines;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import ringside.linux.IoUringAbi;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// Makes queues give results that this machine seldom gives: alters some reads just before the kernel takes them,
/// so that its answers are true and the completions are its own.
///
/// - half the length of a read: a short result in the middle of the file;
/// - descriptor −1, where asked for, of a read, a splice or a send: `EBADF`, in the completion (io_uring) or at
///   the submission (AIO).
///
/// What is linked to another operation keeps its length: the kernel ends a chain at a short result, and wouldn't
/// know of one.
///
/// Offsets are those of `struct io_uring_sqe` and `struct iocb`, which the linux module's tests hold against the
/// headers. Knows one ring at a time: the one that was mapped last.
final class AlteringKernel implements Kernel {

    private static final int BLOCK_BYTES = 512;
    private static final int PAGE_BYTES = 4096;
    private static final int SQE_BYTES = 64;
    private static final int IOCB_BYTES = 64;
    private static final int LINKS = IoUringAbi.IOSQE_IO_LINK | IoUringAbi.IOSQE_IO_HARDLINK;

    private final Kernel kernel;
    private final long seed;
    private final Random random;
    private final double failing;
    // All on the loop that enters.
    private int shortened;
    private int failed;
    private long sqes;
    private int sqeCount;
    private int taken;
    private boolean inChain;

    /// @param failing part of the reads that get no descriptor; of the rest half are shortened
    AlteringKernel(Kernel kernel, long seed, double failing) {
        this.kernel = kernel;
        this.seed = seed;
        this.random = new Random(seed);
        this.failing = failing;
    }

    int shortened() {
        return shortened;
    }

    int failed() {
        return failed;
    }

    @Override
    public String toString() {
        return "altering kernel, seed " + seed + ": " + shortened + " shortened, " + failed + " failed";
    }

    @Override
    public String name() {
        return "altering";
    }

    @Override
    public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
        if (call == Syscall.IO_URING_ENTER) {
            for (int i = 0; i < a1; i++) {
                alterSqe(memory(sqes + (long) (taken + i & sqeCount - 1) * SQE_BYTES, SQE_BYTES));
            }
        } else if (call == Syscall.IO_SUBMIT) {
            MemorySegment pointers = memory(a2, a1 * Long.BYTES);
            for (int i = 0; i < a1; i++) {
                alterIocb(memory(pointers.getAtIndex(ValueLayout.JAVA_LONG, i), IOCB_BYTES));
            }
        }
        long result = kernel.call(call, a0, a1, a2, a3, a4, a5);
        if (call == Syscall.IO_URING_ENTER && result > 0) {
            taken += (int) result;
        } else if (call == Syscall.MMAP && a5 == IoUringAbi.IORING_OFF_SQES && result > 0) {
            sqes = result;
            sqeCount = (int) (a1 / SQE_BYTES);
            taken = 0;
        }
        return result;
    }

    private void alterSqe(MemorySegment sqe) {
        int opcode = sqe.get(ValueLayout.JAVA_BYTE, 0);
        int length = sqe.get(ValueLayout.JAVA_INT, 24);
        boolean linked = (sqe.get(ValueLayout.JAVA_BYTE, 1) & LINKS) != 0;
        boolean chained = linked || inChain;
        inChain = linked;
        boolean reads = opcode == IoUringAbi.IORING_OP_READ || opcode == IoUringAbi.IORING_OP_READ_FIXED;
        boolean sends = opcode == IoUringAbi.IORING_OP_SPLICE
                || opcode == IoUringAbi.IORING_OP_SEND
                || opcode == IoUringAbi.IORING_OP_SEND_ZC;
        if (!reads && !sends) {
            return;
        }
        // Of whole blocks whole pages, which O_DIRECT takes as well.
        int half = length % BLOCK_BYTES == 0 ? length / 2 / PAGE_BYTES * PAGE_BYTES : length / 2;
        if (random.nextDouble() < failing) {
            failed++;
            sqe.set(ValueLayout.JAVA_INT, 4, -1);
        } else if (reads && !chained && half > 0 && random.nextBoolean()) {
            shortened++;
            sqe.set(ValueLayout.JAVA_INT, 24, half);
        }
    }

    /// A length that O_DIRECT takes as well.
    private void alterIocb(MemorySegment iocb) {
        long length = iocb.get(ValueLayout.JAVA_LONG, 32) / 2 / PAGE_BYTES * PAGE_BYTES;
        if (random.nextDouble() < failing) {
            failed++;
            iocb.set(ValueLayout.JAVA_INT, 20, -1);
        } else if (length > 0 && random.nextBoolean()) {
            shortened++;
            iocb.set(ValueLayout.JAVA_LONG, 32, length);
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment memory(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }
}
