package ringside.engines;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import ringside.linux.Errno;
import ringside.linux.IoUringRegister;
import ringside.linux.Kernel;
import ringside.linux.KernelException;

/// Buffers of one event loop that are made once, so that a ring can have them registered: the kernel then holds
/// their pages for good and `READ_FIXED` need not pin them each time.
///
/// A buffer is handed out by [#take], read into, written to a channel, and comes back when it is released, which
/// may be long after, with a slow client. So a buffer can be out of stock: take an ordinary one then.
///
/// Used on the loop; buffers may be released anywhere. The memory lives as long as anybody has a buffer, whatever
/// becomes of the ring.
final class RegisteredBuffers {

    /// What an event loop registers at most. It counts against RLIMIT_MEMLOCK of an unprivileged process.
    static final int BYTES_MAX = 64 << 20;

    private static final int PAGE_BYTES = 4096;

    private final EventExecutor loop;
    private final int bufferBytes;
    private final Registered[] all;
    private final Registered[] stock;
    private int stockCount;

    /// @param count buffers, at least 1
    /// @param bufferBytes the size of each
    RegisteredBuffers(LoopContext context, int count, int bufferBytes) {
        this.loop = context.loop();
        this.bufferBytes = bufferBytes;
        this.all = new Registered[count];
        this.stock = new Registered[count];
        for (int i = 0; i < count; i++) {
            ByteBuffer memory = ByteBuffer.allocateDirect(bufferBytes + PAGE_BYTES)
                    .alignedSlice(PAGE_BYTES)
                    .slice(0, bufferBytes);
            all[i] = new Registered(this, i, context.allocator(), memory);
            stock[i] = all[i];
        }
        this.stockCount = count;
    }

    /// One for each of `depth` reads, or as many as fit into [#BYTES_MAX].
    static RegisteredBuffers of(LoopContext context, int depth, int bufferBytes) {
        return new RegisteredBuffers(context, Math.clamp(BYTES_MAX / bufferBytes, 1, depth), bufferBytes);
    }

    /// Of each buffer, in the order of their indices.
    long[] addresses() {
        long[] addresses = new long[all.length];
        for (int i = 0; i < all.length; i++) {
            addresses[i] = all[i].memoryAddress();
        }
        return addresses;
    }

    long[] lengthsBytes() {
        long[] lengths = new long[all.length];
        Arrays.fill(lengths, bufferBytes);
        return lengths;
    }

    /// Has a ring pin the buffers. Called by the ring's thread.
    ///
    /// @throws KernelException when the kernel refuses: see [#explain]
    void register(Kernel kernel, int ringFd) {
        IoUringRegister.registerBuffers(kernel, ringFd, addresses(), lengthsBytes());
    }

    /// What to tell a person about a refusal: an UnsupportedOperationException where it is the limit on locked memory.
    RuntimeException explain(KernelException refusal) {
        if (refusal.errno().number() != Errno.ENOMEM) {
            return refusal;
        }
        long kibibytes = ((long) all.length * bufferBytes) >> 10;
        return new UnsupportedOperationException(
                "the " + all.length + " registered buffers of an event loop, " + kibibytes + " KiB, can't be locked"
                        + " (ENOMEM). Raise the limit on locked memory (ulimit -l, in KiB, for all event loops"
                        + " together), choose a smaller queue-depth or chunk-bytes, or run with registered=off",
                refusal);
    }

    /// Buffers that are here.
    int inStock() {
        return stockCount;
    }

    /// @return an empty buffer, or null when none is here, or none is as large
    @Nullable
    ByteBuf take(int bytes) {
        if (bytes > bufferBytes || stockCount == 0) {
            return null;
        }
        Registered buffer = stock[--stockCount];
        buffer.reset();
        return buffer;
    }

    /// @return the index that the buffer is registered with, or −1 when it isn't one of these
    int indexOf(ByteBuf buffer) {
        return buffer instanceof Registered registered && registered.owner == this ? registered.index : -1;
    }

    private void giveBack(Registered buffer) {
        if (loop.inEventLoop()) {
            stock[stockCount++] = buffer;
            return;
        }
        try {
            loop.execute(buffer.giveBack);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and with it the need for buffers: this one stays away.
            return;
        }
    }

    private static final class Registered extends UnpooledDirectByteBuf {

        private final RegisteredBuffers owner;
        private final int index;
        private final Runnable giveBack;

        Registered(RegisteredBuffers owner, int index, ByteBufAllocator allocator, ByteBuffer memory) {
            super(allocator, memory, memory.capacity());
            this.owner = owner;
            this.index = index;
            this.giveBack = () -> owner.giveBack(this);
        }

        void reset() {
            resetRefCnt();
            setIndex(0, 0);
        }

        /// @throws UnsupportedOperationException always: other memory isn't registered
        @Override
        public ByteBuf capacity(int newCapacity) {
            throw new UnsupportedOperationException("a registered buffer keeps its " + capacity() + " bytes");
        }

        /// Keeps the memory, which isn't the allocator's.
        @Override
        protected void deallocate() {
            owner.giveBack(this);
        }
    }
}
