package ringside.engines;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.IoUring;
import ringside.linux.KernelException;

/// Reads on a ring of our own, for event loops that are driven by something else. One io_uring_enter(2) submits
/// what the loop asked for in one turn; what the page cache has is complete when that returns, and is reaped at
/// once. For the rest the ring signals an eventfd that the loop watches; while the loop is here anyway, the ring
/// is told not to.
///
/// Only the loop's thread enters, so the ring is made for one thread where the kernel can do that (6.1): work then
/// waits until the loop comes for it instead of interrupting what it does. With a poll thread (`SQPOLL`) the loop
/// enters only to wake that thread; with polled completions (`IOPOLL`) it enters in every turn while a read is under
/// way.
final class OwnRingReader implements FileReader {

    private final LoopContext context;
    private final FileAccess access;
    private final OwnRing kind;
    private final ReadQueue queue;
    private final SubmitOncePerTurn submissions;
    private final IoUring ring;
    private final CompletionWakeup wakeup;
    private final IoUring.CompletionHandler handler = this::completed;
    private final @Nullable RegisteredBuffers buffers;
    private long fixedReads;
    private long prepared;
    /// Set for good when the ring takes no more submissions: a positive errno.
    private int broken;
    /// Nobody tells of completions any more: they are asked for until the last read has ended.
    private boolean unwatched;

    private boolean closed;

    private OwnRingReader(
            LoopContext context, FileAccess access, OwnRing kind, IoUring ring, @Nullable RegisteredBuffers buffers) {
        this.context = context;
        this.access = access;
        this.kind = kind;
        this.buffers = buffers;
        this.ring = ring;
        this.queue = new ReadQueue(kind.depth(), this::start);
        this.submissions = new SubmitOncePerTurn(context.loop(), this::submit);
        this.wakeup = CompletionWakeup.open(context, this::reap, this::unwatched);
    }

    /// @param access closed with the reader; stays the caller's when this throws
    /// @param buffers to be registered, or null to read into ordinary ones
    /// @throws KernelException when the kernel refuses a ring or a descriptor
    /// @throws UnsupportedOperationException with a message for a person, when it hasn't got such a ring, or when
    ///     the buffers are over the limit on locked memory
    static OwnRingReader open(
            LoopContext context, FileAccess access, OwnRing kind, @Nullable RegisteredBuffers buffers) {
        IoUring ring = kind.open(context.kernel());
        boolean opened = false;
        try {
            OwnRingReader reader = new OwnRingReader(context, access, kind, ring, buffers);
            try {
                // Not only those that a worker thread completes: that would leave out the ones that an interrupt
                // does.
                ring.registerEventFd(reader.wakeup.eventFd(), false);
                if (buffers != null) {
                    register(ring, buffers, context);
                }
                opened = true;
                return reader;
            } finally {
                if (!opened) {
                    reader.wakeup.close();
                }
            }
        } finally {
            if (!opened) {
                ring.close();
            }
        }
    }

    private static void register(IoUring ring, RegisteredBuffers buffers, LoopContext context) {
        try {
            buffers.register(context.kernel(), ring.fd());
        } catch (KernelException e) {
            throw buffers.explain(e);
        }
    }

    @Override
    public boolean readsAnywhere() {
        return access.readsAnywhere();
    }

    @Override
    public ByteBuf allocate(int headBytes, int lengthBytes) {
        int bytes = access.bufferBytes(headBytes, lengthBytes);
        ByteBuf registered = buffers == null ? null : buffers.take(bytes);
        return registered == null ? context.allocator().directBuffer(bytes) : registered;
    }

    @Override
    public void read(OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
        int refusal = closed ? Errno.ECANCELED : broken;
        int added = refusal == 0 ? access.add(queue, file, offset, lengthBytes, target, completion) : -refusal;
        if (added < 0) {
            completion.readCompleted(added);
        }
    }

    /// How many reads went into registered buffers.
    long fixedReads() {
        return fixedReads;
    }

    /// For tests.
    IoUring ring() {
        return ring;
    }

    /// For tests: what the ring signals.
    CompletionWakeup wakeup() {
        return wakeup;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            ring.close();
        } finally {
            try {
                wakeup.close();
            } finally {
                access.close();
            }
        }
    }

    private void start(int slot, PendingRead read) {
        int index = buffers == null ? -1 : buffers.indexOf(read.target());
        boolean room;
        if (index < 0) {
            room = ring.prepareRead(read.fd(), read.address(), read.lengthBytes(), read.offset(), slot);
        } else {
            room = ring.prepareReadFixed(read.fd(), read.address(), read.lengthBytes(), read.offset(), index, slot);
            fixedReads++;
        }
        // There always is: see OwnRing.
        if (!room) {
            throw new IllegalStateException("the submission queue is full with " + queue.started() + " reads");
        }
        if (access.rwFlags() != 0) {
            ring.setLastRwFlags(access.rwFlags());
        }
        read.sequence(++prepared);
        submissions.submitThisTurn();
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
        if (kind.ioPoll() && queue.started() > 0) {
            // Nothing else asks the device.
            submissions.submitThisTurn();
        } else if (unwatched && queue.started() > 0) {
            submissions.submitLater();
        }
    }

    private void unwatched(RuntimeException cause) {
        System.getLogger(OwnRingReader.class.getName())
                .log(
                        System.Logger.Level.ERROR,
                        "nothing tells of completions any more: the engine stops reading",
                        cause);
        unwatched = true;
        if (broken == 0) {
            breakDown(cause instanceof KernelException e ? e.errno().number() : Errno.EIO);
        }
        reap();
    }

    private void completed(long slot, int result, int flags) {
        PendingRead read = queue.at((int) slot);
        int judged = read == null ? result : access.judge(read, result);
        queue.completed((int) slot, broken != 0 && judged == -Errno.EINTR ? -broken : judged);
    }

    /// The ring takes no more submissions, so those it hasn't taken are answered here. Those it has complete as
    /// ever.
    private void breakDown(int errno) {
        broken = errno;
        queue.refuseWaiting(errno);
        long taken = ring.submitted();
        ring.withdraw();
        for (int slot = 0; slot < queue.depth(); slot++) {
            PendingRead read = queue.at(slot);
            if (read != null && read.sequence() > taken) {
                queue.completed(slot, -errno);
            }
        }
    }

    /// io_uring_enter(2): interrupted, no memory for requests, completions to be reaped first.
    private static boolean canPass(int result) {
        return result == -Errno.EINTR || result == -Errno.EAGAIN || result == -Errno.EBUSY || result == -Errno.ENOMEM;
    }
}
