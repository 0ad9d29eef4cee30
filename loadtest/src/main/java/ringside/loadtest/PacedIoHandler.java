package ringside.loadtest;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Ticker;

/// Puts the pace of an open load into the event loop itself: each turn of the loop first sends what has come due, and
/// no wait of the loop lasts longer than to the next due time.
///
/// A timer of the loop would cost an object per wake-up and be as late as the kernel's timers are: epoll_wait(2)
/// adds the thread's timer slack of 50 µs (prctl(2), PR_SET_TIMERSLACK), Netty's nio loop waits whole milliseconds. So
/// the loop waits until a margin before the due time and then turns without waiting. Those empty turns are
/// accounted for apart, since they keep a CPU busy without being work.
public final class PacedIoHandler implements IoHandler, IoHandlerContext {

    /// What gives the pace; all calls on the loop's thread, all times on the clock of [System#nanoTime()].
    public interface Pace {
        /// Sends what is due at `nowNanos`.
        void dispatch(long nowNanos);

        /// When the next dispatch is due; [Long#MAX_VALUE] if never.
        long dueNanos();

        /// Grows with everything that the loop does: a turn in which it didn't was an empty one.
        long activity();
    }

    private final IoHandler handler;
    private final Pace pace;
    private final long marginNanos;
    private final long tickerOriginNanos = Ticker.systemTicker().initialNanoTime();
    private IoHandlerContext context;
    private long turnNanos;
    private long turnActivity;
    private long emptyNanos;
    private boolean turning;

    /// @param marginNanos how long before a due time the loop stops waiting
    public PacedIoHandler(IoHandler handler, Pace pace, long marginNanos) {
        this.handler = handler;
        this.pace = pace;
        this.marginNanos = marginNanos;
        this.context = this;
    }

    /// Time spent in empty turns so far. On the loop's thread.
    public long emptyNanos() {
        return emptyNanos;
    }

    @Override
    public int run(IoHandlerContext loopContext) {
        context = loopContext;
        long now = System.nanoTime();
        if (turning && pace.activity() == turnActivity) {
            emptyNanos += now - turnNanos;
        }
        turnNanos = now;
        turnActivity = pace.activity();
        pace.dispatch(now);
        turning = pace.dueNanos() - marginNanos <= now;
        return handler.run(this);
    }

    @Override
    public boolean canBlock() {
        return !turning && context.canBlock();
    }

    @Override
    public long delayNanos(long nowNanos) {
        long due = pace.dueNanos();
        long delay = context.delayNanos(nowNanos);
        return due == Long.MAX_VALUE ? delay : Math.min(delay, Math.max(0, due - marginNanos - nowNanos));
    }

    /// Netty's deadlines are on its ticker's clock, which began with the process; −1 is none.
    @Override
    public long deadlineNanos() {
        long deadline = context.deadlineNanos();
        long due = pace.dueNanos();
        if (due == Long.MAX_VALUE) {
            return deadline;
        }
        long dueOnTicker = Math.max(0, due - marginNanos - tickerOriginNanos);
        return deadline == -1 ? dueOnTicker : Math.min(deadline, dueOnTicker);
    }

    @Override
    public void reportActiveIoTime(long activeNanos) {
        context.reportActiveIoTime(activeNanos);
    }

    @Override
    public boolean shouldReportActiveIoTime() {
        return context.shouldReportActiveIoTime();
    }

    @Override
    public void initialize() {
        handler.initialize();
    }

    @Override
    public void prepareToDestroy() {
        handler.prepareToDestroy();
    }

    @Override
    public void destroy() {
        handler.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return handler.register(handle);
    }

    @Override
    public void wakeup() {
        handler.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return handler.isCompatible(handleType);
    }
}
