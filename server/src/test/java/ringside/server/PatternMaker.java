package ringside.server;

import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/// Makes an answer of a known pattern, piece by piece, and tells what was asked of it.
final class PatternMaker implements AnswerMaker {

    enum How {
        /// Everything before `start` returns, for what the channel takes.
        AT_ONCE,
        /// Piece by piece, in tasks of the event loop.
        LATER,
        /// The body, but not its end.
        NEVER_ENDS,
        /// The body, and then something goes wrong.
        BREAKS_OFF,
        /// A defect.
        THROWS
    }

    private static final int PIECE_BYTES = 20_000;

    private final int status;
    private final long promisedBytes;
    private final int bytes;
    private final How how;

    /// Written on the event loop.
    final AtomicLong writtenBytes = new AtomicLong();
    volatile boolean cancelled;
    /// When a write has said that no more is welcome.
    final CompletableFuture<Void> full = new CompletableFuture<>();

    final CompletableFuture<Void> ended = new CompletableFuture<>();

    @SuppressWarnings("NullAway.Init")
    private MadeAnswer answer;

    PatternMaker(int status, long promisedBytes, int bytes, How how) {
        this.status = status;
        this.promisedBytes = promisedBytes;
        this.bytes = bytes;
        this.how = how;
    }

    static byte[] pattern(int bytes) {
        return pattern(0, bytes);
    }

    private static byte[] pattern(long from, int bytes) {
        byte[] pattern = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            pattern[i] = (byte) (((from + i) * 31) >>> 3);
        }
        return pattern;
    }

    @Override
    public void start(MadeAnswer begun) {
        answer = begun;
        if (how == How.AT_ONCE) {
            begin();
        } else if (how == How.THROWS) {
            throw new IllegalStateException("a defect, for this test");
        } else {
            later(this::begin);
        }
    }

    private void begin() {
        if (status == 0) {
            end();
        } else if (answer.head(status, "Because", "Content-Type: text/plain\r\n", promisedBytes)) {
            make();
        } else {
            end();
        }
    }

    private void make() {
        int length = (int) Math.min(PIECE_BYTES, bytes - writtenBytes.get());
        byte[] piece = pattern(writtenBytes.getAndAdd(length), length);
        boolean more = answer.write(Unpooled.wrappedBuffer(piece));
        if (cancelled) {
            return;
        }
        if (writtenBytes.get() == bytes) {
            answer.flush();
            if (how != How.NEVER_ENDS) {
                end();
            }
        } else if (!more) {
            full.complete(null);
        } else if (how == How.AT_ONCE) {
            make();
        } else {
            later(this::make);
        }
    }

    private void end() {
        if (how == How.BREAKS_OFF) {
            answer.breakOff();
        } else {
            answer.end();
        }
        ended.complete(null);
    }

    private void later(Runnable step) {
        answer.context().executor().execute(() -> {
            if (!cancelled) {
                step.run();
            }
        });
    }

    @Override
    public void moreWanted() {
        later(this::make);
    }

    @Override
    public void cancel() {
        if (cancelled) {
            throw new IllegalStateException("cancelled twice");
        }
        cancelled = true;
        // As if a thread had to be waited for.
        answer.context().executor().execute(() -> {
            answer.end();
            ended.complete(null);
        });
    }
}
