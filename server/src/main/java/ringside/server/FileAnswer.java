package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;
import ringside.content.Encoding;
import ringside.content.OpenFile;
import ringside.content.ServedFile;
import ringside.engines.Transfer;
import ringside.engines.TransferListener;
import ringside.linux.Errno;
import ringside.linux.KernelException;

/// Sends files for an [Exchange]: whole, in ranges, or what the request's conditions leave of them, as one transfer of
/// the engine's or several. One for each connection, on its event loop.
final class FileAnswer implements TransferListener {

    private final Exchange exchange;
    private final HttpConnection connection;
    private final ServerLoop loop;
    private final ChannelHandlerContext ctx;
    private final Transfer transfer;

    /// What is being sent; null when no transfer is under way.
    private @Nullable ServedFile file;
    /// The rest of it; null unless several ranges are being sent.
    private @Nullable MultipartRanges parts;
    /// Of the transfer that is under way: what its answer is, and the length of its body.
    private Status status = Status.OK;

    private long contentBytes;

    FileAnswer(Exchange exchange, HttpConnection connection, ServerLoop loop, ChannelHandlerContext ctx) {
        this.exchange = exchange;
        this.connection = connection;
        this.loop = loop;
        this.ctx = ctx;
        this.transfer = loop.engine.newTransfer(ctx, this);
    }

    /// Whether a transfer is under way.
    boolean underWay() {
        return file != null;
    }

    Transfer transfer() {
        return transfer;
    }

    void cancel() {
        transfer.cancel();
    }

    void writabilityChanged() {
        transfer.writabilityChanged();
    }

    /// Sends a file, or what the request's conditions leave of it.
    ///
    /// @param path decoded, from `from` to `to`
    void send(ServedFile served, byte[] path, int from, int to, byte[] octets) {
        RequestFields fields = loop.parser.fields;
        ServedFile form = served;
        if (!served.variants().isEmpty()) {
            loop.acceptEncoding.read(octets, fields.acceptEncoding);
            ServedFile best = loop.acceptEncoding.best(served);
            if (best == null) {
                refuseCodings("This is stored in no coding that Accept-Encoding allows: allow identity, or gzip.");
                return;
            }
            form = best;
        }
        ResponseHeads heads = heads(served, form, path, from, to);
        if (heads.isCompressible() && !fields.acceptEncoding.isEmpty()) {
            loop.acceptEncoding.read(octets, fields.acceptEncoding);
            Encoding coding = loop.acceptEncoding.preferred(loop.offered);
            if (coding == null && !loop.acceptEncoding.acceptsPlain()) {
                refuseCodings("This is sent in no coding that Accept-Encoding allows: allow identity, or gzip.");
                return;
            }
            // Too many are being compressed: whoever takes the plain form gets it at once instead.
            if (coding != null && (loop.workers.hasRoom() || !loop.acceptEncoding.acceptsPlain())) {
                sendCoded(served, heads.codedAs(coding), coding, octets);
                return;
            }
        }
        if (!fields.conditional) {
            sendWhole(served, form, heads);
            return;
        }
        switch (Preconditions.judge(fields, octets, form, loop.tick)) {
            case PERFORM -> {
                // RFC 9110 §14.2: ranges are for GET only.
                boolean ranged = !fields.range.isEmpty()
                        && !exchange.headOnly()
                        && Preconditions.rangeHolds(fields, octets, form, loop.tick);
                ByteRanges.Outcome outcome = ranged
                        ? loop.ranges.read(octets, fields.range, form.lengthBytes())
                        : ByteRanges.Outcome.IGNORED;
                switch (outcome) {
                    case IGNORED -> sendWhole(served, form, heads);
                    case SATISFIABLE -> sendRanges(served, form, heads);
                    case UNSATISFIABLE ->
                        exchange.respond(
                                Status.RANGE_NOT_SATISFIABLE,
                                "The file has " + form.lengthBytes() + " bytes, and none of them was asked for.",
                                "Content-Range: bytes */" + form.lengthBytes() + "\r\n" + vary(heads.isVarying()));
                }
            }
            case NOT_MODIFIED -> notModified(heads);
            case FAILED -> failed(heads);
        }
    }

    private ResponseHeads heads(ServedFile served, ServedFile form, byte[] path, int from, int to) {
        if (form.attachment() instanceof ResponseHeads attached) {
            return attached;
        }
        boolean stored = !served.variants().isEmpty();
        boolean compressible =
                !stored && loop.compression != null && loop.compression.isFor(form.mediaType(), form.lengthBytes());
        ResponseHeads heads =
                new ResponseHeads(ctx.alloc(), form, stored, compressible, loop.cacheRule(path, from, to));
        form.attach(heads);
        return heads;
    }

    /// Sends a file compressed, or what the request's conditions leave of it. It has no ranges: what is made anew each
    /// time needn't have the same bytes at the same place (RFC 9110 §14.2 lets a server ignore the field).
    private void sendCoded(ServedFile served, ResponseHeads heads, Encoding coding, byte[] octets) {
        switch (Preconditions.judge(loop.parser.fields, octets, heads.file(), loop.tick)) {
            case PERFORM -> {
                try {
                    StreamBody plain =
                            new StreamBody(served.file().openStream(served.offsetBytes()), served.lengthBytes());
                    exchange.make(
                            new WorkedAnswer(loop.workers, heads.fields(loop.tick), new CompressedBody(plain, coding)));
                } catch (KernelException e) {
                    exchange.fail(e.errno());
                }
            }
            case NOT_MODIFIED -> notModified(heads);
            case FAILED -> failed(heads);
        }
    }

    private void notModified(ResponseHeads heads) {
        LoopCounters.count(loop.counters.answers);
        write(heads.head(ResponseHeads.Kind.NOT_MODIFIED, exchange.persistence(), loop.tick));
        exchange.answered(Status.NOT_MODIFIED.code, 0);
    }

    private void failed(ResponseHeads heads) {
        exchange.respond(
                Status.PRECONDITION_FAILED,
                "The file isn't as the request supposes: see If-Match or If-Unmodified-Since.",
                vary(heads.isVarying()));
    }

    private void refuseCodings(String text) {
        exchange.respond(Status.NOT_ACCEPTABLE, text, vary(true));
    }

    private static String vary(boolean varies) {
        return varies ? "Vary: Accept-Encoding\r\n" : "";
    }

    private void sendWhole(ServedFile served, ServedFile form, ResponseHeads heads) {
        ByteBuf head = heads.head(ResponseHeads.Kind.WHOLE, exchange.persistence(), loop.tick);
        LoopCounters.count(loop.counters.answers);
        if (exchange.headOnly() || form.lengthBytes() == 0) {
            write(head);
            exchange.answered(Status.OK.code, 0);
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
            heads.writeRange(head, exchange.persistence(), loop.tick, ranges.first(0), ranges.last(0));
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
            heads.writeRanges(head, exchange.persistence(), loop.tick, several);
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
        exchange.begun();
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
            exchange.endLog(status.code, 0);
            return;
        }
        loop.turn();
        if (outcome == Transfer.DONE) {
            if (several != null) {
                ctx.write(several.end(ctx.alloc()), ctx.voidPromise());
            }
            exchange.answered(status.code, contentBytes);
        } else if (isPeerGone(outcome)) {
            LoopCounters.count(loop.counters.connectionErrors);
            connection.cut();
            exchange.endLog(status.code, 0);
        } else {
            exchange.forget(ended);
            if (begun || outcome == Transfer.CANCELLED) {
                LoopCounters.count(loop.counters.transfersCut);
                connection.brokeOff();
                exchange.endLog(status.code, 0);
            } else if (outcome == Transfer.SHRANK) {
                exchange.respond(Status.SERVICE_UNAVAILABLE, "The file has just become shorter: ask again.", "");
            } else {
                exchange.fail(Errno.of(outcome));
            }
        }
        connection.resume();
    }

    /// Sends the page that stands for an error.
    void sendPage(Status status, ServedFile page, String extraFields) {
        LoopCounters.count(loop.counters.answers);
        LoopCounters.count(loop.counters.refusals);
        ByteBuf head = ShortResponse.head(
                ctx.alloc(),
                status,
                page.mediaType(),
                page.lengthBytes(),
                extraFields,
                exchange.persistence(),
                loop.tick,
                0);
        if (exchange.headOnly() || page.lengthBytes() == 0) {
            ctx.write(head, ctx.voidPromise());
            exchange.answered(status.code, 0);
            return;
        }
        try {
            begin(page, status, page.lengthBytes());
            start(head, page.file(), page.offsetBytes(), page.lengthBytes());
        } finally {
            head.release();
        }
    }

    /// Whether it is the socket that a transfer has failed on, and the client's doing, not the file.
    private static boolean isPeerGone(int status) {
        return status == -Errno.EPIPE || status == -Errno.ECONNRESET || status == -Errno.ECONNABORTED;
    }
}
