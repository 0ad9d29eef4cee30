package ringside.linux;

import static ringside.linux.IoUringAbi.IORING_SETUP_CLAMP;
import static ringside.linux.IoUringAbi.IORING_SETUP_COOP_TASKRUN;
import static ringside.linux.IoUringAbi.IORING_SETUP_CQSIZE;
import static ringside.linux.IoUringAbi.IORING_SETUP_DEFER_TASKRUN;
import static ringside.linux.IoUringAbi.IORING_SETUP_IOPOLL;
import static ringside.linux.IoUringAbi.IORING_SETUP_SINGLE_ISSUER;
import static ringside.linux.IoUringAbi.IORING_SETUP_SQPOLL;
import static ringside.linux.IoUringAbi.IORING_SETUP_SQ_AFF;
import static ringside.linux.IoUringAbi.IORING_SETUP_SUBMIT_ALL;
import static ringside.linux.IoUringAbi.IORING_SETUP_TASKRUN_FLAG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
/// What a ring is to be, as io_uring_setup(2) takes it. What the kernel refuses is refused: nothing is left out
/// silently.
///
/// @param sqEntries submission queue entries, 1 to [#SQ_ENTRIES_MAX]; the kernel rounds up to a power of two
/// @param cqEntries completion queue entries, 0 for twice the submission queue's
/// @param flags `IORING_SETUP_…`; `CQSIZE` and `SQ_AFF` follow from the other components
/// @param sqThreadCpu the CPU that the `SQPOLL` thread is bound to, −1 for none
/// @param sqThreadIdleMillis how long the `SQPOLL` thread spins without work before it sleeps, 0 for the
///     kernel's choice (1 s)

public record IoUringSetup(int sqEntries, int cqEntries, int flags, int sqThreadCpu, int sqThreadIdleMillis) {

    /// `IORING_MAX_ENTRIES`, of `io_uring/io_uring.h` within the kernel: no header that programs see has it. More are
    /// refused with `EINVAL`.
    public static final int SQ_ENTRIES_MAX = 32_768;

    /// `IORING_MAX_CQ_ENTRIES`, likewise.
    public static final int CQ_ENTRIES_MAX = 2 * SQ_ENTRIES_MAX;

    private static final int FLAGS_KNOWN = IORING_SETUP_IOPOLL
            | IORING_SETUP_SQPOLL
            | IORING_SETUP_CLAMP
            | IORING_SETUP_SUBMIT_ALL
            | IORING_SETUP_COOP_TASKRUN
            | IORING_SETUP_TASKRUN_FLAG
            | IORING_SETUP_SINGLE_ISSUER
            | IORING_SETUP_DEFER_TASKRUN;

    public IoUringSetup {
        if (sqEntries < 1 || sqEntries > SQ_ENTRIES_MAX) {
            throw new IllegalArgumentException(
                    "the submission queue has " + sqEntries + " entries: choose 1 to " + SQ_ENTRIES_MAX);
        }
        if (cqEntries != 0 && (cqEntries < sqEntries || cqEntries > CQ_ENTRIES_MAX)) {
            throw new IllegalArgumentException("the completion queue has " + cqEntries
                    + " entries: choose 0 for the kernel's default, or " + sqEntries + " to " + CQ_ENTRIES_MAX);
        }
        if ((flags & ~FLAGS_KNOWN) != 0) {
            throw new IllegalArgumentException(
                    "setup flags 0x" + Integer.toHexString(flags & ~FLAGS_KNOWN) + " are not supported by this class");
        }
        boolean sqPoll = (flags & IORING_SETUP_SQPOLL) != 0;
        if (sqThreadCpu < -1 || (sqThreadCpu >= 0 && !sqPoll)) {
            throw new IllegalArgumentException("a CPU for the poll thread (" + sqThreadCpu + ") goes with SQPOLL only");
        }
        if (sqThreadIdleMillis < 0 || (sqThreadIdleMillis > 0 && !sqPoll)) {
            throw new IllegalArgumentException(
                    "an idle time for the poll thread (" + sqThreadIdleMillis + " ms) goes with SQPOLL only");
        }
    }

    /// No flags at all: works since 5.1, from any thread, one at a time.
    public static IoUringSetup plain(int sqEntries) {
        return new IoUringSetup(sqEntries, 0, 0, -1, 0);
    }

    /// For a ring that only the thread that makes it submits to and reaps: the cheapest since 6.1. Completions
    /// are then worked on only when that thread enters the kernel.
    public static IoUringSetup oneThread(int sqEntries) {
        return plain(sqEntries)
                .with(IORING_SETUP_SINGLE_ISSUER
                        | IORING_SETUP_DEFER_TASKRUN
                        | IORING_SETUP_TASKRUN_FLAG
                        | IORING_SETUP_SUBMIT_ALL);
    }

    /// These flags in addition.
    public IoUringSetup with(int moreFlags) {
        return new IoUringSetup(sqEntries, cqEntries, flags | moreFlags, sqThreadCpu, sqThreadIdleMillis);
    }

    public IoUringSetup withCqEntries(int entries) {
        return new IoUringSetup(sqEntries, entries, flags, sqThreadCpu, sqThreadIdleMillis);
    }

    /// A kernel thread takes submissions without a system call, at the price of a CPU that spins.
    ///
    /// @param idleMillis 0 for the kernel's choice
    /// @param cpu −1 for any
    public IoUringSetup withSqPoll(int idleMillis, int cpu) {
        return new IoUringSetup(sqEntries, cqEntries, flags | IORING_SETUP_SQPOLL, cpu, idleMillis);
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /// The flags as the system call gets them.
    int setupFlags() {
        return flags | (cqEntries != 0 ? IORING_SETUP_CQSIZE : 0) | (sqThreadCpu >= 0 ? IORING_SETUP_SQ_AFF : 0);
    }

    /// `struct io_uring_params` for io_uring_setup(2), which writes its answers into it.
    MemorySegment toParams(Arena arena) {
        MemorySegment params = arena.allocate(IoUringAbi.PARAMS_BYTES, 8);
        params.set(ValueLayout.JAVA_INT, IoUringAbi.PARAMS_CQ_ENTRIES, cqEntries);
        params.set(ValueLayout.JAVA_INT, IoUringAbi.PARAMS_FLAGS, setupFlags());
        params.set(ValueLayout.JAVA_INT, IoUringAbi.PARAMS_SQ_THREAD_CPU, Math.max(0, sqThreadCpu));
        params.set(ValueLayout.JAVA_INT, IoUringAbi.PARAMS_SQ_THREAD_IDLE, sqThreadIdleMillis);
        return params;
    }
}
