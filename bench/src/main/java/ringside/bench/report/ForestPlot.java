package ringside.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import ringside.bench.judge.Comparison;
import ringside.bench.judge.Estimate.Limits;
import ringside.bench.judge.Judgement;
import ringside.bench.judge.Judgement.Basis;
import ringside.bench.judge.Margin;
import ringside.bench.judge.Metric;
import ringside.bench.result.Measured;

/// Ratios to the baseline with their 95 % intervals: a panel for each metric, a row for each side, the verdict as sign
/// and colour. Behind the rows the metric's margin, and what two equal sides differed by.
///
/// Axes are logarithmic: half and twice are equally far from 1. What lies beyond eight times is drawn at the edge.
final class ForestPlot {
    private static final int ROW_PIXELS = 26;
    private static final double RATIO_MAX = 8;
    private static final double ROOM = 1.02;

    /// With more rows than this most metrics are behind a heading that opens.
    private static final int OPEN_ROWS_MAX = 10;

    /// Those that stay open.
    private static final List<String> FIRST = List.of("throughput", "cpu", "service-p99", "response-p99");

    private static final List<String> HEADS = List.of(
            "metric",
            "side",
            "verdict",
            "ratio",
            "95 % interval",
            "baseline",
            "side's value",
            "margin",
            "A/A",
            "p (Holm)",
            "launches",
            "why");
    private static final Set<Integer> WORDS = Set.of(1, 2, 11);

    /// A row: a side against its baseline.
    ///
    /// @param hue CSS class that sets `--c`
    record Entry(String label, String hue, Comparison comparison) {}

    private record Row(String label, String hue, Judgement judgement) {}

    private final Markup page;
    private final String title;
    private final List<Entry> entries;

    /// @param title of the workload
    ForestPlot(Markup page, String title, List<Entry> entries) {
        this.page = page;
        this.title = title;
        this.entries = List.copyOf(entries);
    }

    /// Draws nothing when there is nothing to compare.
    void draw() {
        List<Metric> metrics = Metric.all().stream()
                .filter(metric -> entries.stream()
                        .anyMatch(entry -> entry.comparison().of(metric).isPresent()))
                .toList();
        if (metrics.isEmpty()) {
            return;
        }
        boolean all = entries.size() <= OPEN_ROWS_MAX;
        List<Metric> judged = metrics.stream().filter(this::hasRatio).toList();
        List<Metric> open = judged.stream()
                .filter(metric -> all || FIRST.contains(metric.id()))
                .toList();
        List<Metric> closed =
                judged.stream().filter(metric -> !open.contains(metric)).toList();
        panels(open);
        if (!closed.isEmpty()) {
            page.open("details")
                    .element(
                            "summary",
                            Words.count(closed.size(), "more metric", "more metrics") + " against the baseline");
            panels(closed);
            page.close("details");
        }
        Map<String, List<String>> without = new LinkedHashMap<>();
        metrics.stream()
                .filter(metric -> !judged.contains(metric))
                .forEach(metric -> without.computeIfAbsent(
                                rows(metric).getFirst().judgement().reason(), _ -> new ArrayList<>())
                        .add(metric.title()));
        if (!without.isEmpty()) {
            page.element("p", "Not judged, and so not drawn: " + reasons(without) + ".", "class", "quiet");
        }
        table(metrics);
    }

    /// @param metrics by the reason why they aren't judged
    private static String reasons(Map<String, List<String>> metrics) {
        return metrics.entrySet().stream()
                .map(group -> String.join(", ", group.getValue()) + " (" + group.getKey() + ")")
                .collect(Collectors.joining("; "));
    }

    private boolean hasRatio(Metric metric) {
        return rows(metric).stream().anyMatch(row -> row.judgement().ratio().isKnown());
    }

    private void panels(List<Metric> metrics) {
        page.open("div", "class", "panels forest");
        metrics.forEach(this::panel);
        page.close("div").newline();
    }

    private void panel(Metric metric) {
        List<Row> rows = rows(metric);
        page.open("figure", "class", "panel").open("figcaption").text(metric.title() + " ");
        page.element("span", VerdictMarks.better(metric), "class", "key").close("figcaption");
        List<PlotFrame.RowLabel> labels = rows.stream()
                .map(row -> new PlotFrame.RowLabel(row.label(), row.hue()))
                .toList();
        PlotFrame.rows(page, labels, "short", () -> {
            plot(metric, rows);
            values(rows);
        });
        page.close("figure").newline();
    }

    private List<Row> rows(Metric metric) {
        List<Row> rows = new ArrayList<>();
        for (Entry entry : entries) {
            entry.comparison()
                    .of(metric)
                    .ifPresent(judgement -> rows.add(new Row(entry.label(), entry.hue(), judgement)));
        }
        return rows;
    }

    private void plot(Metric metric, List<Row> rows) {
        Axis axis = axis(rows);
        int height = rows.size() * ROW_PIXELS;
        PlotFrame frame = new PlotFrame(page, height);
        frame.open(
                metric.title() + " against the baseline, " + title,
                "Ratio to the baseline with its 95 % interval, a row for each side; " + VerdictMarks.better(metric)
                        + ". The table below has the numbers and the reasons.");
        double own = rows.stream()
                .mapToDouble(row -> row.judgement().margin().own())
                .max()
                .orElse(0);
        double floor = rows.stream()
                .map(row -> row.judgement().margin())
                .map(Margin::floor)
                .mapToDouble(measured -> measured.orElse(0))
                .max()
                .orElse(0);
        band(frame, "margin-band", axis, own, height);
        band(frame, "floor-band", axis, floor, height);
        for (double tick : axis.ticks()) {
            frame.vertical(tick == 1 ? "base" : "grid", axis.fraction(tick), tickText(tick));
        }
        double middle = ROW_PIXELS / 2.0;
        for (Row row : rows) {
            mark(frame, axis, row.judgement(), middle);
            middle += ROW_PIXELS;
        }
        frame.close();
    }

    private static void band(PlotFrame frame, String kind, Axis axis, double relative, int height) {
        frame.box(kind, axis.fraction(1 / (1 + relative)), axis.fraction(1 + relative), 0, height);
    }

    private void mark(PlotFrame frame, Axis axis, Judgement judgement, double middle) {
        if (!(judgement.ratio() instanceof Measured.Value(double ratio) && ratio > 0)) {
            return;
        }
        page.open("g", "class", VerdictMarks.hue(judgement.verdict()));
        limits(judgement).ifPresent(limits -> {
            double low = axis.fraction(limits.ratioLow());
            double high = axis.fraction(limits.ratioHigh());
            frame.line("interval", low, middle, high, middle);
            frame.line("interval", low, middle - 4, low, middle + 4);
            frame.line("interval", high, middle - 4, high, middle + 4);
        });
        frame.text("sign", VerdictMarks.sign(judgement.verdict()), axis.fraction(ratio), 0, middle + 4.5, "middle");
        page.close("g");
    }

    /// Numbers beside the rows; the interval only where the screen is wide enough.
    private void values(List<Row> rows) {
        page.open("div", "class", "labels short values", "aria-hidden", "true");
        for (Row row : rows) {
            Judgement judgement = row.judgement();
            page.open("div")
                    .element(
                            "b",
                            VerdictMarks.sign(judgement.verdict()),
                            "class",
                            "sign " + VerdictMarks.hue(judgement.verdict()));
            page.open("span").text(ratio(judgement));
            if (judgement.basis() instanceof Basis.Interval interval) {
                page.element("span", " (" + Headline.interval(interval) + ")", "class", "wide");
            }
            page.close("span").close("div");
        }
        page.close("div");
    }

    private static Optional<Limits> limits(Judgement judgement) {
        return judgement.basis() instanceof Basis.Interval interval
                ? Optional.of(interval.estimate().within95())
                : Optional.empty();
    }

    private static Axis axis(List<Row> rows) {
        double low = 1;
        double high = 1;
        for (Row row : rows) {
            Judgement judgement = row.judgement();
            double margin = 1 + judgement.margin().relative();
            double ratio = judgement.ratio().orElse(1);
            low = Math.min(low, Math.min(1 / margin, ratio));
            high = Math.max(high, Math.max(margin, ratio));
            if (limits(judgement).isPresent()) {
                low = Math.min(low, limits(judgement).get().ratioLow());
                high = Math.max(high, limits(judgement).get().ratioHigh());
            }
        }
        return Axis.ratios(Math.max(low, 1 / RATIO_MAX) / ROOM, Math.min(high, RATIO_MAX) * ROOM);
    }

    private static String tickText(double tick) {
        return Double.toString(tick).replaceAll("\\.0$", "");
    }

    private static String ratio(Judgement judgement) {
        return judgement.ratio() instanceof Measured.Value(double ratio) ? Words.ratio(ratio) : Words.UNKNOWN;
    }

    private void table(List<Metric> metrics) {
        List<List<String>> lines = new ArrayList<>();
        for (Metric metric : metrics) {
            rows(metric).forEach(row -> lines.add(cells(metric, row)));
        }
        new HtmlTable("", HEADS, WORDS).behind(page, "Verdicts as a table", lines);
    }

    private static List<String> cells(Metric metric, Row row) {
        Judgement judgement = row.judgement();
        return List.of(
                metric.title() + ", " + metric.unit(),
                row.label(),
                VerdictMarks.sign(judgement.verdict()) + " " + judgement.verdict(),
                ratio(judgement),
                judgement.basis() instanceof Basis.Interval interval ? Headline.interval(interval) : Words.UNKNOWN,
                value(judgement.baseline()),
                value(judgement.candidate()),
                percent(judgement.margin().relative()),
                judgement.margin().floor() instanceof Measured.Value(double floor) ? percent(floor) : Words.UNKNOWN,
                p(judgement),
                launches(judgement),
                judgement.reason());
    }

    private static String p(Judgement judgement) {
        return judgement.basis() instanceof Basis.Interval interval
                ? interval.adjustedP() < 0.001 ? "<0.001" : String.format(Locale.ROOT, "%.3f", interval.adjustedP())
                : Words.UNKNOWN;
    }

    private static String launches(Judgement judgement) {
        return switch (judgement.basis()) {
            case Basis.Interval interval ->
                interval.estimate().baselineLaunches() + " + "
                        + interval.estimate().candidateLaunches();
            case Basis.Tolerance(int baseline, int candidate) -> baseline + " + " + candidate;
            case Basis.Nothing _ -> Words.UNKNOWN;
        };
    }

    private static String value(Measured measured) {
        return measured instanceof Measured.Value(double value)
                ? value >= 1000 ? Words.rate(value) : Words.digits(value)
                : Words.UNKNOWN;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
