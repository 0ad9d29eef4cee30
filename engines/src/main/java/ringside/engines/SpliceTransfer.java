package ringside.engines;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.IoUringAbi;
import ringside.linux.Pipe;

/// Sends a head and a range of a file through a pipe, by chains of two splices on a ring.
///
/// ```
///   head ──write(2)──► ┌──────┐
///                      │ pipe │ ──drain: SPLICE, MORE while more follows──► socket
///   file ──fill: SPLICE► └──────┘
///           └── linked: the drain starts on the fill's worker thread when the fill is complete
/// ```
///
/// The head goes into the pipe before the file, so that it leaves with the first bytes of the body in one segment, and
/// only when these have been read: a file that can't be read can still be answered otherwise.
///
/// ```
///          start         a pipe is free,            both have completed, pipe empty
///   idle ─────────► waiting ─────────► chain ─────────────────────────────────────► next chain, or idle
///    ▲               ▲ channel empty     │ something is left in the pipe
///    │               │                   ▼
///    │               └──────────────── stalled: POLL_ADD of the socket; then the rest is drained
///    │                 pipe surrendered  │
///    └── cancel, failure: from any state, when nothing is in flight any more
/// ```
///
/// What the kernel has moved is counted by the results of both splices, whatever their order: nothing else is
/// assumed of a chain. `position` is what has been put into the pipe; what is in there and can't be sent is put there
/// again later, or never: a pipe that isn't empty in the end is emptied.
///
/// Neither end waits: pipe and socket have `O_NONBLOCK`, a full socket answers EAGAIN to a splice (io_uring doesn't
/// poll for splices), and a slow client holds no worker thread. Only the device is waited for.
final class SpliceTransfer implements Transfer, PastChannel.Sender, Scarcity.Party {

    // What an operation of a transfer is, in the low bits of its user data.
    static final int KIND_BITS = 2;
    static final int KIND_MASK = (1 << KIND_BITS) - 1;
    private static final int FILL = 0;
    private static final int DRAIN = 1;
    private static final int POLL = 2;
    static final int CANCEL = 3;

    private static final int POLLOUT = 4;
    private static final int NO_SLOT = -1;
    /// In place of a status, while the transfer goes on.
    private static final int GOES_ON = Integer.MIN_VALUE;

    private final ChannelHandlerContext ctx;
    private final UringSpliceEngine.SpliceLoop loop;
    private final TransferListener listener;
    private final PastChannel channel;
    private final HeldSocket socket;
    private final RangeUnderWay range = new RangeUnderWay();
    private final Scarcity.Place place = new Scarcity.Place(this);

    /// As long as some of it may have to be put into a pipe. Its reader index is behind what has been put.
    private @Nullable ByteBuf head;

    private @Nullable Pipe pipe;
    private int headInPipeBytes;
    private int bodyInPipeBytes;
    /// What the fill in flight, or just completed, was to bring; 0 for none.
    private int fillBytes;

    private int fillResult;
    private int drainResult;
    private boolean filling;
    private boolean draining;
    private boolean polling;
    private boolean waiting;
    private int slot = NO_SLOT;
    private int statusAtEnd = GOES_ON;
    private boolean headWritten;
    private long bytesMoved;

    SpliceTransfer(ChannelHandlerContext ctx, UringSpliceEngine.SpliceLoop loop, TransferListener listener) {
        this.ctx = ctx;
        this.loop = loop;
        this.listener = listener;
        this.channel = new PastChannel(ctx, this);
        this.socket = new HeldSocket(ctx.channel(), loop.kernel, this::channelClosed);
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
        if (slot == NO_SLOT) {
            slot = loop.transfers.add(this);
        }
        advance();
    }

    @Override
    public long bytesMoved() {
        return bytesMoved;
    }

    @Override
    public boolean awaitsPeer() {
        return polling;
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

    /// The channel is empty, or a pipe is free.
    @Override
    public void goOn() {
        waiting = false;
        try {
            advance();
        } catch (Throwable e) {
            ctx.pipeline().fireExceptionCaught(e);
        }
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

    /// An operation has ended.
    void completed(int kind, int result) {
        switch (kind) {
            case FILL -> {
                filling = false;
                fillResult = result;
            }
            case DRAIN -> {
                draining = false;
                drainResult = result;
            }
            default -> polling = false;
        }
        if (inFlight()) {
            return;
        }
        try {
            if (kind == POLL) {
                polled(result);
            } else {
                moved();
            }
        } catch (Throwable e) {
            // The caller has other connections' completions in its hands.
            ctx.pipeline().fireExceptionCaught(e);
        }
    }

    private boolean inFlight() {
        return filling || draining || polling;
    }

    /// Submits the next chain, or sees what it has to wait for.
    private void advance() {
        OpenFile file = range.file();
        if (file == null || waiting || inFlight() || statusAtEnd != GOES_ON) {
            return;
        }
        if (!channel.holdsNothing()) {
            channel.awaitNothing();
            return;
        }
        Pipe through = pipe == null ? takePipe() : pipe;
        if (through == null) {
            return;
        }
        if (headInPipeBytes + bodyInPipeBytes == 0 && !putHead(through)) {
            return;
        }
        boolean headComplete = head == null || !head.isReadable();
        fillBytes = headComplete && bodyInPipeBytes == 0
                ? (int) Math.min(
                        Math.min(range.remainingBytes(), loop.chunkBytes),
                        through.fileBytesMax(headInPipeBytes, range.position()))
                : 0;
        submit(file, through);
    }

    private @Nullable Pipe takePipe() {
        Pipe taken = loop.pipes.take();
        while (taken == null && loop.scarcity.reclaim()) {
            taken = loop.pipes.take();
        }
        if (taken != null) {
            pipe = taken;
        } else if (loop.pipes.refused() < 0) {
            endWith(loop.pipes.refused());
        } else {
            waiting = true;
            loop.scarcity.await(place);
        }
        return taken;
    }

    /// Puts what is left of the head into the empty pipe.
    ///
    /// @return false if the transfer has ended over it
    private boolean putHead(Pipe through) {
        ByteBuf rest = head;
        if (rest == null || !rest.isReadable()) {
            return true;
        }
        long put = through.write(rest.memoryAddress() + rest.readerIndex(), rest.readableBytes());
        if (put <= 0) {
            endWith(put == 0 ? -Errno.EIO : (int) put);
            return false;
        }
        headInPipeBytes = (int) put;
        rest.skipBytes((int) put);
        return true;
    }

    private void submit(OpenFile file, Pipe through) {
        int refused = loop.ring.room(fillBytes > 0 ? 2 : 1);
        if (refused < 0) {
            endWith(refused);
            return;
        }
        if (fillBytes > 0) {
            filling = true;
            loop.ring.prepare(
                    IoUringAbi.IORING_OP_SPLICE,
                    through.writeFd(),
                    -1,
                    range.position(),
                    fillBytes,
                    Pipe.SPLICE_F_NONBLOCK,
                    0,
                    file.fd(),
                    userData(FILL));
            loop.ring.linkNext();
        }
        fillResult = 0;
        draining = true;
        boolean last = range.remainingBytes() == fillBytes && (head == null || !head.isReadable());
        loop.ring.prepare(
                IoUringAbi.IORING_OP_SPLICE,
                socket.fd(),
                -1,
                -1,
                headInPipeBytes + bodyInPipeBytes + fillBytes,
                Pipe.SPLICE_F_NONBLOCK | (last ? 0 : Pipe.SPLICE_F_MORE),
                0,
                through.readFd(),
                userData(DRAIN));
    }

    private long userData(int kind) {
        return (long) slot << KIND_BITS | kind;
    }

    /// A chain has ended: counts what it has moved, and decides what is next.
    private void moved() {
        boolean filled = fillBytes > 0;
        if (fillResult > 0) {
            bodyInPipeBytes += fillResult;
            range.advance(fillResult);
        }
        if (drainResult > 0) {
            taken(drainResult);
        }
        if (statusAtEnd != GOES_ON) {
            // All was sent before the cancel had an effect: the peer has a whole answer.
            boolean whole = statusAtEnd == CANCELLED && range.complete() && pipeIsEmpty();
            end(whole ? DONE : statusAtEnd);
        } else if (filled && fillResult == 0) {
            end(SHRANK);
        } else if (filled && fillResult < 0) {
            again(fillResult);
        } else if (drainResult > 0 && pipeIsEmpty()) {
            if (range.complete() && (head == null || !head.isReadable())) {
                end(DONE);
            } else {
                advance();
            }
        } else if (drainResult > 0 || drainResult == -Errno.EAGAIN) {
            awaitSocket();
        } else if (drainResult == -Errno.ECANCELED && filled) {
            // The fill was short, and so the chain has ended: what came is drained, and the next fill tells.
            advance();
        } else {
            again(drainResult == 0 ? -Errno.EAGAIN : drainResult);
        }
    }

    private void again(int result) {
        if (range.mayRestart(result)) {
            advance();
        } else {
            end(result);
        }
    }

    private boolean pipeIsEmpty() {
        return headInPipeBytes + bodyInPipeBytes == 0;
    }

    /// The socket has taken bytes from the pipe.
    private void taken(int bytes) {
        int ofHead = Math.min(bytes, headInPipeBytes);
        headInPipeBytes -= ofHead;
        bodyInPipeBytes -= bytes - ofHead;
        bytesMoved += bytes;
        headWritten = true;
        if (bodyInPipeBytes < 0) {
            throw new IllegalStateException("more has come out of the pipe than was put in");
        }
        ByteBuf sent = head;
        if (sent != null && headInPipeBytes == 0 && !sent.isReadable()) {
            head = null;
            sent.release();
        }
    }

    private void awaitSocket() {
        int refused = loop.ring.room(1);
        if (refused < 0) {
            end(refused);
            return;
        }
        polling = true;
        loop.ring.prepare(IoUringAbi.IORING_OP_POLL_ADD, socket.fd(), 0, 0, 0, POLLOUT, 0, 0, userData(POLL));
        loop.scarcity.stalled(place);
    }

    private void polled(int result) {
        loop.scarcity.leave(place);
        if (statusAtEnd != GOES_ON) {
            end(statusAtEnd);
        } else if (result < 0) {
            end(result);
        } else {
            advance();
        }
    }

    /// The bytes in the pipe are put there again when the client takes some.
    @Override
    public boolean surrender() {
        Pipe given = pipe;
        if (given == null) {
            return false;
        }
        rewind();
        pipe = null;
        loop.pipes.discard(given);
        return true;
    }

    private void rewind() {
        range.advance(-bodyInPipeBytes);
        if (head != null) {
            head.readerIndex(head.readerIndex() - headInPipeBytes);
        }
        bodyInPipeBytes = 0;
        headInPipeBytes = 0;
    }

    /// Ends the transfer as soon as nothing of it is in flight.
    private void endWith(int status) {
        if (!inFlight()) {
            end(status);
            return;
        }
        if (statusAtEnd != GOES_ON) {
            return;
        }
        statusAtEnd = status;
        // A drain doesn't wait for anything, and a fill for the device only. If there is no room the ring is broken,
        // and all that it hasn't taken is about to complete.
        if ((polling || filling) && loop.ring.room(1) == 0) {
            loop.ring.prepare(
                    IoUringAbi.IORING_OP_ASYNC_CANCEL,
                    -1,
                    0,
                    userData(polling ? POLL : FILL),
                    0,
                    0,
                    0,
                    0,
                    userData(CANCEL));
        }
    }

    private void end(int status) {
        loop.scarcity.leave(place);
        waiting = false;
        Pipe given = pipe;
        pipe = null;
        boolean clean = status == DONE && pipeIsEmpty();
        headInPipeBytes = 0;
        bodyInPipeBytes = 0;
        ByteBuf unsent = head;
        head = null;
        if (unsent != null) {
            unsent.release();
        }
        range.release();
        if (socket.channelClosed()) {
            letGo();
        }
        if (given != null) {
            if (clean) {
                loop.pipes.giveBack(given);
            } else {
                loop.pipes.discard(given);
            }
            loop.scarcity.freed();
        }
        listener.transferEnded(status, headWritten);
    }

    private void letGo() {
        socket.release();
        if (slot != NO_SLOT) {
            loop.transfers.remove(slot);
            slot = NO_SLOT;
        }
    }
}
