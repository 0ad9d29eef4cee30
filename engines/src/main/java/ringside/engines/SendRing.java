package ringside.engines;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import org.jspecify.annotations.Nullable;
import ringside.linux.Errno;
import ringside.linux.IoUringAbi;
import ringside.linux.KernelException;

/// Where [ZeroCopyBody] puts its operations, each of which stands alone: the event loop's own ring, or one of ours
/// beside it.
///
/// On the loop. Completions come on the loop, never from within a call here, and those of cancels don't come at all.
sealed interface SendRing extends AutoCloseable {

    /// Gets the completions.
    @FunctionalInterface
    interface Receiver {
        /// @param data as given with the operation
        /// @param result of the kernel
        /// @param flags `IORING_CQE_F_…`
        void completed(int data, int result, int flags);
    }

    /// For [#operate] of what isn't in a registered buffer.
    int NOT_REGISTERED = -1;

    /// Sees to it that one operation can be put there.
    ///
    /// @return 0, or the negated errno for which none can any more
    int room();

    /// Only after [#room()].
    ///
    /// @param off `off` of the operation
    /// @param opFlags `msg_flags`, `poll32_events`
    /// @param ioprio flags of a send
    /// @param bufferIndex of a registered buffer, or [#NOT_REGISTERED]
    /// @param data comes back with the completion; cheapest within 16 bits
    /// @return what [#cancel] takes
    long operate(
            int opcode, int fd, long off, long address, int length, int opFlags, int ioprio, int bufferIndex, int data);

    /// Only after [#room()].
    ///
    /// @param token of an operation; one that has ended isn't touched
    void cancel(long token);

    /// Waits for completions where that is ours to do, at most so long.
    ///
    /// @return false where it isn't
    boolean await(long timeoutNanos);

    /// Takes no more operations. Completions of those that it has still come, where the loop's ring has them.
    @Override
    void close();

    /// Lets go of the registered buffers, after [#close()] and when the kernel has no operation with them any more.
    void unregister();

    /// @param buffers to be registered, or null
    /// @throws KernelException when the kernel refuses a ring, a descriptor, or so many registered buffers
    /// @throws UnsupportedOperationException when the loop's ring can't be told from others
    static SendRing open(LoopContext context, @Nullable RegisteredBuffers buffers, Receiver receiver) {
        return switch (context.transport()) {
            case IO_URING -> new OfLoop(context, buffers, receiver);
            case EPOLL, NIO -> OfOurs.open(context, buffers, receiver);
        };
    }

    /// The event loop's ring: submitted with its socket operations, by the call that it makes anyway.
    final class OfLoop implements SendRing, IoUringIoHandle {

        private final LoopContext context;
        private final Receiver receiver;
        private final IoRegistration registration;
        private int ringFd = -1;

        OfLoop(LoopContext context, @Nullable RegisteredBuffers buffers, Receiver receiver) {
            this.context = context;
            this.receiver = receiver;
            this.registration = CompletionWakeup.register(context.loop(), this);
            boolean opened = false;
            try {
                if (buffers != null) {
                    ringFd = LoopRingReader.register(context, buffers);
                }
                opened = true;
            } finally {
                if (!opened) {
                    registration.cancel();
                }
            }
        }

        @Override
        public int room() {
            return registration.isValid() ? 0 : -Errno.ECANCELED;
        }

        @Override
        public long operate(
                int opcode,
                int fd,
                long off,
                long address,
                int length,
                int opFlags,
                int ioprio,
                int bufferIndex,
                int data) {
            short none = 0;
            return registration.submit(new IoUringIoOps(
                    (byte) opcode,
                    (byte) 0,
                    (short) ioprio,
                    fd,
                    off,
                    address,
                    length,
                    opFlags,
                    (long) data,
                    (short) Math.max(bufferIndex, 0),
                    none,
                    0,
                    0L));
        }

        @Override
        public void cancel(long token) {
            long ignored = operate(IoUringAbi.IORING_OP_ASYNC_CANCEL, -1, 0, token, 0, 0, 0, NOT_REGISTERED, 0);
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            IoUringIoEvent completion = (IoUringIoEvent) event;
            if (completion.opcode() != IoUringAbi.IORING_OP_ASYNC_CANCEL) {
                receiver.completed((int) completion.userData(), completion.res(), completion.flags());
            }
        }

        @Override
        public boolean await(long timeoutNanos) {
            return false;
        }

        /// Called by the loop too, when it ends.
        @Override
        public void close() {
            if (registration.isValid()) {
                registration.cancel();
            }
        }

        @Override
        public void unregister() {
            if (ringFd >= 0) {
                LoopRingReader.unregister(context, ringFd);
                ringFd = -1;
            }
        }
    }

    /// A ring of our own.
    final class OfOurs implements SendRing {

        /// No operation has it.
        private static final long CANCEL_USER_DATA = -1;

        private final Receiver receiver;
        private final SideRing ring;

        private OfOurs(LoopContext context, Receiver receiver) {
            this.receiver = receiver;
            this.ring = SideRing.open(context, OwnRing.plain(SideRing.SQ_ENTRIES), this::completed, () -> {});
        }

        static OfOurs open(LoopContext context, @Nullable RegisteredBuffers buffers, Receiver receiver) {
            OfOurs opened = new OfOurs(context, receiver);
            boolean registered = false;
            try {
                if (buffers != null) {
                    buffers.register(context.kernel(), opened.ring.ring().fd());
                }
                registered = true;
                return opened;
            } catch (KernelException e) {
                throw buffers == null ? e : buffers.explain(e);
            } finally {
                if (!registered) {
                    opened.close();
                }
            }
        }

        @Override
        public int room() {
            return ring.room(1);
        }

        @Override
        public long operate(
                int opcode,
                int fd,
                long off,
                long address,
                int length,
                int opFlags,
                int ioprio,
                int bufferIndex,
                int data) {
            ring.prepare(opcode, fd, off, address, length, opFlags, Math.max(bufferIndex, 0), 0, data);
            if (ioprio != 0) {
                ring.ioprio(ioprio);
            }
            return data;
        }

        @Override
        public void cancel(long token) {
            ring.prepare(IoUringAbi.IORING_OP_ASYNC_CANCEL, -1, 0, token, 0, 0, 0, 0, CANCEL_USER_DATA);
        }

        private void completed(long userData, int result, int flags) {
            if (userData != CANCEL_USER_DATA) {
                receiver.completed((int) userData, result, flags);
            }
        }

        @Override
        public boolean await(long timeoutNanos) {
            ring.await(timeoutNanos);
            return true;
        }

        @Override
        public void close() {
            ring.close();
        }

        /// They went with the ring.
        @Override
        public void unregister() {
            // Nothing is left to do.
        }
    }
}
