package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;

/// One connection of HTTP/1.1 (RFC 9112): requests are answered in order, one transfer at a time; what arrives
/// meanwhile waits, up to a limit at which reading stops.
///
/// ```
///              head complete                       transfer ended
///   ┌─► OPEN ────────────────► OPEN, transferring ────────────────┐
///   └──────────────────────────────────────────────────────────────┤ may be kept
///                                                                  │ may not
///                        flushed, all was read                     ▼
///   CLOSED ◄──────────────────────────────────────────────── CLOSING
///      ▲                                                           │ flushed, input may be unread
///      └── the client closed, or sent too much, or for too long ── LINGERING
/// ```
///
/// Lingering (RFC 9112 §9.6): closing a socket with unread input makes the kernel send a reset, which can destroy
/// the answer before the client has read it. So the answer's end is sent, and input thrown away for a while.
final class HttpConnection extends ChannelInboundHandlerAdapter {

    private enum State {
        OPEN,
        CLOSING,
        LINGERING,
        CLOSED
    }

    private final ServerLoop loop;
    private final Input input = new Input();
    private final Patience patience;

    /// Both from [#handlerAdded] on, before which nothing else is called.
    @SuppressWarnings("NullAway.Init")
    private ChannelHandlerContext ctx;

    @SuppressWarnings("NullAway.Init")
    private Exchange exchange;

    private State state = State.OPEN;
    private boolean insideRead;
    private boolean flushWanted;
    private boolean processing;
    private boolean headIncomplete;
    private boolean inputEnded;
    /// The channel's auto-read.
    private boolean reading = true;
    private long bodyBytesRemaining;
    private long lingeredBytes;

    HttpConnection(ServerLoop loop) {
        this.loop = loop;
        this.patience = new Patience(loop.limits);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
        exchange = new Exchange(this, loop, added);
    }

    @Override
    public void channelActive(ChannelHandlerContext ignored) {
        exchange.connected();
        loop.turn();
        patience.active(loop.tick.second);
        loop.add(this);
        if (loop.draining()) {
            cut();
        }
    }

    // ---- input ----

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        ByteBuf in = (ByteBuf) message;
        insideRead = true;
        try {
            received(in);
        } finally {
            insideRead = false;
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ignored) {
        if (flushWanted) {
            flushWanted = false;
            ctx.flush();
        }
    }

    private void received(ByteBuf in) {
        if (state != State.OPEN) {
            lingeredBytes += in.readableBytes();
            if (lingeredBytes > loop.limits.bodyBytesMax()) {
                cut();
            }
            return;
        }
        loop.turn();
        patience.active(loop.tick.second);
        if (bodyBytesRemaining > 0) {
            int skipped = (int) Math.min(bodyBytesRemaining, in.readableBytes());
            in.skipBytes(skipped);
            bodyBytesRemaining -= skipped;
            if (bodyBytesRemaining == 0) {
                patience.waitsNoMore();
            }
        }
        // A head that trickles in is parsed again only when another line of it has ended, or when it is too long.
        boolean worthParsing = !headIncomplete
                || input.readableBytes() + in.readableBytes() >= loop.limits.headBytesMax()
                || in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n') >= 0;
        input.append(in);
        if (worthParsing) {
            process();
        }
    }

    /// Answers what has arrived, until something has to be waited for.
    private void process() {
        if (processing) {
            return;
        }
        processing = true;
        headIncomplete = false;
        try {
            while (state == State.OPEN
                    && !exchange.underWay()
                    && input.readableBytes() > 0
                    && mayWrite()
                    && nextRequest()) {
                input.skip(loop.parser.headTo - input.from);
                bodyBytesRemaining = loop.parser.contentLengthBytes();
                patience.waitsNoMore();
                exchange.answer(input.octets);
            }
        } finally {
            processing = false;
        }
        settle();
    }

    private boolean mayWrite() {
        if (ctx.channel().isWritable()) {
            return true;
        }
        ctx.flush();
        return ctx.channel().isWritable();
    }

    /// Whether a request's head is complete and well-formed; it is in the parser then.
    private boolean nextRequest() {
        skipBody();
        if (bodyBytesRemaining > 0) {
            return false;
        }
        input.skipEmptyLines();
        if (input.readableBytes() == 0) {
            return false;
        }
        RequestParser parser = loop.parser;
        switch (parser.parse(input.octets, input.from, input.to)) {
            case RequestParser.COMPLETE -> {
                return true;
            }
            case RequestParser.REFUSED -> exchange.refuseHead(input.octets);
            default -> headIncomplete = true;
        }
        return false;
    }

    private void skipBody() {
        if (bodyBytesRemaining > 0) {
            int skipped = (int) Math.min(bodyBytesRemaining, input.readableBytes());
            input.skip(skipped);
            bodyBytesRemaining -= skipped;
        }
    }

    /// After a round of answering: closes if nothing more will come, stops or resumes reading.
    private void settle() {
        if (state != State.OPEN) {
            return;
        }
        boolean backlog = input.readableBytes() > 0 && !headIncomplete;
        if (!exchange.underWay() && !backlog) {
            if (inputEnded || loop.draining()) {
                // The next request may be under way here, and would reset the last answer.
                close(!inputEnded);
                return;
            }
            boolean idle = input.readableBytes() == 0 && bodyBytesRemaining == 0;
            if (idle) {
                patience.waitsNoMore();
                input.shrink();
            } else {
                patience.waits();
            }
        }
        boolean read = input.readableBytes() < loop.limits.pipelinedBytesMax();
        if (read != reading) {
            reading = read;
            ctx.channel().config().setAutoRead(read);
        }
    }

    // ---- answers ----

    boolean isOpen() {
        return state == State.OPEN;
    }

    /// A part of an answer is there, of a maker's.
    void moves() {
        patience.active(loop.tick.second);
    }

    /// An answer was written to its end.
    ///
    /// @param closes whether no other may follow
    /// @param refused whether the client may not have expected it, and may be sending still
    void answered(boolean closes, boolean refused) {
        flushWanted = true;
        if (closes) {
            close(refused || loop.draining() || bodyBytesRemaining > 0 || input.readableBytes() > 0);
        }
    }

    /// A transfer has ended: goes on with what has arrived meanwhile, if that isn't being done already.
    void resume() {
        patience.active(loop.tick.second);
        if (processing) {
            return;
        }
        // An engine calls this, and what goes wrong here is none of its business.
        try {
            process();
            flush();
        } catch (Throwable e) {
            broken(e);
        }
    }

    private void flush() {
        if (flushWanted && !insideRead) {
            flushWanted = false;
            ctx.flush();
        }
    }

    /// An answer broke off. The answers before it, and what there is of it, still go out.
    void brokeOff() {
        if (state == State.OPEN) {
            close(true);
        }
    }

    // ---- the end ----

    /// Closes when all that was written has gone out.
    private void close(boolean linger) {
        state = State.CLOSING;
        flushWanted = false;
        input.clear();
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> flushed(linger));
    }

    private void flushed(boolean linger) {
        if (state != State.CLOSING) {
            return;
        }
        if (!linger || inputEnded || !ctx.channel().isActive()) {
            ctx.close();
            return;
        }
        state = State.LINGERING;
        loop.turn();
        patience.lingers(loop.tick.second);
        ctx.channel().config().setAutoRead(true);
        ((DuplexChannel) ctx.channel()).shutdownOutput();
    }

    /// Closes now, whatever is under way.
    void cut() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            exchange.cancel();
            ctx.close();
        }
    }

    /// The server is to be closed: closes unless an answer is under way. Who has only begun a request isn't waited
    /// for, and who was told to go before isn't any longer.
    void drain() {
        switch (state) {
            case OPEN -> {
                boolean begun = headIncomplete || bodyBytesRemaining > 0;
                if (begun && !exchange.underWay() && Patience.outputEmpty(ctx.channel())) {
                    cut();
                } else if (!processing) {
                    settle();
                }
            }
            case LINGERING -> cut();
            case CLOSING, CLOSED -> {}
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        state = State.CLOSED;
        exchange.cancel();
        input.clear();
        loop.remove(this);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ignored) {
        loop.turn();
        exchange.writabilityChanged();
        if (state == State.OPEN && !exchange.underWay() && ctx.channel().isWritable()) {
            process();
            flush();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded = true;
            if (state == State.LINGERING) {
                ctx.close();
            } else if (!processing) {
                settle();
            }
        }
    }

    @Override
    @SuppressWarnings("deprecation") // of the interface it comes from, not of this method
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        broken(cause);
    }

    /// The connection can't go on: by an error of the socket's, or by a defect.
    void broken(Throwable cause) {
        if (cause instanceof IOException) {
            LoopCounters.count(loop.counters.connectionErrors);
        } else {
            LoopCounters.count(loop.counters.defects);
            System.getLogger(HttpConnection.class.getName())
                    .log(System.Logger.Level.ERROR, "a connection is closed after a defect of ringside", cause);
        }
        cut();
    }

    /// Called every few seconds.
    void sweep(long second) {
        switch (state) {
            case LINGERING -> {
                if (patience.lingeredEnough(second, loop.draining())) {
                    timeOut();
                }
            }
            case OPEN, CLOSING -> {
                boolean headLate = state == State.OPEN && headIncomplete;
                switch (exchange.look(patience, second, headLate, bodyBytesRemaining > 0)) {
                    case FINE -> {}
                    case HEAD_LATE -> {
                        LoopCounters.count(loop.counters.timeouts);
                        exchange.tooSlow();
                    }
                    case CUT -> timeOut();
                }
            }
            case CLOSED -> {}
        }
    }

    private void timeOut() {
        LoopCounters.count(loop.counters.timeouts);
        cut();
    }
}
