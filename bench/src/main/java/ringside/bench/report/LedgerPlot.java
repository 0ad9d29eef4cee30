package ringside.bench.report;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import ringside.bench.report.LedgerView.Line;
import ringside.bench.result.Ledger;
import ringside.bench.result.Measured;

/// System calls per request: a bar for each side, stacked by name. Calls have colours of their own, apart from those
/// of transports and peers.
final class LedgerPlot {

    private static final int ROW_PIXELS = 30;
    private static final int BAR_PIXELS = 14;
    private static final int AXIS_PIXELS = 22;
    private static final int TICKS_MAX = 4;
    private static final int COLOURS = 7;
    private static final String REST = "k-rest";

    /// The longest bar's share of the width: the rest is for its label.
    private static final double BARS_FRACTION = 0.84;

    private final Markup page;
    private final LedgerView view;
    private final List<String> colours;

    /// @param colours as [#colours]
    LedgerPlot(Markup page, LedgerView view, List<String> colours) {
        this.page = page;
        this.view = view;
        this.colours = colours;
    }

    /// The calls that have a colour, the same through the whole page: those that are made most.
    static List<String> colours(List<LedgerView> views) {
        Map<String, Double> most = new LinkedHashMap<>();
        for (LedgerView view : views) {
            for (Line line : view.calls()) {
                if (!line.isSum() && !line.name().equals(Ledger.OTHER_CALLS)) {
                    most.merge(line.name(), line.max(), Math::max);
                }
            }
        }
        return most.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(COLOURS)
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Whether there is a sum to draw.
    boolean isEmpty() {
        return sum() == null;
    }

    /// Draws nothing when there is no sum.
    void draw(String title) {
        Line sum = sum();
        if (sum == null) {
            return;
        }
        legend();
        Axis axis = Axis.fromZero(sum.max() / BARS_FRACTION, TICKS_MAX);
        int height = view.columns().size() * ROW_PIXELS;
        page.open("div", "class", "rows").open("div", "class", "labels", "aria-hidden", "true");
        for (LedgerView.Column column : view.columns()) {
            page.open("div", "title", column.label())
                    .element("span", column.label())
                    .close("div");
        }
        page.close("div");
        page.open(
                "svg",
                "role",
                "img",
                "aria-label",
                title + ": the table below holds its numbers",
                "width",
                "100%",
                "height",
                Integer.toString(height + AXIS_PIXELS));
        ticks(axis, height);
        for (int i = 0; i < view.columns().size(); i++) {
            bar(sum, i, axis, i * ROW_PIXELS + ROW_PIXELS / 2.0);
        }
        page.close("svg").close("div").newline();
    }

    private @Nullable Line sum() {
        return view.calls().stream().filter(Line::isSum).findFirst().orElse(null);
    }

    private List<Line> named() {
        return view.calls().stream()
                .filter(line -> colours.contains(line.name()))
                .sorted(Comparator.comparingInt(line -> colours.indexOf(line.name())))
                .toList();
    }

    private String colour(Line line) {
        return "k" + colours.indexOf(line.name());
    }

    private void bar(Line sum, int column, Axis axis, double middle) {
        if (!(sum.values().get(column) instanceof Measured.Value(double all))) {
            page.element("text", "unmeasurable", "class", "axis", "x", "0", "dx", "4", "y", Markup.number(middle + 4));
            return;
        }
        double from = 0;
        for (Line line : named()) {
            double to = Math.min(all, from + line.values().get(column).orElse(0));
            segment(colour(line), from, to, axis, middle);
            from = to;
        }
        segment(REST, from, all, axis, middle);
        page.element(
                "text",
                sum.text(column),
                "class",
                "value",
                "x",
                Markup.percent(axis.fraction(all)),
                "dx",
                "8",
                "y",
                Markup.number(middle + 4));
    }

    private void segment(String kind, double from, double to, Axis axis, double middle) {
        if (to - from >= LedgerView.SHOWN_LEAST) {
            page.empty(
                    "rect",
                    "class",
                    kind,
                    "x",
                    Markup.percent(axis.fraction(from)),
                    "y",
                    Markup.number(middle - BAR_PIXELS / 2.0),
                    "width",
                    Markup.percent(axis.fraction(to) - axis.fraction(from)),
                    "height",
                    Integer.toString(BAR_PIXELS));
        }
    }

    private void legend() {
        page.open("p", "class", "legend", "aria-label", "Colours of calls");
        named().forEach(line -> entry(colour(line), line.name()));
        entry(REST, "others");
        page.close("p");
    }

    private void entry(String kind, String name) {
        page.open("span").element("i", "", "class", "swatch " + kind).text(name).close("span");
    }

    private void ticks(Axis axis, int height) {
        for (double tick : axis.ticks()) {
            String x = Markup.percent(axis.fraction(tick));
            page.empty(
                    "line",
                    "class",
                    tick == 0 ? "base" : "grid",
                    "x1",
                    x,
                    "x2",
                    x,
                    "y1",
                    "0",
                    "y2",
                    Integer.toString(height));
            page.element(
                    "text",
                    Words.significant(tick),
                    "class",
                    "axis",
                    "x",
                    x,
                    "y",
                    Integer.toString(height + 15),
                    "text-anchor",
                    tick == 0 ? "start" : axis.fraction(tick) > 0.95 ? "end" : "middle");
        }
    }
}
