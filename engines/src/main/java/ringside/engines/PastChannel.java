package ringside.engines;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import ringside.linux.Errno;

/// A channel, seen by a transfer that sends past it: that is allowed while the channel holds nothing. Nobody writes
/// to the channel while a transfer is under way, so what once was empty stays so until the transfer ends.
///
/// Belongs to one connection, on its loop.
final class PastChannel implements ChannelFutureListener, Runnable {

    /// Is told when to look again. Both calls can come for a transfer that has ended meanwhile.
    interface Sender {
        /// The channel has sent what it held, most likely.
        void goOn();

        /// It never will.
        ///
        /// @param error a negated errno
        void failed(int error);
    }

    private final ChannelHandlerContext ctx;
    private final Sender sender;
    private boolean awaited;
    private boolean writing;

    PastChannel(ChannelHandlerContext ctx, Sender sender) {
        this.ctx = ctx;
        this.sender = sender;
    }

    /// Whether nothing waits in the channel, flushed or not, and its descriptor is still its own.
    boolean holdsNothing() {
        Channel channel = ctx.channel();
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        // Entries that aren't flushed yet show in the bytes only: Netty adds its own overhead to those of each.
        return outbound != null && channel.isOpen() && outbound.isEmpty() && outbound.totalPendingWriteBytes() == 0;
    }

    /// Asks for a call of the sender when the channel has sent what it holds. Later, unless that fails at once.
    void awaitNothing() {
        if (awaited) {
            return;
        }
        awaited = true;
        ChannelPromise promise = ctx.newPromise();
        promise.addListener(this);
        // Not a part of the answer, only a sign that what is before it has gone.
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER, promise);
    }

    /// Whether [#writeHead] is being called: what calls back in from there must not end the transfer.
    boolean isWriting() {
        return writing;
    }

    /// Writes the rest of a head to the channel, from the byte `from` of its readable ones on. Doesn't flush.
    void writeHead(ByteBuf head, int from) {
        int length = head.readableBytes() - from;
        ByteBuf rest = ctx.alloc().directBuffer(length).writeBytes(head, head.readerIndex() + from, length);
        // A write that fails calls back in here at once, through the pipeline.
        writing = true;
        try {
            ctx.write(rest, ctx.voidPromise());
        } finally {
            writing = false;
        }
    }

    /// The sign has left, or never will. While it leaves it is still counted.
    @Override
    public void operationComplete(ChannelFuture future) {
        awaited = false;
        if (future.isSuccess()) {
            ctx.executor().execute(this);
            return;
        }
        try {
            sender.failed(error(future.cause()));
        } catch (Throwable e) {
            // Netty would only log it.
            ctx.pipeline().fireExceptionCaught(e);
        }
    }

    @Override
    public void run() {
        try {
            sender.goOn();
        } catch (Throwable e) {
            // The loop would only log it.
            ctx.pipeline().fireExceptionCaught(e);
        }
    }

    /// Why a write failed.
    ///
    /// @return a negated errno
    int error(Throwable cause) {
        // The channel was closed, and says so; why is in the cause, if it was a write that failed.
        Throwable why = cause;
        while (why.getCause() != null && !(why instanceof Errors.NativeIoException)) {
            why = why.getCause();
        }
        return switch (why) {
            case Errors.NativeIoException e -> e.expectedErr();
            case ClosedChannelException _ -> -Errno.ECONNABORTED;
            case IOException e -> ChannelErrors.error(e);
            default -> {
                // A defect, and not one that the peer should wait for.
                ctx.pipeline().fireExceptionCaught(cause);
                yield -Errno.EIO;
            }
        };
    }
}
