package ringside.loadtest;

import org.jspecify.annotations.Nullable;

/// What one loop counts, and which of it belongs to the window. On the loop's thread.
///
/// The window of a loop is [start, end) on the clock of [System#nanoTime()], both stamped when it begins, so that
/// nothing that happens between its end and the moment at which somebody notices is counted. In the closed loop an
/// answer belongs to it that completes within it, in the open loop a request that was intended within it. Before the
/// window begins everything counts: that is the warm-up, whose counts are dropped.
final class LoopCounts {

    private final PreparedTarget[] targets;
    private final int warmUpCount;
    private final boolean open;
    private Tally tally;
    private volatile @Nullable Tally asked;
    private volatile @Nullable Tally full;
    private long startNanos = Long.MIN_VALUE;
    private long endNanos = Long.MAX_VALUE;
    private long lastDoneNanos;
    private int firstCounted;

    /// @param warmUpCount how many of `targets` are for the warm-up only: the first
    /// @param open whether a request belongs where it was intended
    LoopCounts(PreparedTarget[] targets, int warmUpCount, boolean open) {
        this.targets = targets;
        this.warmUpCount = warmUpCount;
        this.open = open;
        this.tally = new Tally(open);
    }

    /// Drops what was counted so far and begins the window. Nothing but stores: requests are in flight.
    ///
    /// @param clean counts from now on
    /// @return when it begins
    long beginWindow(Tally clean, long durationNanos) {
        tally = clean;
        startNanos = System.nanoTime();
        endNanos = startNanos + durationNanos;
        lastDoneNanos = startNanos;
        firstCounted = warmUpCount;
        return startNanos;
    }

    /// As if the window had never begun: after a rehearsal.
    boolean forgetWindow() {
        startNanos = Long.MIN_VALUE;
        endNanos = Long.MAX_VALUE;
        firstCounted = 0;
        return true;
    }

    boolean windowBegan() {
        return startNanos != Long.MIN_VALUE;
    }

    /// Ends the window, if it hasn't ended yet.
    ///
    /// @return its end
    long endWindow() {
        endNanos = Math.min(endNanos, System.nanoTime());
        return endNanos;
    }

    /// Ends the window with the last request that came to an end.
    void endWindowWithLastDone() {
        endNanos = Math.min(endNanos, lastDoneNanos + 1);
    }

    long endNanos() {
        return endNanos;
    }

    /// Asks the loop for what it has counted since the last time; it hands that over with its next answer. From the
    /// thread that steers, as is [#handedOver()].
    ///
    /// No task for the loop's queue: a loop that finds one half put in turns round until that is done, and who puts
    /// it in may wait for a compiler, which waits for the loop's CPU
    /// (kernel-notes/a-compiler-for-a-tick.md).
    ///
    /// @param clean counts from then on
    void ask(Tally clean) {
        full = null;
        asked = clean;
    }

    /// @return null before the loop has got to it
    @Nullable
    Tally handedOver() {
        return full;
    }

    /// Hands over what was counted, if somebody asked for it.
    ///
    /// @return the same as [#handedOver()]
    @Nullable
    Tally handOver() {
        Tally clean = asked;
        if (clean != null) {
            asked = null;
            Tally counted = tally;
            tally = clean;
            full = counted;
        }
        return full;
    }

    /// Whether the request on `connection` belongs to the window, if it comes to its end at `nowNanos`.
    boolean counts(Connection connection, long nowNanos) {
        return within(open ? connection.intendedNanos() : nowNanos);
    }

    private boolean within(long nanos) {
        return nanos >= startNanos && nanos < endNanos;
    }

    /// The generator got to a request of an open loop.
    void cameDue(long intendedNanos, long nowNanos) {
        if (within(intendedNanos)) {
            tally.sendLag.recordValue(Math.clamp(nowNanos - intendedNanos, 0, Tally.NANOS_MAX));
        }
    }

    /// There was no place for it to wait in.
    void overflowed(long intendedNanos) {
        if (within(intendedNanos)) {
            tally.queueOverflow++;
        }
    }

    /// A request that waited for a connection was given up.
    void abandoned(long intendedNanos, long nowNanos) {
        if (within(intendedNanos)) {
            tally.timeout++;
            tally.response.recordValue(Math.clamp(nowNanos - intendedNanos, 0, Tally.NANOS_MAX));
        }
    }

    /// The answer on `connection` is whole.
    void answered(Connection connection, long nowNanos) {
        if (asked != null) {
            handOver();
        }
        lastDoneNanos = nowNanos;
        boolean counted = counts(connection, nowNanos);
        boolean completed = within(nowNanos);
        // No test here that turns out otherwise for the first time when the window begins: the compiled code would be
        // thrown away just then.
        if (!(counted || completed) || connection.target() < firstCounted) {
            return;
        }
        if (isRight(connection, counted ? 1 : 0)) {
            long bodyBytes = connection.answer().bodyBytes();
            if (completed) {
                tally.completed++;
                tally.completedBytes += bodyBytes;
            }
            if (counted) {
                tally.requests++;
                tally.bodyBytes += bodyBytes;
                recordTimes(connection, nowNanos);
            }
        }
    }

    /// @param errors what a wrong answer counts for: 1, or 0 if it doesn't belong to the window
    private boolean isRight(Connection connection, int errors) {
        ResponseParser answer = connection.answer();
        PreparedTarget target = targets[connection.target()];
        if (answer.status() / 100 != 2 && !(target.unmodified() && answer.status() == Preflight.NOT_MODIFIED)) {
            tally.statusClass[answer.status() / 100] += errors;
            return false;
        }
        if (answer.bodyBytes() != target.lengthBytes() || target.unmodified() == (answer.status() / 100 == 2)) {
            tally.wrongLength += errors;
            return false;
        }
        if (!connection.checked()) {
            return true;
        }
        tally.bodiesChecked += errors;
        if (connection.checksum() != target.crc32c()) {
            tally.wrongChecksum += errors;
            return false;
        }
        return true;
    }

    private void recordTimes(Connection connection, long nowNanos) {
        tally.service.recordValue(Math.clamp(nowNanos - connection.startNanos(), 0, Tally.NANOS_MAX));
        if (open) {
            tally.response.recordValue(Math.clamp(nowNanos - connection.intendedNanos(), 0, Tally.NANOS_MAX));
        }
    }

    void timedOut(Connection connection, long nowNanos) {
        lastDoneNanos = nowNanos;
        if (counts(connection, nowNanos)) {
            tally.timeout++;
            recordTimes(connection, nowNanos);
        }
    }

    void cutOff(Connection connection, boolean reset) {
        lastDoneNanos = System.nanoTime();
        if (!counts(connection, lastDoneNanos)) {
            return;
        }
        if (reset) {
            tally.reset++;
        } else {
            tally.shortBody++;
        }
    }

    /// @param connection may have sent no request: then this is its own error and not a request's
    void malformed(Connection connection) {
        lastDoneNanos = System.nanoTime();
        if (connection.hasRequest() ? counts(connection, lastDoneNanos) : within(lastDoneNanos)) {
            tally.malformed++;
        }
    }

    void connectFailed() {
        if (within(System.nanoTime())) {
            tally.connect++;
        }
    }

    void reconnecting() {
        if (within(System.nanoTime())) {
            tally.reconnects++;
        }
    }

    void resending() {
        if (within(System.nanoTime())) {
            tally.resends++;
        }
    }
}
