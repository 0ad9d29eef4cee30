package ringside.server;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Time that passes when a test says so.
final class ManualClock implements CoarseClock {

    static final long EPOCH_SECONDS = 784_111_777;

    private final List<Runnable> tasks = new CopyOnWriteArrayList<>();
    private final long epochSeconds;
    private volatile Tick tick;

    ManualClock() {
        this(EPOCH_SECONDS);
    }

    /// @param epochSeconds the time at first
    ManualClock(long epochSeconds) {
        this.epochSeconds = epochSeconds;
        this.tick = new Tick(0, Instant.ofEpochSecond(epochSeconds));
    }

    void advance(int seconds) {
        long second = tick.second + seconds;
        tick = new Tick(second, Instant.ofEpochSecond(epochSeconds + second));
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

    /// What the machine's clock does each second.
    void runTasks() {
        tasks.forEach(Runnable::run);
    }
}
