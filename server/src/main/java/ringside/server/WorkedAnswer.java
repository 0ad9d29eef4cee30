package ringside.server;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Makes an answer of a known head and a [WorkedBody], each piece when the client has taken what was before it.
///
/// ```
///   event loop   start ─ head       write ─ full?    moreWanted       write ─ end
///                          │         ▲        │          │             ▲
///   worker                 └─ next ──┘        └──────────┴── next ─────┘ close
/// ```
final class WorkedAnswer implements AnswerMaker {

    /// What a piece has room for before it grows.
    private static final int PIECE_BYTES = 32 << 10;

    private final Workers workers;
    private final String fields;
    private final WorkedBody body;

    /// From [#start] on.
    @SuppressWarnings("NullAway.Init")
    private MadeAnswer answer;

    private boolean working;
    private boolean closed;
    private boolean cancelled;

    /// @param fields as in [MadeAnswer#head]
    /// @param body owned by this from now on
    WorkedAnswer(Workers workers, String fields, WorkedBody body) {
        this.workers = workers;
        this.fields = fields;
        this.body = body;
    }

    @Override
    public void start(MadeAnswer begun) {
        answer = begun;
        if (!workers.enter()) {
            closed = true;
            body.close();
            answer.respond(Status.SERVICE_UNAVAILABLE, "Too many answers are being made at once: ask again.");
            return;
        }
        if (answer.head(Status.OK.code, Status.OK.reason, fields, MadeAnswer.UNKNOWN)) {
            step();
        } else {
            close(true);
        }
    }

    @Override
    public void moreWanted() {
        step();
    }

    @Override
    public void cancel() {
        cancelled = true;
        close(false);
    }

    private void step() {
        if (working || closed) {
            return;
        }
        working = true;
        ByteBuf piece = answer.context().alloc().directBuffer(PIECE_BYTES);
        workers.run(() -> {
            boolean more = false;
            Throwable failure = null;
            try {
                more = body.next(piece);
            } catch (Throwable e) {
                failure = e;
            }
            boolean hasMore = more;
            Throwable failed = failure;
            answer.context().executor().execute(() -> made(piece, hasMore, failed));
        });
    }

    /// On the loop again.
    private void made(ByteBuf piece, boolean more, @Nullable Throwable failure) {
        working = false;
        boolean wanted = answer.write(piece);
        if (failure != null && !cancelled) {
            System.getLogger(WorkedAnswer.class.getName())
                    .log(System.Logger.Level.WARNING, "an answer breaks off: " + failure.getMessage(), failure);
        }
        if (cancelled || !more) {
            close(failure == null);
        } else if (wanted) {
            answer.flush();
            step();
        }
    }

    /// Closes the body on a worker, when none is at it, and ends the answer.
    private void close(boolean whole) {
        if (working || closed) {
            return;
        }
        closed = true;
        workers.run(() -> {
            try {
                body.close();
            } finally {
                answer.context().executor().execute(() -> ended(whole));
            }
        });
    }

    private void ended(boolean whole) {
        workers.leave();
        if (whole) {
            answer.end();
        } else {
            answer.breakOff();
        }
    }
}
