package ringside.engines;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
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
    private final @Nullable RegisteredBuffers buffers;
    private final int ringFd;
    /// Cleared when the kernel says that the loop's ring doesn't know the buffers after all.
    private boolean fixed;

    private long fixedReads;

    /// @param depth reads under way at once; slots are the 16 bits of user data that the loop passes on cheaply
    /// @param buffers to be registered with the loop's ring, or null to read into ordinary ones
    /// @throws KernelException when the kernel refuses so many registered buffers (`ENOMEM`), or when the loop's
    ///     ring can't be told from others (`EEXIST`)
    LoopRingReader(LoopContext context, int depth, @Nullable RegisteredBuffers buffers) {
        this.context = context;
        this.buffers = buffers;
        this.fixed = buffers != null;
        this.queue = new ReadQueue(depth, this::start);
        this.registration = CompletionWakeup.register(context.loop(), this);
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
    public ByteBuf allocate(int headBytes, int lengthBytes) {
        ByteBuf registered = buffers == null ? null : buffers.take(headBytes + lengthBytes);
        return registered == null ? context.allocator().directBuffer(headBytes + lengthBytes) : registered;
    }

    @Override
    public void read(OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
        if (registration.isValid()) {
            queue.add(file.fd(), offset, lengthBytes, target, completion);
        } else {
            completion.readCompleted(-Errno.ECANCELED);
        }
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        IoUringIoEvent completion = (IoUringIoEvent) event;
        int slot = (int) completion.userData();
        int result = completion.res();
        if (completion.opcode() == IoUringAbi.IORING_OP_READ_FIXED && result == -Errno.EFAULT) {
            fixed = false;
            result = -Errno.EINTR; // to be started again, as a READ
        }
        // After close nothing can be started again.
        boolean givenUp = result == -Errno.EINTR && !registration.isValid();
        queue.completed(slot, givenUp ? -Errno.ECANCELED : result);
    }

    /// Called by the loop too, when it ends: it then waits for the reads under way and hands them over as ever.
    @Override
    public void close() {
        if (registration.isValid()) {
            registration.cancel();
            if (ringFd >= 0) {
                IoUringRegister.unregisterBuffers(context.kernel(), ringFd);
            }
            queue.refuseWaiting(Errno.ECANCELED);
        }
    }

    /// How many reads went into registered buffers.
    long fixedReads() {
        return fixedReads;
    }

    private void start(int slot, PendingRead read) {
        int index = buffers == null || !fixed ? -1 : buffers.indexOf(read.target());
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
                0,
                (long) slot,
                (short) Math.max(index, 0),
                none,
                0,
                0L));
    }

    /// The loop doesn't show its ring's descriptor. But a ring with a single issuer (6.0) takes registrations from
    /// that thread only, and this is the loop's thread: the ring that doesn't refuse is the one.
    ///
    /// @return its descriptor
    private static int register(LoopContext context, RegisteredBuffers buffers) {
        KernelException refused =
                KernelException.of(Syscall.IO_URING_REGISTER, "the ring of the event loop", -Errno.EEXIST);
        for (int candidate : IoUringRegister.ringDescriptors()) {
            try {
                IoUringRegister.registerBuffers(
                        context.kernel(), candidate, buffers.addresses(), buffers.lengthsBytes());
                return candidate;
            } catch (KernelException e) {
                if (e.errno().number() != Errno.EEXIST) {
                    refused = e;
                }
            }
        }
        throw refused;
    }
}
