package ringside.linux;

import static ringside.linux.IoUringAbi.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// An io_uring of our own, Linux 5.6 or later: queues in memory shared with the kernel, layouts and constants
/// as in `linux/io_uring.h` ([IoUringAbi]).
///
/// ```
///   prepare…        submit                                    reap
///  ─────────► SQE ─────────► (kernel: inline, async, io-wq) ─────────► handler
///   sqTail         published        head                      cqHead
///   (ours)           tail        (kernel's)
/// ```
///
/// A full submission queue is a value: `prepare…` answers false, and the caller submits and tries again. A
/// completion queue that overflows loses nothing (`IORING_FEAT_NODROP`, 5.5): the kernel keeps the rest, and
/// [#reap] fetches it.
///
/// **Linked operations** (`IOSQE_IO_LINK` through [#setLastFlags]) must be prepared between two submits, or the
/// chain breaks in the middle: ask [#sqSpaceLeft()] before the first of them.
///
/// One thread at a time; with `SINGLE_ISSUER` always the one that made the ring. Buffers, paths and so on
/// belong to the kernel until the completion was reaped. Closing the ring does not wait for operations in
/// flight: reap or cancel first, then free buffers. Nothing is allocated after construction, registering apart.
public final class IoUring implements AutoCloseable {

    /// Gets each completion, on the thread that reaps. It may prepare and submit more.
    @FunctionalInterface
    public interface CompletionHandler {
        /// @param userData as given when the operation was prepared
        /// @param result as the system call of the same name would answer: at least 0, or the negated errno
        /// @param flags `IORING_CQE_F_…`
        void completed(long userData, int result, int flags);
    }

    private final Kernel kernel;
    private final IoUringSetup setup;
    private final int fd;
    private final int features;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment waitArgument;
    private final MemorySegment waitTime;
    private final SubmissionQueue submissions;
    private final CompletionQueue completions;
    private final boolean sqPoll;
    private final boolean entersToSee;

    private long enters;
    private boolean closed;

    /// @throws KernelException when the kernel refuses: `EINVAL` for a flag that it doesn't have or a
    ///     combination that it doesn't allow, `EPERM`, `ENOSYS`: ask [#probe] first for the reason
    public IoUring(Kernel kernel, IoUringSetup setup) {
        this.kernel = kernel;
        this.setup = setup;
        boolean made = false;
        int ring = -1;
        try {
            MemorySegment params = setup.toParams(arena);
            ring = (int) KernelException.check(
                    Syscall.IO_URING_SETUP,
                    setup.toString(),
                    kernel.call(Syscall.IO_URING_SETUP, setup.sqEntries(), params.address()));
            this.fd = ring;
            this.features = params.get(ValueLayout.JAVA_INT, PARAMS_FEATURES);
            IoUringMemory memory = IoUringMemory.map(kernel, arena, ring, params);
            this.submissions = new SubmissionQueue(memory, params);
            this.completions = new CompletionQueue(memory, params);
            this.waitArgument = arena.allocate(GETEVENTS_ARG_BYTES, 8);
            this.waitTime = arena.allocate(2 * ValueLayout.JAVA_LONG.byteSize(), 8);
            waitArgument.set(ValueLayout.JAVA_LONG, GETEVENTS_ARG_TS, waitTime.address());
            made = true;
        } finally {
            if (!made) {
                try {
                    arena.close();
                } finally {
                    if (ring >= 0) {
                        kernel.call(Syscall.CLOSE, ring);
                    }
                }
            }
        }
        this.sqPoll = setup.has(IORING_SETUP_SQPOLL);
        // Polled and deferred completions appear only when asked for, unless a thread of the kernel asks; of deferred
        // ones TASKRUN_FLAG gives notice.
        this.entersToSee = (setup.has(IORING_SETUP_IOPOLL) && !sqPoll)
                || (setup.has(IORING_SETUP_DEFER_TASKRUN) && !setup.has(IORING_SETUP_TASKRUN_FLAG));
    }

    /// Whether io_uring can be used here, and if not, why not and what to do about it.
    public static IoUringSupport probe(Kernel kernel) {
        return IoUringProbe.ask(kernel);
    }

    public int fd() {
        return fd;
    }

    public IoUringSetup setup() {
        return setup;
    }

    /// `IORING_FEAT_…`
    public int features() {
        return features;
    }

    /// What the kernel made of [IoUringSetup#sqEntries()].
    public int sqEntries() {
        return submissions.entries();
    }

    /// What the kernel made of [IoUringSetup#cqEntries()].
    public int cqEntries() {
        return completions.entries();
    }

    /// How many operations can be prepared before the next [#submit()].
    public int sqSpaceLeft() {
        return submissions.spaceLeft();
    }

    /// `IORING_OP_NOP`: completes at once with 0.
    public boolean prepareNop(long userData) {
        return prepare(IORING_OP_NOP, -1, 0, 0, 0, 0, 0, 0, userData);
    }

    /// `IORING_OP_READ`, as pread(2).
    ///
    /// @param offset in bytes; −1 for the file's own position
    public boolean prepareRead(int fileFd, long address, int lengthBytes, long offset, long userData) {
        return prepare(IORING_OP_READ, fileFd, offset, address, lengthBytes, 0, 0, 0, userData);
    }

    /// `IORING_OP_READ_FIXED`: as [#prepareRead], into the registered buffer `bufferIndex`.
    ///
    /// @param address within that buffer
    public boolean prepareReadFixed(
            int fileFd, long address, int lengthBytes, long offset, int bufferIndex, long userData) {
        return prepare(IORING_OP_READ_FIXED, fileFd, offset, address, lengthBytes, 0, bufferIndex, 0, userData);
    }

    /// `IORING_OP_SPLICE` (5.7), as splice(2). Always runs on a kernel worker thread.
    ///
    /// A splice that moves less than `lengthBytes` breaks its chain: what is linked to it is cancelled, with
    /// the bytes left in the pipe. A pipe holds pages, not bytes: from the middle of a page it takes less than
    /// its size.
    ///
    /// @param offsetIn −1 when `fdIn` is a pipe
    /// @param offsetOut −1 when `fdOut` is a pipe or a socket
    /// @param spliceFlags `SPLICE_F_…`, or [IoUringAbi#SPLICE_F_FD_IN_FIXED]
    public boolean prepareSplice(
            int fdIn, long offsetIn, int fdOut, long offsetOut, int lengthBytes, int spliceFlags, long userData) {
        return prepare(IORING_OP_SPLICE, fdOut, offsetOut, offsetIn, lengthBytes, spliceFlags, 0, fdIn, userData);
    }

    /// `IORING_OP_POLL_ADD`: completes once, with the events that are there.
    ///
    /// @param events `POLLIN` and so on, of poll(2)
    public boolean preparePollAdd(int pollFd, int events, long userData) {
        return prepare(IORING_OP_POLL_ADD, pollFd, 0, 0, 0, events, 0, 0, userData);
    }

    /// `IORING_OP_ASYNC_CANCEL`: completes with 0 (cancelled: the target completes with −`ECANCELED`),
    /// −`ENOENT` (not found: complete already) or −`EALREADY` (a read on a worker that can't be interrupted).
    ///
    /// @param targetUserData that the operation to cancel was prepared with
    public boolean prepareCancel(long targetUserData, long userData) {
        return prepare(IORING_OP_ASYNC_CANCEL, -1, 0, targetUserData, 0, 0, 0, 0, userData);
    }

    /// Any operation, by the fields of `struct io_uring_sqe`.
    ///
    /// @param fileFd `fd`
    /// @param off `off`, `addr2`
    /// @param address `addr`, `splice_off_in`
    /// @param length `len`
    /// @param opFlags `rw_flags`, `msg_flags`, `splice_flags`, …
    /// @param bufferIndex `buf_index`, `buf_group`: 16 bits
    /// @param fileIndex `splice_fd_in`, `file_index`
    /// @param userData comes back with the completion
    /// @return false when the submission queue is full: nothing was prepared
    public boolean prepare(
            int opcode,
            int fileFd,
            long off,
            long address,
            int length,
            int opFlags,
            int bufferIndex,
            int fileIndex,
            long userData) {
        return submissions.prepare(opcode, fileFd, off, address, length, opFlags, bufferIndex, fileIndex, userData);
    }

    /// Sets `IOSQE_…` on the operation that was prepared last.
    public void setLastFlags(int flags) {
        submissions.setLastFlags(flags);
    }

    /// Sets `ioprio` of the operation that was prepared last: for a send, `IORING_RECVSEND_…` and so on.
    public void setLastIoprio(int ioprio) {
        submissions.setLastIoprio(ioprio);
    }

    /// Sets `RWF_…` of preadv2(2) on the read that was prepared last.
    public void setLastRwFlags(int flags) {
        submissions.setLastRwFlags(flags);
    }

    /// Hands the kernel all that is prepared; no system call when there is nothing that it hasn't taken, or when
    /// the poll thread is awake.
    ///
    /// @return how many operations the kernel took (with `SQPOLL`: has to take), or the negated errno when it
    ///     took none: `EAGAIN` (no memory for requests), `EBUSY` (completions must be reaped first). What it
    ///     didn't take stays queued for the next call.
    public int submit() {
        return submit(0, 0);
    }

    /// Takes back the operations that are prepared or submitted and that the kernel hasn't taken: for whoever gives up
    /// after [#submit()] has failed. With `SQPOLL` only while the poll thread sleeps, or is dead: one that is awake
    /// takes them at any moment.
    public void withdraw() {
        submissions.withdraw();
    }

    /// [#submit()], and waits until `min` completions are there to reap. With 0 it doesn't wait, but runs
    /// deferred work (`DEFER_TASKRUN`), polls the device (`IOPOLL`) and fetches what overflowed: one system
    /// call in any case.
    ///
    /// @return as [#submit()]; 0 or −`EINTR` also when a signal ended the wait: call again
    public int submitAndWait(int min) {
        return submit(min, IORING_ENTER_GETEVENTS);
    }

    /// As [#submitAndWait(int)], but waits no longer than `timeoutNanos` (5.11). Not with `IOPOLL`, which
    /// doesn't sleep.
    ///
    /// @return as [#submit()]; −`ETIME` when nothing was submitted and the time is over
    public int submitAndWait(int min, long timeoutNanos) {
        if (timeoutNanos < 0) {
            throw new IllegalArgumentException("the timeout is " + timeoutNanos + " ns: give at least 0");
        }
        waitTime.set(ValueLayout.JAVA_LONG, 0, timeoutNanos / 1_000_000_000);
        waitTime.set(ValueLayout.JAVA_LONG, Long.BYTES, timeoutNanos % 1_000_000_000);
        return submit(min, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG);
    }

    /// Hands over the completions that are there and doesn't wait. Enters the kernel only when it holds back
    /// some: after an overflow, with deferred work, with `IOPOLL`. When the handler throws, the rest stays for
    /// the next call.
    ///
    /// @return how many; the negated errno when there were none and the kernel refused to be entered: `EEXIST`
    ///     from a thread that isn't the single issuer, `EINTR`
    public int reap(CompletionHandler handler) {
        int handled = completions.drain(handler);
        int refused = 0;
        if (!closed && (holdsBack() || (handled == 0 && entersToSee))) {
            int more;
            do {
                refused = Math.min(0, enter(0, 0, IORING_ENTER_GETEVENTS));
                more = completions.drain(handler);
                handled += more;
            } while (more > 0 && !closed && submissions.has(IORING_SQ_CQ_OVERFLOW));
        }
        return handled > 0 ? handled : refused;
    }

    /// Whether the kernel holds completions back until it is entered: deferred work, or an overflow. Just after
    /// [#reap] this means that it was refused (`EINTR`, `EAGAIN`) or that new work has come: reap again, since
    /// neither brings another signal of the eventfd.
    public boolean holdsBack() {
        return submissions.has(IORING_SQ_CQ_OVERFLOW | IORING_SQ_TASKRUN);
    }

    /// Whether completions are there to [#reap] without entering the kernel.
    public boolean hasCompletions() {
        return !completions.isEmpty();
    }

    /// Keeps completions from signalling the registered eventfd, or lets them again
    /// (`IORING_CQ_EVENTFD_DISABLED`, 5.8; does nothing on older kernels). For whoever submits and reaps in one go:
    /// what completes meanwhile need not wake anybody.
    ///
    /// What came while muted is **never signalled**: after unmuting, reap again if [#hasCompletions()] or
    /// [#holdsBack()]. Nothing falls in between: the kernel publishes before it looks whether it may signal, and
    /// this method ends with a full fence before we look.
    public void muteEventFd(boolean muted) {
        completions.muteEventFd(muted);
    }

    /// See [IoUringRegister#registerBuffers].
    public void registerBuffers(long[] addresses, long[] lengthsBytes) {
        IoUringRegister.registerBuffers(kernel, fd, addresses, lengthsBytes);
    }

    public void unregisterBuffers() {
        IoUringRegister.unregisterBuffers(kernel, fd);
    }

    /// See [IoUringRegister#registerFiles].
    public void registerFiles(int[] fds) {
        IoUringRegister.registerFiles(kernel, fd, fds);
    }

    /// See [IoUringRegister#updateFiles].
    public int updateFiles(int first, int[] fds) {
        return IoUringRegister.updateFiles(kernel, fd, first, fds);
    }

    public void unregisterFiles() {
        IoUringRegister.unregisterFiles(kernel, fd);
    }

    /// See [IoUringRegister#registerEventFd]. With `DEFER_TASKRUN` a signal can mean work that [#reap] has yet
    /// to run.
    public void registerEventFd(EventFd eventFd, boolean asyncOnly) {
        IoUringRegister.registerEventFd(kernel, fd, eventFd, asyncOnly);
    }

    public void unregisterEventFd() {
        IoUringRegister.unregisterEventFd(kernel, fd);
    }

    /// How often this ring called io_uring_enter(2).
    public long enters() {
        return enters;
    }

    /// Operations that the kernel has taken; with `SQPOLL` the poll thread takes them some time after [#submit()].
    public long submitted() {
        return submissions.taken();
    }

    /// Completions handed over.
    public long completed() {
        return completions.completed();
    }

    /// Completions that the kernel had no memory to keep: 0, or the ring is of no more use.
    public int lostCompletions() {
        return completions.lost();
    }

    /// Submissions that the kernel found invalid in the queue itself: 0, or this class is wrong.
    public int droppedSubmissions() {
        return submissions.dropped();
    }

    /// Whether the thread of an SQPOLL ring sleeps, so that the next submission has to wake it.
    public boolean pollThreadSleeps() {
        return submissions.has(IORING_SQ_NEED_WAKEUP);
    }

    /// Unmaps and closes. Prepared operations are dropped; those in flight are cancelled some time later.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            arena.close();
        } finally {
            Descriptors.close(kernel, fd, "ring");
        }
    }

    private int submit(int min, int flags) {
        int fresh = submissions.publish();
        if (!sqPoll) {
            // More than the fresh ones when the kernel didn't take all the last time.
            int ready = submissions.waiting();
            return ready == 0 && flags == 0 ? 0 : enter(ready, min, flags);
        }
        // Not only the fresh ones: the thread may not have been woken for those before.
        if (flags == 0 && submissions.waiting() == 0) {
            return fresh;
        }
        // The thread sets NEED_WAKEUP and then looks at the tail again; we moved the tail and now look at that.
        VarHandle.fullFence();
        int enterFlags = flags | (pollThreadSleeps() ? IORING_ENTER_SQ_WAKEUP : 0);
        if (enterFlags == 0) {
            return fresh;
        }
        int result = enter(fresh, min, enterFlags);
        return result < 0 ? result : fresh;
    }

    private int enter(int ready, int min, int flags) {
        enters++;
        boolean timed = (flags & IORING_ENTER_EXT_ARG) != 0;
        return (int) kernel.call(
                Syscall.IO_URING_ENTER,
                fd,
                ready,
                min,
                flags,
                timed ? waitArgument.address() : 0,
                timed ? GETEVENTS_ARG_BYTES : 0);
    }
}
