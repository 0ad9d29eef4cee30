package ringside.engines;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.IoUringAbi;
import ringside.linux.IoUringRegister;
import ringside.linux.KernelException;
import ringside.linux.Syscall;

/// Reads on the event loop's own ring: they are submitted together with the loop's socket operations, by the
/// system call that the loop makes anyway, and reaped with them.
///
/// Only operations that stand alone: a chain of linked ones can be cut in two by the loop when its queue fills.
final class LoopRingReader implements FileReader, IoUringIoHandle {

    private final LoopContext context;
    private final ReadQueue queue;
    private final IoRegistration registration;
    private final FileAccess access;
    private final @Nullable RegisteredBuffers buffers;
    private final int ringFd;
    private long reads;
    private long fixedReads;
    private long fixedRefused;

    /// @param access closed with the reader
    /// @param depth reads under way at once; slots are the 16 bits of user data that the loop passes on cheaply
    /// @param buffers to be registered with the loop's ring, or null to read into ordinary ones
    /// @throws KernelException when the kernel refuses so many registered buffers (`ENOMEM`), or when the loop's
    ///     ring has buffers of somebody else (`EBUSY`)
    /// @throws UnsupportedOperationException with a message for a person, when the loop's ring can't be told from
    ///     others, or when the buffers are over the limit on locked memory
    LoopRingReader(LoopContext context, FileAccess access, int depth, @Nullable RegisteredBuffers buffers) {
        this(context, access, depth, buffers, reader -> reader);
    }

    /// @param handle what gets the completions in place of the reader, and hands them to it
    LoopRingReader(
            LoopContext context,
            FileAccess access,
            int depth,
            @Nullable RegisteredBuffers buffers,
            Function<LoopRingReader, IoUringIoHandle> handle) {
        this.context = context;
        this.access = access;
        this.buffers = buffers;
        this.queue = new ReadQueue(depth, this::start);
        this.registration = CompletionWakeup.register(context.loop(), handle.apply(this));
        boolean opened = false;
        try {
            this.ringFd = buffers == null ? -1 : register(context, buffers);
            opened = true;
        } finally {
            if (!opened) {
                registration.cancel();
            }
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
        int added = registration.isValid()
                ? access.add(queue, file, offset, lengthBytes, target, completion)
                : -Errno.ECANCELED;
        if (added < 0) {
            completion.readCompleted(added);
        }
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        IoUringIoEvent completion = (IoUringIoEvent) event;
        completed(completion.opcode(), (int) completion.userData(), completion.res());
    }

    /// @param opcode of the read
    /// @param result bytes, or a negated errno: `EINTR` starts the read again, unless the reader is closed
    void completed(int opcode, int slot, int result) {
        if (opcode == IoUringAbi.IORING_OP_READ_FIXED && result == -Errno.EFAULT && fixedRefused++ == 0) {
            // Never an ordinary READ instead: a measurement would then be one of something else.
            System.getLogger(LoopRingReader.class.getName())
                    .log(
                            System.Logger.Level.ERROR,
                            "the event loop's ring doesn't know the registered buffers: READ_FIXED answers EFAULT, and"
                                    + " responses break off. Run with registered=off.");
        }
        PendingRead read = queue.at(slot);
        int judged = read == null || !registration.isValid() ? result : access.judge(read, result);
        // After close nothing can be started again.
        boolean givenUp = judged == -Errno.EINTR && !registration.isValid();
        queue.completed(slot, givenUp ? -Errno.ECANCELED : judged);
    }

    /// Called by the loop too, when it ends: it then waits for the reads under way and hands them over as ever.
    @Override
    public void close() {
        if (!registration.isValid()) {
            return;
        }
        try {
            registration.cancel();
        } finally {
            try {
                queue.refuseWaiting(Errno.ECANCELED);
            } finally {
                if (ringFd >= 0) {
                    unregister(context, ringFd);
                }
                access.close();
            }
        }
    }

    @Override
    public Map<String, Long> counts() {
        return Map.of("ring reads", reads, "fixed reads", fixedReads, "fixed reads refused", fixedRefused);
    }

    /// How many reads went into registered buffers.
    long fixedReads() {
        return fixedReads;
    }

    /// How many of them the kernel refused, since the ring doesn't know the buffers: 0, or this class is wrong.
    long fixedRefused() {
        return fixedRefused;
    }

    private void start(int slot, PendingRead read) {
        int index = buffers == null ? -1 : buffers.indexOf(read.target());
        reads++;
        if (index >= 0) {
            fixedReads++;
        }
        short none = 0;
        registration.submit(new IoUringIoOps(
                (byte) (index < 0 ? IoUringAbi.IORING_OP_READ : IoUringAbi.IORING_OP_READ_FIXED),
                (byte) 0,
                none,
                read.fd(),
                read.offset(),
                read.address(),
                read.lengthBytes(),
                access.rwFlags(),
                (long) slot,
                (short) Math.max(index, 0),
                none,
                0,
                0L));
    }

    /// The loop doesn't show its ring's descriptor. But a ring with a single issuer (6.0) takes registrations from
    /// that thread only, and this is the loop's thread: the ring that doesn't refuse is the one. Not so a ring that
    /// hasn't been started (`IORING_SETUP_R_DISABLED`), as those of loops that have run nothing yet: it has no
    /// issuer and takes them from anybody. io_uring_enter(2) answers `EBADFD` for those.
    ///
    /// @return its descriptor
    static int register(LoopContext context, RegisteredBuffers buffers) {
        int accepted = -1;
        int candidates = 0;
        KernelException refused = null;
        for (int ring : IoUringRegister.ringDescriptors()) {
            if (context.kernel().call(Syscall.IO_URING_ENTER, ring, 0, 0, 0) == -Errno.EBADFD) {
                continue;
            }
            try {
                buffers.register(context.kernel(), ring);
            } catch (KernelException e) {
                // Another thread's; or closed since it was listed, and perhaps something else by now.
                if (!isForeign(e.errno().number())) {
                    refused = e;
                    candidates++;
                }
                continue;
            }
            candidates++;
            if (accepted >= 0) {
                unregister(context, ring);
            } else {
                accepted = ring;
            }
        }
        if (accepted >= 0 && candidates == 1) {
            return accepted;
        }
        if (accepted >= 0) {
            unregister(context, accepted);
        } else if (refused != null) {
            throw buffers.explain(refused);
        }
        throw new UnsupportedOperationException("the loop's ring can't be told from others: run with registered=off");
    }

    private static boolean isForeign(int errno) {
        return errno == Errno.EEXIST || errno == Errno.EBADFD || errno == Errno.EBADF || errno == Errno.EOPNOTSUPP;
    }

    /// Says so where that fails: the memory stays pinned until the loop's ring is closed.
    static void unregister(LoopContext context, int ringFd) {
        try {
            IoUringRegister.unregisterBuffers(context.kernel(), ringFd);
        } catch (KernelException e) {
            System.getLogger(LoopRingReader.class.getName())
                    .log(System.Logger.Level.WARNING, "registered buffers stay pinned until their loop ends", e);
        }
    }
}
