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
final class ZeroCopyBody implements RingTransfer.Body, Scarcity.Party {

    private static final int POLLOUT = 4;

    private final ZeroCopyLoop loop;
    private final RingTransfer transfer;
    private final RangeUnderWay range;
    private final Scarcity.Place place = new Scarcity.Place(this);

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

    /// A send is being accounted for: it isn't the time to go on.
    private boolean accounting;

    private int slot;

    ZeroCopyBody(ChannelHandlerContext ctx, ZeroCopyLoop loop, TransferListener listener) {
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
    public boolean awaitsPeer() {
        boolean windowUsed = window >= loop.settings.window() && sending == null && next == null;
        return polling || windowUsed;
    }

    @Override
    public boolean inFlight() {
        return readInFlight || sendInFlight || polling;
    }

    @Override
    public boolean allSent() {
        return sending == null && next == null && transfer.headIsTaken() && range.complete();
    }

    /// The channel is empty, or there is a buffer.
    @Override
    public void goOn() {
        try {
            pump();
        } catch (Throwable e) {
            transfer.defect(e);
        }
    }

    @Override
    public void served() {
        waiting = false;
        goOn();
    }

    /// One of this connection's buffers is in stock again.
    void bufferReturned() {
        window--;
        if (!accounting && !polling && sending == null && next == null) {
            goOn();
        }
    }

    /// Has the next chunk sent and the one after it read, as far as that is possible now.
    private void pump() {
        if (transfer.fileIfGoingOn() == null) {
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
                && transfer.fileIfGoingOn() != null
                && window < loop.settings.window()
                && (!range.complete() || !transfer.headIsTaken());
    }

    /// Takes a buffer and has it filled.
    ///
    /// @return false if there is none, or the transfer has ended over it
    private boolean read() {
        OpenFile file = transfer.fileIfGoingOn();
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
        return !transfer.headIsTaken() || range.complete() || fill(file, buffer);
    }

    private void putHead(ByteBuf buffer) {
        ByteBuf rest = transfer.head();
        if (rest == null) {
            return;
        }
        int bytes = Math.min(rest.readableBytes(), buffer.writableBytes());
        buffer.writeBytes(rest, bytes);
        headUnsentBytes += bytes;
        if (!rest.isReadable()) {
            transfer.releaseHead();
        }
    }

    private boolean fill(OpenFile file, ByteBuf buffer) {
        int refused = loop.ring.room();
        if (refused < 0) {
            transfer.endWith(refused);
            return false;
        }
        readInFlight = true;
        int length = Math.min(loop.settings.chunkBytes(), buffer.writableBytes());
        readToken = loop.read(buffer, file.fd(), range.position(), (int) Math.min(length, range.remainingBytes()));
        return true;
    }

    void readCompleted(int result) {
        readInFlight = false;
        try {
            if (transfer.endsNow()) {
                return;
            }
            if (result > 0) {
                arrived(result);
            } else if (result == 0) {
                transfer.endWith(Transfer.SHRANK);
            } else if (range.mayRestart(result)) {
                fillAgain();
            } else {
                transfer.endWith(result);
            }
        } catch (Throwable e) {
            // The caller has other connections' completions in its hands.
            transfer.defect(e);
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
        OpenFile file = transfer.fileIfGoingOn();
        ByteBuf buffer = next;
        if (file != null && buffer != null) {
            boolean ignored = fill(file, buffer);
        }
    }

    /// @return false if it can't be sent now, or the transfer has ended over it
    private boolean send(ByteBuf buffer) {
        if (!transfer.mayOperate()) {
            return transfer.fileIfGoingOn() != null;
        }
        int refused = loop.ring.room();
        if (refused < 0) {
            transfer.endWith(refused);
            return false;
        }
        boolean last = range.complete() && next == null;
        boolean zeroCopy = !plainNow && !plainAlways && loop.wantsZeroCopy(buffer.readableBytes());
        sendInFlight = true;
        int flags = SocketSend.MSG_DONTWAIT | SocketSend.MSG_NOSIGNAL | (last ? 0 : SocketSend.MSG_MORE);
        loop.send(buffer, transfer.socketFd(), flags, zeroCopy);
        return true;
    }

    /// @param zeroCopy whether it was a SEND_ZC
    void sendCompleted(int result, boolean zeroCopy) {
        sendInFlight = false;
        try {
            if (result > 0) {
                sent(result);
            }
            if (transfer.endsNow()) {
                return;
            }
            if (result > 0) {
                sendNext();
            } else if (result == -Errno.EAGAIN || result == 0) {
                awaitSocket();
            } else if (range.mayRestart(result) || (zeroCopy && canDoWithout(result))) {
                pump();
            } else {
                transfer.endWith(result);
            }
        } catch (Throwable e) {
            // The caller has other connections' completions in its hands.
            transfer.defect(e);
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
        transfer.moved(bytes);
        plainNow = false;
        if (!buffer.isReadable()) {
            sending = null;
            accounting = true;
            boolean ignored = loop.giveBack(buffer);
            accounting = false;
        }
    }

    private void sendNext() {
        if (sending != null) {
            awaitSocket();
        } else if (allSent()) {
            transfer.endWith(Transfer.DONE);
        } else {
            pump();
        }
    }

    private void awaitSocket() {
        int refused = loop.ring.room();
        if (refused < 0) {
            transfer.endWith(refused);
            return;
        }
        polling = true;
        pollToken = loop.ring.operate(
                IoUringAbi.IORING_OP_POLL_ADD,
                transfer.socketFd(),
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
            if (transfer.endsNow()) {
                return;
            }
            if (result < 0) {
                transfer.endWith(result);
            } else {
                pump();
            }
        } catch (Throwable e) {
            // The caller has other connections' completions in its hands.
            transfer.defect(e);
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
        ByteBuf rest = transfer.head();
        int later = rest == null ? 0 : rest.readableBytes();
        ByteBuf kept;
        try {
            kept = transfer.allocate(headUnsentBytes + later);
        } catch (OutOfMemoryError e) {
            return false;
        }
        int inFirst = Math.min(headUnsentBytes, first.readableBytes());
        kept.writeBytes(first, first.readerIndex(), inFirst);
        if (second != null) {
            kept.writeBytes(second, second.readerIndex(), headUnsentBytes - inFirst);
        }
        if (rest != null) {
            kept.writeBytes(rest, rest.readerIndex(), later);
        }
        transfer.replaceHead(kept);
        return true;
    }

    @Override
    public void cancelInFlight() {
        if (readInFlight && loop.ring.room() == 0) {
            loop.ring.cancel(readToken);
        }
        if (polling && loop.ring.room() == 0) {
            loop.ring.cancel(pollToken);
        }
    }

    @Override
    public void release() {
        loop.scarcity.leave(place);
        waiting = false;
        ByteBuf first = sending;
        ByteBuf second = next;
        sending = null;
        next = null;
        headUnsentBytes = 0;
        plainNow = false;
        if (first != null) {
            boolean ignored = loop.giveBack(first);
        }
        if (second != null) {
            boolean ignored = loop.giveBack(second);
        }
    }
}
