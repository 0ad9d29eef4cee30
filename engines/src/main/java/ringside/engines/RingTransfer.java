package ringside.engines;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.linux.Errno;

/// A transfer by operations on a ring, past the channel: what there is to it besides the moving of the bytes, which a
/// [Body] does.
///
/// ```
///          start                          all sent
///   idle ─────────► the body goes on ──────────────────────► idle
///                     │ cancel, failure                        ▲
///                     └──────► ending ── nothing in flight ────┘
/// ```
///
/// Nothing that is in flight is left alone: pipe, buffers, file and socket are the transfer's until the last operation
/// has completed.
final class RingTransfer implements Transfer, PastChannel.Sender {

    /// The moving of the bytes of one connection, from transfer to transfer.
    interface Body {
        /// There is a socket to send to: [#socketFd()]. Once, before the first byte is moved.
        void opened();

        /// Does what can be done now, and sees to it that it is called again. May be called for nothing.
        void goOn();

        boolean inFlight();

        /// Has what is in flight end soon.
        void cancelInFlight();

        /// Whether head and range have gone to the socket.
        boolean allSent();

        /// Whether nothing can be done before the peer takes bytes.
        boolean awaitsPeer();

        /// The transfer has ended, and nothing is in flight: gives back what it holds.
        void release();

        /// The connection has ended, and with it the need for what [#opened()] got.
        void closed();
    }

    /// In place of a status, while the transfer goes on.
    private static final int GOES_ON = Integer.MIN_VALUE;

    private final ChannelHandlerContext ctx;
    private final Body body;
    private final TransferListener listener;
    private final PastChannel channel;
    private final HeldSocket socket;
    private final RangeUnderWay range = new RangeUnderWay();

    private @Nullable ByteBuf head;
    private boolean opened;
    private int statusAtEnd = GOES_ON;
    private boolean headWritten;
    private long bytesMoved;

    RingTransfer(ChannelHandlerContext ctx, LoopContext context, Body body, TransferListener listener) {
        this.ctx = ctx;
        this.body = body;
        this.listener = listener;
        this.channel = new PastChannel(ctx, this);
        this.socket = new HeldSocket(ctx.channel(), context.kernel(), this::channelClosed);
    }

    @Override
    public void start(ByteBuf head, OpenFile file, long offset, long lengthBytes) {
        range.begin(file, offset, lengthBytes);
        headWritten = false;
        statusAtEnd = GOES_ON;
        if (!ctx.channel().isOpen()) {
            end(-Errno.ECONNABORTED);
            return;
        }
        try {
            if (lengthBytes == 0) {
                // Left to the channel, so that several such answers can leave in one write.
                channel.writeHead(head, 0);
                headWritten = true;
                end(statusAtEnd == GOES_ON ? DONE : statusAtEnd);
                return;
            }
            int headBytes = head.readableBytes();
            if (headBytes > 0) {
                this.head = ctx.alloc().directBuffer(headBytes).writeBytes(head, head.readerIndex(), headBytes);
            }
        } catch (OutOfMemoryError e) {
            end(-Errno.ENOMEM);
            return;
        }
        int fd = socket.hold();
        if (fd < 0) {
            end(fd);
            return;
        }
        if (!opened) {
            opened = true;
            body.opened();
        }
        body.goOn();
    }

    @Override
    public long bytesMoved() {
        return bytesMoved;
    }

    @Override
    public boolean awaitsPeer() {
        return range.underWay() && body.awaitsPeer();
    }

    @Override
    public void writabilityChanged() {
        // Nothing of the body is in the channel.
    }

    @Override
    public void cancel() {
        if (channel.isWriting()) {
            statusAtEnd = CANCELLED;
        } else if (range.underWay()) {
            endWith(CANCELLED);
        }
    }

    /// The channel is empty.
    @Override
    public void goOn() {
        body.goOn();
    }

    @Override
    public void failed(int error) {
        if (range.underWay()) {
            endWith(error);
        }
    }

    /// The descriptor that Netty closed was one of two: the peer hears of it when ours is closed.
    private void channelClosed() {
        if (range.underWay()) {
            endWith(-Errno.ECONNABORTED);
        } else {
            letGo();
        }
    }

    // ---- for the body ----

    RangeUnderWay range() {
        return range;
    }

    /// The file that bytes are to be moved from; null when none are, or no more.
    @Nullable
    OpenFile fileIfGoingOn() {
        return statusAtEnd == GOES_ON ? range.file() : null;
    }

    int socketFd() {
        return socket.fd();
    }

    /// Whether an operation on the socket may be prepared. If not, [Body#goOn] comes when it may.
    boolean mayOperate() {
        if (channel.holdsNothing()) {
            return true;
        }
        channel.awaitNothing();
        return false;
    }

    /// What the body hasn't taken of the head: it moves the reader index; null when all has gone, or there is none.
    @Nullable
    ByteBuf head() {
        return head;
    }

    /// Whether nothing of the head is left to take.
    boolean headIsTaken() {
        return head == null || !head.isReadable();
    }

    /// The whole head has gone, or is elsewhere.
    void releaseHead() {
        replaceHead(null);
    }

    /// @param replacement owned by this object from now on
    void replaceHead(@Nullable ByteBuf replacement) {
        ByteBuf before = head;
        head = replacement;
        if (before != null) {
            before.release();
        }
    }

    /// @throws OutOfMemoryError if there is none
    ByteBuf allocate(int bytes) {
        return ctx.alloc().directBuffer(bytes);
    }

    /// The socket has taken so much.
    void moved(int bytes) {
        bytesMoved += bytes;
        headWritten = true;
        range.advance(0);
    }

    /// Ends the transfer as soon as nothing of it is in flight. The last thing a method does.
    void endWith(int status) {
        if (statusAtEnd == GOES_ON) {
            statusAtEnd = status;
            if (body.inFlight()) {
                body.cancelInFlight();
            }
        }
        boolean ignored = endsNow();
    }

    /// An operation has completed: ends the transfer if that was all that it waited for.
    ///
    /// @return whether it is ending, or has ended
    boolean endsNow() {
        if (statusAtEnd == GOES_ON) {
            return false;
        }
        if (!body.inFlight()) {
            // All was sent before the cancel had an effect: the peer has a whole answer.
            end(statusAtEnd == CANCELLED && body.allSent() ? DONE : statusAtEnd);
        }
        return true;
    }

    /// Something is wrong with this program: nobody else would hear of it.
    void defect(Throwable e) {
        ctx.pipeline().fireExceptionCaught(e);
    }

    private void end(int status) {
        statusAtEnd = status;
        range.release();
        releaseHead();
        if (socket.channelClosed()) {
            letGo();
        }
        body.release();
        listener.transferEnded(status, headWritten);
    }

    private void letGo() {
        socket.release();
        if (opened) {
            opened = false;
            body.closed();
        }
    }
}
