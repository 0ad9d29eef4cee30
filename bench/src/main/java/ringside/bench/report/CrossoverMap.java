package ringside.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import ringside.bench.judge.Judgement;
import ringside.bench.judge.Verdict;
import ringside.bench.plan.Axis;
import ringside.bench.report.Ranking.Row;
import ringside.bench.report.Ranking.Standing;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Workload;

/// Who needs least CPU per request where: a cell for each workload along two axes. A cell is won only by who is shown
/// to be lower than each other side; else it names the lowest with a question mark, and is hatched.
///
/// @param down what changes from row to row
/// @param across what changes from column to column
/// @param others what is the same in all cells; may be empty
/// @param columns values along `across`, ascending
/// @param rows by value along `down`, ascending; a cell for each column, empty where nothing ran
record CrossoverMap(
        Axis down, Axis across, String others, List<Double> columns, Map<Double, List<Optional<Cell>>> rows) {

    /// @param ranking of its workload
    record Cell(Ranking ranking) {

        /// The lowest ranked side; empty when none has a known cost.
        Optional<Row> lowest() {
            return ranking.rows().stream().filter(Row::isRanked).findFirst();
        }

        boolean isOpen() {
            return lowest().filter(row -> row.standing() != Standing.LOWEST).isEmpty();
        }

        /// The others that are shown to be the same as the lowest.
        List<Row> same() {
            return ranking.with(Standing.TIED).stream()
                    .filter(row -> row.duel().isPresent())
                    .toList();
        }

        /// The next above the lowest.
        Optional<Row> next() {
            return ranking.rows().stream().filter(Row::isRanked).skip(1).findFirst();
        }

        /// `sendfile/epoll`, `sendfile/epoll ≈ uring/epoll`, `sendfile/epoll?`.
        String text() {
            if (lowest().isEmpty()) {
                return Words.UNKNOWN;
            }
            String label = lowest().get().label();
            if (isOpen()) {
                return label + SweepText.NOBODY;
            }
            List<Row> same = same();
            return same.isEmpty()
                    ? label
                    : label + " ≈ " + (same.size() == 1 ? same.getFirst().label() : same.size() + " others");
        }
    }

    /// One for each combination of what isn't on the axes; none when the run asked for no map.
    static List<CrossoverMap> of(ReportedRun reported) {
        List<String> asked = reported.run().plan().map();
        if (asked.size() != 2) {
            return List.of();
        }
        Axis down = Axis.parse(asked.get(0));
        Axis across = Axis.parse(asked.get(1));
        Map<String, List<Group>> byRest = new LinkedHashMap<>();
        for (Group group : reported.summary().groups()) {
            byRest.computeIfAbsent(rest(group.workload(), down, across), _ -> new ArrayList<>())
                    .add(group);
        }
        List<CrossoverMap> maps = new ArrayList<>();
        byRest.forEach((others, groups) -> maps.add(of(reported, down, across, others, groups)));
        return List.copyOf(maps);
    }

    private static CrossoverMap of(ReportedRun reported, Axis down, Axis across, String others, List<Group> groups) {
        TreeSet<Double> columns = new TreeSet<>();
        Map<Double, Map<Double, Cell>> cells = new TreeMap<>();
        for (Group group : groups) {
            columns.add(across.of(group.workload()));
            cells.computeIfAbsent(down.of(group.workload()), _ -> new TreeMap<>())
                    .put(across.of(group.workload()), new Cell(reported.ranking(group)));
        }
        Map<Double, List<Optional<Cell>>> rows = new TreeMap<>();
        cells.forEach((at, row) -> rows.put(
                at,
                columns.stream()
                        .map(column -> Optional.ofNullable(row.get(column)))
                        .toList()));
        return new CrossoverMap(down, across, others, List.copyOf(columns), rows);
    }

    String heading() {
        return "Least CPU per request by %s and %s%s"
                .formatted(down.text(), across.text(), others.isEmpty() ? "" : " · " + others);
    }

    /// As lines of a table, the head first.
    List<List<String>> table() {
        List<List<String>> table = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(corner()));
        columns.forEach(column -> head.add(value(across, column)));
        table.add(head);
        rows.forEach((at, cells) -> {
            List<String> line = new ArrayList<>(List.of(value(down, at)));
            cells.forEach(cell -> line.add(cell.map(Cell::text).orElse(Words.UNKNOWN)));
            table.add(line);
        });
        return table;
    }

    /// @param hues CSS class of each side's label
    void draw(Markup page, Map<String, String> hues) {
        page.open("section").element("h2", heading());
        page.element(
                "p",
                "A cell is the side's that is shown to need less CPU per request than each other. Hatched, with a question"
                        + " mark: the lowest here, and nothing is shown (more launches may tell: --until resolved). ≈: shown"
                        + " to be the same.",
                "class",
                "quiet");
        page.open("div", "class", "scroll", "tabindex", "0").open("table", "class", "map");
        page.element("caption", heading()).open("thead").open("tr").element("th", corner(), "scope", "col");
        columns.forEach(column -> page.element("th", value(across, column), "scope", "col"));
        page.close("tr").close("thead").open("tbody");
        rows.forEach((at, cells) -> {
            page.open("tr").element("th", value(down, at), "scope", "row");
            cells.forEach(cell -> cell(page, cell, hues));
            page.close("tr").newline();
        });
        page.close("tbody").close("table").close("div");
        details(page);
        page.close("section").newline();
    }

    private static void cell(Markup page, Optional<Cell> cell, Map<String, String> hues) {
        Optional<Row> lowest = cell.flatMap(Cell::lowest);
        if (lowest.isEmpty()) {
            page.element("td", Words.UNKNOWN);
            return;
        }
        String hue = hues.getOrDefault(lowest.get().point().side().label(), "c0");
        page.open("td", "class", hue + (cell.get().isOpen() ? " open" : " won"));
        page.element("b", cell.get().text());
        cell.get()
                .next()
                .flatMap(Row::duel)
                .ifPresent(duel -> page.element("span", Headline.ratio(duel), "class", "by"));
        page.close("td");
    }

    private void details(Markup page) {
        List<List<String>> lines = new ArrayList<>();
        rows.forEach((at, cells) -> {
            for (int i = 0; i < cells.size(); i++) {
                Optional<Row> lowest = cells.get(i).flatMap(Cell::lowest);
                if (lowest.isPresent()) {
                    Optional<Row> next = cells.get(i).flatMap(Cell::next);
                    Optional<Judgement> duel = next.flatMap(Row::duel);
                    lines.add(List.of(
                            value(down, at),
                            value(across, columns.get(i)),
                            lowest.get().label(),
                            Words.median(lowest.get().point().cpuMicros()),
                            next.map(Row::label).orElse(Words.UNKNOWN),
                            duel.map(Headline::ratio).orElse(Words.UNKNOWN),
                            duel.map(judgement -> judgement.verdict() == Verdict.IMPROVED
                                            ? "lower"
                                            : judgement.verdict().id())
                                    .orElse(Words.UNKNOWN),
                            duel.map(Judgement::reason).orElse("")));
                }
            }
        });
        List<String> heads =
                List.of(down.text(), across.text(), "lowest", "µs", "next", "of next's (95 %)", "shown to be", "why");
        new HtmlTable("", heads, Set.of(2, 4, 6, 7)).behind(page, "The map's numbers as a table", lines);
    }

    private String corner() {
        return down.text() + " \\ " + across.text();
    }

    private static String value(Axis axis, double value) {
        return switch (axis) {
            case SIZE -> Words.size((long) value);
            case CONNECTIONS -> String.format(Locale.ROOT, "%.0f", value);
            case RATE -> value == 0 ? "closed" : Words.rate(value) + "/s";
            case CACHE -> value == 0 ? "hot" : "cold";
        };
    }

    /// What the axes don't say of a workload and others may say otherwise.
    private static String rest(Workload workload, Axis down, Axis across) {
        return Arrays.stream(Axis.values())
                .filter(axis -> axis != down && axis != across)
                .map(axis -> axis == Axis.CONNECTIONS
                        ? value(axis, axis.of(workload)) + " connections"
                        : value(axis, axis.of(workload)) + (axis == Axis.RATE && axis.of(workload) == 0 ? " loop" : ""))
                .collect(Collectors.joining(" · "));
    }
}
