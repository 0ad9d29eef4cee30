package ringside.server;

import io.netty.channel.Channel;

/// How long one connection has kept its server waiting, and whether that is too long. On the channel's loop; times
/// are seconds of the coarse clock.
final class Patience {

    enum Verdict {
        FINE,
        /// The head of a request has begun and isn't complete in time.
        HEAD_LATE,
        /// Nothing has moved for too long.
        CUT
    }

    private static final long NEVER = Long.MIN_VALUE;

    private final HttpLimits limits;
    private final OutputProgress output = new OutputProgress();
    private long activeSecond;
    private long waitingSecond = NEVER;

    Patience(HttpLimits limits) {
        this.limits = limits;
    }

    /// Something has moved.
    void active(long second) {
        activeSecond = second;
    }

    /// The rest of a request is waited for, since the last activity unless it was before.
    void waits() {
        if (waitingSecond == NEVER) {
            waitingSecond = activeSecond;
        }
    }

    void waitsNoMore() {
        waitingSecond = NEVER;
    }

    /// The client is given [HttpLimits#lingerSeconds()] from now on to go.
    void lingers(long second) {
        waitingSecond = second;
    }

    boolean lingeredEnough(long second) {
        return second - waitingSecond >= limits.lingerSeconds();
    }

    /// Looks at a connection that doesn't linger, every few seconds.
    ///
    /// @param underWay whether a transfer is
    /// @param headIncomplete whether a request's head has begun and isn't complete
    /// @param bodyIncomplete whether a request's body isn't complete
    Verdict look(Channel channel, long second, boolean underWay, boolean headIncomplete, boolean bodyIncomplete) {
        if (output.moved(channel)) {
            activeSecond = second;
            return Verdict.FINE;
        }
        if (underWay && output.isEmpty()) {
            // The kernel or the device has it, and nothing here tells how far it is.
            activeSecond = second;
            return Verdict.FINE;
        }
        if (headIncomplete && second - waitingSecond >= limits.headSeconds()) {
            return Verdict.HEAD_LATE;
        }
        boolean bodyLate = bodyIncomplete && waitingSecond != NEVER && second - waitingSecond >= limits.idleSeconds();
        return bodyLate || second - activeSecond >= limits.idleSeconds() ? Verdict.CUT : Verdict.FINE;
    }
}
