package ringside.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import ringside.bench.result.Latency;
import ringside.bench.result.Measured;
import ringside.bench.result.Measurements;
import ringside.bench.result.Outcome;
import ringside.bench.result.Run;
import ringside.bench.result.Trial;

/// Shows a run to a person: on a terminal one line that is written over, with what runs and the time left, above it a
/// line for each trial that isn't valid; elsewhere a plain line per trial. Belongs to one thread.
public final class TerminalObserver implements BenchObserver {

    private static final String ERASE_LINE = "\r\033[K";

    private final PrintStream out;
    private final boolean terminal;
    private final int columns;

    /// @param out usually standard error, so that standard output has the tables alone
    /// @param terminal whether `out` is one
    /// @param columns its width; ignored when it is none
    public TerminalObserver(PrintStream out, boolean terminal, int columns) {
        this.out = out;
        this.terminal = terminal;
        this.columns = Math.max(20, columns);
    }

    @Override
    public void planned(Run run, Path directory, int trialCount, Duration estimate) {
        out.printf(
                Locale.ROOT,
                "%d trials of %.1f s after %.1f s of warm-up, about %s; seed %d%n",
                trialCount,
                run.plan().durationSeconds(),
                run.plan().warmUpSeconds(),
                span(estimate),
                run.seed());
        for (Run.Skipped skipped : run.skipped()) {
            out.printf("skipped %s: %s. %s%n", skipped.label(), skipped.reason(), skipped.remedy());
        }
        out.printf("results in %s%n", directory);
    }

    @Override
    public void preparing(String what) {
        if (terminal) {
            overwrite(what + " …");
        } else {
            out.println(what);
        }
    }

    @Override
    public void said(String sentence) {
        out.println((terminal ? ERASE_LINE : "") + sentence);
    }

    @Override
    public void trialStarted(int index, int trialCount, String label, Duration left) {
        if (terminal) {
            overwrite("%d/%d  %s left  %s".formatted(index + 1, trialCount, span(left), label));
        }
    }

    @Override
    public void trialFinished(int index, int trialCount, String label, Trial trial, Duration left) {
        if (terminal && trial.isValid()) {
            return;
        }
        if (terminal) {
            out.print(ERASE_LINE);
        }
        out.printf("%d/%d  %s left  %s: %s%n", index + 1, trialCount, span(left), label, outcome(trial));
    }

    @Override
    public void finished(Run run, Path directory) {
        if (terminal) {
            out.print(ERASE_LINE);
            out.flush();
        }
    }

    private void overwrite(String text) {
        int room = columns - 1;
        out.print(ERASE_LINE + (text.length() > room ? text.substring(0, room - 1) + "…" : text));
        out.flush();
    }

    private static String outcome(Trial trial) {
        return switch (trial.outcome()) {
            case Outcome.Valid(Measurements m) -> numbers(m);
            case Outcome.Voided(String reason, Measurements _) -> "void: " + reason;
            case Outcome.Failed(String reason) -> "failed: " + reason;
        };
    }

    private static String numbers(Measurements m) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%,.0f req/s%s",
                m.requestsPerSecond(),
                m.generator().limited().isYes() ? "*" : ""));
        if (m.server().userMicrosPerRequest() instanceof Measured.Value(double user)
                && m.server().systemMicrosPerRequest() instanceof Measured.Value(double system)) {
            text.append(String.format(Locale.ROOT, ", %.2f µs CPU per request", user + system));
        }
        boolean open = m.responseTime().p99Micros().isKnown();
        Latency time = open ? m.responseTime() : m.serviceTime();
        if (time.p99Micros() instanceof Measured.Value(double p99)) {
            text.append(String.format(Locale.ROOT, ", p99 %,.0f µs%s", p99, open ? " since the intended start" : ""));
        }
        return text.toString();
    }

    /// `45 s`, `2 min 05 s`, `1 h 10 min`.
    static String span(Duration span) {
        long seconds = Math.max(0, Math.round(span.toMillis() / 1e3));
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? "%d min %02d s".formatted(seconds / 60, seconds % 60)
                : "%d h %02d min".formatted(seconds / 3600, seconds / 60 % 60);
    }
}
