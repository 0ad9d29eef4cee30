package ringside.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import ringside.bench.report.Ranking.Row;
import ringside.bench.result.Ledger;
import ringside.bench.result.Measured;
import ringside.bench.result.Run;

/// The ledgers of one workload side by side, in the order of the ranking: a line for each count that somebody has.
///
/// @param columns the sides that were counted
/// @param calls the sum of system calls, then those by name, most first, then the rest
/// @param others everything else
record LedgerView(List<Column> columns, List<Line> calls, List<Line> others) {

    /// Below this a count per request prints as nothing.
    static final double SHOWN_LEAST = 0.005;

    private static final String WORKERS = "ring workers, at once";

    record Column(Row row, Ledger ledger) {
        String label() {
            return row.point().side().label();
        }
    }

    /// @param values one for each column, per request unless the name says otherwise
    record Line(String name, String unit, List<Measured> values) {

        boolean isSum() {
            return name.equals(Ledger.SYSTEM_CALLS);
        }

        /// As reports show one of the values.
        String text(int column) {
            return LedgerView.text(values.get(column), unit);
        }

        double max() {
            return values.stream().mapToDouble(value -> value.orElse(0)).max().orElse(0);
        }
    }

    LedgerView {
        columns = List.copyOf(columns);
        calls = List.copyOf(calls);
        others = List.copyOf(others);
    }

    static LedgerView of(Run run, Ranking ranking) {
        List<Column> columns = new ArrayList<>();
        for (Row row : ranking.rows()) {
            run.ledger()
                    .at(row.point().side(), ranking.group().workload())
                    .ifPresent(ledger -> columns.add(new Column(row, ledger)));
        }
        List<Line> calls = new ArrayList<>();
        List<Line> others = new ArrayList<>();
        for (String name : names(columns)) {
            Line line = line(columns, name);
            if (line.max() >= SHOWN_LEAST && !isNoise(columns, name)) {
                boolean call = columns.stream()
                        .flatMap(column -> column.ledger.entry(name).stream())
                        .anyMatch(entry -> entry.group() == Ledger.Group.CALLS);
                (call ? calls : others).add(line);
            }
        }
        calls.sort(Comparator.comparingInt(LedgerView::place).thenComparingDouble(line -> -line.max()));
        Line workers = new Line(WORKERS, "threads", values(columns, column -> column.ledger.ringWorkers()));
        if (workers.max() > 0) {
            others.add(workers);
        }
        return new LedgerView(columns, calls, others);
    }

    boolean isEmpty() {
        return columns.isEmpty();
    }

    List<Line> lines() {
        List<Line> lines = new ArrayList<>(calls);
        lines.addAll(others);
        return lines;
    }

    /// Why there is no number, for each reason once.
    List<String> notes() {
        Map<String, Set<String>> namesByReason = new LinkedHashMap<>();
        Set<String> notes = new LinkedHashSet<>();
        for (Column column : columns) {
            for (Ledger.Entry entry : column.ledger.entries()) {
                if (entry.perRequest() instanceof Measured.Unmeasurable(String why)) {
                    namesByReason
                            .computeIfAbsent(why, _ -> new LinkedHashSet<>())
                            .add(entry.name());
                }
            }
            column.ledger.notes().forEach(note -> notes.add(column.label() + ": " + note));
        }
        namesByReason.forEach((why, names) -> notes.add(String.join(", ", names) + ": unmeasurable: " + why));
        return List.copyOf(notes);
    }

    /// `2.06`, `<0.01`, `0` for a measured nothing, `64.0 KiB`.
    static String text(Measured measured, String unit) {
        if (!(measured instanceof Measured.Value(double value))) {
            return Words.UNKNOWN;
        }
        if (unit.equals("bytes") && value >= 1) {
            return Words.size(Math.round(value));
        }
        if (value == 0 || unit.equals("threads")) {
            return Words.significant(value);
        }
        return value < SHOWN_LEAST ? "<0.01" : Words.digits(value);
    }

    private static Set<String> names(List<Column> columns) {
        Set<String> names = new LinkedHashSet<>();
        columns.forEach(column -> column.ledger.entries().forEach(entry -> names.add(entry.name())));
        return names;
    }

    private static Line line(List<Column> columns, String name) {
        String unit = columns.stream()
                .flatMap(column -> column.ledger.entry(name).stream())
                .map(Ledger.Entry::unit)
                .findFirst()
                .orElse("");
        return new Line(name, unit, values(columns, column -> column.ledger.perRequest(name)));
    }

    private static List<Measured> values(List<Column> columns, Function<Column, Measured> value) {
        return columns.stream().map(value).toList();
    }

    /// What the whole machine reads tells something of a server only when that reads the device, or may.
    private static boolean isNoise(List<Column> columns, String name) {
        boolean everybodys = columns.stream()
                .flatMap(column -> column.ledger.entry(name).stream())
                .anyMatch(entry -> entry.scope() == Ledger.Scope.SYSTEM);
        return everybodys
                && columns.stream()
                        .map(column -> column.ledger.perRequest(Ledger.DEVICE_BYTES))
                        .allMatch(bytes -> bytes instanceof Measured.Value(double value) && value < 1);
    }

    private static int place(Line line) {
        return line.isSum() ? 0 : (line.name.equals(Ledger.OTHER_CALLS) ? 2 : 1);
    }
}
