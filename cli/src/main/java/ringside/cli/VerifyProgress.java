package ringside.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import ringside.bench.verify.Counts;
import ringside.bench.verify.PairResult;
import ringside.bench.verify.VerifyObserver;
import ringside.bench.verify.VerifyPlan;

/// Shows how a verification proceeds: on a terminal one line that is written over, elsewhere a line for each pair.
final class VerifyProgress implements VerifyObserver {

    private static final String ERASE_LINE = "\r\033[K";

    private final PrintStream out;
    private final boolean live;
    private final int columns;

    /// @param live whether `out` is a terminal
    /// @param columns its width
    VerifyProgress(PrintStream out, boolean live, int columns) {
        this.out = out;
        this.live = live;
        this.columns = columns;
    }

    @Override
    public void planned(VerifyPlan plan, int pairs, Duration estimate) {
        out.printf(
                Locale.ROOT,
                "%d pairs of engine and transport, %s each, %d connections: about %s; seed %d%n",
                pairs,
                plan.replacements() > 0 ? plan.replacements() + " replacements" : Quantities.text(plan.time()),
                plan.connections(),
                Quantities.text(Duration.ofSeconds(estimate.plusMillis(999).toSeconds())),
                plan.seed());
        out.flush();
    }

    @Override
    public void progress(int index, int pairs, String label, Counts counts, int found) {
        if (live) {
            String line = String.format(
                    Locale.ROOT,
                    "%d/%d  %s  %,d responses, %,.0f MB, %,d aborts, %,d stalls, %s",
                    index + 1,
                    pairs,
                    label,
                    counts.responses(),
                    counts.bodyBytes() / 1e6,
                    counts.aborts(),
                    counts.stalls(),
                    found == 0 ? "nothing wrong" : found + " wrong");
            out.print(ERASE_LINE + (line.length() < columns ? line : line.substring(0, columns - 1)));
            out.flush();
        }
    }

    @Override
    public void finished(int index, int pairs, PairResult result) {
        if (live) {
            out.print(ERASE_LINE);
        } else {
            String outcome = switch (result.outcome()) {
                case PairResult.Checked checked ->
                    String.format(
                                    Locale.ROOT,
                                    "%,d responses, ",
                                    checked.counts().responses())
                            + (result.isGood()
                                    ? "nothing wrong"
                                    : checked.findings().getFirst());
                case PairResult.Unavailable(String reason, String _) -> "unavailable: " + reason;
            };
            out.printf("%d/%d  %s: %s%n", index + 1, pairs, result.label(), outcome);
        }
        out.flush();
    }
}
