package ringside.engines;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.IoUring;
import ringside.linux.IoUringSetup;
import ringside.linux.KernelException;

/// Reads on a ring of our own, for event loops that are driven by something else. One io_uring_enter(2) submits
/// what the loop asked for in one turn; what the page cache has is complete when that returns, and is reaped at
/// once. For the rest the ring signals an eventfd that the loop watches; while the loop is here anyway, the ring
/// is told not to.
///
/// Only the loop's thread enters, so the ring is made for one thread where the kernel can do that (6.1): work then
/// waits until the loop comes for it instead of interrupting what it does.
final class OwnRingReader implements FileReader {

    private final LoopContext context;
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

    private OwnRingReader(LoopContext context, IoUring ring, int depth, @Nullable RegisteredBuffers buffers) {
        this.context = context;
        this.buffers = buffers;
        this.ring = ring;
        this.queue = new ReadQueue(depth, this::start);
        this.submissions = new SubmitOncePerTurn(context.loop(), this::submit);
        this.wakeup = CompletionWakeup.open(context, this::reap, this::unwatched);
    }

    /// @param depth reads under way at once
    /// @param buffers to be registered, or null to read into ordinary ones
    /// @throws KernelException when the kernel refuses a ring, a descriptor, or so many registered buffers
    ///     (`ENOMEM`)
    static OwnRingReader open(LoopContext context, int depth, @Nullable RegisteredBuffers buffers) {
        IoUring ring = ring(context, depth);
        boolean opened = false;
        try {
            OwnRingReader reader = new OwnRingReader(context, ring, depth, buffers);
            try {
                // Not only those that a worker thread completes: that would leave out the ones that an interrupt
                // does.
                ring.registerEventFd(reader.wakeup.eventFd(), false);
                if (buffers != null) {
                    ring.registerBuffers(buffers.addresses(), buffers.lengthsBytes());
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

    @Override
    public ByteBuf allocate(int headBytes, int lengthBytes) {
        ByteBuf registered = buffers == null ? null : buffers.take(headBytes + lengthBytes);
        return registered == null ? context.allocator().directBuffer(headBytes + lengthBytes) : registered;
    }

    @Override
    public void read(OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
        if (broken != 0) {
            completion.readCompleted(-broken);
        } else {
            queue.add(file.fd(), offset, lengthBytes, target, completion);
        }
    }

    /// How many reads went into registered buffers.
    long fixedReads() {
        return fixedReads;
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
            wakeup.close();
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
        // There always is: the submission queue has an entry for each slot.
        if (!room) {
            throw new IllegalStateException("the submission queue is full with " + queue.started() + " reads");
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

    /// One entry for both where deferred work waits as well.
    private int hand() {
        return ring.holdsBack() ? ring.submitAndWait(0) : ring.submit();
    }

    private void settle(int taken) {
        if (taken >= 0) {
            submissions.accepted();
            if (ring.submitted() < prepared) {
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
        if (unwatched && queue.started() > 0) {
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
        queue.completed((int) slot, broken != 0 && result == -Errno.EINTR ? -broken : result);
    }

    /// The ring takes no more submissions, so those it hasn't taken are answered here. Those it has complete as
    /// ever.
    private void breakDown(int errno) {
        broken = errno;
        queue.refuseWaiting(errno);
        for (int slot = 0; slot < queue.depth(); slot++) {
            PendingRead read = queue.at(slot);
            if (read != null && read.sequence() > ring.submitted()) {
                queue.completed(slot, -errno);
            }
        }
    }

    /// io_uring_enter(2): interrupted, no memory for requests, completions to be reaped first.
    private static boolean canPass(int result) {
        return result == -Errno.EINTR || result == -Errno.EAGAIN || result == -Errno.EBUSY || result == -Errno.ENOMEM;
    }

    private static IoUring ring(LoopContext context, int depth) {
        try {
            return new IoUring(context.kernel(), IoUringSetup.oneThread(depth));
        } catch (KernelException e) {
            if (e.errno().number() != Errno.EINVAL) {
                throw e;
            }
            // Before 6.1.
            return new IoUring(context.kernel(), IoUringSetup.plain(depth));
        }
    }
}
