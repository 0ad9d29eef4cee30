package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import ringside.content.Resource;
import ringside.content.ServedFile;
import ringside.engines.Transfer;
import ringside.engines.TransferListener;
import ringside.linux.Errno;

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
final class HttpConnection extends ChannelInboundHandlerAdapter implements TransferListener {

    private static final long NEVER = Long.MIN_VALUE;
    private static final byte[] NO_OCTETS = {};

    private enum State {
        OPEN,
        CLOSING,
        LINGERING,
        CLOSED
    }

    private final ServerLoop loop;
    private final Input input = new Input();
    private final OutputProgress output = new OutputProgress();

    /// Both from [#handlerAdded] on, before which nothing else is called.
    @SuppressWarnings("NullAway.Init")
    private ChannelHandlerContext ctx;

    @SuppressWarnings("NullAway.Init")
    private Transfer transfer;

    private byte[] logClient = NO_OCTETS;

    private State state = State.OPEN;
    private boolean insideRead;
    private boolean flushWanted;
    private boolean processing;
    private boolean transferring;
    private boolean headIncomplete;
    private boolean inputEnded;
    private long bodyBytesRemaining;
    private long lingeredBytes;
    private long activeSecond;
    private long waitingSecond = NEVER;

    /// Of the request that is being answered.
    private boolean closesAfter;

    private boolean headOnly;
    private Persistence persistence = Persistence.IMPLIED;
    private @Nullable ServedFile file;
    private byte @Nullable [] logLine;

    HttpConnection(ServerLoop loop) {
        this.loop = loop;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
        transfer = loop.engine.newTransfer(added, this);
    }

    @Override
    public void channelActive(ChannelHandlerContext ignored) {
        if (loop.accessLog != null) {
            logClient = AccessLine.client(ctx.channel().remoteAddress());
        }
        activeSecond = loop.clock.tick().second;
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
        activeSecond = loop.clock.tick().second;
        if (bodyBytesRemaining > 0) {
            int skipped = (int) Math.min(bodyBytesRemaining, in.readableBytes());
            in.skipBytes(skipped);
            bodyBytesRemaining -= skipped;
            if (bodyBytesRemaining == 0) {
                waitingSecond = NEVER;
            }
        }
        // A head that trickles in is parsed again only when another line of it has ended.
        boolean worthParsing = !headIncomplete
                || input.readableBytes() + in.readableBytes() > loop.limits.targetBytesMax()
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
            while (state == State.OPEN && !transferring && mayWrite() && nextRequest()) {
                answer();
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
        if (bodyBytesRemaining > 0 || input.readableBytes() == 0) {
            return false;
        }
        RequestParser parser = loop.parser;
        switch (parser.parse(input.octets, input.from, input.to)) {
            case RequestParser.COMPLETE -> {
                return true;
            }
            case RequestParser.REFUSED -> {
                closesAfter = true;
                persistence = Persistence.CLOSE;
                headOnly = parser.method == Method.HEAD;
                beginLog(parser.lineFrom, parser.lineTo);
                refuse(parser.refusal);
            }
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
        if (!transferring && !backlog) {
            boolean idle = input.readableBytes() == 0 && bodyBytesRemaining == 0;
            if (inputEnded || (idle && loop.draining())) {
                close(false);
                return;
            }
            if (idle) {
                waitingSecond = NEVER;
                input.shrink();
            } else if (waitingSecond == NEVER) {
                waitingSecond = activeSecond;
            }
        }
        boolean read = input.readableBytes() < loop.limits.pipelinedBytesMax();
        if (read != ctx.channel().config().isAutoRead()) {
            ctx.channel().config().setAutoRead(read);
        }
    }

    // ---- answers ----

    private void answer() {
        RequestParser parser = loop.parser;
        input.skip(parser.headTo - input.from);
        waitingSecond = NEVER;
        beginLog(parser.lineFrom, parser.lineTo);
        boolean unreadable = parser.chunked() || parser.contentLengthBytes() > loop.limits.bodyBytesMax();
        // A client that waits for 100 gets its answer instead, and it may or may not send the body then.
        boolean expecting = parser.expectsContinue() && parser.contentLengthBytes() > 0;
        closesAfter = !parser.keepAlive() || unreadable || expecting || loop.draining();
        persistence = closesAfter ? Persistence.CLOSE : parser.version11 ? Persistence.IMPLIED : Persistence.KEEP_ALIVE;
        bodyBytesRemaining = parser.contentLengthBytes();
        Method method = parser.method;
        headOnly = method == Method.HEAD;
        if (method == null) {
            refuse(Refusal.METHOD_UNKNOWN);
        } else if (!method.isServed()) {
            refuse(Refusal.METHOD_REFUSED);
        } else if (unreadable) {
            refuse(parser.chunked() ? Refusal.BODY_CHUNKED : Refusal.BODY_TOO_LARGE);
        } else {
            serve(parser);
        }
    }

    private void serve(RequestParser parser) {
        byte[] path = input.octets;
        int from = parser.pathFrom;
        int to = parser.pathTo;
        if (!parser.pathPlain) {
            Refusal refusal = loop.pathDecoder.decode(path, from, to);
            if (refusal != null) {
                refuse(refusal);
                return;
            }
            path = loop.pathDecoder.path;
            from = 0;
            to = loop.pathDecoder.length;
        }
        Tick tick = loop.clock.tick();
        Resource resource = loop.files.find(path, from, to, tick.second);
        if (resource instanceof ServedFile served) {
            send(served, tick);
            return;
        }
        switch (resource) {
            case ServedFile served -> send(served, tick);
            case Resource.SlashMissing slash -> {
                String location =
                        ShortResponse.location(path, from, to, input.octets, parser.queryFrom, parser.queryTo);
                respond(Status.MOVED_PERMANENTLY, "This is a directory: its path ends in a slash.", location);
            }
            case Resource.Absent absent -> refuse(Refusal.ABSENT);
            case Resource.Forbidden forbidden -> refuse(Refusal.UNREADABLE);
            case Resource.Failed(Errno errno) -> fail(errno);
        }
    }

    private void send(ServedFile served, Tick tick) {
        ResponseHeads heads;
        if (served.attachment() instanceof ResponseHeads attached) {
            heads = attached;
        } else {
            heads = new ResponseHeads(ctx.alloc(), served);
            served.attach(heads);
        }
        ByteBuf head = heads.head(persistence, tick);
        LoopCounters.count(loop.counters.answers);
        if (headOnly || served.lengthBytes() == 0) {
            int headBytes = head.readableBytes();
            ctx.write(
                    ctx.alloc().directBuffer(headBytes).writeBytes(head, head.readerIndex(), headBytes),
                    ctx.voidPromise());
            answered(Status.OK, 0);
        } else {
            file = served;
            transferring = true;
            loop.transferStarts();
            transfer.start(head, served.file(), 0, served.lengthBytes());
        }
    }

    @Override
    public void transferEnded(int status, boolean headWritten) {
        ServedFile ended = file;
        file = null;
        transferring = false;
        loop.transferEnds();
        if (state != State.OPEN || ended == null) {
            return;
        }
        activeSecond = loop.clock.tick().second;
        if (status == Transfer.DONE) {
            answered(Status.OK, ended.lengthBytes());
        } else {
            loop.files.forget(ended);
            if (headWritten || status == Transfer.CANCELLED) {
                LoopCounters.count(loop.counters.transfersCut);
                endLog(Status.OK, 0);
                cut();
            } else if (status == Transfer.SHRANK) {
                respond(Status.SERVICE_UNAVAILABLE, "The file has just become shorter: ask again.", "");
            } else {
                fail(Errno.of(status));
            }
        }
        if (!processing) {
            process();
            flush();
        }
    }

    private void refuse(Refusal refusal) {
        closesAfter |= refusal.closes;
        persistence = closesAfter ? Persistence.CLOSE : persistence;
        // RFC 9110 §15.5.6
        respond(refusal.status, refusal.text, refusal == Refusal.METHOD_REFUSED ? "Allow: GET, HEAD\r\n" : "");
    }

    private void fail(Errno errno) {
        respond(
                ShortResponse.statusOf(errno),
                "The file can't be read: " + errno.label() + ", " + errno.meaning() + ".",
                "");
    }

    private void respond(Status status, String text, String extraFields) {
        LoopCounters.count(loop.counters.answers);
        if (status.code >= 400) {
            LoopCounters.count(loop.counters.refusals);
        }
        ctx.write(
                ShortResponse.of(ctx.alloc(), status, text, extraFields, persistence, loop.clock.tick(), !headOnly),
                ctx.voidPromise());
        answered(status, headOnly ? 0 : text.length() + 1L);
    }

    private void answered(Status status, long contentBytes) {
        endLog(status, contentBytes);
        flushWanted = true;
        if (closesAfter) {
            close(status.code >= 400 || bodyBytesRemaining > 0 || input.readableBytes() > 0);
        }
    }

    private void flush() {
        if (flushWanted && !insideRead) {
            flushWanted = false;
            ctx.flush();
        }
    }

    private void beginLog(int lineFrom, int lineTo) {
        if (loop.accessLog != null) {
            logLine = AccessLine.begin(logClient, loop.clock.tick(), input.octets, lineFrom, lineTo);
        }
    }

    private void endLog(Status status, long contentBytes) {
        byte[] begun = logLine;
        if (loop.accessLog != null && begun != null) {
            logLine = null;
            loop.accessLog.offer(AccessLine.end(begun, status.code, contentBytes));
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
        waitingSecond = loop.clock.tick().second;
        ctx.channel().config().setAutoRead(true);
        ((DuplexChannel) ctx.channel()).shutdownOutput();
    }

    /// Closes now, whatever is under way.
    void cut() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            transfer.cancel();
            ctx.close();
        }
    }

    void drain() {
        if (state == State.OPEN && !processing) {
            settle();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        state = State.CLOSED;
        transfer.cancel();
        input.clear();
        loop.remove(this);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ignored) {
        transfer.writabilityChanged();
        if (state == State.OPEN && !transferring && ctx.channel().isWritable()) {
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
        HttpLimits limits = loop.limits;
        switch (state) {
            case LINGERING -> timeOut(second - waitingSecond >= limits.lingerSeconds());
            case OPEN, CLOSING -> {
                if (output.moved(ctx.channel())) {
                    activeSecond = second;
                } else if (transferring && output.isEmpty()) {
                    // The kernel or the device has it, and nothing here tells how far it is.
                    activeSecond = second;
                } else if (state == State.OPEN && headIncomplete && second - waitingSecond >= limits.headSeconds()) {
                    LoopCounters.count(loop.counters.timeouts);
                    headOnly = false;
                    beginLog(0, 0);
                    refuse(Refusal.HEAD_TOO_SLOW);
                } else {
                    boolean bodyLate = bodyBytesRemaining > 0
                            && waitingSecond != NEVER
                            && second - waitingSecond >= limits.idleSeconds();
                    timeOut(bodyLate || second - activeSecond >= limits.idleSeconds());
                }
            }
            case CLOSED -> {}
        }
    }

    private void timeOut(boolean late) {
        if (late) {
            LoopCounters.count(loop.counters.timeouts);
            cut();
        }
    }
}
