package ringside.server;

/// Finds the end of a request's body in what arrives (RFC 9112 §6), and takes the chunked coding (§7.1) off it.
///
/// ```
///   none, length 0 ─────────────────────────────────────────► WHOLE
///   length n ───► CONTENT ─── n octets ─────────────────────────▲
///                                                               │ empty line
///   chunked ───► SIZE ──► EXTENSION ──► SIZE_LF ── 0 ──► TRAILER_* ──► END_LF
///                 ▲ └──────────────────────▲ │
///                 │                          ▼ not 0
///                 └── DATA_LF ◄── DATA_CR ◄── CONTENT
/// ```
///
/// As strict as [RequestParser], for the same reason: lines end in CR LF and nothing else, a size is hexadecimal
/// digits and nothing else. Extensions and trailers are skipped once their octets are right. Octets arrive in pieces
/// of any length; nothing of a line is kept. One of these serves a connection, for one body after the other; it
/// allocates nothing.
final class RequestBody {

    /// All that has arrived is used up, and it isn't the end.
    static final int MORE = 0;
    /// The body is whole; what the input holds belongs to the next request.
    static final int ENDED = 1;
    /// See [#refusal]; the framing is lost.
    static final int REFUSED = 2;
    /// The sink is full.
    static final int FULL = 3;

    /// Enough for any size that a long can hold.
    private static final int SIZE_DIGITS_MAX = 15;

    private enum State {
        WHOLE,
        CONTENT,
        SIZE,
        SIZE_BLANKS,
        EXTENSION,
        SIZE_LF,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        END_LF
    }

    private final HttpLimits limits;
    private State state = State.WHOLE;
    private boolean chunked;
    /// Of the content, or of the chunk.
    private long remainingBytes;
    private long receivedBytes;
    private int sizeDigits;
    /// Of chunk extensions and trailers together: what a client may send without sending content.
    private int framingBytes;

    Refusal refusal = Refusal.CHUNK_SYNTAX;

    RequestBody(HttpLimits limits) {
        this.limits = limits;
    }

    /// A head was read: `lengthBytes` of content follow it, or chunks.
    void begin(long lengthBytes, boolean inChunks) {
        chunked = inChunks;
        remainingBytes = lengthBytes;
        receivedBytes = 0;
        framingBytes = 0;
        sizeDigits = 0;
        state = inChunks ? State.SIZE : lengthBytes > 0 ? State.CONTENT : State.WHOLE;
    }

    boolean isWhole() {
        return state == State.WHOLE;
    }

    /// Of the content, as far as it was taken.
    long receivedBytes() {
        return receivedBytes;
    }

    /// Takes from `input` what belongs to the body and gives the content to `sink`.
    ///
    /// @return [#MORE], [#ENDED], [#REFUSED] or [#FULL]
    int read(Input input, BodySink sink) {
        while (state != State.WHOLE) {
            int readable = input.readableBytes();
            if (readable == 0) {
                return MORE;
            }
            if (state == State.CONTENT) {
                int offered = (int) Math.min(remainingBytes, readable);
                int taken = sink.content(input.octets, input.from, offered);
                if (input.readableBytes() == 0) {
                    // The connection was given up from within.
                    return MORE;
                }
                input.skip(taken);
                remainingBytes -= taken;
                receivedBytes += taken;
                if (remainingBytes == 0) {
                    state = chunked ? State.DATA_CR : State.WHOLE;
                } else if (taken < offered) {
                    return FULL;
                }
            } else {
                byte octet = input.octets[input.from];
                input.skip(1);
                if (!frame(octet)) {
                    return REFUSED;
                }
            }
        }
        return ENDED;
    }

    /// @return false if the octet is refused
    private boolean frame(byte octet) {
        return switch (state) {
            case SIZE -> size(octet);
            case SIZE_BLANKS -> sizeBlanks(octet);
            case EXTENSION -> octet == '\r' ? go(State.SIZE_LF) : counted(octet, Refusal.CHUNK_SYNTAX);
            case SIZE_LF -> octet == '\n' ? sizeEnds() : refuse(Refusal.CHUNK_SYNTAX);
            case DATA_CR -> octet == '\r' ? go(State.DATA_LF) : refuse(Refusal.CHUNK_SYNTAX);
            case DATA_LF -> octet == '\n' ? chunkEnds() : refuse(Refusal.CHUNK_SYNTAX);
            case TRAILER_START -> {
                if (octet == '\r') {
                    yield go(State.END_LF);
                }
                state = State.TRAILER_NAME;
                yield Octets.is(octet, Octets.TOKEN)
                        ? counted(octet, Refusal.TRAILER_SYNTAX)
                        : refuse(Refusal.TRAILER_SYNTAX);
            }
            case TRAILER_NAME -> {
                if (octet == ':') {
                    yield go(State.TRAILER_VALUE);
                }
                yield Octets.is(octet, Octets.TOKEN)
                        ? counted(octet, Refusal.TRAILER_SYNTAX)
                        : refuse(Refusal.TRAILER_SYNTAX);
            }
            case TRAILER_VALUE -> octet == '\r' ? go(State.TRAILER_LF) : counted(octet, Refusal.TRAILER_SYNTAX);
            case TRAILER_LF -> octet == '\n' ? go(State.TRAILER_START) : refuse(Refusal.TRAILER_SYNTAX);
            case END_LF -> octet == '\n' ? go(State.WHOLE) : refuse(Refusal.TRAILER_SYNTAX);
            case WHOLE, CONTENT -> throw new IllegalStateException("no framing is expected in state " + state);
        };
    }

    private boolean size(byte octet) {
        int digit = Octets.hexValue(octet);
        if (digit >= 0) {
            remainingBytes = sizeDigits == 0 ? digit : (remainingBytes << 4) | digit;
            // Leading zeros are digits too: a size needn't be long without end.
            return ++sizeDigits <= SIZE_DIGITS_MAX || refuse(Refusal.BODY_TOO_LARGE);
        }
        if (sizeDigits == 0) {
            return refuse(Refusal.CHUNK_SYNTAX);
        }
        if (octet == '\r') {
            return go(State.SIZE_LF);
        }
        return sizeBlanks(octet);
    }

    /// Blanks may stand before an extension's semicolon (§7.1.1, RFC 9110 §5.6.3), but not before the line's end.
    private boolean sizeBlanks(byte octet) {
        if (octet == ';') {
            return go(State.EXTENSION);
        }
        state = State.SIZE_BLANKS;
        return (octet == ' ' || octet == '\t') ? counted(octet, Refusal.CHUNK_SYNTAX) : refuse(Refusal.CHUNK_SYNTAX);
    }

    private boolean sizeEnds() {
        if (remainingBytes > limits.bodyBytesMax() - receivedBytes) {
            return refuse(Refusal.BODY_TOO_LARGE);
        }
        return go(remainingBytes == 0 ? State.TRAILER_START : State.CONTENT);
    }

    private boolean chunkEnds() {
        sizeDigits = 0;
        return go(State.SIZE);
    }

    private boolean counted(byte octet, Refusal otherwise) {
        if (!Octets.is(octet, Octets.VALUE)) {
            return refuse(otherwise);
        }
        return ++framingBytes <= limits.headBytesMax() || refuse(Refusal.FRAMING_TOO_LARGE);
    }

    private boolean go(State next) {
        state = next;
        return true;
    }

    private boolean refuse(Refusal why) {
        refusal = why;
        return false;
    }
}
