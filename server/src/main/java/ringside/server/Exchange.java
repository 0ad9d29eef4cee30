package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;
import ringside.content.Resource;
import ringside.content.ServedFile;
import ringside.engines.Transfer;
import ringside.engines.TransferListener;
import ringside.linux.Errno;

/// The request that a connection is answering, and its answer: one for each connection, used for one request after
/// the other.
///
/// Tells the connection by [HttpConnection#answered(boolean, boolean)] that an answer was written, or by
/// [HttpConnection#brokeOff()] that it broke off. Belongs to the connection's event loop.
final class Exchange implements TransferListener {

    private static final byte[] NO_OCTETS = {};

    private final HttpConnection connection;
    private final ServerLoop loop;
    private final ChannelHandlerContext ctx;
    private final Transfer transfer;

    private byte[] logClient = NO_OCTETS;

    /// Of the request that is being answered.
    private boolean closesAfter;

    private boolean headOnly;
    private Persistence persistence = Persistence.IMPLIED;
    /// What is being sent; null when no transfer is under way.
    private @Nullable ServedFile file;

    /// What is being made; null when nothing is.
    private @Nullable MadeAnswer made;

    private byte @Nullable [] logLine;

    Exchange(HttpConnection connection, ServerLoop loop, ChannelHandlerContext ctx) {
        this.connection = connection;
        this.loop = loop;
        this.ctx = ctx;
        this.transfer = loop.engine.newTransfer(ctx, this);
    }

    /// The client's address is known.
    void connected() {
        if (loop.accessLog != null) {
            logClient = AccessLine.client(ctx.channel().remoteAddress());
        }
    }

    /// Whether an answer is under way.
    boolean underWay() {
        return file != null || made != null;
    }

    void cancel() {
        transfer.cancel();
        if (made != null) {
            made.cancel();
        }
    }

    /// As [Patience#look].
    Patience.Verdict look(Patience patience, long second, boolean headIncomplete, long bodyBytes) {
        return patience.look(ctx.channel(), transfer, second, underWay(), headIncomplete, bodyBytes);
    }

    void writabilityChanged() {
        transfer.writabilityChanged();
        if (made != null) {
            made.writabilityChanged();
        }
    }

    /// Answers the request that the loop's parser has read.
    ///
    /// @param octets what it was read from
    /// @param bodyRead whether there is no body, or it has been read already
    void answer(byte[] octets, boolean bodyRead) {
        RequestParser parser = loop.parser;
        beginLog(octets, parser.lineFrom, parser.lineTo);
        boolean tooLarge = parser.contentLengthBytes() > loop.limits.bodyBytesMax();
        // A client that waits for 100 gets its answer instead, and it may or may not send the body then.
        boolean expecting = !bodyRead && parser.expectsContinue() && !connection.bodyBegun();
        boolean closes = tooLarge || expecting || parser.method == Method.CONNECT || connection.isLastRequest();
        closesAfter = closes || !parser.keepAlive() || loop.draining();
        persistence = closesAfter ? Persistence.CLOSE : parser.version11 ? Persistence.IMPLIED : Persistence.KEEP_ALIVE;
        Method method = parser.method;
        headOnly = method == Method.HEAD;
        if (parser.expectsOther()) {
            refuse(Refusal.EXPECTATION_UNKNOWN);
        } else if (method == null) {
            refuse(Refusal.METHOD_UNKNOWN);
        } else if (method == Method.CONNECT) {
            refuse(Refusal.TUNNEL_REFUSED);
        } else if (!method.isServed()) {
            refuse(Refusal.METHOD_REFUSED);
        } else if (tooLarge) {
            refuse(Refusal.BODY_TOO_LARGE);
        } else if (parser.chunked() && !bodyRead && !expecting) {
            // Only its end will tell whether there is anything wrong with it.
            connection.answerAfterBody(octets);
        } else if (parser.asterisk()) {
            respond(Status.OK, "", Method.SERVED);
        } else {
            serve(parser, octets);
        }
    }

    /// Answers a head that the loop's parser has refused.
    void refuseHead(byte[] octets) {
        RequestParser parser = loop.parser;
        headOnly = parser.method == Method.HEAD;
        beginLog(octets, parser.lineFrom, parser.lineTo);
        refuse(parser.refusal);
    }

    /// Answers a head that doesn't become complete.
    void tooSlow() {
        headOnly = false;
        beginLog(NO_OCTETS, 0, 0);
        refuse(Refusal.HEAD_TOO_SLOW);
    }

    private void serve(RequestParser parser, byte[] octets) {
        byte[] path = octets;
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
        AnswerMaker maker = loop.route == null ? null : loop.route.find(parser, octets, path, from, to);
        if (maker != null) {
            make(maker);
            return;
        }
        Tick tick = loop.tick;
        Resource resource = loop.files.find(path, from, to, tick.second);
        switch (resource) {
            case ServedFile served when parser.method == Method.OPTIONS -> respond(Status.OK, "", Method.SERVED);
            case ServedFile served -> send(served, tick);
            case Resource.SlashMissing slash -> {
                String location = ShortResponse.location(path, from, to, octets, parser.queryFrom, parser.queryTo);
                respond(Status.MOVED_PERMANENTLY, "This is a directory: its path ends in a slash.", location);
            }
            case Resource.Moved(int status, String location) ->
                respond(Status.ofCode(status), "This is elsewhere: " + location, "Location: " + location + "\r\n");
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
            answered(Status.OK.code, 0);
        } else {
            file = served;
            loop.transferStarts();
            try {
                transfer.start(head, served.file(), served.offsetBytes(), served.lengthBytes());
            } catch (Throwable e) {
                connection.broken(e);
            }
        }
    }

    @Override
    public void transferEnded(int status, boolean headWritten) {
        ServedFile ended = file;
        file = null;
        loop.transferEnds();
        if (!connection.isOpen() || ended == null) {
            // The client has gone, was too slow, or the server is closing.
            endLog(Status.OK.code, 0);
            return;
        }
        loop.turn();
        if (status == Transfer.DONE) {
            answered(Status.OK.code, ended.lengthBytes());
        } else if (isPeerGone(status)) {
            LoopCounters.count(loop.counters.connectionErrors);
            connection.cut();
            endLog(Status.OK.code, 0);
        } else {
            loop.files.forget(ended);
            if (headWritten || status == Transfer.CANCELLED) {
                LoopCounters.count(loop.counters.transfersCut);
                connection.brokeOff();
                endLog(Status.OK.code, 0);
            } else if (status == Transfer.SHRANK) {
                respond(Status.SERVICE_UNAVAILABLE, "The file has just become shorter: ask again.", "");
            } else {
                fail(Errno.of(status));
            }
        }
        connection.resume();
    }

    // ---- answers that are made ----

    private void make(AnswerMaker maker) {
        MadeAnswer begun = new MadeAnswer(this, ctx, maker, headOnly, loop.parser.version11);
        made = begun;
        loop.transferStarts();
        try {
            begun.start();
        } catch (Throwable e) {
            if (begun.abandon()) {
                madeLeft(begun);
            }
            connection.broken(e);
        }
    }

    Tick tick() {
        return loop.tick;
    }

    /// The head is about to be written.
    ///
    /// @param closes whether only the connection's end will end the body
    Persistence madeBegins(int statusCode, boolean closes) {
        loop.turn();
        LoopCounters.count(loop.counters.answers);
        if (statusCode >= 400) {
            LoopCounters.count(loop.counters.refusals);
        }
        if (closes || loop.draining()) {
            closeAfter();
        }
        return persistence;
    }

    /// A part of the body is there.
    void madeMoves() {
        loop.turn();
        connection.moves();
    }

    void madeEnded(MadeAnswer ended, boolean cancelled, int statusCode, long contentBytes) {
        madeLeft(ended);
        if (cancelled || !connection.isOpen()) {
            endLog(statusCode, 0);
            return;
        }
        answered(statusCode, contentBytes);
        connection.resume();
    }

    void madeInstead(MadeAnswer ended, boolean cancelled, Status status, String text) {
        madeLeft(ended);
        if (cancelled || !connection.isOpen()) {
            endLog(status.code, 0);
            return;
        }
        loop.turn();
        respond(status, text, "");
        connection.resume();
    }

    /// @param reset whether the client must be shown by a reset that something is missing
    void madeBrokeOff(MadeAnswer ended, boolean cancelled, int statusCode, boolean reset) {
        madeLeft(ended);
        endLog(statusCode, 0);
        if (cancelled || !connection.isOpen()) {
            return;
        }
        LoopCounters.count(loop.counters.transfersCut);
        if (reset) {
            connection.cut();
        } else {
            connection.brokeOff();
        }
    }

    private void madeLeft(MadeAnswer ended) {
        if (ended.equals(made)) {
            made = null;
        }
        loop.transferEnds();
    }

    /// Whether it is the socket that a transfer has failed on, and the client's doing, not the file.
    private static boolean isPeerGone(int status) {
        return status == -Errno.EPIPE || status == -Errno.ECONNRESET || status == -Errno.ECONNABORTED;
    }

    /// Gives the answer that says what is wrong.
    void refuse(Refusal refusal) {
        if (refusal.closes) {
            closeAfter();
        }
        // RFC 9110 §15.5.6
        respond(refusal.status, refusal.text, refusal.status == Status.METHOD_NOT_ALLOWED ? Method.SERVED : "");
    }

    /// No other answer follows this one.
    void closeAfter() {
        closesAfter = true;
        persistence = Persistence.CLOSE;
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
                ShortResponse.of(ctx.alloc(), status, text, extraFields, persistence, loop.tick, !headOnly),
                ctx.voidPromise());
        answered(status.code, headOnly ? 0 : text.length() + 1L);
    }

    private void answered(int statusCode, long contentBytes) {
        endLog(statusCode, contentBytes);
        connection.answered(closesAfter, statusCode >= 400);
    }

    private void beginLog(byte[] octets, int lineFrom, int lineTo) {
        if (loop.accessLog != null) {
            logLine = AccessLine.begin(logClient, loop.tick, octets, lineFrom, lineTo);
        }
    }

    private void endLog(int statusCode, long contentBytes) {
        byte[] begun = logLine;
        if (loop.accessLog != null && begun != null) {
            logLine = null;
            loop.accessLog.offer(AccessLine.end(begun, statusCode, contentBytes));
        }
    }
}
