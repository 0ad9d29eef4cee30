package ringside.engines;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.IoUringAbi;
import ringside.linux.SocketSend;

/// Reads a range of a file into buffers that the kernel then sends from, past the channel.
///
/// ```
///   file ──READ, READ_FIXED──► next ──► sending ──SEND, SEND_ZC──► socket
///                              the head is in front of the first chunk
/// ```
///
/// One read and one send are under way at a time: while a chunk is sent the next is read. A send doesn't wait
/// (`MSG_DONTWAIT`): a full socket is polled for, so that the buffers of a slow client stay in reach for others
/// ([Scarcity]), their bytes to be read again later.
///
/// ```
///          start        buffer read              sent in part         nothing in flight, all sent
///   idle ────────► reading ───────► sending ◄──────────────► polling
///    ▲               │ ▲ no buffer, or `window` of them with the kernel
///    │               ▼ │
///    │             waiting
///    └── cancel, failure: from any state, when nothing is in flight any more
/// ```
///
/// A transfer ends when the socket has taken the last byte. Buffers that the kernel still sends from are the loop's
/// business ([ZeroCopyLoop]).
final class ZeroCopyTransfer implements Transfer, PastChannel.Sender, Scarcity.Party {

    private static final int POLLOUT = 4;
    private static final int NO_SLOT = -1;
    /// In place of a status, while the transfer goes on.
    private static final int GOES_ON = Integer.MIN_VALUE;

    private final ChannelHandlerContext ctx;
    private final ZeroCopyLoop loop;
    private final TransferListener listener;
    private final PastChannel channel;
    private final HeldSocket socket;
    private final RangeUnderWay range = new RangeUnderWay();
    private final Scarcity.Place place = new Scarcity.Place(this);

    /// What isn't in a buffer yet.
    private @Nullable ByteBuf head;
    /// How much of the head is in buffers and hasn't been sent: it is in front.
    private int headUnsentBytes;

    private @Nullable ByteBuf sending;
    /// Being read into, or read.
    private @Nullable ByteBuf next;

    private boolean readInFlight;
    private boolean sendInFlight;
    private boolean polling;
    private boolean waiting;
    private long readToken;
    private long pollToken;
    /// Buffers that count for this connection, those with the kernel included.
    private int window;

    /// What is being sent is not to be sent by SEND_ZC.
    private boolean plainNow;
    /// This socket has no zero copy.
    private boolean plainAlways;

    private int slot = NO_SLOT;
    private int statusAtEnd = GOES_ON;
    private boolean headWritten;
    private long bytesMoved;

    ZeroCopyTransfer(ChannelHandlerContext ctx, ZeroCopyLoop loop, TransferListener listener) {
        this.ctx = ctx;
        this.loop = loop;
        this.listener = listener;
        this.channel = new PastChannel(ctx, this);
        this.socket = new HeldSocket(ctx.channel(), loop.context.kernel(), this::channelClosed);
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
        pump();
    }

    @Override
    public long bytesMoved() {
        return bytesMoved;
    }

    @Override
    public boolean awaitsPeer() {
        boolean windowUsed = window >= loop.settings.window() && sending == null && next == null;
        return polling || (range.underWay() && windowUsed);
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

    /// The channel is empty, or there is a buffer.
    @Override
    public void goOn() {
        waiting = false;
        try {
            pump();
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

    /// One of this connection's buffers is in stock again.
    void bufferReturned() {
        window--;
        if (range.underWay() && statusAtEnd == GOES_ON && !waiting && !polling && sending == null && next == null) {
            goOn();
        }
    }

    private boolean inFlight() {
        return readInFlight || sendInFlight || polling;
    }

    /// Has the next chunk sent and the one after it read, as far as that is possible now.
    private void pump() {
        if (!range.underWay() || statusAtEnd != GOES_ON) {
            return;
        }
        do {
            if (sending == null && !readInFlight) {
                sending = next;
                next = null;
            }
            if (sending != null && !sendInFlight && !polling && !send(sending)) {
                return;
            }
        } while (mayRead() && read() && sending == null && !readInFlight);
    }

    private boolean mayRead() {
        // A client that has given its buffers to others gets them back when it takes bytes again.
        boolean surrendered = polling && sending == null;
        return next == null
                && !waiting
                && !surrendered
                && range.underWay()
                && statusAtEnd == GOES_ON
                && window < loop.settings.window()
                && (!range.complete() || head != null);
    }

    /// Takes a buffer and has it filled.
    ///
    /// @return false if there is none, or the transfer has ended over it
    private boolean read() {
        OpenFile file = range.file();
        // To read ahead is no reason to have anybody give something back.
        ByteBuf buffer = sending != null && loop.scarcity.waiting() > 0 ? null : loop.take(this);
        while (buffer == null && sending == null && loop.scarcity.reclaim()) {
            buffer = loop.take(this);
        }
        if (buffer == null || file == null) {
            if (sending == null) {
                waiting = true;
                loop.scarcity.await(place);
            }
            return false;
        }
        window++;
        next = buffer;
        putHead(buffer);
        int length = head != null
                ? 0
                : (int) Math.min(Math.min(loop.settings.chunkBytes(), buffer.writableBytes()), range.remainingBytes());
        return length == 0 || fill(file, buffer, length);
    }

    private void putHead(ByteBuf buffer) {
        ByteBuf rest = head;
        if (rest == null) {
            return;
        }
        int bytes = Math.min(rest.readableBytes(), buffer.writableBytes());
        buffer.writeBytes(rest, bytes);
        headUnsentBytes += bytes;
        if (!rest.isReadable()) {
            head = null;
            rest.release();
        }
    }

    private boolean fill(OpenFile file, ByteBuf buffer, int length) {
        int refused = loop.ring.room();
        if (refused < 0) {
            endWith(refused);
            return false;
        }
        readInFlight = true;
        readToken = loop.read(buffer, file.fd(), range.position(), length);
        return true;
    }

    void readCompleted(int result) {
        readInFlight = false;
        try {
            if (statusAtEnd != GOES_ON) {
                endWhenQuiet();
            } else if (result > 0) {
                arrived(result);
            } else if (result == 0) {
                endWith(SHRANK);
            } else if (range.mayRestart(result)) {
                fillAgain();
            } else {
                endWith(result);
            }
        } catch (Throwable e) {
            // The caller has other connections' completions in its hands.
            ctx.pipeline().fireExceptionCaught(e);
        }
    }

    private void arrived(int bytes) {
        ByteBuf buffer = next;
        if (buffer == null) {
            throw new IllegalStateException("a read without a buffer");
        }
        buffer.writerIndex(buffer.writerIndex() + bytes);
        range.advance(bytes);
        if (polling) {
            // What has just been read can be surrendered, too.
            loop.scarcity.leave(place);
            loop.scarcity.stalled(place);
        }
        pump();
    }

    private void fillAgain() {
        OpenFile file = range.file();
        ByteBuf buffer = next;
        if (file != null && buffer != null) {
            long length =
                    Math.min(Math.min(loop.settings.chunkBytes(), buffer.writableBytes()), range.remainingBytes());
            boolean ignored = fill(file, buffer, (int) length);
        }
    }

    /// @return false if it can't be sent now, or the transfer has ended over it
    private boolean send(ByteBuf buffer) {
        if (!channel.holdsNothing()) {
            channel.awaitNothing();
            return range.underWay();
        }
        int refused = loop.ring.room();
        if (refused < 0) {
            endWith(refused);
            return false;
        }
        boolean last = range.complete() && next == null;
        boolean zeroCopy = !plainNow && !plainAlways && loop.wantsZeroCopy(buffer.readableBytes());
        sendInFlight = true;
        int flags = SocketSend.MSG_DONTWAIT | SocketSend.MSG_NOSIGNAL | (last ? 0 : SocketSend.MSG_MORE);
        loop.send(buffer, socket.fd(), flags, zeroCopy);
        return true;
    }

    /// @param zeroCopy whether it was a SEND_ZC
    void sendCompleted(int result, boolean zeroCopy) {
        sendInFlight = false;
        try {
            if (result > 0) {
                sent(result);
            }
            if (statusAtEnd != GOES_ON) {
                endWhenQuiet();
            } else if (result > 0) {
                sendNext();
            } else if (result == -Errno.EAGAIN || result == 0) {
                awaitSocket();
            } else if (range.mayRestart(result) || (zeroCopy && canDoWithout(result))) {
                pump();
            } else {
                endWith(result);
            }
        } catch (Throwable e) {
            // The caller has other connections' completions in its hands.
            ctx.pipeline().fireExceptionCaught(e);
        }
    }

    /// Whether a SEND_ZC was refused for being one.
    private boolean canDoWithout(int result) {
        switch (-result) {
            case Errno.ENOBUFS, Errno.ENOMEM -> {
                // Over the limit on locked memory, or on a socket's ancillary memory (net.core.optmem_max).
                loop.counts.refused++;
                plainNow = true;
            }
            case Errno.EOPNOTSUPP -> {
                loop.counts.refused++;
                plainAlways = true;
            }
            case Errno.EINVAL -> {
                return loop.canDoWithoutReport();
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void sent(int bytes) {
        ByteBuf buffer = sending;
        if (buffer == null || bytes > buffer.readableBytes()) {
            throw new IllegalStateException("more was sent than was there");
        }
        buffer.skipBytes(bytes);
        headUnsentBytes = Math.max(0, headUnsentBytes - bytes);
        bytesMoved += bytes;
        headWritten = true;
        plainNow = false;
        range.advance(0);
        if (!buffer.isReadable()) {
            sending = null;
            // Its return would have us go on: not before this send is accounted for.
            int goesOn = statusAtEnd;
            statusAtEnd = goesOn == GOES_ON ? DONE : goesOn;
            boolean ignored = loop.giveBack(buffer);
            statusAtEnd = goesOn;
        }
    }

    private void sendNext() {
        if (sending != null) {
            awaitSocket();
        } else if (allSent()) {
            end(DONE);
        } else {
            pump();
        }
    }

    private boolean allSent() {
        return sending == null && next == null && head == null && range.complete();
    }

    private void awaitSocket() {
        int refused = loop.ring.room();
        if (refused < 0) {
            endWith(refused);
            return;
        }
        polling = true;
        pollToken = loop.ring.operate(
                IoUringAbi.IORING_OP_POLL_ADD,
                socket.fd(),
                0,
                0,
                0,
                POLLOUT,
                0,
                SendRing.NOT_REGISTERED,
                slot << ZeroCopyLoop.KIND_BITS | ZeroCopyLoop.POLL);
        loop.scarcity.stalled(place);
        pump();
    }

    void polled(int result) {
        polling = false;
        loop.scarcity.leave(place);
        try {
            if (statusAtEnd != GOES_ON) {
                endWhenQuiet();
            } else if (result < 0) {
                endWith(result);
            } else {
                pump();
            }
        } catch (Throwable e) {
            // The caller has other connections' completions in its hands.
            ctx.pipeline().fireExceptionCaught(e);
        }
    }

    /// What wasn't sent is read again when the client takes some.
    @Override
    public boolean surrender() {
        if (readInFlight) {
            return false;
        }
        ByteBuf first = sending;
        ByteBuf second = next;
        if (first == null) {
            return false;
        }
        int unsent = first.readableBytes() + (second == null ? 0 : second.readableBytes());
        if (headUnsentBytes > 0 && !keepHead(first, second)) {
            return false;
        }
        range.advance(headUnsentBytes - unsent);
        headUnsentBytes = 0;
        sending = null;
        next = null;
        boolean returned = loop.giveBack(first);
        if (second != null) {
            returned |= loop.giveBack(second);
        }
        return returned;
    }

    /// Takes the unsent part of the head back out of the buffers.
    private boolean keepHead(ByteBuf first, @Nullable ByteBuf second) {
        ByteBuf rest = head;
        int later = rest == null ? 0 : rest.readableBytes();
        ByteBuf kept;
        try {
            kept = ctx.alloc().directBuffer(headUnsentBytes + later);
        } catch (OutOfMemoryError e) {
            return false;
        }
        int inFirst = Math.min(headUnsentBytes, first.readableBytes());
        kept.writeBytes(first, first.readerIndex(), inFirst);
        if (second != null) {
            kept.writeBytes(second, second.readerIndex(), headUnsentBytes - inFirst);
        }
        if (rest != null) {
            kept.writeBytes(rest);
            rest.release();
        }
        head = kept;
        return true;
    }

    /// Ends the transfer as soon as nothing of it is in flight.
    private void endWith(int status) {
        if (statusAtEnd == GOES_ON) {
            statusAtEnd = status;
            if (readInFlight && loop.ring.room() == 0) {
                loop.ring.cancel(readToken);
            }
            if (polling && loop.ring.room() == 0) {
                loop.ring.cancel(pollToken);
            }
        }
        endWhenQuiet();
    }

    private void endWhenQuiet() {
        if (!inFlight()) {
            // All was sent before the cancel had an effect: the peer has a whole answer.
            end(statusAtEnd == CANCELLED && allSent() ? DONE : statusAtEnd);
        }
    }

    private void end(int status) {
        loop.scarcity.leave(place);
        waiting = false;
        ByteBuf unsent = head;
        ByteBuf first = sending;
        ByteBuf second = next;
        head = null;
        sending = null;
        next = null;
        headUnsentBytes = 0;
        plainNow = false;
        range.release();
        if (unsent != null) {
            unsent.release();
        }
        if (socket.channelClosed()) {
            letGo();
        }
        if (first != null) {
            boolean ignored = loop.giveBack(first);
        }
        if (second != null) {
            boolean ignored = loop.giveBack(second);
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
