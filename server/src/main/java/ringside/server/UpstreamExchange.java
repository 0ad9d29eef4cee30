package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One request to an application, and its answer: body there, answer back, both as they come, each as fast as who takes
/// it. On the connection's event loop, which is the application's connection's too.
///
/// ```
///   COLLECTING ── chunked body whole ──► WAITING ── connected ──► SENT ── answer ended, broken, cancelled ──► ENDED
///                                           ▲                      │
///                                           └── kept connection ───┘
///                                               found closed
/// ```
///
/// CGI has no chunks: an application must be told the length of a body beforehand. So chunked bodies are collected
/// first, up to a limit; others stream.
final class UpstreamExchange implements AnswerMaker, BodySink {

    private enum State {
        COLLECTING,
        WAITING,
        SENT,
        ENDED
    }

    private static final int COLLECTED_BYTES_MAX = 1 << 20;
    private static final int ERROR_BYTES_MAX = 4 << 10;

    private final UpstreamPool pool;
    private final CgiVariables variables;
    private final boolean safe;

    /// From [#start] on, before which nothing else is called but by a sink's user, which begins after it.
    @SuppressWarnings("NullAway.Init")
    private MadeAnswer answer;

    private State state;
    private @Nullable UpstreamConnection connection;
    private ByteBuf collected = Unpooled.EMPTY_BUFFER;
    private boolean bodyEnded;
    private boolean reused;
    private boolean retried;
    private boolean heard;
    private final CgiHead head = new CgiHead();
    private boolean contentWanted = true;
    private boolean full;
    private long activeSecond;
    private final StringBuilder errors = new StringBuilder();

    /// @param bodied whether a body follows the request's head
    /// @param chunked whether it comes in chunks
    /// @param safe whether the method changes nothing (RFC 9110 §9.2.1)
    UpstreamExchange(UpstreamPool pool, CgiVariables variables, boolean bodied, boolean chunked, boolean safe) {
        this.pool = pool;
        this.variables = variables;
        this.safe = safe && !bodied;
        this.bodyEnded = !bodied;
        this.state = chunked ? State.COLLECTING : State.WAITING;
    }

    // ---- the client's side ----

    @Override
    public BodySink body() {
        return this;
    }

    @Override
    public void start(MadeAnswer made) {
        answer = made;
        activeSecond = pool.second();
        if (state == State.COLLECTING) {
            answer.bodyWanted();
        } else {
            pool.request(this);
        }
    }

    @Override
    public int content(byte[] octets, int from, int lengthBytes) {
        activeSecond = pool.second();
        switch (state) {
            case ENDED -> {
                return lengthBytes;
            }
            case WAITING -> {
                return 0;
            }
            case COLLECTING -> {
                collect(octets, from, lengthBytes);
                return lengthBytes;
            }
            case SENT -> {}
        }
        UpstreamConnection taker = connection;
        int taken = 0;
        while (taker != null && taken < lengthBytes && taker.isWritable()) {
            taken += taker.content(octets, from + taken, lengthBytes - taken);
        }
        if (taker != null) {
            taker.flush();
        }
        return taken;
    }

    private void collect(byte[] octets, int from, int lengthBytes) {
        if (collected.readableBytes() + lengthBytes > COLLECTED_BYTES_MAX) {
            instead(
                    Status.LENGTH_REQUIRED,
                    "An application answers here, which must know a body's length: send a Content-Length, or at most"
                            + " 1 MiB in chunks.");
            return;
        }
        if (collected.capacity() == 0) {
            collected = answer.context().alloc().buffer();
        }
        collected.writeBytes(octets, from, lengthBytes);
    }

    @Override
    public void ended() {
        bodyEnded = true;
        if (state == State.COLLECTING) {
            state = State.WAITING;
            variables.addContentLength(collected.readableBytes());
            pool.request(this);
        } else if (connection != null) {
            connection.end();
            connection.flush();
        }
    }

    @Override
    public void broken(Refusal why) {
        instead(why.status, why.text);
    }

    @Override
    public void moreWanted() {
        full = false;
        activeSecond = pool.second();
        if (connection != null) {
            connection.read(true);
        }
    }

    @Override
    public void cancel() {
        leave(false);
        answer.breakOff();
    }

    // ---- the pool's side ----

    /// @param kept whether the connection has carried a request before
    void connected(UpstreamConnection taken, boolean kept) {
        activeSecond = pool.second();
        try {
            taken.begin(this, variables);
        } catch (IllegalArgumentException e) {
            taken.close();
            instead(
                    Status.HEADER_FIELDS_TOO_LARGE,
                    "The request's head is longer than the application's protocol can carry.");
            return;
        }
        connection = taken;
        state = State.SENT;
        reused = kept;
        if (!bodyEnded) {
            taken.flush();
            answer.bodyWanted();
            return;
        }
        while (collected.isReadable()) {
            byte[] part = new byte[Math.min(collected.readableBytes(), 16 << 10)];
            collected.readBytes(part);
            for (int from = 0; from < part.length; ) {
                from += taken.content(part, from, part.length - from);
            }
        }
        taken.end();
        taken.flush();
    }

    void unreachable() {
        instead(Status.BAD_GATEWAY, "The application that answers here can't be reached: its operator can tell why.");
    }

    void refused() {
        pool.log("more requests wait for it than the server lets wait");
        instead(
                Status.SERVICE_UNAVAILABLE,
                "The application that answers here has too many requests: ask again later.");
    }

    /// @param timeoutSeconds for which the application may say nothing
    void sweep(long second, int timeoutSeconds) {
        boolean awaitsClient = full
                || state == State.COLLECTING
                || (state == State.SENT && !bodyEnded && connection != null && connection.isWritable());
        if (awaitsClient) {
            activeSecond = second;
        } else if (second - activeSecond >= timeoutSeconds) {
            pool.log("it has said nothing for " + timeoutSeconds + " s");
            instead(Status.GATEWAY_TIMEOUT, "The application that answers here took too long.");
        }
    }

    // ---- the application's side ----

    /// @param part is this object's from now on
    void answer(ByteBuf part) {
        activeSecond = pool.second();
        heard = true;
        if (!head.isComplete() && !readHead(part)) {
            part.release();
            return;
        }
        if (!contentWanted || !part.isReadable()) {
            part.release();
        } else if (!answer.write(part) && connection != null) {
            full = true;
            connection.read(false);
        }
    }

    /// @return whether it is complete and well-formed
    private boolean readHead(ByteBuf part) {
        if (!head.read(part)) {
            return false;
        }
        if (!head.fault().isEmpty()) {
            answerBroken(head.fault());
            return false;
        }
        contentWanted = answer.head(head.statusCode, head.reason, head.fields(), head.contentLengthBytes);
        return true;
    }

    void error(ByteBuf part) {
        heard = true;
        int room = ERROR_BYTES_MAX - errors.length();
        errors.append(
                part.toString(part.readerIndex(), Math.min(room, part.readableBytes()), StandardCharsets.ISO_8859_1));
    }

    void flush() {
        answer.flush();
    }

    void bodyWanted() {
        answer.bodyWanted();
    }

    void answerEnded() {
        if (!head.isComplete()) {
            answerBroken("it ended its answer before the head of it");
            return;
        }
        leave(bodyEnded);
        answer.end();
    }

    void answerBroken(String why) {
        if (reused && !heard && safe && !retried) {
            // The application had closed the connection already when the request was sent.
            retried = true;
            leaveConnection(false);
            state = State.WAITING;
            pool.closeIdle();
            pool.request(this);
            return;
        }
        pool.log(why);
        instead(
                Status.BAD_GATEWAY,
                "The application that answers here gave no right answer: its operator can tell why.");
    }

    // ---- the end ----

    /// Another answer, if the application's hasn't begun; else it breaks off.
    private void instead(Status status, String text) {
        if (state == State.ENDED) {
            return;
        }
        leave(false);
        if (head.isComplete() && head.fault().isEmpty()) {
            answer.breakOff();
        } else {
            answer.respond(status, text);
        }
    }

    private void leave(boolean whole) {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        collected.release();
        collected = Unpooled.EMPTY_BUFFER;
        if (!errors.isEmpty()) {
            logErrors();
        }
        pool.forget(this);
        leaveConnection(whole);
    }

    private void leaveConnection(boolean whole) {
        UpstreamConnection left = connection;
        connection = null;
        if (left != null) {
            left.leave(whole);
        }
    }

    private void logErrors() {
        String cut = errors.length() == ERROR_BYTES_MAX ? " …" : "";
        for (String line : errors.toString().lines().toList()) {
            if (!line.isBlank()) {
                pool.log("it says: " + line.replaceAll("[^ -~\u00a0-\u00ff]", "?") + cut);
            }
        }
    }
}
