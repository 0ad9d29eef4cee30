package ringside.engines;

import io.netty.buffer.ByteBuf;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.LinuxAio;

/// Reads by io_submit(2). One call takes what the loop asked for in one turn; completions are fetched from the
/// ring that the kernel maps into the process.
///
/// Direct reads complete later, and signal an eventfd. Buffered ones are complete when io_submit(2) returns, since
/// it makes them without asking not to wait: they are reaped just then and signal nobody. Should a file system leave
/// one in flight, it is asked for until it has completed, and from then on reads do signal.
final class AioReader implements FileReader {

    static final EngineOption QUEUE_DEPTH = new EngineOption(
            "queue-depth",
            64,
            1,
            4096,
            "Reads that an event loop has under way at once; further ones wait. Counts against sysctl fs.aio-max-nr.");

    private final LoopContext context;
    private final FileAccess access;
    private final ReadQueue queue;
    private final SubmitOncePerTurn submissions;
    private final LinuxAio aio;
    private final CompletionWakeup wakeup;
    private final LinuxAio.CompletionHandler handler = this::completed;
    /// The queue's slot, by the slot of the AIO context.
    private final int[] queueSlots;

    /// Set for good when nothing tells of completions any more: a positive errno. They are asked for until the last
    /// read has ended.
    private int broken;

    /// Reads are prepared so that they signal the eventfd.
    private boolean signalling;
    /// Some in flight don't.
    private boolean silentInFlight;

    private boolean closed;

    private AioReader(LoopContext context, FileAccess access, LinuxAio aio, boolean asynchronous) {
        this.context = context;
        this.access = access;
        this.aio = aio;
        this.queue = new ReadQueue(aio.depth(), this::start);
        this.queueSlots = new int[aio.depth()];
        this.submissions = new SubmitOncePerTurn(context.loop(), this::submit);
        // Last, so that nothing can go wrong after it.
        this.wakeup = CompletionWakeup.open(context, this::reap, this::breakDown);
        if (asynchronous) {
            signal();
        }
    }

    static Availability probe(Kernel kernel) {
        try (LinuxAio aio = new LinuxAio(kernel, Math.toIntExact(QUEUE_DEPTH.defaultValue()))) {
            return aio.reapsMappedRing() ? Availability.available("mapped completion ring") : Availability.available();
        } catch (KernelException e) {
            return refused(e.errno());
        }
    }

    /// @param access the reader's, or closed when this throws
    /// @param asynchronous whether reads are expected to complete after they were submitted
    /// @param depth reads under way at once
    /// @throws UnsupportedOperationException with a message for a person when the kernel refuses a context
    /// @throws KernelException when it refuses a descriptor
    static AioReader open(LoopContext context, FileAccess access, boolean asynchronous, int depth) {
        LinuxAio aio = null;
        boolean opened = false;
        try {
            aio = context(context.kernel(), depth);
            AioReader reader = new AioReader(context, access, aio, asynchronous);
            opened = true;
            return reader;
        } finally {
            if (!opened) {
                try {
                    if (aio != null) {
                        aio.close();
                    }
                } finally {
                    access.close();
                }
            }
        }
    }

    private static LinuxAio context(Kernel kernel, int depth) {
        try {
            return new LinuxAio(kernel, depth);
        } catch (KernelException e) {
            Availability.Unavailable refused = refused(e.errno());
            throw new UnsupportedOperationException(
                    "no queue of " + depth + " reads for an event loop: " + refused.reason() + ". " + refused.remedy(),
                    e);
        }
    }

    private static Availability.Unavailable refused(Errno errno) {
        return switch (errno.number()) {
            case Errno.EAGAIN ->
                new Availability.Unavailable(
                        "all of the system's AIO requests are taken (sysctl fs.aio-nr has reached fs.aio-max-nr)",
                        "As root, `sysctl -w fs.aio-max-nr=1048576`, or stop the programs that hold them.");
            case Errno.ENOSYS ->
                new Availability.Unavailable(
                        "the kernel has no io_setup(2): built without CONFIG_AIO, or a seccomp filter hides it",
                        "Use a kernel with CONFIG_AIO; in a container, allow io_setup, io_submit, io_getevents and"
                                + " io_destroy in its seccomp profile.");
            case Errno.EPERM ->
                new Availability.Unavailable(
                        "io_setup(2) is not permitted: a seccomp filter or security module forbids it",
                        "In a container, allow io_setup, io_submit, io_getevents and io_destroy in its seccomp"
                                + " profile.");
            default ->
                new Availability.Unavailable("io_setup(2): " + errno.label() + ", " + errno.meaning(), errno.remedy());
        };
    }

    @Override
    public boolean readsAnywhere() {
        return access.readsAnywhere();
    }

    @Override
    public ByteBuf allocate(int headBytes, int lengthBytes) {
        return context.allocator().directBuffer(access.bufferBytes(headBytes, lengthBytes));
    }

    @Override
    public void read(OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
        int refusal = closed ? Errno.ECANCELED : broken;
        int added = refusal == 0 ? access.add(queue, file, offset, lengthBytes, target, completion) : -refusal;
        if (added < 0) {
            completion.readCompleted(added);
        }
    }

    /// For tests: what reads signal.
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
            aio.close();
        } finally {
            try {
                wakeup.close();
            } finally {
                access.close();
            }
        }
    }

    private void start(int slot, PendingRead read) {
        int aioSlot = aio.acquireSlot();
        if (aioSlot < 0) {
            throw new IllegalStateException("the AIO context is full with " + queue.started() + " reads");
        }
        queueSlots[aioSlot] = slot;
        aio.prepareRead(aioSlot, read.fd(), read.address(), read.lengthBytes(), read.offset(), access.rwFlags());
        submissions.submitThisTurn();
    }

    private void breakDown(RuntimeException cause) {
        System.getLogger(AioReader.class.getName())
                .log(
                        System.Logger.Level.ERROR,
                        "nothing tells of completions any more: the engine stops reading",
                        cause);
        broken = cause instanceof KernelException e ? e.errno().number() : Errno.EIO;
        queue.refuseWaiting(broken);
        failPrepared(broken);
        reap();
    }

    /// Those that complete may bring others: not those.
    private void failPrepared(int errno) {
        for (int left = aio.prepared(); left > 0 && !closed; left--) {
            int slot = aio.withdrawFirst();
            aio.releaseSlot(slot);
            queue.completed(queueSlots[slot], -errno);
        }
    }

    private void submit() {
        while (!closed && aio.prepared() > 0) {
            int taken = aio.submit();
            if (taken > 0) {
                submissions.accepted();
            } else if (!canPass(taken)) {
                // The first one is at fault.
                int slot = aio.withdrawFirst();
                aio.releaseSlot(slot);
                queue.completed(queueSlots[slot], taken);
            } else {
                if (!submissions.refused()) {
                    // For too long. What is asked for from now on gets one more try.
                    failPrepared(taken == -Errno.EINTR ? Errno.EAGAIN : -taken);
                }
                break;
            }
        }
        reap();
    }

    private void reap() {
        if (!closed) {
            if (aio.reap(handler) < 0) {
                // io_getevents(2) was interrupted; the eventfd is not signalled again for what is there.
                submissions.submitLater();
            }
        }
        if (closed) {
            return;
        }
        if (aio.inFlight() == 0) {
            silentInFlight = false;
        } else if (!signalling) {
            signal();
            silentInFlight = true;
        }
        if (silentInFlight || (broken != 0 && queue.started() > 0)) {
            submissions.submitLater();
        }
    }

    private void signal() {
        signalling = true;
        aio.notifyThrough(wakeup.eventFd());
    }

    private void completed(int aioSlot, long result) {
        int slot = queueSlots[aioSlot];
        PendingRead read = queue.at(slot);
        queue.completed(slot, read == null ? (int) result : access.judge(read, (int) result));
    }

    /// io_submit(2): short of requests. The others are not in the man page but can come from the file system
    /// beneath.
    private static boolean canPass(int result) {
        return result == -Errno.EAGAIN || result == -Errno.EINTR || result == -Errno.ENOMEM;
    }
}
