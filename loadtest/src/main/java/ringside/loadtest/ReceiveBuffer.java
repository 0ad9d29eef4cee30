package ringside.loadtest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/// Receives into the same memory again and again, so that it stays in the cache and no allocator is asked.
///
/// On epoll and nio a receive is over before the next begins, so one buffer serves all connections of a loop. On
/// io_uring the kernel holds the buffer of every connection that waits, so each has its own. Whoever else still holds
/// the buffer (a closed channel whose receive hasn't come back yet) keeps it: the reference count tells, and the next
/// receive gets a fresh one.
final class ReceiveBuffer implements RecvByteBufAllocator {

    private final int capacityBytes;
    private ByteBuf buffer;

    ReceiveBuffer(int capacityBytes) {
        this.capacityBytes = capacityBytes;
        this.buffer = newBuffer(capacityBytes);
    }

    private static ByteBuf newBuffer(int capacityBytes) {
        return UnpooledByteBufAllocator.DEFAULT.directBuffer(capacityBytes, capacityBytes);
    }

    /// Gives the memory back once the last channel is done with it. No receive may follow.
    void release() {
        buffer.release();
    }

    @Override
    @SuppressWarnings("deprecation") // Netty deprecates the plain handle, but a handle has to be returned
    public Handle newHandle() {
        return new ReusingHandle();
    }

    private ByteBuf next() {
        if (buffer.refCnt() != 1) {
            buffer.release();
            buffer = newBuffer(capacityBytes);
        }
        return buffer.clear().retain();
    }

    private final class ReusingHandle implements ExtendedHandle {
        private int attemptedBytes;
        private int lastBytes;

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return next();
        }

        @Override
        public int guess() {
            return capacityBytes;
        }

        @Override
        public void reset(ChannelConfig config) {
            attemptedBytes = 0;
            lastBytes = 0;
        }

        @Override
        public void incMessagesRead(int count) {}

        @Override
        public void lastBytesRead(int bytes) {
            lastBytes = bytes;
        }

        @Override
        public int lastBytesRead() {
            return lastBytes;
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            attemptedBytes = bytes;
        }

        @Override
        public int attemptedBytesRead() {
            return attemptedBytes;
        }

        /// Only a receive that filled the buffer can have left something behind.
        @Override
        public boolean continueReading() {
            return lastBytes > 0 && lastBytes == attemptedBytes;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return continueReading();
        }

        @Override
        public void readComplete() {}
    }
}
