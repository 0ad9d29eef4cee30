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
final class SpliceBody implements RingTransfer.Body, Scarcity.Party {

    // What an operation of a transfer is, in the low bits of its user data.
    static final int KIND_BITS = 2;
    static final int KIND_MASK = (1 << KIND_BITS) - 1;
    private static final int FILL = 0;
    private static final int DRAIN = 1;
    private static final int POLL = 2;
    static final int CANCEL = 3;

    private static final int POLLOUT = 4;

    private final UringSpliceEngine.SpliceLoop loop;
    private final RingTransfer transfer;
    private final RangeUnderWay range;
    private final Scarcity.Place place = new Scarcity.Place(this);

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
    private int slot;

    SpliceBody(ChannelHandlerContext ctx, UringSpliceEngine.SpliceLoop loop, TransferListener listener) {
        this.loop = loop;
        this.transfer = new RingTransfer(ctx, loop.context, this, listener);
        this.range = transfer.range();
    }

    RingTransfer transfer() {
        return transfer;
    }

    @Override
    public void opened() {
        slot = loop.bodies.add(this);
    }

    @Override
    public void closed() {
        loop.bodies.remove(slot);
    }

    @Override
    public boolean inFlight() {
        return filling || draining || polling;
    }

    @Override
    public boolean awaitsPeer() {
        return polling;
    }

    @Override
    public boolean allSent() {
        return range.complete() && pipeIsEmpty() && transfer.headIsTaken();
    }

    /// The channel is empty, or a pipe is free.
    @Override
    public void goOn() {
        try {
            advance();
        } catch (Throwable e) {
            transfer.defect(e);
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
            transfer.defect(e);
        }
    }

    /// Submits the next chain, or sees what it has to wait for.
    private void advance() {
        OpenFile file = transfer.fileIfGoingOn();
        if (file == null || inFlight() || !transfer.mayOperate()) {
            return;
        }
        Pipe through = pipe == null ? takePipe() : pipe;
        if (through == null || (pipeIsEmpty() && !putHead(through))) {
            return;
        }
        fillBytes = transfer.headIsTaken() && bodyInPipeBytes == 0
                ? (int) Math.min(
                        Math.min(range.remainingBytes(), loop.chunkBytes),
                        through.fileBytesMax(headInPipeBytes, range.position()))
                : 0;
        submit(file, through);
    }

    private @Nullable Pipe takePipe() {
        if (waiting) {
            return null;
        }
        Pipe taken = loop.pipes.take();
        while (taken == null && loop.scarcity.reclaim()) {
            taken = loop.pipes.take();
        }
        if (taken != null) {
            pipe = taken;
        } else if (loop.pipes.refused() < 0) {
            transfer.endWith(loop.pipes.refused());
        } else {
            waiting = true;
            loop.scarcity.await(place);
        }
        return taken;
    }

    @Override
    public void served() {
        waiting = false;
        goOn();
    }

    /// Puts what is left of the head into the empty pipe.
    ///
    /// @return false if the transfer has ended over it
    private boolean putHead(Pipe through) {
        ByteBuf rest = transfer.head();
        if (rest == null || !rest.isReadable()) {
            return true;
        }
        long put = through.write(rest.memoryAddress() + rest.readerIndex(), rest.readableBytes());
        if (put <= 0) {
            transfer.endWith(put == 0 ? -Errno.EIO : (int) put);
            return false;
        }
        headInPipeBytes = (int) put;
        rest.skipBytes((int) put);
        return true;
    }

    private void submit(OpenFile file, Pipe through) {
        int refused = loop.ring.room(fillBytes > 0 ? 2 : 1);
        if (refused < 0) {
            transfer.endWith(refused);
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
        boolean last = range.remainingBytes() == fillBytes && transfer.headIsTaken();
        loop.ring.prepare(
                IoUringAbi.IORING_OP_SPLICE,
                transfer.socketFd(),
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
        if (transfer.endsNow()) {
            return;
        }
        if (filled && fillResult == 0) {
            transfer.endWith(Transfer.SHRANK);
        } else if (filled && fillResult < 0) {
            again(fillResult);
        } else if (drainResult > 0 && pipeIsEmpty()) {
            if (allSent()) {
                transfer.endWith(Transfer.DONE);
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
            transfer.endWith(result);
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
        transfer.moved(bytes);
        if (bodyInPipeBytes < 0) {
            throw new IllegalStateException("more has come out of the pipe than was put in");
        }
        if (headInPipeBytes == 0 && transfer.headIsTaken()) {
            transfer.releaseHead();
        }
    }

    private void awaitSocket() {
        int refused = loop.ring.room(1);
        if (refused < 0) {
            transfer.endWith(refused);
            return;
        }
        polling = true;
        loop.ring.prepare(IoUringAbi.IORING_OP_POLL_ADD, transfer.socketFd(), 0, 0, 0, POLLOUT, 0, 0, userData(POLL));
        loop.scarcity.stalled(place);
    }

    private void polled(int result) {
        loop.scarcity.leave(place);
        if (transfer.endsNow()) {
            return;
        }
        if (result < 0) {
            transfer.endWith(result);
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
        range.advance(-bodyInPipeBytes);
        ByteBuf head = transfer.head();
        if (head != null) {
            head.readerIndex(head.readerIndex() - headInPipeBytes);
        }
        bodyInPipeBytes = 0;
        headInPipeBytes = 0;
        pipe = null;
        loop.pipes.discard(given);
        return true;
    }

    /// A drain doesn't wait for anything, and a fill for the device only. If there is no room the ring is broken,
    /// and all that it hasn't taken is about to complete.
    @Override
    public void cancelInFlight() {
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

    @Override
    public void release() {
        loop.scarcity.leave(place);
        waiting = false;
        Pipe given = pipe;
        boolean clean = pipeIsEmpty() && drainResult >= 0;
        pipe = null;
        headInPipeBytes = 0;
        bodyInPipeBytes = 0;
        if (given == null) {
            return;
        }
        if (clean) {
            loop.pipes.giveBack(given);
        } else {
            loop.pipes.discard(given);
        }
        loop.scarcity.freed();
    }
}
