package ringside.server;

import java.time.Instant;

/// Time that passes when a test says so.
final class ManualClock implements CoarseClock {

    static final long EPOCH_SECONDS = 784_111_777;

    private volatile Tick tick = new Tick(0, Instant.ofEpochSecond(EPOCH_SECONDS));

    void advance(int seconds) {
        long second = tick.second + seconds;
        tick = new Tick(second, Instant.ofEpochSecond(EPOCH_SECONDS + second));
    }

    @Override
    public Tick tick() {
        return tick;
    }

    @Override
    public void everySecond(Runnable task) {}

    @Override
    public void noLonger(Runnable task) {}
}
