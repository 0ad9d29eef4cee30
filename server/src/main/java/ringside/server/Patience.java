package ringside.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import ringside.engines.Transfer;

/// How long one connection has kept its server waiting, and whether that is too long. On the channel's loop; times
/// are seconds of the coarse clock.
final class Patience {

    enum Verdict {
        FINE,
        /// The head of a request has begun and isn't complete in time.
        HEAD_LATE,
        /// The same of a body.
        BODY_LATE,
        /// Nothing has moved for too long.
        CUT
    }

    /// No body is waited for.
    static final long NO_BODY = -1;

    private static final long NEVER = Long.MIN_VALUE;

    /// A body that arrives more slowly takes too long (the log of two): nobody holds a connection for days by an octet
    /// now and then.
    private static final int BODY_BYTES_PER_SECOND_MIN_LOG = 10;

    /// A transfer that hasn't put a byte into an empty channel for so many times [HttpLimits#idleSeconds()] has lost
    /// its completion, or its device hangs.
    private static final int TRANSFER_IDLES_MAX = 10;

    /// A server that is being drained waits for nobody's convenience.
    private static final int LINGER_SECONDS_DRAINING = 2;

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

    boolean lingeredEnough(long second, boolean draining) {
        int seconds = draining ? Math.min(LINGER_SECONDS_DRAINING, limits.lingerSeconds()) : limits.lingerSeconds();
        return second - waitingSecond >= seconds;
    }

    /// Whether the channel holds nothing that waits to be sent.
    static boolean outputEmpty(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null || buffer.totalPendingWriteBytes() == 0;
    }

    /// Looks at a connection that doesn't linger, every few seconds.
    ///
    /// @param transfer the connection's
    /// @param underWay whether it is
    /// @param headIncomplete whether a request's head has begun and isn't complete
    /// @param bodyBytes what has arrived of a request's body that isn't complete, or [#NO_BODY]
    Verdict look(
            Channel channel, Transfer transfer, long second, boolean underWay, boolean headIncomplete, long bodyBytes) {
        boolean moved = output.moved(channel, transfer.bytesMoved());
        if (bodyBytes != NO_BODY
                && waitingSecond != NEVER
                && second - waitingSecond >= limits.bodySeconds() + (bodyBytes >> BODY_BYTES_PER_SECOND_MIN_LOG)) {
            return Verdict.BODY_LATE;
        }
        if (moved) {
            activeSecond = second;
            return Verdict.FINE;
        }
        if (underWay && output.isEmpty() && !transfer.awaitsPeer()) {
            // The kernel or the device has it, and nothing here tells how far it is.
            boolean hangs = second - activeSecond >= (long) TRANSFER_IDLES_MAX * limits.idleSeconds();
            return hangs ? Verdict.CUT : Verdict.FINE;
        }
        if (headIncomplete && second - waitingSecond >= limits.headSeconds()) {
            return Verdict.HEAD_LATE;
        }
        return second - activeSecond >= limits.idleSeconds() ? Verdict.CUT : Verdict.FINE;
    }
}
