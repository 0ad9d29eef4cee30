package ringside.engines;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import java.util.concurrent.TimeUnit;
import ringside.linux.EventFd;
import ringside.linux.IoUringAbi;

/// A multishot `IORING_OP_POLL_ADD` (Linux 5.13) for the eventfd on the loop's own ring: one submission for good,
/// each signal is a completion, and the counter need not be read.
final class IoUringWakeup implements CompletionWakeup, IoUringIoHandle {

    /// When the kernel has ended the poll for lack of memory.
    private static final long REARM_MILLIS = 10;

    private final LoopContext context;
    private final EventFd eventFd;
    private final Runnable wake;
    private final IoRegistration registration;
    private long pollUserData;
    private boolean polling;
    private boolean closed;

    /// @param eventFd closed with this; when this can't be made, it stays the caller's
    IoUringWakeup(LoopContext context, EventFd eventFd, Runnable wake) {
        this.context = context;
        this.eventFd = eventFd;
        this.wake = wake;
        this.registration = CompletionWakeup.register(context.loop(), this);
        boolean watched = false;
        try {
            arm();
            watched = true;
        } finally {
            if (!watched) {
                registration.cancel();
            }
        }
    }

    @Override
    public EventFd eventFd() {
        return eventFd;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        IoUringIoEvent completion = (IoUringIoEvent) event;
        if (completion.opcode() != IoUringAbi.IORING_OP_POLL_ADD) {
            return;
        }
        polling = (completion.flags() & IoUringAbi.IORING_CQE_F_MORE) != 0;
        if (closed) {
            return;
        }
        // The counter is never read, so a poll that is armed again completes at once: no signal gets lost in
        // between.
        if (completion.res() < 0) {
            context.loop().schedule(this::arm, REARM_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        if (!polling) {
            arm();
        }
        wake.run();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (polling) {
            registration.submit(ops(IoUringAbi.IORING_OP_ASYNC_CANCEL, -1, pollUserData, 0, 0));
        }
        try {
            registration.cancel();
        } finally {
            eventFd.close();
        }
    }

    private void arm() {
        if (!closed && !polling) {
            pollUserData = registration.submit(ops(
                    IoUringAbi.IORING_OP_POLL_ADD, eventFd.fd(), 0, IoUringAbi.IORING_POLL_ADD_MULTI, EventFd.POLLIN));
            polling = true;
        }
    }

    private static IoUringIoOps ops(int opcode, int fd, long address, int length, int opFlags) {
        short none = 0;
        return new IoUringIoOps((byte) opcode, (byte) 0, none, fd, 0L, address, length, opFlags, 0L, none, none, 0, 0L);
    }
}
