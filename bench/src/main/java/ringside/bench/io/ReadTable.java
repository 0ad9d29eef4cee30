package ringside.bench.io;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import ringside.bench.result.Latency;
import ringside.bench.result.Measured;

/// A report as lines for a terminal: a row for each run, what the numbers need to be read rightly, and the
/// ratios to fio.
public final class ReadTable {

    /// Per read; what is rarer belongs to the process, not to its reads.
    private static final double LEDGER_LEAST = 0.001;

    private static final List<String> HEADS = List.of(
            "", "reads/s", "MiB/s", "CPU µs", "user", "sys", "core µs", "calls", "p50 µs", "p90", "p99", "p99.9",
            "max");

    private ReadTable() {}

    public static String render(ReadReport report) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADS);
        for (ReadTrial trial : report.trials()) {
            if (trial.reads() > 0) {
                rows.add(row(trial));
            }
        }
        StringBuilder text = new StringBuilder();
        if (rows.size() > 1) {
            align(text, rows);
            text.append("CPU µs: of the process, per read (user + sys); core µs: of the CPU that it ran on, interrupts"
                            + " included;\ncalls: system calls of the engine itself, per read; latency: ")
                    .append(
                            report.plan().getOrDefault("ratePerSecond", "").isEmpty()
                                    ? "from submission"
                                    : "since the intended start (fio: from submission)")
                    .append('\n');
        }
        ledger(text, report);
        notes(text, report);
        for (ReadComparison comparison : report.comparisons()) {
            text.append(line(comparison)).append('\n');
        }
        return text.toString();
    }

    /// A line a run: what isn't 0, the most frequent first, and then what can't be told.
    private static void ledger(StringBuilder text, ReadReport report) {
        for (ReadTrial trial : report.trials()) {
            if (trial.ledger().isEmpty()) {
                continue;
            }
            List<Map.Entry<String, Measured>> known = trial.ledger().entrySet().stream()
                    .filter(entry -> entry.getValue().orElse(0) >= LEDGER_LEAST)
                    .sorted(Comparator.comparingDouble(
                            entry -> -entry.getValue().orElse(0)))
                    .toList();
            text.append("kernel, per read of ").append(trial.label()).append(": ");
            text.append(known.stream()
                            .map(entry -> entry.getKey() + " "
                                    + number("%,.3f", entry.getValue().orElse(0)))
                            .collect(Collectors.joining(", ")))
                    .append('\n');
            if (trial.details().get("engineCounts") instanceof Map<?, ?> counts && !counts.isEmpty()) {
                text.append("  counted by the engine, ramp and tail included: ")
                        .append(counts.entrySet().stream()
                                .map(count -> count.getKey() + " " + count.getValue())
                                .collect(Collectors.joining(", ")))
                        .append('\n');
            }
            trial.ledger().forEach((name, value) -> {
                if (value instanceof Measured.Unmeasurable(String why)) {
                    text.append("  ")
                            .append(name)
                            .append(": unmeasurable: ")
                            .append(why)
                            .append('\n');
                }
            });
        }
    }

    private static void notes(StringBuilder text, ReadReport report) {
        // The same note of several repeats is one line.
        Map<String, Boolean> seen = new LinkedHashMap<>();
        for (ReadTrial trial : report.trials()) {
            if (!trial.isGood()) {
                seen.put(trial.label() + " FAILED: " + trial.failure(), true);
            }
            trial.notes().forEach(note -> seen.put(trial.label() + ": " + note, true));
        }
        seen.keySet().forEach(note -> text.append(note).append('\n'));
    }

    private static List<String> row(ReadTrial trial) {
        ReadCost cost = trial.cost();
        Latency latency = trial.latency();
        return List.of(
                trial.label() + (trial.isGood() ? "" : " (failed)"),
                number("%,.0f", trial.readsPerSecond()),
                number("%,.1f", trial.bytesPerSecond() / (1 << 20)),
                number("%.3f", cost.cpuMicrosPerRead()),
                number("%.3f", cost.userMicrosPerRead()),
                number("%.3f", cost.systemMicrosPerRead()),
                number("%.3f", cost.coreBusyMicrosPerRead()),
                calls(trial),
                number("%,.1f", latency.p50Micros()),
                number("%,.1f", latency.p90Micros()),
                number("%,.1f", latency.p99Micros()),
                number("%,.1f", latency.p999Micros()),
                number("%,.1f", latency.maxMicros()));
    }

    private static String calls(ReadTrial trial) {
        if (!(trial.details().get("systemCallsPerRead") instanceof Map<?, ?> calls)) {
            return "-";
        }
        double sum = 0;
        for (Object value : calls.values()) {
            sum += value instanceof Double count ? count : 0;
        }
        return number("%.2f", sum);
    }

    private static String line(ReadComparison comparison) {
        if (!(comparison.cpuRatioMedian() instanceof Measured.Value(double median))) {
            return comparison.engine() + " beside fio " + comparison.fioEngine() + ": no ratio, "
                    + ((Measured.Unmeasurable) comparison.cpuRatioMedian()).why();
        }
        double least = comparison.cpuRatios().stream()
                .mapToDouble(Double::doubleValue)
                .min()
                .orElse(median);
        double most = comparison.cpuRatios().stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(median);
        int pairs = comparison.cpuRatios().size();
        return "%s / fio %s: %.2f × the reads per CPU-second (%s), %s × per busy second of the CPU, %s × the rate"
                .formatted(
                        comparison.engine(),
                        comparison.fioEngine(),
                        median,
                        pairs == 1 ? "1 pair" : "%.2f to %.2f in %d pairs".formatted(least, most, pairs),
                        number("%.2f", comparison.coreRatioMedian()),
                        number("%.2f", comparison.rateRatioMedian()));
    }

    private static String number(String format, Measured measured) {
        return measured instanceof Measured.Value(double value) ? number(format, value) : "-";
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static void align(StringBuilder text, List<List<String>> rows) {
        int[] widths = new int[HEADS.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String pad = " ".repeat(widths[i] - row.get(i).length());
                line.append(i == 0 ? row.get(i) + pad : "  " + pad + row.get(i));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
    }
}
