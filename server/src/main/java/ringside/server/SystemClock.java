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
            Instant now = Instant.now();
            tick = new Tick((System.nanoTime() - startNanos) / NANOS_PER_SECOND, now);
            for (Runnable task : tasks) {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    // The clock goes on for the others.
                    System.getLogger(SystemClock.class.getName()).log(System.Logger.Level.ERROR, "a task failed", e);
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_000 - System.currentTimeMillis() % 1_000));
        }
    }
}
