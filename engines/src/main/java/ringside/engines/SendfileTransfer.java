package ringside.engines;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.Kernel;
import ringside.linux.Sendfile;
import ringside.linux.SocketSend;

/// Sends a head and a range of a file by sendfile(2).
///
/// ```
///           start           socket full, or the channel still holds something
///   idle ─────────► sending ──────────────────────────────────────────► queued
///    ▲               │   ▲ │                                              │
///    │ all sent,     │   │ │ chunk-bytes sent                             │ region written
///    │ failure       │   │ └───────────────► yielded ◄────────────────────┘
///    ├───────────────┘   └──────────────────────┘ the loop comes round
///    └── cancel: from any state; a region that is queued stays with the channel, its end is nobody's business
/// ```
///
/// On the io_uring transport nothing is ever queued but what is to be waited for: `queued` there means an empty
/// buffer behind what the channel still holds, or a poll of the socket on the loop's ring ([SocketPolls]).
///
/// Sending is our own send(2) and sendfile(2) past the channel, which is allowed while the channel holds
/// nothing. A queued region is at most `chunk-bytes` long. Netty waits for the socket, sends it, and, should
/// the file have shrunk, fails it and shuts the output down (closes the channel, if `AUTO_CLOSE` is on): its own
/// check of the file's size (`DefaultFileRegion.validate`) sees to that on every call that sends nothing.
///
/// Running out of memory ends the transfer with −ENOMEM. What else is thrown in a task of the loop goes to the
/// pipeline's `exceptionCaught`.
///
/// sendfile(2) to a connection that was reset raises SIGPIPE, which the JVM ignores, and answers EPIPE.
final class SendfileTransfer
        implements Transfer, ChannelFutureListener, SocketPolls.Waiter, PastChannel.Sender, Runnable {

    private static final int NO_POLL = -1;

    /// In place of a socket's descriptor: everything goes through the channel.
    static final int NO_SOCKET = -1;

    private final ChannelHandlerContext ctx;
    private final Kernel kernel;
    private final Sendfile sendfile;
    private final int socketFd;
    private final @Nullable SocketPolls polls;
    private final int chunkBytes;
    private final TransferListener listener;
    private final NextTurn nextTurn;
    private final PastChannel channel;
    private final RangeUnderWay range = new RangeUnderWay();

    private @Nullable ChannelFuture queued;
    private long positionQueued;
    private long bytesMoved;
    private int pollSlot = NO_POLL;
    private boolean headWritten;
    private boolean yielded;
    private boolean cancelled;

    /// @param socketFd the channel's descriptor, which doesn't block, or [#NO_SOCKET]
    /// @param polls how to wait for the socket, or null to have the channel do it
    SendfileTransfer(
            ChannelHandlerContext ctx,
            Kernel kernel,
            Sendfile sendfile,
            int socketFd,
            @Nullable SocketPolls polls,
            int chunkBytes,
            TransferListener listener) {
        this.ctx = ctx;
        this.kernel = kernel;
        this.sendfile = sendfile;
        this.socketFd = socketFd;
        this.polls = polls;
        this.chunkBytes = chunkBytes;
        this.listener = listener;
        this.nextTurn = new NextTurn(ctx.executor(), this);
        this.channel = new PastChannel(ctx, this);
    }

    @Override
    public void start(ByteBuf head, OpenFile file, long offset, long lengthBytes) {
        range.begin(file, offset, lengthBytes);
        headWritten = false;
        cancelled = false;
        if (!ctx.channel().isOpen()) {
            end(-Errno.ECONNABORTED);
            return;
        }
        // An answer without a body is left to the channel, so that several can leave in one write.
        long sent;
        try {
            sent = lengthBytes > 0 && maySend() ? send(head) : 0;
            if (sent >= 0 && sent < head.readableBytes()) {
                headWritten = sent > 0;
                channel.writeHead(head, (int) sent);
            }
        } catch (OutOfMemoryError e) {
            sent = -Errno.ENOMEM;
        }
        if (sent < 0) {
            end((int) sent);
            return;
        }
        headWritten = true;
        if (cancelled) {
            end(CANCELLED);
        } else if (range.complete()) {
            end(DONE);
        } else {
            advance();
        }
    }

    @Override
    public long bytesMoved() {
        return bytesMoved;
    }

    @Override
    public boolean awaitsPeer() {
        return pollSlot != NO_POLL;
    }

    @Override
    public void writabilityChanged() {
        // Regions count for nothing in the channel's water marks: there is nothing to wait for.
    }

    @Override
    public void cancel() {
        if (channel.isWriting()) {
            cancelled = true;
        } else if (range.underWay()) {
            end(CANCELLED);
        }
    }

    /// The loop has come round after a turn was used up.
    @Override
    public void run() {
        yielded = false;
        try {
            advance();
        } catch (Throwable e) {
            // The loop would only log it.
            ctx.pipeline().fireExceptionCaught(e);
        }
    }

    /// The channel holds nothing any more, and so the socket is ours.
    @Override
    public void goOn() {
        advance();
    }

    @Override
    public void failed(int error) {
        if (range.underWay()) {
            end(error);
        }
    }

    /// The socket takes bytes again, or tells with the next call why it won't.
    @Override
    public void ready(int error) {
        pollSlot = NO_POLL;
        try {
            if (error < 0) {
                end(error);
            } else {
                advance();
            }
        } catch (Throwable e) {
            ctx.pipeline().fireExceptionCaught(e);
        }
    }

    /// A region has left, or never will.
    @Override
    @SuppressWarnings("ReferenceEquality") // It is about this very promise: an older one may fail late.
    public void operationComplete(ChannelFuture future) {
        OpenFile current = range.file();
        if (future != queued || current == null) {
            return;
        }
        queued = null;
        try {
            if (!future.isSuccess()) {
                end(failure(current, future.cause()));
                return;
            }
            range.advance(positionQueued - range.position());
            if (range.complete()) {
                end(DONE);
            } else {
                leaveLoop();
            }
        } catch (Throwable e) {
            ctx.pipeline().fireExceptionCaught(e);
        }
    }

    /// Leaves the loop to others; [#run()] goes on. Stays set when the transfer is cancelled meanwhile: the next
    /// one then waits for the same task.
    private void leaveLoop() {
        yielded = true;
        nextTurn.await();
    }

    /// Sends up to `chunk-bytes`, then leaves the loop to others.
    private void advance() {
        OpenFile current = range.file();
        if (current == null || yielded || queued != null || pollSlot != NO_POLL) {
            return;
        }
        if (!maySend()) {
            if (polls == null) {
                queue(current);
            } else {
                channel.awaitNothing();
            }
            return;
        }
        long wanted = Math.min(range.remainingBytes(), chunkBytes);
        long sent = sendfile.send(socketFd, current.fd(), range.position(), wanted);
        if (sent == 0) {
            end(SHRANK);
        } else if (sent == -Errno.EAGAIN) {
            awaitSocket(current);
        } else if (sent < 0) {
            end((int) sent);
        } else {
            range.advance(sent);
            bytesMoved += sent;
            if (range.complete()) {
                end(DONE);
            } else if (sent < wanted) {
                // The socket is full, most likely; if not, or if the file has shrunk, the next call finds out.
                awaitSocket(current);
            } else {
                leaveLoop();
            }
        }
    }

    private void awaitSocket(OpenFile current) {
        if (polls == null) {
            queue(current);
            return;
        }
        pollSlot = polls.await(socketFd, this);
        if (pollSlot == SocketPolls.REFUSED) {
            pollSlot = NO_POLL;
            end(-Errno.ECANCELED);
        }
    }

    /// Gives the next `chunk-bytes` to the channel. The last thing a method does: the region may be written,
    /// and this transfer be over and the next one under way, before it returns.
    private void queue(OpenFile current) {
        FileChannel source;
        try {
            source = source(current);
        } catch (IOException e) {
            end(ChannelErrors.error(e));
            return;
        }
        long count = Math.min(range.remainingBytes(), chunkBytes);
        positionQueued = range.position() + count;
        ChannelPromise promise = ctx.newPromise();
        queued = promise;
        promise.addListener(this);
        ctx.writeAndFlush(new Region(source, current, range.position(), count), promise);
    }

    private boolean maySend() {
        return socketFd != NO_SOCKET && channel.holdsNothing();
    }

    /// @return bytes of the head taken by the socket, 0 if it is full, or a negated errno
    private long send(ByteBuf head) {
        int length = head.readableBytes();
        if (length == 0) {
            return 0;
        }
        boolean copied = !head.hasMemoryAddress();
        ByteBuf direct = copied ? ctx.alloc().directBuffer(length).writeBytes(head, head.readerIndex(), length) : head;
        long sent = SocketSend.send(
                kernel,
                socketFd,
                direct.memoryAddress() + direct.readerIndex(),
                length,
                SocketSend.MSG_MORE | SocketSend.MSG_DONTWAIT);
        if (copied) {
            direct.release();
        }
        return sent == -Errno.EAGAIN ? 0 : sent;
    }

    private static FileChannel source(OpenFile file) throws IOException {
        FileChannel kept = file.attachment(FileChannel.class);
        if (kept != null) {
            return kept;
        }
        FileChannel opened = FileChannel.open(Path.of(file.procPath()), StandardOpenOption.READ);
        file.attach(opened);
        return opened;
    }

    private int failure(OpenFile current, Throwable cause) {
        try {
            FileChannel source = current.attachment(FileChannel.class);
            if (source != null && source.size() < positionQueued) {
                return SHRANK;
            }
        } catch (IOException e) {
            return ChannelErrors.error(e);
        }
        return channel.error(cause);
    }

    private void end(int status) {
        queued = null;
        if (pollSlot != NO_POLL && polls != null) {
            polls.cancel(pollSlot);
            pollSlot = NO_POLL;
        }
        range.release();
        listener.transferEnded(status, headWritten);
    }

    /// A region of a file that stays open when the region has been sent. Holds the file while the channel holds
    /// it.
    private static final class Region extends DefaultFileRegion {

        private final OpenFile file;

        Region(FileChannel source, OpenFile file, long position, long count) {
            super(source, position, count);
            this.file = file;
            file.retain();
        }

        @Override
        protected void deallocate() {
            file.release();
        }
    }
}
