package ringside.engines;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import ringside.linux.Errno;
import ringside.linux.IoUringAbi;

/// Waits until sockets take bytes again, on the ring of an io_uring event loop: a one-shot `IORING_OP_POLL_ADD`
/// (Linux 5.1) for each, submitted with the loop's other operations.
///
/// A poll holds the kernel's file, closed though its descriptor may be: what doesn't wait any more has to
/// [#cancel], or the peer would never learn that the connection has ended.
///
/// ```
///   free ── await ──► polled ── completion ──► free, the waiter runs
///    ▲                  │ cancel
///    └── completion ── abandoned
/// ```
///
/// Belongs to one loop. Allocates while the number of connections that wait at once grows, and not after.
final class SocketPolls implements IoUringIoHandle, AutoCloseable {

    /// Learns that a socket is ready, or has failed, which the next call on it tells.
    @FunctionalInterface
    interface Waiter {
        /// @param error 0, or the negated errno with which the kernel refused to poll
        void ready(int error);
    }

    /// The answer of [#await] when the loop is shutting down.
    static final int REFUSED = -1;

    private static final int POLLOUT = 4;

    private final IoRegistration registration;
    private @Nullable Waiter[] waiters = new Waiter[16];
    private long[] pollUserData = new long[16];
    private int[] freeSlots = new int[16];
    private int freeCount;

    SocketPolls(LoopContext context) {
        grow(0);
        this.registration = CompletionWakeup.register(context.loop(), this);
    }

    /// Asks for one call of `waiter` when the socket takes bytes, or never will again. Later, never at once.
    ///
    /// @return a slot for [#cancel], or [#REFUSED]
    int await(int socketFd, Waiter waiter) {
        if (!registration.isValid()) {
            return REFUSED;
        }
        if (freeCount == 0) {
            grow(waiters.length);
        }
        int slot = freeSlots[--freeCount];
        waiters[slot] = waiter;
        pollUserData[slot] = registration.submit(ops(IoUringAbi.IORING_OP_POLL_ADD, socketFd, 0, POLLOUT, slot));
        return slot;
    }

    /// Nobody waits in this slot any more.
    void cancel(int slot) {
        waiters[slot] = null;
        if (registration.isValid()) {
            registration.submit(ops(IoUringAbi.IORING_OP_ASYNC_CANCEL, -1, pollUserData[slot], 0, slot));
        }
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        IoUringIoEvent completion = (IoUringIoEvent) event;
        if (completion.opcode() != IoUringAbi.IORING_OP_POLL_ADD) {
            return;
        }
        int slot = (int) completion.userData();
        Waiter waiter = waiters[slot];
        waiters[slot] = null;
        freeSlots[freeCount++] = slot;
        if (waiter != null) {
            waiter.ready(Math.min(completion.res(), 0));
        }
    }

    /// Called by the loop too, when it ends.
    @Override
    public void close() {
        if (!registration.isValid()) {
            return;
        }
        for (int slot = 0; slot < waiters.length; slot++) {
            if (waiters[slot] != null) {
                Waiter waiter = waiters[slot];
                cancel(slot);
                waiter.ready(-Errno.ECANCELED);
            }
        }
        registration.cancel();
    }

    private void grow(int from) {
        int to = Math.max(16, 2 * from);
        waiters = Arrays.copyOf(waiters, to);
        pollUserData = Arrays.copyOf(pollUserData, to);
        freeSlots = Arrays.copyOf(freeSlots, to);
        for (int slot = to - 1; slot >= from; slot--) {
            freeSlots[freeCount++] = slot;
        }
    }

    private static IoUringIoOps ops(int opcode, int fd, long address, int opFlags, int slot) {
        short none = 0;
        return new IoUringIoOps(
                (byte) opcode, (byte) 0, none, fd, 0L, address, 0, opFlags, (long) slot, none, none, 0, 0L);
    }
}
