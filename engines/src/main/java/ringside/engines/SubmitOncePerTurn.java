package ringside.engines;

import io.netty.channel.IoEventLoop;
import java.util.concurrent.TimeUnit;

/// When to submit what was prepared on a queue of our own: once per turn of the event loop, so that all reads
/// that one turn asks for go to the kernel by one system call; and when to try again if the kernel won't take
/// them now.
///
/// All on the loop.
final class SubmitOncePerTurn {

    /// Between tries while no completion and no new read is the occasion.
    private static final long RETRY_MILLIS = 1;
    /// A kernel that takes nothing for so long is given up.
    private static final long REFUSED_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

    private final IoEventLoop loop;
    private final Runnable submit;
    private final Runnable turn = this::turn;
    private final Runnable retry = this::retry;
    private boolean asked;
    private boolean retrying;
    private boolean refused;
    private long refusedSinceNanos;

    /// @param submit submits what is prepared, and reaps
    SubmitOncePerTurn(IoEventLoop loop, Runnable submit) {
        this.loop = loop;
        this.submit = submit;
    }

    /// Something was prepared: `submit` is called when the loop has done what it is doing.
    void submitThisTurn() {
        if (!asked) {
            asked = true;
            loop.execute(turn);
        }
    }

    /// As [#submitThisTurn()], in a millisecond.
    void submitLater() {
        if (!retrying) {
            retrying = true;
            loop.schedule(retry, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /// The kernel took some.
    void accepted() {
        refused = false;
    }

    /// The kernel took none, for a reason that can pass: `submit` is called again, later.
    ///
    /// @return false when it has taken none for too long: give up
    boolean refused() {
        long now = System.nanoTime();
        if (!refused) {
            refused = true;
            refusedSinceNanos = now;
        }
        if (now - refusedSinceNanos > REFUSED_NANOS_MAX) {
            return false;
        }
        submitLater();
        return true;
    }

    private void turn() {
        asked = false;
        submit.run();
    }

    private void retry() {
        retrying = false;
        submit.run();
    }
}
