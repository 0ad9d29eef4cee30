package ringside.loadtest;

import io.netty.channel.IoHandlerFactory;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import ringside.engines.Transport;

/// The open part of a loop: sends what comes due on idle connections, whatever the answers do. What finds none waits in
/// a bounded queue with its intended start. All on the loop's thread.
final class OpenPace implements PacedIoHandler.Pace {

    /// How much before a due time a loop stops waiting. nio waits whole milliseconds. epoll_wait(2) was seen to come
    /// back about 110 µs late: timer slack and wake-up; the timeouts of io_uring(7) know no slack.
    private static final long NIO_MARGIN_NANOS = 1_100_000;

    private static final long EPOLL_MARGIN_NANOS = 120_000;
    private static final long IO_URING_MARGIN_NANOS = 60_000;
    private static final int DISPATCH_MOST = 1024;
    private static final int WAITING_LEAST = 1024;
    private static final int WAITING_MOST = 1 << 22;

    private final LoadLoop loop;
    private final LoadMode.Open mode;
    private final double ratePerSecond;
    private final double phase;
    private final SplittableRandom random;
    private final WaitingStarts waiting;
    private final Connection[] idle;
    private int idleHead;
    private int idleCount;
    private @Nullable PacedIoHandler handler;
    private @Nullable ArrivalClock arrivals;
    private long dueNanos = Long.MAX_VALUE;
    private long activity;

    /// @param index of the loop among the plan's
    /// @param connections of the loop
    OpenPace(LoadLoop loop, LoadPlan plan, LoadMode.Open mode, int index, int connections, SplittableRandom random) {
        this.loop = loop;
        this.mode = mode;
        this.ratePerSecond = mode.ratePerSecond() / plan.threads();
        this.phase = (double) index / plan.threads();
        this.random = random;
        double longest = ratePerSecond * (plan.timeout().toNanos() / 1e9 + 1);
        this.waiting = new WaitingStarts((int) Math.clamp(longest, (double) WAITING_LEAST, (double) WAITING_MOST));
        this.idle = new Connection[connections];
    }

    /// Handlers that keep this pace.
    IoHandlerFactory pacing(IoHandlerFactory handlers, Transport transport) {
        long marginNanos = switch (transport) {
            case NIO -> NIO_MARGIN_NANOS;
            case EPOLL -> EPOLL_MARGIN_NANOS;
            case IO_URING -> IO_URING_MARGIN_NANOS;
        };
        return executor -> {
            PacedIoHandler paced = new PacedIoHandler(handlers.newHandler(executor), this, marginNanos);
            handler = paced;
            return paced;
        };
    }

    void start(long nowNanos) {
        arrivals = new ArrivalClock(nowNanos, ratePerSecond, mode.arrivals(), phase, random);
        dueNanos = arrivals.dueNanos();
    }

    /// Has every idle connection ask at once.
    void sendAll(long nowNanos) {
        while (idleCount > 0) {
            Connection connection = takeIdle();
            if (connection.state() == Connection.State.IDLE) {
                loop.send(connection, nowNanos, nowNanos);
            }
        }
    }

    /// No request starts any more that was intended at `endNanos` or later; what came due before that and wasn't
    /// dealt with is, now.
    void end(long endNanos) {
        while (dueNanos < endNanos) {
            beginNext(System.nanoTime());
        }
        stop();
        waiting.dropFrom(endNanos);
    }

    /// No request starts any more.
    void stop() {
        dueNanos = Long.MAX_VALUE;
    }

    /// `connection` can carry a request: one that waits, or one that will come due.
    void ready(Connection connection, long nowNanos) {
        if (!waiting.isEmpty()) {
            loop.send(connection, waiting.poll(), nowNanos);
        } else if (!connection.inIdleRing()) {
            connection.inIdleRing(true);
            int tail = idleHead + idleCount++;
            idle[tail >= idle.length ? tail - idle.length : tail] = connection;
        }
    }

    WaitingStarts waiting() {
        return waiting;
    }

    /// The loop did something else than to wait for the next due time.
    void worked() {
        activity++;
    }

    /// See [PacedIoHandler#emptyNanos()].
    long emptyNanos() {
        return handler == null ? 0 : handler.emptyNanos();
    }

    @Override
    public void dispatch(long nowNanos) {
        long now = nowNanos;
        for (int i = 0; i < DISPATCH_MOST && dueNanos <= now; i++) {
            beginNext(now);
            now = System.nanoTime();
        }
    }

    private void beginNext(long now) {
        activity++;
        begin(dueNanos, now);
        ArrivalClock clock = Objects.requireNonNull(arrivals);
        clock.advance();
        dueNanos = clock.dueNanos();
    }

    private void begin(long intended, long now) {
        loop.counts().cameDue(intended, now);
        while (idleCount > 0) {
            Connection connection = takeIdle();
            if (connection.state() == Connection.State.IDLE) {
                loop.send(connection, intended, now);
                return;
            }
        }
        if (!waiting.offer(intended)) {
            loop.counts().overflowed(intended);
        }
    }

    private Connection takeIdle() {
        Connection connection = idle[idleHead];
        idleHead = idleHead + 1 == idle.length ? 0 : idleHead + 1;
        idleCount--;
        connection.inIdleRing(false);
        return connection;
    }

    @Override
    public long dueNanos() {
        return dueNanos;
    }

    @Override
    public long activity() {
        return activity;
    }
}
