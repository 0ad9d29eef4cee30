package ringside.bench.history;

import java.util.Locale;
import ringside.bench.history.Series.Change;
import ringside.bench.history.Series.Observation;
import ringside.bench.report.Words;

/// A history for a terminal: a line of bars for each series, and a sentence for each change.
///
/// ```
/// blocking/epoll · 1 KiB, 64 conn., hot, closed · CPU per request, µs · 12 runs
///   ▂▁▂▂▁▂▇▇█▇▇▇  4.70 to 5.08
///         ^ 20260131-235900-nightly (0123456): 4.72 became 5.03, +6.6 %, worse (p = 0.004)
/// ```
public final class HistoryText {

    private static final String BARS = "▁▂▃▄▅▆▇█";

    /// A series that moves by less than this is drawn flat.
    private static final double RANGE_LEAST = 0.02;

    private HistoryText() {}

    /// @param columns width of the terminal
    public static String render(History history, int columns) {
        StringBuilder text = new StringBuilder();
        for (Series series : history.series()) {
            append(text, series, columns);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Series series, int columns) {
        int count = series.observations().size();
        text.append("%s · %s · %s, %s · %s%n"
                .formatted(
                        Words.printable(series.side()),
                        Words.brief(series.workload()),
                        series.metric().title(),
                        series.metric().unit(),
                        Words.count(count, "run", "runs")));
        double low = series.observations().stream()
                .mapToDouble(Observation::value)
                .min()
                .orElse(0);
        double high = series.observations().stream()
                .mapToDouble(Observation::value)
                .max()
                .orElse(0);
        String range = "  " + Words.digits(low) + " to " + Words.digits(high);
        int shown = Math.max(1, Math.min(count, columns - range.length() - 2));
        int first = count - shown;
        text.append("  ");
        for (int i = first; i < count; i++) {
            text.append(bar(series.observations().get(i).value(), low, high));
        }
        text.append(range).append('\n');
        for (Change change : series.changes()) {
            int column = change.index() - first;
            text.append(" ".repeat(2 + Math.max(0, column)))
                    .append(column < 0 ? "before that: " : "^ ")
                    .append(sentence(series, change))
                    .append('\n');
        }
        if (count < History.RUNS_LEAST) {
            text.append("  fewer than ").append(History.RUNS_LEAST).append(" runs: no change can be shown\n");
        } else if (series.changes().isEmpty()) {
            text.append("  no change is shown\n");
        }
        text.append('\n');
    }

    static String sentence(Series series, Change change) {
        Observation at = series.observations().get(change.index());
        return "%s (%s): %s became %s, %s, %s (p = %s)"
                .formatted(
                        Words.printable(at.run()),
                        commit(at.commit()),
                        Words.digits(change.before()),
                        Words.digits(change.after()),
                        String.format(Locale.ROOT, "%+.1f %%", 100 * (change.ratio() - 1))
                                .replace('-', '−'),
                        series.isWorse(change) ? "worse" : "better",
                        String.format(Locale.ROOT, "%.3f", change.p()));
    }

    static String commit(String commit) {
        return commit.matches("[0-9a-f]{40,64}") ? commit.substring(0, 7) : "commit unknown";
    }

    private static char bar(double value, double low, double high) {
        double span = Math.max(high - low, RANGE_LEAST * high);
        int level = span == 0 ? 0 : (int) Math.floor((value - low) / span * (BARS.length() - 1) + 0.5);
        return BARS.charAt(Math.clamp(level, 0, BARS.length() - 1));
    }
}
