package ringside.engines;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.IoUringAbi;

/// Reads on the event loop's own ring: they are submitted together with the loop's socket operations, by the system
/// call that the loop makes anyway, and reaped with them.
///
/// Only operations that stand alone: a chain of linked ones can be cut in two by the loop when its queue fills.
final class LoopRingReader implements FileReader, IoUringIoHandle {

    private final LoopContext context;
    private final ReadQueue queue;
    private final IoRegistration registration;

    /// @param depth reads under way at once; slots are the 16 bits of user data that the loop passes on cheaply
    LoopRingReader(LoopContext context, int depth) {
        this.context = context;
        this.queue = new ReadQueue(depth, this::start);
        this.registration = CompletionWakeup.register(context.loop(), this);
    }

    @Override
    public ByteBuf allocate(int headBytes, int lengthBytes) {
        return context.allocator().directBuffer(headBytes + lengthBytes);
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
        int result = completion.res();
        // After close nothing can be started again.
        boolean givenUp = result == -Errno.EINTR && !registration.isValid();
        queue.completed((int) completion.userData(), givenUp ? -Errno.ECANCELED : result);
    }

    /// Called by the loop too, when it ends: it then waits for the reads under way and hands them over as ever.
    @Override
    public void close() {
        if (registration.isValid()) {
            registration.cancel();
            queue.refuseWaiting(Errno.ECANCELED);
        }
    }

    private void start(int slot, PendingRead read) {
        short none = 0;
        registration.submit(new IoUringIoOps(
                (byte) IoUringAbi.IORING_OP_READ,
                (byte) 0,
                none,
                read.fd(),
                read.offset(),
                read.address(),
                read.lengthBytes(),
                0,
                (long) slot,
                none,
                none,
                0,
                0L));
    }
}
