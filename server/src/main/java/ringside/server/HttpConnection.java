package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One connection of HTTP/1.1 (RFC 9112): requests are answered in order, one transfer at a time; what arrives
/// meanwhile waits, up to a limit at which reading stops. A request's body goes to a [BodySink] as it comes, while the
/// request is being answered or after; the next request is read when the body is whole.
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
    private final RequestBody body;
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
    private BodySink sink = BodySink.DRAIN;
    /// A head that is to be answered when its body has been read; null if there is none.
    private byte @Nullable [] headBeforeBody;

    /// Nobody knows where the next request would begin: what arrives is thrown away.
    private boolean framingLost;

    private int requests;
    private long lingeredBytes;

    HttpConnection(ServerLoop loop) {
        this.loop = loop;
        this.body = new RequestBody(loop.limits);
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
        if (framingLost) {
            return;
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
                    && bodyRead()
                    && !exchange.underWay()
                    && input.readableBytes() > 0
                    && mayWrite()
                    && nextRequest()) {
                RequestParser parser = loop.parser;
                input.skip(parser.headTo - input.from);
                body.begin(parser.contentLengthBytes(), parser.chunked());
                patience.waitsNoMore();
                requests++;
                exchange.answer(input.octets, body.isWhole());
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

    /// Reads of the current request's body what has arrived.
    ///
    /// @return whether the body is whole, and nothing of the connection's is to be waited for
    private boolean bodyRead() {
        if (body.isWhole()) {
            return true;
        }
        switch (body.read(input, sink)) {
            case RequestBody.ENDED -> {
                patience.waitsNoMore();
                bodyEnded();
                return state == State.OPEN;
            }
            case RequestBody.REFUSED -> bodyBroken(body.refusal);
            case RequestBody.FULL -> patience.waitsNoMore();
            default -> {}
        }
        return false;
    }

    private void bodyEnded() {
        BodySink ended = sink;
        sink = BodySink.DRAIN;
        byte[] head = headBeforeBody;
        headBeforeBody = null;
        if (head == null) {
            ended.ended();
        } else {
            loop.parser.parse(head, 0, head.length);
            exchange.answer(head, true);
        }
    }

    /// The rest of the current request's body can't be read, nor anything after it.
    private void bodyBroken(Refusal why) {
        BodySink broken = sink;
        sink = BodySink.DRAIN;
        boolean unanswered = headBeforeBody != null;
        headBeforeBody = null;
        body.begin(0, false);
        input.clear();
        framingLost = true;
        exchange.closeAfter();
        if (unanswered) {
            exchange.refuse(why);
        } else if (exchange.underWay()) {
            broken.broken(why);
        } else {
            close(true);
        }
    }

    /// Whether a request's head is complete and well-formed; it is in the parser then.
    private boolean nextRequest() {
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

    /// After a round of answering: closes if nothing more will come, stops or resumes reading.
    private void settle() {
        if (state != State.OPEN) {
            return;
        }
        boolean awaitsBody = !body.isWhole() && input.readableBytes() == 0;
        if (awaitsBody) {
            if (inputEnded) {
                bodyBroken(Refusal.BODY_INCOMPLETE);
                return;
            }
            if (!sink.equals(BodySink.DRAIN) && exchange.bodyComes()) {
                patience.waits();
            }
        }
        boolean backlog = input.readableBytes() > 0 && !headIncomplete;
        if (!exchange.underWay() && !backlog) {
            if (inputEnded || loop.draining()) {
                // The next request may be under way here, and would reset the last answer.
                close(!inputEnded);
                return;
            }
            boolean idle = input.readableBytes() == 0 && body.isWhole();
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

    // ---- for the exchange ----

    boolean isOpen() {
        return state == State.OPEN;
    }

    /// A part of an answer is there, of a maker's.
    void moves() {
        patience.active(loop.tick.second);
    }

    /// Whether no request is read after the current one, however it ends.
    boolean isLastRequest() {
        return loop.limits.requestsMax() > 0 && requests >= loop.limits.requestsMax();
    }

    /// Whether something of the body of the request that is being answered has arrived already.
    boolean bodyBegun() {
        return input.readableBytes() > 0;
    }

    /// Gives the body of the request that is being answered to `taker`, from the next time on that something is read
    /// or [#resume()] is called.
    void bodyTo(BodySink taker) {
        sink = taker;
    }

    /// Throws the body of the request that is being answered away, and has the request answered then.
    ///
    /// @param head holds the request's head, which is in the loop's parser
    void answerAfterBody(byte[] head) {
        RequestParser parser = loop.parser;
        headBeforeBody = Arrays.copyOfRange(head, parser.lineFrom, parser.headTo);
    }

    /// An answer was written to its end.
    ///
    /// @param closes whether no other may follow
    /// @param refused whether the client may not have expected it, and may be sending still
    void answered(boolean closes, boolean refused) {
        flushWanted = true;
        if (closes) {
            close(refused || framingLost || loop.draining() || !body.isWhole() || input.readableBytes() > 0);
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
                boolean begun = headIncomplete || !body.isWhole();
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
                long bodyBytes = body.isWhole() ? Patience.NO_BODY : body.receivedBytes();
                switch (exchange.look(patience, second, headLate, bodyBytes)) {
                    case FINE -> {}
                    case BODY_LATE -> {
                        LoopCounters.count(loop.counters.timeouts);
                        bodyBroken(Refusal.BODY_TOO_SLOW);
                    }
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
