package ringside.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import ringside.bench.judge.Comparison;
import ringside.bench.judge.Judgement;
import ringside.bench.judge.Judgement.Basis;
import ringside.bench.judge.Metric;
import ringside.bench.report.Words;
import ringside.bench.result.Measured;
import ringside.bench.result.Workload;

/// Two runs side by side as plain text: a block for each workload and metric, a line for each side, in the manner of
/// benchstat.
///
/// ```
/// 1 KiB, 64 conn., hot, closed · CPU per request, µs
///   side               old     new   change   95 % interval        p  launches  verdict
///   blocking/epoll    4.74    4.96   +4.6 %   +3.1 % to +6.2 %  0.001     5 + 5  regressed
/// ```
public final class ComparisonTable {

    private static final List<String> HEADINGS =
            List.of("side", "old", "new", "change", "95 % interval", "p", "launches", "verdict");

    private ComparisonTable() {}

    /// @param metrics that are shown, in this order
    /// @return lines that each end in a newline
    public static String render(List<Comparison> comparisons, List<Metric> metrics) {
        StringBuilder text = new StringBuilder();
        for (Workload workload :
                comparisons.stream().map(Comparison::workload).distinct().toList()) {
            for (Metric metric : metrics) {
                List<List<String>> rows = new ArrayList<>();
                for (Comparison comparison : comparisons) {
                    if (comparison.workload().equals(workload)) {
                        comparison.of(metric).ifPresent(judgement -> rows.add(row(label(comparison), judgement)));
                    }
                }
                if (!rows.isEmpty()) {
                    text.append("%s · %s, %s%n".formatted(Words.brief(workload), metric.title(), metric.unit()));
                    rows.addFirst(HEADINGS);
                    append(text, rows);
                    text.append('\n');
                }
            }
        }
        return text.toString();
    }

    private static String label(Comparison comparison) {
        return comparison.candidate() + (comparison.role() == Comparison.Role.CONTROL ? " (yardstick)" : "");
    }

    private static List<String> row(String side, Judgement judgement) {
        return List.of(
                Words.printable(side),
                value(judgement.baseline()),
                value(judgement.candidate()),
                change(judgement),
                interval(judgement),
                p(judgement),
                launches(judgement),
                judgement.verdict()
                        + (judgement.basis() instanceof Basis.Nothing(String why) ? ": " + Words.printable(why) : ""));
    }

    /// `+4.6 %`.
    public static String change(Judgement judgement) {
        return judgement.ratio() instanceof Measured.Value(double ratio) ? percent(ratio) : Words.UNKNOWN;
    }

    /// `+3.1 % to +6.2 %`; a dash where there is no interval.
    public static String interval(Judgement judgement) {
        return judgement.basis() instanceof Basis.Interval interval
                ? percent(interval.estimate().within95().ratioLow()) + " to "
                        + percent(interval.estimate().within95().ratioHigh())
                : Words.UNKNOWN;
    }

    /// After Holm's adjustment.
    static String p(Judgement judgement) {
        return judgement.basis() instanceof Basis.Interval interval
                ? interval.adjustedP() < 0.001 ? "<0.001" : String.format(Locale.ROOT, "%.3f", interval.adjustedP())
                : Words.UNKNOWN;
    }

    /// `5 + 5`.
    static String launches(Judgement judgement) {
        Optional<String> both = switch (judgement.basis()) {
            case Basis.Interval interval ->
                Optional.of(interval.estimate().baselineLaunches() + " + "
                        + interval.estimate().candidateLaunches());
            case Basis.Tolerance(int baseline, int candidate) -> Optional.of(baseline + " + " + candidate);
            case Basis.Nothing _ -> Optional.empty();
        };
        return both.orElse(Words.UNKNOWN);
    }

    /// Three digits.
    public static String value(Measured measured) {
        return measured instanceof Measured.Value(double value)
                ? value >= 1000 ? String.format(Locale.ROOT, "%,.0f", value) : Words.digits(value)
                : Words.UNKNOWN;
    }

    private static String percent(double ratio) {
        double change = 100 * (ratio - 1);
        return String.format(Locale.ROOT, Math.abs(change) < 99.95 ? "%+.1f %%" : "%+.0f %%", change)
                .replace('-', '−');
    }

    private static void append(StringBuilder text, List<List<String>> rows) {
        int columns = HEADINGS.size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String pad = " ".repeat(widths[i] - row.get(i).length());
                boolean left = i == 0 || i == columns - 1;
                line.append("  ").append(left ? row.get(i) + pad : pad + row.get(i));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
    }
}
