package ringside.engines;

import ringside.linux.Errno;
import ringside.linux.IoUring;
import ringside.linux.IoUringAbi;
import ringside.linux.KernelException;

/// A ring of our own beside an event loop, for operations of all kinds and for chains of them. One io_uring_enter(2)
/// submits what the loop asked for in one turn; what is complete when that returns is reaped at once. For the rest the
/// ring signals an eventfd that the loop watches; while the loop is here anyway, the ring is told not to.
///
/// ```
///   room(n), prepare × n, …   end of the turn                 eventfd, or the same turn
///  ───────────────────────► SQEs ────────────► the kernel ──────────────────────────────► handler
/// ```
///
/// Only the loop's thread enters, so the ring is made for one thread where the kernel can do that (6.1): work then
/// waits until the loop comes for it instead of interrupting what it does. With a poll thread (`SQPOLL`) the loop
/// enters only to wake that thread; with polled completions (`IOPOLL`) it enters in every turn while something is
/// in flight.
///
/// A kernel that takes only a part of what is submitted may cut a chain in two: the second part then starts by itself.
/// Who links operations must get the right bytes even so.
///
/// When the ring breaks (a submission is refused for good) what it hasn't taken completes with the errno; what it has
/// completes as ever.
final class SideRing implements AutoCloseable {

    /// For who doesn't count: more than one turn of a loop asks for, as a rule. When they are used up, they are
    /// submitted within the turn.
    static final int SQ_ENTRIES = 1024;

    private final IoUring.CompletionHandler receiver;
    private final IoUring.CompletionHandler handler = this::completed;
    private final Runnable onBreak;
    private final LoopContext context;
    private final OwnRing kind;
    private final IoUring ring;
    private final SubmitOncePerTurn submissions;
    private final CompletionWakeup wakeup;
    /// User data of what is prepared, by the running number of each.
    private final long[] preparedUserData;

    private long prepared;
    private long inFlight;
    /// Set for good when the ring takes no more submissions: a positive errno.
    private int broken;
    /// The running number of the first operation that a ring which broke hasn't taken.
    private long refusedFrom;
    /// Nobody tells of completions any more: they are asked for until the last operation has ended.
    private boolean unwatched;

    private boolean closed;

    private SideRing(
            LoopContext context, OwnRing kind, IoUring ring, IoUring.CompletionHandler receiver, Runnable onBreak) {
        this.context = context;
        this.kind = kind;
        this.ring = ring;
        this.receiver = receiver;
        this.onBreak = onBreak;
        this.preparedUserData = new long[ring.sqEntries()];
        this.submissions = new SubmitOncePerTurn(context.loop(), this::submit);
        this.wakeup = CompletionWakeup.open(context, this::reap, this::unwatched);
    }

    /// @param kind what the ring is to be
    /// @param receiver gets each completion, on the loop and never from within [#prepare]
    /// @param onBreak runs, once, when the ring has broken, before what it hasn't taken completes
    /// @throws KernelException when the kernel refuses a ring or a descriptor
    /// @throws UnsupportedOperationException with a message for a person, when the kernel hasn't got such a ring
    static SideRing open(LoopContext context, OwnRing kind, IoUring.CompletionHandler receiver, Runnable onBreak) {
        IoUring ring = kind.open(context.kernel());
        boolean opened = false;
        try {
            SideRing own = new SideRing(context, kind, ring, receiver, onBreak);
            try {
                // Not only of those that a worker thread completes: that would leave out the ones that an interrupt
                // does.
                ring.registerEventFd(own.wakeup.eventFd(), false);
                opened = true;
                return own;
            } finally {
                if (!opened) {
                    own.wakeup.close();
                }
            }
        } finally {
            if (!opened) {
                ring.close();
            }
        }
    }

    /// For registering things with it.
    IoUring ring() {
        return ring;
    }

    /// What the ring signals.
    CompletionWakeup wakeup() {
        return wakeup;
    }

    /// 0, or the errno with which nothing can be prepared any more.
    int refusal() {
        return closed ? Errno.ECANCELED : broken;
    }

    /// Operations that have been prepared and have not completed.
    long inFlight() {
        return inFlight;
    }

    /// Sees to it that so many operations can be prepared one after the other.
    ///
    /// @return 0, or the negated errno for which the ring takes no more
    int room(int operations) {
        if (broken == 0 && !closed && ring.sqSpaceLeft() < operations) {
            int taken = ring.submit();
            if (taken >= 0) {
                submissions.accepted();
            }
            if (ring.sqSpaceLeft() < operations) {
                // It takes nothing, and as much as it can hold waits.
                breakDown(taken < 0 ? -taken : Errno.EBUSY);
            }
        }
        return -refusal();
    }

    /// An operation, as [IoUring#prepare] takes it. Submitted when the loop has done what it is doing. Only after
    /// [#room], or while there is no [#refusal()] and less than the ring's depth is in flight.
    ///
    /// @param userData comes back with the completion
    void prepare(
            int opcode,
            int fd,
            long off,
            long address,
            int length,
            int opFlags,
            int bufferIndex,
            int fileIndex,
            long userData) {
        if (!ring.prepare(opcode, fd, off, address, length, opFlags, bufferIndex, fileIndex, userData)) {
            throw new IllegalStateException("no room was asked for");
        }
        preparedUserData[(int) (prepared % preparedUserData.length)] = userData;
        prepared++;
        inFlight++;
        submissions.submitThisTurn();
    }

    /// The operation that is prepared next starts only when the one before has done all that it was to do.
    void linkNext() {
        ring.setLastFlags(IoUringAbi.IOSQE_IO_LINK);
    }

    /// As [IoUring#setLastIoprio].
    void ioprio(int ioprio) {
        ring.setLastIoprio(ioprio);
    }

    /// Waits for completions, at most so long, and hands over what is there. Doesn't wait on a ring that is broken.
    void await(long timeoutNanos) {
        if (broken == 0) {
            int ignored = ring.submitAndWait(1, timeoutNanos);
        }
        reap();
    }

    /// Nothing in flight, and nobody else uses the eventfd. Closing twice is allowed.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            ring.close();
        } finally {
            wakeup.close();
        }
    }

    private void submit() {
        if (closed) {
            return;
        }
        int reaped = 0;
        ring.muteEventFd(true);
        try {
            int taken = broken != 0 ? 0 : hand();
            reaped = ring.reap(handler);
            if (!closed && broken == 0) {
                settle(taken);
            }
        } finally {
            unmute(reaped);
        }
    }

    private void reap() {
        if (closed) {
            return;
        }
        int reaped = 0;
        ring.muteEventFd(true);
        try {
            reaped = ring.reap(handler);
        } finally {
            unmute(reaped);
        }
    }

    /// One entry for both where completions wait to be asked for as well.
    private int hand() {
        return kind.ioPoll() || ring.holdsBack() ? ring.submitAndWait(0) : ring.submit();
    }

    private void settle(int taken) {
        if (taken >= 0) {
            submissions.accepted();
            // A poll thread that is awake takes them in its own time.
            if (!kind.sqPoll() && ring.submitted() < prepared) {
                submissions.submitThisTurn();
            }
        } else if (!canPass(taken) || !submissions.refused()) {
            breakDown(-taken);
        }
    }

    /// io_uring_enter(2): interrupted, no memory for requests, completions to be reaped first.
    private static boolean canPass(int result) {
        return result == -Errno.EINTR || result == -Errno.EAGAIN || result == -Errno.EBUSY || result == -Errno.ENOMEM;
    }

    /// What came while the eventfd was mute has brought no signal, and never will: come again for it.
    ///
    /// @param reaped as [IoUring#reap] answers
    private void unmute(int reaped) {
        if (closed) {
            return;
        }
        ring.muteEventFd(false);
        if (ring.hasCompletions()) {
            submissions.submitThisTurn();
        } else if (ring.holdsBack()) {
            // A refusal can stay: don't spin on it.
            if (reaped >= 0) {
                submissions.submitThisTurn();
            } else {
                submissions.submitLater();
            }
        }
        if (kind.ioPoll() && inFlight > 0) {
            // Nothing else asks the device.
            submissions.submitThisTurn();
        } else if (unwatched && inFlight > 0) {
            submissions.submitLater();
        }
    }

    private void unwatched(RuntimeException cause) {
        System.getLogger(SideRing.class.getName())
                .log(System.Logger.Level.ERROR, "nothing tells of completions any more: the engine stops", cause);
        unwatched = true;
        breakDown(cause instanceof KernelException e ? e.errno().number() : Errno.EIO);
        reap();
    }

    private void completed(long userData, int result, int flags) {
        if ((flags & IoUringAbi.IORING_CQE_F_MORE) == 0) {
            inFlight--;
        }
        receiver.completed(userData, result, flags);
    }

    private void breakDown(int errno) {
        if (broken != 0) {
            return;
        }
        broken = errno;
        refusedFrom = ring.submitted();
        ring.withdraw();
        context.loop().execute(this::refuseTheRest);
        onBreak.run();
    }

    /// Those it hasn't taken are answered here. Those it has complete as ever.
    private void refuseTheRest() {
        for (long number = refusedFrom; number < prepared && !closed; number++) {
            completed(preparedUserData[(int) (number % preparedUserData.length)], -broken, 0);
        }
    }
}
