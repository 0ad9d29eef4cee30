package ringside.bench.trial;

import java.util.Optional;
import ringside.bench.guard.Guard;
import ringside.bench.ledger.LedgerCounts;
import ringside.bench.ledger.LedgerMeter;
import ringside.linux.Kernel;

/// Counts what the kernel does for a server during the window of a trial, if that is wanted, and has the guard look at
/// the machine beside its edges. Called in order, by the thread of the trial.
///
/// As long as a tracepoint is in use anywhere, it costs everybody on the machine: what the trial before has counted
/// with must be gone before a window begins. Its withdrawal goes on while this trial starts, and is waited for here.
final class WindowWatch implements AutoCloseable {

    private final Kernel kernel;
    private final boolean counting;
    private final Optional<LedgerMeter> before;
    private final Guard guard;
    private boolean still;
    private Optional<LedgerMeter> meter = Optional.empty();
    private Optional<LedgerCounts> counts = Optional.empty();

    /// @param before what another trial has counted with
    /// @param guard looks at the machine
    WindowWatch(Kernel kernel, boolean counting, Optional<LedgerMeter> before, Guard guard) {
        this.kernel = kernel;
        this.counting = counting;
        this.before = before;
        this.guard = guard;
    }

    boolean isCounting() {
        return counting;
    }

    /// The server is being warmed up.
    void prepare(RunningServer server) {
        before.ifPresent(LedgerMeter::close);
        if (counting) {
            meter = Optional.of(LedgerMeter.attach(kernel, server.pid(), server::counts));
        }
    }

    /// The window is about to begin.
    void approach() {
        guard.windowBegins();
    }

    /// The counting begins while nothing is asked, and is going to end so: what is counted and what the server says
    /// that it has answered belong together.
    void beginStill() {
        still = true;
        begin();
    }

    boolean wasStill() {
        return still;
    }

    /// The window begins.
    void begin() {
        meter.ifPresent(LedgerMeter::begin);
    }

    /// The window has ended, the load goes on for a moment.
    void end() {
        counts = meter.map(LedgerMeter::stop);
    }

    /// What had to be read at once has been read.
    void leave() {
        guard.windowEnds();
    }

    /// @return empty when nothing was counted, or the window never ended
    Optional<LedgerCounts> counts() {
        return counts;
    }

    /// What was counted with, for the trial after.
    Optional<LedgerMeter> meter() {
        return meter;
    }

    /// Of a trial that was broken off: ends the counting.
    @Override
    public void close() {
        if (counts.isEmpty()) {
            meter.ifPresent(LedgerMeter::close);
        }
    }
}
