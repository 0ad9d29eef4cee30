package ringside.engines;

import io.netty.channel.IoEventLoop;
import java.util.concurrent.TimeUnit;

/// When to submit what was prepared on a queue of our own: once per turn of the event loop, so that all reads that one
/// turn asks for go to the kernel by one system call; and when to try again if the kernel won't take them now.
///
/// All on the loop.
final class Submissions {

    /// Between tries while nothing is under way whose completion would be the occasion.
    private static final long RETRY_MILLIS = 1;
    /// About two seconds: a kernel that has no memory for one request for so long is given up.
    private static final int REFUSALS_MAX = 2_000;

    private final IoEventLoop loop;
    private final Runnable submit;
    private final Runnable turn = this::turn;
    private boolean asked;
    private int refusals;

    /// @param submit submits what is prepared, and reaps
    Submissions(IoEventLoop loop, Runnable submit) {
        this.loop = loop;
        this.submit = submit;
    }

    /// Something was prepared: `submit` is called when the loop has done what it is doing.
    void ask() {
        if (!asked) {
            asked = true;
            loop.execute(turn);
        }
    }

    /// The kernel took some.
    void accepted() {
        refusals = 0;
    }

    /// The kernel took none, for a reason that can pass: `submit` is called again, later.
    ///
    /// @return false when it has been refused too often in a row: give up
    boolean refused() {
        if (++refusals > REFUSALS_MAX) {
            return false;
        }
        if (!asked) {
            asked = true;
            loop.schedule(turn, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
        return true;
    }

    private void turn() {
        asked = false;
        submit.run();
    }
}
