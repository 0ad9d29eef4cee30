package ringside.engines;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import ringside.linux.IoUringAbi;

/// What the zero-copy transfers of one loop share: buffers, a ring, and the account of who has which buffer.
///
/// ```
///   stock ──take──► reading ──► sending ──send accepted──► given back by the transfer ─┬─► stock
///                                  │                                                    │
///                                  └─ SEND_ZC: the kernel's, until its notification ────┘
/// ```
///
/// A buffer has a reference for its transfer and one for each SEND_ZC whose notification is to come: it is in stock
/// again when all are gone, whatever came first.
///
/// The kernel has at most three quarters of the buffers: beyond that sends are plain ones, which give their
/// buffers back at once. So clients that don't acknowledge can't take them all.
final class ZeroCopyLoop implements LoopEngine {

    /// What is asked of each loop's buffers and sends.
    ///
    /// @param chunkBytes read at a time
    /// @param buffers of the loop
    /// @param window buffers that one connection may have, those with the kernel included
    /// @param thresholdBytes from which on a send is SEND_ZC
    /// @param registered whether the ring has the buffers registered
    record Settings(int chunkBytes, int buffers, int window, int thresholdBytes, boolean registered) {
        Settings {
            if (chunkBytes < 1 || buffers < 1 || window < 1 || thresholdBytes < 0) {
                throw new IllegalArgumentException("chunk of " + chunkBytes + " bytes, " + buffers + " buffers, window "
                        + window + ", threshold " + thresholdBytes + " bytes");
            }
        }
    }

    /// For the head of a response, in front of the first chunk.
    private static final int HEAD_BYTES = 4096;

    // What an operation is, in the low bits of its data; above them the buffer's index, or the transfer's slot.
    static final int KIND_BITS = 2;
    private static final int KIND_MASK = (1 << KIND_BITS) - 1;
    static final int READ = 0;
    static final int SEND = 1;
    static final int POLL = 2;

    private static final long CLOSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);
    private static final long AWAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /// Those whose memory the kernel still sends from: they must not be collected.
    private static final Queue<ZeroCopyLoop> LINGERING = new ConcurrentLinkedQueue<>();

    final LoopContext context;
    final Settings settings;
    final ZeroCopyCounts counts = new ZeroCopyCounts();
    final SendRing ring;
    final Scarcity scarcity;
    final Slots<ZeroCopyBody> bodies = new Slots<>();

    private final RegisteredBuffers buffers;
    private final @Nullable ByteBuf[] taken;
    private final @Nullable ZeroCopyBody[] holders;
    private final boolean[] sendingZeroCopy;
    private final int kernelHoldsMax;
    /// SEND_ZCs whose last completion is to come.
    private int kernelHolds;

    /// Linux 6.2 can say whether it copied.
    private boolean reportsUsage = true;

    private boolean closed;
    private boolean lingering;

    /// @throws ringside.linux.KernelException when the kernel refuses
    /// @throws UnsupportedOperationException when the loop's ring can't be told from others
    ZeroCopyLoop(LoopContext context, Settings settings) {
        this.context = context;
        this.settings = settings;
        this.buffers = new RegisteredBuffers(context, settings.buffers(), settings.chunkBytes() + HEAD_BYTES);
        this.taken = new ByteBuf[settings.buffers()];
        this.holders = new ZeroCopyBody[settings.buffers()];
        this.sendingZeroCopy = new boolean[settings.buffers()];
        this.kernelHoldsMax = settings.buffers() * 3 / 4;
        this.scarcity = new Scarcity(() -> buffers.inStock() > 0);
        this.ring = SendRing.open(context, settings.registered() ? buffers : null, this::completed);
    }

    @Override
    public Transfer newTransfer(ChannelHandlerContext ctx, TransferListener listener) {
        return new ZeroCopyBody(ctx, this, listener).transfer();
    }

    @Override
    public Map<String, Long> counts() {
        return counts.asMap();
    }

    /// Buffers that are here.
    int inStock() {
        return buffers.inStock();
    }

    /// SEND_ZCs that the kernel hasn't given its last word on.
    int kernelHolds() {
        return kernelHolds;
    }

    /// Closed ones, of all loops, whose memory the kernel still sends from.
    static int lingering() {
        return LINGERING.size();
    }

    /// @return an empty buffer, which counts for `holder` until [ZeroCopyBody#bufferReturned()]; or null
    @Nullable
    ByteBuf take(ZeroCopyBody holder) {
        ByteBuf buffer = buffers.take(1);
        if (buffer != null) {
            int index = buffers.indexOf(buffer);
            taken[index] = buffer;
            holders[index] = holder;
        }
        return buffer;
    }

    /// The transfer is done with it.
    ///
    /// @return whether it is in stock again
    boolean giveBack(ByteBuf buffer) {
        return release(buffers.indexOf(buffer), buffer);
    }

    /// Submits a read of `length` bytes to the end of `buffer`. Only after [SendRing#room()].
    ///
    /// @return what [SendRing#cancel] takes
    long read(ByteBuf buffer, int fd, long offset, int length) {
        int index = buffers.indexOf(buffer);
        boolean fixed = settings.registered();
        if (fixed) {
            counts.fixedReads++;
        }
        return ring.operate(
                fixed ? IoUringAbi.IORING_OP_READ_FIXED : IoUringAbi.IORING_OP_READ,
                fd,
                offset,
                buffer.memoryAddress() + buffer.writerIndex(),
                length,
                0,
                0,
                fixed ? index : SendRing.NOT_REGISTERED,
                index << KIND_BITS | READ);
    }

    /// Whether a send of so much is to be a SEND_ZC.
    boolean wantsZeroCopy(int bytes) {
        return bytes >= settings.thresholdBytes() && kernelHolds < kernelHoldsMax;
    }

    /// Submits a send of what is readable in `buffer`. Only after [SendRing#room()].
    void send(ByteBuf buffer, int fd, int msgFlags, boolean zeroCopy) {
        int index = buffers.indexOf(buffer);
        int ioprio = 0;
        if (zeroCopy) {
            counts.zeroCopySends++;
            kernelHolds++;
            sendingZeroCopy[index] = true;
            buffer.retain();
            ioprio = (settings.registered() ? IoUringAbi.IORING_RECVSEND_FIXED_BUF : 0)
                    | (reportsUsage ? IoUringAbi.IORING_SEND_ZC_REPORT_USAGE : 0);
        } else {
            counts.plainSends++;
        }
        long ignored = ring.operate(
                zeroCopy ? IoUringAbi.IORING_OP_SEND_ZC : IoUringAbi.IORING_OP_SEND,
                fd,
                0,
                buffer.memoryAddress() + buffer.readerIndex(),
                buffer.readableBytes(),
                msgFlags,
                ioprio,
                zeroCopy && settings.registered() ? index : SendRing.NOT_REGISTERED,
                index << KIND_BITS | SEND);
    }

    /// The kernel has refused a SEND_ZC with EINVAL.
    ///
    /// @return whether it may be for the report that it was asked for: none is asked for from now on
    boolean canDoWithoutReport() {
        boolean asked = reportsUsage;
        reportsUsage = false;
        return asked;
    }

    private void completed(int data, int result, int flags) {
        int number = data >>> KIND_BITS;
        switch (data & KIND_MASK) {
            case READ -> holder(number).readCompleted(result);
            case SEND -> sendCompleted(number, result, flags);
            default -> bodies.get(number).polled(result);
        }
    }

    private void sendCompleted(int index, int result, int flags) {
        boolean notification = (flags & IoUringAbi.IORING_CQE_F_NOTIF) != 0;
        boolean more = (flags & IoUringAbi.IORING_CQE_F_MORE) != 0;
        if (notification) {
            if ((result & IoUringAbi.IORING_NOTIF_USAGE_ZC_COPIED) != 0) {
                counts.copied++;
            }
            kernelIsDone(index);
            return;
        }
        ZeroCopyBody holder = holder(index);
        boolean zeroCopy = sendingZeroCopy[index];
        sendingZeroCopy[index] = false;
        // The transfer first: it knows whether the buffer is still wanted.
        holder.sendCompleted(result, zeroCopy);
        if (zeroCopy && !more) {
            kernelIsDone(index);
        }
    }

    private void kernelIsDone(int index) {
        kernelHolds--;
        ByteBuf buffer = taken[index];
        if (buffer == null) {
            throw new IllegalStateException("a notification for buffer " + index + ", which nobody has");
        }
        boolean ignored = release(index, buffer);
        if (lingering && kernelHolds == 0) {
            lingering = false;
            LINGERING.remove(this);
            ring.unregister();
        }
    }

    private boolean release(int index, ByteBuf buffer) {
        if (!buffer.release()) {
            return false;
        }
        ZeroCopyBody holder = holder(index);
        taken[index] = null;
        holders[index] = null;
        holder.bufferReturned();
        scarcity.freed();
        return true;
    }

    private ZeroCopyBody holder(int index) {
        ZeroCopyBody holder = holders[index];
        if (holder == null) {
            throw new IllegalStateException("a completion for buffer " + index + ", which nobody has");
        }
        return holder;
    }

    /// Waits a while for the kernel to be done with the buffers, where the ring is ours; the event loop's tells later.
    /// Memory that the kernel still sends from then is kept: what is written there would go to the peer.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        long deadline = System.nanoTime() + CLOSE_NANOS_MAX;
        while (kernelHolds > 0 && System.nanoTime() < deadline && ring.await(AWAIT_NANOS)) {
            // Completions are handed over in there.
        }
        ring.close();
        if (kernelHolds == 0) {
            ring.unregister();
            return;
        }
        lingering = true;
        LINGERING.add(this);
        System.getLogger(ZeroCopyLoop.class.getName())
                .log(
                        System.Logger.Level.DEBUG,
                        "peers haven't acknowledged what " + kernelHolds + " sends sent without a copy: the memory of "
                                + settings.buffers() + " buffers is kept until they do, or the process ends");
    }
}
