package ringside.server;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The machine's time, ticked by one daemon thread for the whole process. Event loops schedule nothing for it: on
/// io_uring a scheduled task adds a timeout to every wait, 7 % of a small request.
final class SystemClock implements CoarseClock {

    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /// Started with the first server of the process; lives as long as the process.
    private static final class Holder {
        static final SystemClock CLOCK = new SystemClock();

        static {
            Thread.ofPlatform().daemon().name("ringside-clock").start(CLOCK::run);
        }
    }

    private final long startNanos = System.nanoTime();
    private final List<Runnable> tasks = new CopyOnWriteArrayList<>();
    private long turnedNanos = startNanos;
    private volatile Tick tick = new Tick(0, Instant.now());

    private SystemClock() {}

    static SystemClock get() {
        return Holder.CLOCK;
    }

    @Override
    public Tick tick() {
        return tick;
    }

    @Override
    public void everySecond(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void noLonger(Runnable task) {
        tasks.remove(task);
    }

    private void run() {
        while (true) {
            try {
                turn();
            } catch (Throwable e) {
                // Whatever it is, memory even: a server whose time stands still serves old files and times nobody out.
                report(e);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_000 - System.currentTimeMillis() % 1_000));
        }
    }

    /// The thread wakes up where the wall clock's seconds begin. Seconds since the start, rounded, would come twice
    /// or be left out by a few milliseconds' jitter: so they are counted by wake-ups.
    private void turn() {
        long nanos = System.nanoTime();
        if (nanos - turnedNanos < NANOS_PER_SECOND / 2 && tick.second > 0) {
            // Woken before the second began: the next one is near.
            return;
        }
        turnedNanos = nanos;
        tick = new Tick(secondAfter(tick.second, nanos - startNanos), Instant.now());
        for (Runnable task : tasks) {
            try {
                task.run();
            } catch (Throwable e) {
                // The clock goes on for the others.
                report(e);
            }
        }
    }

    /// One more than `last`, or as many as have passed, should the thread or the machine have slept for longer.
    static long secondAfter(long last, long elapsedNanos) {
        return Math.max(last + 1, elapsedNanos / NANOS_PER_SECOND);
    }

    private static void report(Throwable e) {
        try {
            System.getLogger(SystemClock.class.getName()).log(System.Logger.Level.ERROR, "a task failed", e);
        } catch (Throwable ignored) {
            // Nothing is left that could tell.
        }
    }
}
