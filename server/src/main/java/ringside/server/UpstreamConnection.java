package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/// A connection to an application: belongs to a pool, and to one exchange at a time. On its event loop only.
final class UpstreamConnection extends ChannelInboundHandlerAdapter implements UpstreamCodec.Output {

    private final UpstreamPool pool;
    private final Channel channel;
    private final UpstreamCodec codec;

    /// Null while it is idle, and when it is to be closed.
    private @Nullable UpstreamExchange exchange;

    private String failure = "";
    private boolean connected;

    /// In the pool's time.
    long idleSince;

    UpstreamConnection(UpstreamPool pool, Channel channel) {
        this.pool = pool;
        this.channel = channel;
        this.codec = pool.rule.protocol().newCodec();
    }

    // ---- for the exchange ----

    /// Takes the connection and writes what goes before the body.
    ///
    /// @throws IllegalArgumentException when the variables are more than the protocol can carry
    void begin(UpstreamExchange taker, CgiVariables variables) {
        ByteBuf head = codec.begin(channel.alloc(), variables.list(), pool.keeps());
        exchange = taker;
        channel.write(head, channel.voidPromise());
    }

    /// Whether more of a body is welcome; if not, [UpstreamExchange#bodyWanted()] says when.
    boolean isWritable() {
        return channel.isWritable();
    }

    /// Writes a part of the body.
    ///
    /// @return octets that were taken, at least 1
    int content(byte[] octets, int from, int lengthBytes) {
        int length = Math.min(lengthBytes, codec.contentBytesMax());
        channel.write(codec.content(channel.alloc(), octets, from, length), channel.voidPromise());
        return length;
    }

    void end() {
        channel.write(codec.end(channel.alloc()), channel.voidPromise());
    }

    void flush() {
        channel.flush();
    }

    /// Stops or resumes reading of the answer.
    void read(boolean wanted) {
        channel.config().setAutoRead(wanted);
    }

    /// The exchange has ended.
    ///
    /// @param whole whether it was carried out to its end on both sides
    void leave(boolean whole) {
        exchange = null;
        if (whole && codec.reusable() && channel.isActive()) {
            channel.config().setAutoRead(true);
            pool.release(this);
        } else {
            channel.close();
        }
    }

    void close() {
        channel.close();
    }

    // ---- what the codec reads ----

    @Override
    public void answer(ByteBuf part) {
        UpstreamExchange current = exchange;
        if (current == null) {
            part.release();
        } else {
            current.answer(part);
        }
    }

    @Override
    public void error(ByteBuf part) {
        UpstreamExchange current = exchange;
        if (current != null) {
            current.error(part);
        }
        part.release();
    }

    @Override
    public void answerEnded() {
        UpstreamExchange current = exchange;
        if (current != null) {
            current.answerEnded();
        }
    }

    @Override
    public void answerBroken(String why) {
        UpstreamExchange current = exchange;
        if (current == null) {
            channel.close();
        } else {
            current.answerBroken(why);
        }
    }

    // ---- the channel ----

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        connected = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (exchange == null) {
                // Nothing was asked.
                channel.close();
            } else {
                codec.read(in, this);
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        UpstreamExchange current = exchange;
        if (current != null) {
            current.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        UpstreamExchange current = exchange;
        if (current != null && channel.isWritable()) {
            current.bodyWanted();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!connected) {
            return;
        }
        connected = false;
        UpstreamExchange current = exchange;
        if (current != null && failure.isEmpty()) {
            codec.closed(this);
        } else if (current != null) {
            current.answerBroken("the connection to it failed: " + failure);
        }
        exchange = null;
        pool.closed(this);
    }

    @Override
    @SuppressWarnings("deprecation") // of the interface it comes from, not of this method
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failure = String.valueOf(cause.getMessage());
        if (!(cause instanceof java.io.IOException)) {
            pool.log("a defect of ringside: " + cause);
        }
        channel.close();
    }
}
