package ringside.loadtest;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// One of the plan's connections: the only handler of its channel, and of the next channel when the server closes it.
///
/// ```
///  CLOSED ──open()──► CONNECTING ──active──► IDLE ──send()──► BUSY ──whole answer, kept alive──► IDLE
///    ▲                                                         │
///    └── failed, closed, malformed, timed out, not kept alive ─┘  (the loop opens it again)
/// ```
///
/// Belongs to its loop's thread. A request allocates nothing: it is copied into the connection's own buffer when the
/// target changes, and the buffer's reference count tells whether Netty is done with the last one.
final class Connection extends ChannelInboundHandlerAdapter {

    enum State {
        CLOSED,
        CONNECTING,
        IDLE,
        BUSY
    }

    private static final int REOPEN_MILLIS_LEAST = 20;
    private static final int REOPEN_MILLIS_MOST = 1000;

    private final LoadLoop loop;
    private final ResponseParser parser = new ResponseParser();
    private final CRC32C checksum = new CRC32C();
    private final Bootstrap bootstrap;
    private @Nullable ChannelHandlerContext context;
    private ByteBuf request;
    private int requestTarget = -1;
    private State state = State.CLOSED;
    private boolean resetSeen;
    private boolean resending;
    private boolean checking;
    private boolean inIdleRing;
    private int target;
    private long startNanos;
    private long intendedNanos;
    private long answersOnChannel;
    private int reopenMillis = REOPEN_MILLIS_LEAST;

    Connection(LoadLoop loop, Bootstrap bootstrap, int requestBytesMax) {
        this.loop = loop;
        this.bootstrap = bootstrap.handler(this);
        this.request = UnpooledByteBufAllocator.DEFAULT.directBuffer(requestBytesMax, requestBytesMax);
    }

    State state() {
        return state;
    }

    int target() {
        return target;
    }

    long startNanos() {
        return startNanos;
    }

    long intendedNanos() {
        return intendedNanos;
    }

    /// Whether the body's checksum was computed for the answer that is whole.
    boolean checked() {
        return checking;
    }

    long checksum() {
        return checksum.getValue();
    }

    ResponseParser answer() {
        return parser;
    }

    /// Whether a request is on its way or waits to be sent again.
    boolean hasRequest() {
        return state == State.BUSY || resending;
    }

    boolean inIdleRing() {
        return inIdleRing;
    }

    void inIdleRing(boolean in) {
        inIdleRing = in;
    }

    /// Opens a channel. [LoadLoop#ready] or [LoadLoop#connectFailed] follows.
    void open() {
        if (state != State.CLOSED || loop.closing()) {
            return;
        }
        state = State.CONNECTING;
        resetSeen = false;
        answersOnChannel = 0;
        bootstrap.connect().addListener(future -> {
            Throwable cause = future.cause();
            if (cause != null && state == State.CONNECTING) {
                state = State.CLOSED;
                loop.connectFailed(this, cause);
            }
        });
    }

    void openLater() {
        loop.executor().schedule(this::open, reopenMillis, TimeUnit.MILLISECONDS);
        reopenMillis = Math.min(REOPEN_MILLIS_MOST, reopenMillis * 2);
    }

    /// Sends the request for target `index`. Only when idle.
    ///
    /// @param intended its intended start; the time itself in a closed loop
    /// @param now when it is sent
    /// @param check whether to compute the checksum of the body
    void send(int index, long intended, long now, boolean check) {
        target = index;
        intendedNanos = intended;
        startNanos = now;
        checking = check;
        write();
    }

    private void write() {
        ChannelHandlerContext to = Objects.requireNonNull(context);
        parser.begin(checking ? checksum : null);
        state = State.BUSY;
        if (request.refCnt() != 1) {
            // Netty still holds the last request: let it, and take other memory.
            request.release();
            request = UnpooledByteBufAllocator.DEFAULT.directBuffer(request.capacity(), request.capacity());
            requestTarget = -1;
        }
        if (requestTarget != target) {
            request.clear().writeBytes(loop.target(target).request());
            requestTarget = target;
        } else {
            request.setIndex(0, loop.target(target).request().length);
        }
        to.writeAndFlush(request.retain(), to.voidPromise());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (loop.closing()) {
            ctx.close();
            return;
        }
        context = ctx;
        state = State.IDLE;
        if (resending) {
            resending = false;
            write();
        } else {
            loop.ready(this, System.nanoTime());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (isCurrent(ctx)) {
                ByteBuffer bytes = in.internalNioBuffer(in.readerIndex(), in.readableBytes());
                take(bytes, bytes.position(), bytes.limit());
            }
        } finally {
            in.release();
        }
    }

    /// Whether an event is of the channel in use, and not of one that was given up.
    @SuppressWarnings("ReferenceEquality") // contexts have no other equality
    private boolean isCurrent(ChannelHandlerContext ctx) {
        return ctx == context;
    }

    private void take(ByteBuffer bytes, int from, int to) {
        if (state != State.BUSY) {
            // Bytes that nobody asked for: whatever follows can't be told apart from an answer.
            loop.counts().malformed(this);
            reopen();
            return;
        }
        switch (parser.feed(bytes, from, to)) {
            case MORE -> loop.active();
            case DONE -> {
                if (parser.position() < to) {
                    loop.counts().malformed(this);
                    reopen();
                } else {
                    answered(parser.keepAlive());
                }
            }
            case MALFORMED -> {
                loop.counts().malformed(this);
                reopen();
            }
        }
    }

    private void answered(boolean keepAlive) {
        long now = System.nanoTime();
        answersOnChannel++;
        reopenMillis = REOPEN_MILLIS_LEAST;
        state = State.IDLE;
        loop.counts().answered(this, now);
        if (keepAlive) {
            loop.ready(this, now);
        } else {
            reopen();
        }
    }

    /// The request took too long.
    void timedOut() {
        resending = false;
        if (state == State.BUSY) {
            reopen();
        }
    }

    private void reopen() {
        boolean answeredBefore = answersOnChannel > 0;
        closeChannel();
        again(answeredBefore);
    }

    /// At once if the last channel was of use; else later, so that a server that hangs up on all isn't stormed.
    private void again(boolean atOnce) {
        if (loop.closing()) {
            return;
        }
        loop.counts().reconnecting();
        if (atOnce) {
            open();
        } else {
            openLater();
        }
    }

    private void closeChannel() {
        ChannelHandlerContext old = context;
        context = null;
        state = State.CLOSED;
        if (old != null) {
            old.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!isCurrent(ctx)) {
            return;
        }
        boolean asked = state == State.BUSY;
        context = null;
        state = State.CLOSED;
        if (asked) {
            cutOff();
        } else {
            again(answersOnChannel > 0);
        }
    }

    private void cutOff() {
        if (parser.closed() == ResponseParser.Outcome.DONE) {
            answersOnChannel++;
            loop.counts().answered(this, System.nanoTime());
            again(true);
        } else if (!parser.started() && answersOnChannel > 0) {
            resending = true;
            loop.counts().resending();
            again(true);
        } else {
            loop.counts().cutOff(this, resetSeen || !parser.started());
            again(answersOnChannel > 0);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            loop.broken(cause);
        }
        resetSeen = true;
        ctx.close();
    }

    /// Closes the channel for good. The memory is given back by [#release()] when the loop has ended.
    void close() {
        closeChannel();
    }

    void release() {
        request.release();
    }

    @Override
    public boolean isSharable() {
        return true;
    }
}
