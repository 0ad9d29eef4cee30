package ringside.cli;

import java.io.PrintStream;
import java.util.Locale;
import ringside.linux.FfmKernel;
import ringside.linux.Syscall;
import ringside.linux.Terminal;
import ringside.loadtest.LoadObserver;
import ringside.loadtest.LoadPlan;
import ringside.loadtest.LoadReport;

/// Shows how a load run proceeds: one line that is written over on a terminal, nothing elsewhere; and, when asked, an
/// event per phase for a program that reads along.
final class LoadProgress implements LoadObserver {

    private final PrintStream eventsOut;
    private final boolean events;
    private final PrintStream live;
    private final boolean isLive;

    /// @param human where the live line goes: the stream of descriptor `fd`
    LoadProgress(PrintStream human, int fd, boolean events, PrintStream eventsOut) {
        this.events = events;
        this.eventsOut = eventsOut;
        this.live = human;
        this.isLive = Syscall.SUPPORTED && Terminal.isTerminal(new FfmKernel(), fd);
    }

    @Override
    public void warmingUp(LoadPlan plan) {
        event("warming");
    }

    @Override
    public void warmedFor(WarmUpInterval interval) {
        if (events) {
            eventsOut.println(
                    "{\"event\":\"interval\",\"elapsedSeconds\":%.4f,\"seconds\":%.4f,\"requests\":%d,\"p50Micros\":%.1f}"
                            .formatted(
                                    interval.elapsedSeconds(),
                                    interval.seconds(),
                                    interval.completed(),
                                    interval.p50Micros()));
            eventsOut.flush();
        }
    }

    @Override
    public void measuring() {
        event("measuring");
    }

    @Override
    public void tick(Tick tick) {
        if (isLive) {
            live.printf(
                    Locale.ROOT,
                    "\r%s %5.0f s  %,10.0f req/s  p99 %,8.0f µs  %d errors ",
                    tick.warmingUp() ? "warm-up " : "measured",
                    tick.elapsedSeconds(),
                    tick.requestsPerSecond(),
                    tick.p99Micros(),
                    tick.errors());
            live.flush();
        }
    }

    @Override
    public void measured() {
        event("measured");
    }

    @Override
    public void done(LoadReport report) {
        event("done");
        if (isLive) {
            live.print("\r\033[K");
        }
    }

    private void event(String name) {
        if (events) {
            eventsOut.println("{\"event\":\"" + name + "\"}");
            eventsOut.flush();
        }
    }
}
