package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import java.nio.charset.StandardCharsets;
import ringside.content.HttpDate;

/// An answer while its [AnswerMaker] makes it: writes the head with the framing that the client understands, and
/// the body in it (RFC 9112 §6).
///
/// | | body of a known length | of an unknown one |
/// |---|---|---|
/// | HTTP/1.1 | `Content-Length` | `Transfer-Encoding: chunked` |
/// | HTTP/1.0 | `Content-Length` | none: the connection ends with it |
/// | HEAD | `Content-Length` | none |
/// | 204, 304 | none | none |
///
/// ```
///   WAITING ── head ──► BODY ── end, breakOff ──► ENDED
///      │                                            ▲
///      └──────────── respond, breakOff ─────────────┘
/// ```
///
/// On the connection's event loop only. One for each answer: calls after its end have no effect, so that what a
/// maker has under way then does no harm.
final class MadeAnswer {

    /// The length of a body that isn't known yet.
    static final long UNKNOWN = -1;

    private enum State {
        WAITING,
        BODY,
        ENDED
    }

    private enum Framing {
        NO_BODY,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = Octets.ascii("0\r\n\r\n");
    /// CR LF, a length of up to 8 digits, CR LF.
    private static final int CHUNK_HEAD_BYTES_MAX = 12;

    private final Exchange exchange;
    private final ChannelHandlerContext ctx;
    private final AnswerMaker maker;
    private final boolean headOnly;
    private final boolean version11;

    private State state = State.WAITING;
    private Framing framing = Framing.NO_BODY;
    private boolean cancelled;
    private boolean fullSeen;
    private int statusCode;
    private long lengthBytes;
    private long writtenBytes;

    /// @param headOnly whether the request was a HEAD
    /// @param version11 whether it was of HTTP/1.1
    MadeAnswer(Exchange exchange, ChannelHandlerContext ctx, AnswerMaker maker, boolean headOnly, boolean version11) {
        this.exchange = exchange;
        this.ctx = ctx;
        this.maker = maker;
        this.headOnly = headOnly;
        this.version11 = version11;
    }

    // ---- for the maker ----

    /// Where the work is to come back to.
    ChannelHandlerContext context() {
        return ctx;
    }

    /// Writes the head. Once, unless [#respond] is called instead.
    ///
    /// @param fields whole lines with CR LF, none of them about framing, the connection, `Date` or `Server`
    /// @param lengthBytes of the body, or [#UNKNOWN]; what is written beyond it is dropped, and what is missing at
    ///     the end cuts the connection
    /// @return whether a body is wanted: not for HEAD, 204 and 304, nor by a client that has gone. If not, the
    ///     maker ends now.
    boolean head(int statusCode, String reason, String fields, long lengthBytes) {
        require(State.WAITING);
        this.statusCode = statusCode;
        this.lengthBytes = lengthBytes;
        state = State.BODY;
        boolean bodiless = statusCode == 204 || statusCode == 304;
        if (!headOnly && !bodiless) {
            framing = lengthBytes != UNKNOWN ? Framing.LENGTH : version11 ? Framing.CHUNKED : Framing.UNTIL_CLOSE;
        }
        if (cancelled) {
            return false;
        }
        Persistence persistence = exchange.madeBegins(statusCode, framing == Framing.UNTIL_CLOSE);
        String length = bodiless || lengthBytes == UNKNOWN ? "" : "Content-Length: " + lengthBytes + "\r\n";
        String coding = framing == Framing.CHUNKED ? "Transfer-Encoding: chunked\r\n" : "";
        String before = "HTTP/1.1 " + statusCode + " " + reason + "\r\n" + ResponseHeads.UP_TO_DATE;
        String after = "\r\n" + fields + length + coding + persistence.field + "\r\n";
        ctx.write(
                ctx.alloc()
                        .directBuffer(before.length() + HttpDate.LENGTH_BYTES + after.length())
                        .writeBytes(before.getBytes(StandardCharsets.ISO_8859_1))
                        .writeBytes(exchange.tick().httpDate)
                        .writeBytes(after.getBytes(StandardCharsets.ISO_8859_1)),
                ctx.voidPromise());
        return framing != Framing.NO_BODY;
    }

    /// Gives a whole answer in one line of text instead of a head, and ends.
    void respond(Status status, String text) {
        require(State.WAITING);
        state = State.ENDED;
        exchange.madeInstead(this, cancelled, status, text);
    }

    /// Writes a part of the body; it goes out with the next [#flush()], or when the channel is full.
    ///
    /// @param part owned by this from now on; of any length
    /// @return whether more is welcome now; if not, [AnswerMaker#moreWanted()] says when
    boolean write(ByteBuf part) {
        if (state != State.BODY || cancelled || framing == Framing.NO_BODY) {
            part.release();
            return false;
        }
        exchange.madeMoves();
        int bytes = part.readableBytes();
        if (framing == Framing.LENGTH && bytes > lengthBytes - writtenBytes) {
            bytes = (int) (lengthBytes - writtenBytes);
            part.writerIndex(part.readerIndex() + bytes);
        }
        if (bytes == 0) {
            part.release();
        } else {
            if (framing == Framing.CHUNKED) {
                writeChunkHead(bytes);
            }
            writtenBytes += bytes;
            ctx.write(part, ctx.voidPromise());
        }
        if (!ctx.channel().isWritable()) {
            ctx.flush();
        }
        fullSeen = !ctx.channel().isWritable();
        return !fullSeen;
    }

    /// Has more of the request's body given to [AnswerMaker#body()], which wants it: for the first time, or again after
    /// it was full. A client that waits for it is told to go on (RFC 9110 §10.1.1).
    void bodyWanted() {
        if (state != State.ENDED && !cancelled) {
            exchange.bodyWanted(state == State.WAITING);
        }
    }

    /// Sends what was written. At the end it is done anyway.
    void flush() {
        if (state != State.ENDED && !cancelled) {
            ctx.flush();
        }
    }

    /// Whether the client, or the server, has given up on this answer.
    boolean isCancelled() {
        return cancelled;
    }

    /// The body is whole. Without a head before it, and with less than was promised, this is [#breakOff()].
    void end() {
        if (state == State.ENDED) {
            return;
        }
        boolean whole = state == State.BODY && (framing != Framing.LENGTH || writtenBytes == lengthBytes);
        if (!whole) {
            breakOff();
            return;
        }
        state = State.ENDED;
        if (framing == Framing.CHUNKED && !cancelled) {
            ByteBuf last = ctx.alloc().directBuffer(CHUNK_HEAD_BYTES_MAX);
            if (writtenBytes > 0) {
                last.writeBytes(LINE_END);
            }
            ctx.write(last.writeBytes(LAST_CHUNK), ctx.voidPromise());
        }
        exchange.madeEnded(this, cancelled, statusCode, writtenBytes);
    }

    /// There is no more, though there should be: 500 if nothing was said yet, else the connection is cut, so that
    /// the client can tell (RFC 9112 §8).
    void breakOff() {
        if (state == State.ENDED) {
            return;
        }
        if (state == State.WAITING) {
            respond(Status.INTERNAL_SERVER_ERROR, "The answer could not be made: the server's operator can tell why.");
            return;
        }
        state = State.ENDED;
        if (framing == Framing.UNTIL_CLOSE && !cancelled) {
            // An orderly close would look like the end: a reset doesn't.
            ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        exchange.madeBrokeOff(this, cancelled, statusCode, framing == Framing.UNTIL_CLOSE);
    }

    private void writeChunkHead(int bytes) {
        ByteBuf head = ctx.alloc().directBuffer(CHUNK_HEAD_BYTES_MAX);
        if (writtenBytes > 0) {
            head.writeBytes(LINE_END);
        }
        int digits = (Integer.SIZE - Integer.numberOfLeadingZeros(bytes) + 3) / 4;
        for (int i = digits - 1; i >= 0; i--) {
            head.writeByte(Character.forDigit((bytes >>> (4 * i)) & 0xf, 16));
        }
        ctx.write(head.writeBytes(LINE_END), ctx.voidPromise());
    }

    private void require(State wanted) {
        if (state != wanted) {
            throw new IllegalStateException("an answer that is " + state + ", not " + wanted);
        }
    }

    // ---- for the exchange ----

    void start() {
        maker.start(this);
    }

    void writabilityChanged() {
        if (state == State.BODY && !cancelled && fullSeen && ctx.channel().isWritable()) {
            fullSeen = false;
            maker.moreWanted();
        }
    }

    void cancel() {
        if (state != State.ENDED && !cancelled) {
            cancelled = true;
            maker.cancel();
        }
    }

    /// Ends it after a defect, whatever the maker may still do.
    ///
    /// @return false if it has ended
    boolean abandon() {
        boolean ended = state == State.ENDED;
        state = State.ENDED;
        return !ended;
    }
}
