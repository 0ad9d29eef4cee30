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
        List<PlotFrame.RowLabel> labels = view.columns().stream()
                .map(column -> new PlotFrame.RowLabel(column.label(), ""))
                .toList();
        PlotFrame.rows(page, labels, "", () -> {
            PlotFrame frame = new PlotFrame(page, labels.size() * ROW_PIXELS);
            frame.open(title, "A bar for each side, stacked by the call's name. The table below has its numbers.");
            frame.across(axis, Words::significant);
            for (int i = 0; i < labels.size(); i++) {
                bar(frame, sum, i, axis, i * ROW_PIXELS + ROW_PIXELS / 2.0);
            }
            frame.close();
        });
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

    private void bar(PlotFrame frame, Line sum, int column, Axis axis, double middle) {
        if (!(sum.values().get(column) instanceof Measured.Value(double all))) {
            frame.text("axis", "unmeasurable", 0, 4, middle + 4, "start");
            return;
        }
        double from = 0;
        for (Line line : named()) {
            double to = Math.min(all, from + line.values().get(column).orElse(0));
            segment(frame, colour(line), from, to, axis, middle);
            from = to;
        }
        segment(frame, REST, from, all, axis, middle);
        frame.text("value", sum.text(column), axis.fraction(all), 8, middle + 4, "start");
    }

    private static void segment(PlotFrame frame, String kind, double from, double to, Axis axis, double middle) {
        if (to - from >= LedgerView.SHOWN_LEAST) {
            frame.box(kind, axis.fraction(from), axis.fraction(to), middle - BAR_PIXELS / 2.0, BAR_PIXELS);
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
}
