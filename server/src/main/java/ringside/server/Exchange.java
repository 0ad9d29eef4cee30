package ringside.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import ringside.content.ContentStore;
import ringside.content.Encoding;
import ringside.content.Resource;
import ringside.content.ServedFile;
import ringside.linux.Errno;
import ringside.linux.KernelException;

/// The request that a connection is answering, and its answer: one for each connection, used for one request after
/// the other.
///
/// Tells the connection by [HttpConnection#answered(boolean, boolean)] that an answer was written, or by
/// [HttpConnection#brokeOff()] that it broke off. Belongs to the connection's event loop.
final class Exchange {

    private static final byte[] NO_OCTETS = {};
    private static final byte[] CONTINUE = Octets.ascii("HTTP/1.1 100 Continue\r\n\r\n");

    private final HttpConnection connection;
    private final ServerLoop loop;
    private final ChannelHandlerContext ctx;
    private final FileAnswer files;

    private byte[] logClient = NO_OCTETS;

    /// Of the request that is being answered.
    private boolean closesAfter;

    private boolean headOnly;
    /// Whether the client waits for 100 before it sends the body.
    private boolean expecting;
    private Persistence persistence = Persistence.IMPLIED;
    /// What the path is looked up in; null if the host isn't known.
    private @Nullable ContentStore store;

    /// What is being made; null when nothing is.
    private @Nullable MadeAnswer made;

    /// Whether no error page is to be looked for: one was, or the store may have been closed since.
    private boolean errorPageTried = true;

    private byte @Nullable [] logLine;

    Exchange(HttpConnection connection, ServerLoop loop, ChannelHandlerContext ctx) {
        this.connection = connection;
        this.loop = loop;
        this.ctx = ctx;
        this.files = new FileAnswer(this, connection, loop, ctx);
    }

    /// The client's address is known.
    void connected() {
        if (loop.accessLog != null) {
            logClient = AccessLine.client(ctx.channel().remoteAddress());
        }
    }

    /// Whether an answer is under way.
    boolean underWay() {
        return files.underWay() || made != null;
    }

    void cancel() {
        files.cancel();
        if (made != null) {
            made.cancel();
        }
    }

    /// As [Patience#look].
    Patience.Verdict look(Patience patience, long second, boolean headIncomplete, long bodyBytes) {
        return patience.look(ctx.channel(), files.transfer(), second, underWay(), headIncomplete, bodyBytes);
    }

    void writabilityChanged() {
        files.writabilityChanged();
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
            case ServedFile served -> files.send(served, path, from, to, octets);
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
            case Resource.Directory directory -> {
                loop.acceptEncoding.read(octets, parser.fields.acceptEncoding);
                list(
                        directory,
                        new String(path, from, to - from, StandardCharsets.UTF_8),
                        Accept.prefersJson(octets, parser.lineTo, parser.headTo));
            }
            case Resource.Unsized unsized -> {
                loop.acceptEncoding.read(octets, parser.fields.acceptEncoding);
                stream(unsized);
            }
            case Resource.Unlisted unlisted -> refuse(Refusal.UNLISTED);
            case Resource.Absent absent -> refuse(Refusal.ABSENT);
            case Resource.Forbidden forbidden -> refuse(Refusal.UNREADABLE);
            case Resource.Failed(Errno errno) -> fail(errno);
        }
    }

    private void list(Resource.Directory directory, String path, boolean json) {
        try {
            DirectoryPage page = new DirectoryPage(directory.open(), json, loop.content.baseUrl(), path);
            makeWorked(page.mediaType(), "Accept", page);
        } catch (KernelException e) {
            fail(e.errno());
        }
    }

    private void stream(Resource.Unsized unsized) {
        try {
            makeWorked(unsized.mediaType(), "", new StreamBody(unsized.open()));
        } catch (KernelException e) {
            fail(e.errno());
        }
    }

    // ---- answers that are made ----

    /// Makes a body that nobody may keep: no cache may use it unasked (RFC 9111 §5.2.2.4), and there is nothing to ask
    /// by. Compressed, if that is wanted.
    ///
    /// @param varies the field that it has been chosen by; may be empty
    private void makeWorked(String mediaType, String varies, WorkedBody body) {
        WorkedBody sent = body;
        String coded = "";
        String vary = varies;
        if (loop.compression != null && loop.compression.isFor(mediaType, MadeAnswer.UNKNOWN)) {
            Encoding coding = loop.acceptEncoding.preferred(loop.offered);
            vary += varies.isEmpty() ? "Accept-Encoding" : ", Accept-Encoding";
            if (coding != null) {
                sent = new CompressedBody(body, coding);
                coded = "Content-Encoding: " + coding.token() + "\r\n";
            }
        }
        String fields = "Content-Type: " + mediaType + "\r\n" + coded + "Cache-Control: no-cache\r\n"
                + (vary.isEmpty() ? "" : "Vary: " + vary + "\r\n");
        make(new WorkedAnswer(loop.workers, fields, sent));
    }

    void make(AnswerMaker maker) {
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

    boolean headOnly() {
        return headOnly;
    }

    /// What the answer says of the connection's future.
    Persistence persistence() {
        return persistence;
    }

    /// From here on the answer is what it is: no page takes its place.
    void begun() {
        errorPageTried = true;
    }

    /// For a file that could not be sent as it should.
    void forget(ServedFile file) {
        if (store != null) {
            store.forget(file);
        }
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

    void fail(Errno errno) {
        respond(
                ShortResponse.statusOf(errno),
                "The file can't be read: " + errno.label() + ", " + errno.meaning() + ".",
                "");
    }

    void respond(Status status, String text, String extraFields) {
        if (status.code >= 400 && !errorPageTried) {
            errorPageTried = true;
            ServedFile page = errorPage(status);
            if (page != null) {
                files.sendPage(status, page, extraFields);
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

    void answered(int statusCode, long contentBytes) {
        errorPageTried = true;
        endLog(statusCode, contentBytes);
        connection.answered(closesAfter, statusCode >= 400);
    }

    private void beginLog(byte[] octets, int lineFrom, int lineTo) {
        if (loop.accessLog != null) {
            logLine = AccessLine.begin(logClient, loop.tick, octets, lineFrom, lineTo);
        }
    }

    void endLog(int statusCode, long contentBytes) {
        byte[] begun = logLine;
        if (loop.accessLog != null && begun != null) {
            logLine = null;
            loop.accessLog.offer(AccessLine.end(begun, statusCode, contentBytes));
        }
    }
}
