package ringside.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import ringside.bench.io.ReadObserver;
import ringside.bench.io.ReadTrial;

/// Shows how an experiment goes: on a terminal one line that is written over, elsewhere a line per run. One
/// thread.
final class IoProgress implements ReadObserver {

    private static final String ERASE_LINE = "\r\033[K";

    private final PrintStream out;
    private final boolean terminal;

    IoProgress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void preparing(String what) {
        show(what + " …");
    }

    @Override
    public void notice(String sentence) {
        erase();
        out.println(sentence);
    }

    @Override
    public void started(int index, int count, String label, Duration expected) {
        if (terminal) {
            long left = Math.max(1, expected.multipliedBy(count - index).toSeconds());
            show("%d/%d  about %d s left  %s".formatted(index + 1, count, left, label));
        }
    }

    @Override
    public void finished(int index, int count, ReadTrial trial) {
        if (!terminal || !trial.isGood()) {
            erase();
            out.printf(
                    Locale.ROOT,
                    "%d/%d  %s: %s%n",
                    index + 1,
                    count,
                    trial.label(),
                    trial.isGood() ? "%,.0f reads/s".formatted(trial.readsPerSecond()) : "failed: " + trial.failure());
        }
    }

    /// Leaves the line as if nothing had been there.
    void close() {
        erase();
        out.flush();
    }

    private void show(String text) {
        if (terminal) {
            out.print(ERASE_LINE + text);
            out.flush();
        } else {
            out.println(text);
        }
    }

    private void erase() {
        if (terminal) {
            out.print(ERASE_LINE);
        }
    }
}
