package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import ringside.content.Resource;
import ringside.content.ServedFile;
import ringside.engines.Transfer;
import ringside.engines.TransferListener;
import ringside.linux.Errno;
import ringside.linux.KernelException;

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

    /// Of the transfer that is under way.
    private int transferredStatus = Status.OK.code;
    /// Whether an error page was looked for already: an error page that fails gets none.
    private boolean errorPageTried;

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
    Patience.Verdict look(Patience patience, long second, boolean headIncomplete, boolean bodyIncomplete) {
        return patience.look(ctx.channel(), transfer, second, underWay(), headIncomplete, bodyIncomplete);
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
    void answer(byte[] octets) {
        RequestParser parser = loop.parser;
        errorPageTried = false;
        beginLog(octets, parser.lineFrom, parser.lineTo);
        boolean unreadable = parser.chunked() || parser.contentLengthBytes() > loop.limits.bodyBytesMax();
        // A client that waits for 100 gets its answer instead, and it may or may not send the body then.
        boolean expecting = parser.expectsContinue() && parser.contentLengthBytes() > 0;
        closesAfter = !parser.keepAlive() || unreadable || expecting || loop.draining();
        persistence = closesAfter ? Persistence.CLOSE : parser.version11 ? Persistence.IMPLIED : Persistence.KEEP_ALIVE;
        Method method = parser.method;
        headOnly = method == Method.HEAD;
        if (method == null) {
            refuse(Refusal.METHOD_UNKNOWN);
        } else if (!method.isServed()) {
            refuse(Refusal.METHOD_REFUSED);
        } else if (unreadable) {
            refuse(parser.chunked() ? Refusal.BODY_CHUNKED : Refusal.BODY_TOO_LARGE);
        } else {
            serve(parser, octets);
        }
    }

    /// Answers a head that the loop's parser has refused.
    void refuseHead(byte[] octets) {
        RequestParser parser = loop.parser;
        errorPageTried = false;
        headOnly = parser.method == Method.HEAD;
        beginLog(octets, parser.lineFrom, parser.lineTo);
        refuse(parser.refusal);
    }

    /// Answers a head that doesn't become complete.
    void tooSlow() {
        headOnly = false;
        errorPageTried = true;
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
            case ServedFile served -> send(served, tick);
            case Resource.SlashMissing slash -> {
                String location = ShortResponse.location(
                        loop.site.baseUrl(), path, from, to, octets, parser.queryFrom, parser.queryTo);
                respond(Status.MOVED_PERMANENTLY, "This is a directory: its path ends in a slash.", location);
            }
            case Resource.Moved(int status, String location) -> {
                String whole = location.startsWith("/") && !location.startsWith("//")
                        ? loop.site.baseUrl() + location
                        : location;
                respond(Status.ofCode(status), "This is elsewhere: " + whole, "Location: " + whole + "\r\n");
            }
            case Resource.Directory directory ->
                list(
                        directory,
                        new String(path, from, to - from, StandardCharsets.UTF_8),
                        Accept.prefersJson(octets, parser.lineTo, parser.headTo));
            case Resource.Unsized unsized -> stream(unsized);
            case Resource.Unlisted unlisted -> refuse(Refusal.UNLISTED);
            case Resource.Absent absent -> refuse(Refusal.ABSENT);
            case Resource.Forbidden forbidden -> refuse(Refusal.UNREADABLE);
            case Resource.Failed(Errno errno) -> fail(errno);
        }
    }

    private void list(Resource.Directory directory, String path, boolean json) {
        try {
            DirectoryPage page = new DirectoryPage(directory.open(), json, loop.site.baseUrl(), path);
            make(new WorkedAnswer(loop.workers, page.fields(), page));
        } catch (KernelException e) {
            fail(e.errno());
        }
    }

    private void stream(Resource.Unsized unsized) {
        try {
            String fields = "Content-Type: " + unsized.mediaType() + "\r\nCache-Control: no-cache\r\n";
            make(new WorkedAnswer(loop.workers, fields, new StreamBody(unsized.open())));
        } catch (KernelException e) {
            fail(e.errno());
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
            transfer(Status.OK, head, served);
        }
    }

    private void transfer(Status status, ByteBuf head, ServedFile served) {
        file = served;
        transferredStatus = status.code;
        loop.transferStarts();
        try {
            transfer.start(head, served.file(), served.offsetBytes(), served.lengthBytes());
        } catch (Throwable e) {
            connection.broken(e);
        }
    }

    @Override
    public void transferEnded(int status, boolean headWritten) {
        ServedFile ended = file;
        file = null;
        loop.transferEnds();
        if (!connection.isOpen() || ended == null) {
            // The client has gone, was too slow, or the server is closing.
            endLog(transferredStatus, 0);
            return;
        }
        loop.turn();
        if (status == Transfer.DONE) {
            answered(transferredStatus, ended.lengthBytes());
        } else if (isPeerGone(status)) {
            LoopCounters.count(loop.counters.connectionErrors);
            connection.cut();
            endLog(transferredStatus, 0);
        } else {
            loop.files.forget(ended);
            if (headWritten || status == Transfer.CANCELLED) {
                LoopCounters.count(loop.counters.transfersCut);
                connection.brokeOff();
                endLog(transferredStatus, 0);
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

    private void refuse(Refusal refusal) {
        if (refusal.closes) {
            closeAfter();
        }
        // RFC 9110 §15.5.6
        respond(refusal.status, refusal.text, refusal == Refusal.METHOD_REFUSED ? "Allow: GET, HEAD\r\n" : "");
    }

    private void closeAfter() {
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
        if (status.code >= 400 && !errorPageTried) {
            errorPageTried = true;
            ServedFile page = errorPage(status);
            if (page != null) {
                sendPage(status, page, extraFields);
                return;
            }
        }
        LoopCounters.count(loop.counters.answers);
        if (status.code >= 400) {
            LoopCounters.count(loop.counters.refusals);
        }
        ctx.write(
                ShortResponse.of(ctx.alloc(), status, text, extraFields, persistence, loop.tick, !headOnly),
                ctx.voidPromise());
        answered(status.code, headOnly ? 0 : text.length() + 1L);
    }

    private @Nullable ServedFile errorPage(Status status) {
        String chosen = loop.site.errorPages().path(status.code);
        if (!chosen.isEmpty()) {
            byte[] path = chosen.getBytes(StandardCharsets.UTF_8);
            if (loop.files.find(path, 0, path.length, loop.tick.second) instanceof ServedFile page) {
                return page;
            }
        }
        return loop.files.errorPage(status.code);
    }

    private void sendPage(Status status, ServedFile page, String extraFields) {
        LoopCounters.count(loop.counters.answers);
        LoopCounters.count(loop.counters.refusals);
        ByteBuf head = ShortResponse.head(
                ctx.alloc(), status, page.mediaType(), page.lengthBytes(), extraFields, persistence, loop.tick, 0);
        if (headOnly || page.lengthBytes() == 0) {
            ctx.write(head, ctx.voidPromise());
            answered(status.code, 0);
            return;
        }
        try {
            transfer(status, head, page);
        } finally {
            head.release();
        }
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
