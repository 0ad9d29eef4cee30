package ringside.bench.report;

import java.util.List;
import java.util.function.DoubleFunction;

/// What every plot has: a picture with a name and a description for those who don't see it, the lines and labels of its
/// axes, and either rows with labels beside it or a drawing within it that stretches.
///
/// Horizontal places are percentages and vertical ones pixels, so that text keeps its size from telephone to wide
/// screen.
///
/// ```
///   0 %    start                       end     100 %
///   |      |                             |         |
///   |  10 ms ----------------------------          |  0
///   |      |        the drawing          | names   |
///   |   1 ms ----------------------------          |  heightPixels
///   |      0        10        20                   |  + AXIS_PIXELS
/// ```
final class PlotFrame {
    /// Room below the drawing for the labels of the horizontal axis.
    static final int AXIS_PIXELS = 22;

    /// Where the horizontal axis labels stand below the drawing.
    private static final int LABEL_PIXELS = 15;

    private static final double LABEL_AT_START = 0.02;
    private static final double LABEL_AT_END = 0.95;
    private static final double ROOM_AT_END = 0.97;

    /// A row's label, in HTML beside the picture.
    ///
    /// @param hue CSS class that sets `--c`; empty for a label without a swatch
    record RowLabel(String text, String hue) {}

    private final Markup page;
    private final int heightPixels;
    private final double start;
    private final double end;

    /// @param heightPixels of the drawing, without the axis below it
    /// @param start where the drawing begins, a fraction of the width
    /// @param end where it ends
    PlotFrame(Markup page, int heightPixels, double start, double end) {
        this.page = page;
        this.heightPixels = heightPixels;
        this.start = start;
        this.end = end;
    }

    /// A drawing as wide as the picture.
    PlotFrame(Markup page, int heightPixels) {
        this(page, heightPixels, 0, 1);
    }

    /// Labels of rows and, beside them, what the plot draws.
    ///
    /// @param kind CSS class of the labels beside `labels`; may be empty
    static void rows(Markup page, List<RowLabel> labels, String kind, Runnable plot) {
        page.open("div", "class", "rows");
        page.open("div", "class", kind.isEmpty() ? "labels" : "labels " + kind, "aria-hidden", "true");
        for (RowLabel label : labels) {
            page.open("div", "class", label.hue(), "title", label.text());
            if (!label.hue().isEmpty()) {
                page.element("i", "", "class", "swatch");
            }
            page.element("span", label.text()).close("div");
        }
        page.close("div");
        plot.run();
        page.close("div").newline();
    }

    /// Opens the picture.
    ///
    /// @param title its name
    /// @param description what it shows and where its numbers are
    void open(String title, String description) {
        page.open("svg", "role", "img", "width", "100%", "height", Integer.toString(heightPixels + AXIS_PIXELS));
        page.element("title", title).element("desc", description);
    }

    void close() {
        page.close("svg");
    }

    /// Lines and labels at the ticks of the horizontal axis.
    void across(Axis axis, DoubleFunction<String> text) {
        for (double tick : axis.ticks()) {
            vertical(tick == 0 ? "base" : "grid", axis.fraction(tick), text.apply(tick));
        }
    }

    /// Lines and labels at the ticks of the vertical axis, larger values higher.
    void down(Axis axis, DoubleFunction<String> text) {
        for (double tick : axis.ticks()) {
            horizontal(y(axis, tick), text.apply(tick));
        }
    }

    /// A line from top to bottom, and its label.
    ///
    /// @param kind CSS class of the line
    /// @param fraction of the drawing's width
    /// @param label empty for none
    void vertical(String kind, double fraction, String label) {
        String x = x(fraction);
        page.empty("line", "class", kind, "x1", x, "x2", x, "y1", "0", "y2", Integer.toString(heightPixels));
        if (!label.isEmpty()) {
            String anchor = fraction < LABEL_AT_START
                    ? "start"
                    : fraction > LABEL_AT_END && end > ROOM_AT_END ? "end" : "middle";
            String y = Integer.toString(heightPixels + LABEL_PIXELS);
            page.element("text", label, "class", "axis", "x", x, "y", y, "text-anchor", anchor);
        }
    }

    /// A line across, and its label at the left.
    void horizontal(double yPixels, String label) {
        String y = Markup.number(yPixels);
        page.empty("line", "class", "grid", "x1", x(0), "x2", x(1), "y1", y, "y2", y);
        text("axis", label, 0, -6, yPixels + 4, "end");
    }

    /// @param dxPixels to the right of the place
    /// @param anchor `start`, `middle`, `end`
    void text(String kind, String text, double fraction, int dxPixels, double yPixels, String anchor) {
        page.element(
                "text",
                text,
                "class",
                kind,
                "x",
                x(fraction),
                "dx",
                Integer.toString(dxPixels),
                "y",
                Markup.number(yPixels),
                "text-anchor",
                anchor);
    }

    void line(String kind, double fromFraction, double fromPixels, double toFraction, double toPixels) {
        page.empty(
                "line",
                "class",
                kind,
                "x1",
                x(fromFraction),
                "x2",
                x(toFraction),
                "y1",
                Markup.number(fromPixels),
                "y2",
                Markup.number(toPixels));
    }

    /// A rectangle; nothing when it has no width.
    void box(String kind, double fromFraction, double toFraction, double topPixels, double height) {
        if (toFraction > fromFraction) {
            page.empty(
                    "rect",
                    "class",
                    kind,
                    "x",
                    x(fromFraction),
                    "y",
                    Markup.number(topPixels),
                    "width",
                    Markup.percent((toFraction - fromFraction) * (end - start)),
                    "height",
                    Markup.number(height));
        }
    }

    /// What is drawn in units of its own and stretched over the drawing.
    ///
    /// @param kind CSS class; may be empty
    void stretched(String viewBox, String kind, Runnable drawing) {
        page.open(
                "svg",
                "x",
                x(0),
                "width",
                Markup.percent(end - start),
                "height",
                Integer.toString(heightPixels),
                "viewBox",
                viewBox,
                "preserveAspectRatio",
                "none",
                "class",
                kind);
        drawing.run();
        page.close("svg");
    }

    /// Where a fraction of the drawing's width is.
    String x(double fraction) {
        return Markup.percent(start + fraction * (end - start));
    }

    /// Where a value is on the vertical axis, from the top.
    double y(Axis axis, double value) {
        return heightPixels * (1 - axis.fraction(Math.max(value, axis.min())));
    }
}
