package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import ringside.content.ContentStore;
import ringside.content.OpenFile;
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
    private static final byte[] CONTINUE = Octets.ascii("HTTP/1.1 100 Continue\r\n\r\n");

    private final HttpConnection connection;
    private final ServerLoop loop;
    private final ChannelHandlerContext ctx;
    private final Transfer transfer;

    private byte[] logClient = NO_OCTETS;

    /// Of the request that is being answered.
    private boolean closesAfter;

    private boolean headOnly;
    /// Whether the client waits for 100 before it sends the body.
    private boolean expecting;
    private Persistence persistence = Persistence.IMPLIED;
    /// What is being sent; null when no transfer is under way.
    private @Nullable ServedFile file;
    /// Where it was found.
    private @Nullable ContentStore store;
    /// The rest of it; null unless several ranges are being sent.
    private @Nullable MultipartRanges parts;
    /// Of the transfer that is under way: what its answer is, and the length of its body.
    private Status status = Status.OK;

    private long contentBytes;

    /// What is being made; null when nothing is.
    private @Nullable MadeAnswer made;

    /// Whether no error page is to be looked for: one was, or the store may have been closed since.
    private boolean errorPageTried = true;

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
        store = loop.sites.find(octets, parser.hostFrom, parser.hostTo);
        errorPageTried = false;
        beginLog(octets, parser.lineFrom, parser.lineTo);
        boolean tooLarge = parser.contentLengthBytes() > loop.limits.bodyBytesMax();
        // A client that waits for 100 gets its answer instead, and it may or may not send the body then.
        expecting = !bodyRead && parser.expectsContinue() && !connection.bodyBegun();
        Method method = parser.method;
        boolean closes = tooLarge || method == Method.CONNECT || connection.isLastRequest();
        closesAfter = closes || !parser.keepAlive() || loop.draining();
        persistence = closesAfter ? Persistence.CLOSE : parser.version11 ? Persistence.IMPLIED : Persistence.KEEP_ALIVE;
        headOnly = method == Method.HEAD;
        if (parser.expectsOther()) {
            refuse(Refusal.EXPECTATION_UNKNOWN);
            return;
        }
        if (loop.upstreams != null && method != Method.CONNECT) {
            UpstreamExchange upstream = loop.upstreams.find(parser, octets, bodyRead, loop.tick, ctx);
            if (upstream != null) {
                if (tooLarge) {
                    refuse(Refusal.BODY_TOO_LARGE);
                } else {
                    make(upstream);
                }
                return;
            }
        }
        if (expecting) {
            closeAfter();
        }
        if (method == null) {
            refuse(Refusal.METHOD_UNKNOWN);
        } else if (method == Method.CONNECT) {
            refuse(Refusal.TUNNEL_REFUSED);
        } else if (!method.isServed()) {
            refuse(Refusal.METHOD_REFUSED);
        } else if (tooLarge) {
            refuse(Refusal.BODY_TOO_LARGE);
        } else if (parser.chunked() && !bodyRead && !expecting) {
            // Only its end will tell whether there is anything wrong with it.
            errorPageTried = true;
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
        store = loop.sites.find(octets, 0, 0);
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
        ContentStore content = store;
        if (content == null) {
            // RFC 9110 §15.5.20. Who names no host, as HTTP/1.0 may, wasn't misdirected.
            boolean named = parser.version11 || parser.hostTo > parser.hostFrom;
            refuse(named ? Refusal.HOST_UNKNOWN : Refusal.HOST_UNNAMED);
            return;
        }
        AnswerMaker maker = loop.route == null ? null : loop.route.find(parser, octets, path, from, to);
        if (maker != null) {
            make(maker);
            return;
        }
        long second = loop.tick.second;
        Resource resource = content.find(path, from, to, second);
        if (resource instanceof Resource.Failed(Errno errno) && errno.isShortage() && loop.sites.closeOthers(content)) {
            resource = content.find(path, from, to, second);
        }
        switch (resource) {
            case ServedFile served when parser.method == Method.OPTIONS -> respond(Status.OK, "", Method.SERVED);
            case Resource.Directory directory
            when parser.method == Method.OPTIONS -> respond(Status.OK, "", Method.SERVED);
            case Resource.Unsized unsized when parser.method == Method.OPTIONS -> respond(Status.OK, "", Method.SERVED);
            case ServedFile served -> send(served, path, from, to, octets);
            case Resource.SlashMissing slash -> {
                String location = ShortResponse.location(
                        loop.content.baseUrl(), path, from, to, octets, parser.queryFrom, parser.queryTo);
                respond(Status.MOVED_PERMANENTLY, "This is a directory: its path ends in a slash.", location);
            }
            case Resource.Moved(int status, String location) -> {
                String whole = location.startsWith("/") && !location.startsWith("//")
                        ? loop.content.baseUrl() + location
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
            DirectoryPage page = new DirectoryPage(directory.open(), json, loop.content.baseUrl(), path);
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

    /// Sends a file, or what the request's conditions leave of it.
    ///
    /// @param path decoded, from `from` to `to`
    private void send(ServedFile served, byte[] path, int from, int to, byte[] octets) {
        RequestFields fields = loop.parser.fields;
        ServedFile form = served;
        boolean varies = !served.variants().isEmpty();
        if (varies) {
            loop.acceptEncoding.read(octets, fields.acceptEncoding);
            ServedFile best = loop.acceptEncoding.best(served);
            if (best == null) {
                respond(
                        Status.NOT_ACCEPTABLE,
                        "This is stored in no coding that Accept-Encoding allows: allow identity, or gzip.",
                        vary(true));
                return;
            }
            form = best;
        }
        ResponseHeads heads;
        if (form.attachment() instanceof ResponseHeads attached) {
            heads = attached;
        } else {
            heads = new ResponseHeads(ctx.alloc(), form, varies, loop.cacheRule(path, from, to));
            form.attach(heads);
        }
        if (!fields.conditional) {
            sendWhole(served, form, heads);
            return;
        }
        switch (Preconditions.judge(fields, octets, form, loop.tick)) {
            case PERFORM -> {
                // RFC 9110 §14.2: ranges are for GET only.
                boolean ranged = !fields.range.isEmpty()
                        && !headOnly
                        && Preconditions.rangeHolds(fields, octets, form, loop.tick);
                ByteRanges.Outcome outcome = ranged
                        ? loop.ranges.read(octets, fields.range, form.lengthBytes())
                        : ByteRanges.Outcome.IGNORED;
                switch (outcome) {
                    case IGNORED -> sendWhole(served, form, heads);
                    case SATISFIABLE -> sendRanges(served, form, heads);
                    case UNSATISFIABLE ->
                        respond(
                                Status.RANGE_NOT_SATISFIABLE,
                                "The file has " + form.lengthBytes() + " bytes, and none of them was asked for.",
                                "Content-Range: bytes */" + form.lengthBytes() + "\r\n" + vary(varies));
                }
            }
            case NOT_MODIFIED -> {
                LoopCounters.count(loop.counters.answers);
                write(heads.head(ResponseHeads.Kind.NOT_MODIFIED, persistence, loop.tick));
                answered(Status.NOT_MODIFIED.code, 0);
            }
            case FAILED ->
                respond(
                        Status.PRECONDITION_FAILED,
                        "The file isn't as the request supposes: see If-Match or If-Unmodified-Since.",
                        vary(varies));
        }
    }

    private static String vary(boolean varies) {
        return varies ? "Vary: Accept-Encoding\r\n" : "";
    }

    private void sendWhole(ServedFile served, ServedFile form, ResponseHeads heads) {
        ByteBuf head = heads.head(ResponseHeads.Kind.WHOLE, persistence, loop.tick);
        LoopCounters.count(loop.counters.answers);
        if (headOnly || form.lengthBytes() == 0) {
            write(head);
            answered(Status.OK.code, 0);
        } else {
            begin(served, Status.OK, form.lengthBytes());
            start(head, form.file(), form.offsetBytes(), form.lengthBytes());
        }
    }

    private void sendRanges(ServedFile served, ServedFile form, ResponseHeads heads) {
        ByteRanges ranges = loop.ranges;
        if (ranges.count() == 1) {
            LoopCounters.count(loop.counters.answers);
            ByteBuf head = loop.head.clear();
            heads.writeRange(head, persistence, loop.tick, ranges.first(0), ranges.last(0));
            begin(served, Status.PARTIAL_CONTENT, ranges.lengthBytes(0));
            start(head, form.file(), form.offsetBytes() + ranges.first(0), ranges.lengthBytes(0));
        } else if (form.encoding().isPresent()) {
            // Nothing says of a multipart body that it is its parts that are coded: RFC 9110 §14.6 knows no such field.
            sendWhole(served, form, heads);
        } else {
            LoopCounters.count(loop.counters.answers);
            MultipartRanges several = new MultipartRanges(form, ranges, loop.boundary());
            parts = several;
            ByteBuf head = loop.head.clear();
            heads.writeRanges(head, persistence, loop.tick, several);
            begin(served, Status.PARTIAL_CONTENT, several.contentBytes());
            start(head, several.file(), several.offset(), several.lengthBytes());
        }
    }

    /// Writes a copy of a head that nothing follows.
    private void write(ByteBuf head) {
        int headBytes = head.readableBytes();
        ctx.write(
                ctx.alloc().directBuffer(headBytes).writeBytes(head, head.readerIndex(), headBytes), ctx.voidPromise());
    }

    /// A transfer, or several, are to come.
    ///
    /// @param bytes of the body
    private void begin(ServedFile served, Status answer, long bytes) {
        errorPageTried = true;
        file = served;
        status = answer;
        contentBytes = bytes;
        loop.transferStarts();
    }

    private void start(ByteBuf head, OpenFile from, long offset, long lengthBytes) {
        try {
            transfer.start(head, from, offset, lengthBytes);
        } catch (Throwable e) {
            connection.broken(e);
        }
    }

    @Override
    public void transferEnded(int outcome, boolean headWritten) {
        MultipartRanges several = parts;
        if (several != null && outcome == Transfer.DONE && connection.isOpen() && several.next()) {
            start(
                    loop.head.clear().writeBytes(several.head()),
                    several.file(),
                    several.offset(),
                    several.lengthBytes());
            return;
        }
        ServedFile ended = file;
        file = null;
        parts = null;
        loop.transferEnds();
        boolean begun = headWritten;
        if (several != null) {
            begun |= several.begun();
            several.close();
        }
        if (!connection.isOpen() || ended == null) {
            // The client has gone, was too slow, or the server is closing.
            endLog(status.code, 0);
            return;
        }
        loop.turn();
        if (outcome == Transfer.DONE) {
            if (several != null) {
                ctx.write(several.end(ctx.alloc()), ctx.voidPromise());
            }
            answered(status.code, contentBytes);
        } else if (isPeerGone(outcome)) {
            LoopCounters.count(loop.counters.connectionErrors);
            connection.cut();
            endLog(status.code, 0);
        } else {
            if (store != null) {
                store.forget(ended);
            }
            if (begun || outcome == Transfer.CANCELLED) {
                LoopCounters.count(loop.counters.transfersCut);
                connection.brokeOff();
                endLog(status.code, 0);
            } else if (outcome == Transfer.SHRANK) {
                respond(Status.SERVICE_UNAVAILABLE, "The file has just become shorter: ask again.", "");
            } else {
                fail(Errno.of(outcome));
            }
        }
        connection.resume();
    }

    // ---- answers that are made ----

    private void make(AnswerMaker maker) {
        errorPageTried = true;
        MadeAnswer begun = new MadeAnswer(this, ctx, maker, headOnly, loop.parser.version11);
        made = begun;
        connection.bodyTo(maker.body());
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
        if (closes || expecting || loop.draining()) {
            closeAfter();
        }
        return persistence;
    }

    /// @param unanswered whether the answer hasn't begun
    void bodyWanted(boolean unanswered) {
        if (expecting && unanswered) {
            expecting = false;
            ctx.writeAndFlush(Unpooled.copiedBuffer(CONTINUE), ctx.voidPromise());
        }
        connection.resume();
    }

    /// Whether the client may be sending the body of the request that is being answered.
    boolean bodyComes() {
        return !expecting;
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
        if (expecting) {
            closeAfter();
        }
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
            connection.bodyTo(BodySink.DRAIN);
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
        ContentStore content = store;
        if (content == null) {
            return null;
        }
        String chosen = loop.content.errorPages().path(status.code);
        if (!chosen.isEmpty()) {
            byte[] path = chosen.getBytes(StandardCharsets.UTF_8);
            if (content.find(path, 0, path.length, loop.tick.second) instanceof ServedFile page) {
                return page;
            }
        }
        return content.errorPage(status.code);
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
            begin(page, status, page.lengthBytes());
            start(head, page.file(), page.offsetBytes(), page.lengthBytes());
        } finally {
            head.release();
        }
    }

    private void answered(int statusCode, long contentBytes) {
        errorPageTried = true;
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
