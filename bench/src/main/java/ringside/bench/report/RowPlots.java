package ringside.bench.report;

import java.util.List;
import java.util.function.Function;
import ringside.bench.report.Ranking.Row;
import ringside.bench.report.Ranking.Standing;
import ringside.bench.result.Spread;
import ringside.bench.result.Summary.Point;

/// Plots with a row per side: CPU bars and throughput dots. Both axes start at zero.
///
/// Labels are HTML beside an SVG whose horizontal coordinates are percentages: text keeps its size from
/// telephone to wide screen.
final class RowPlots {
    private static final int ROW_PIXELS = 30;
    private static final int BAR_PIXELS = 12;
    private static final int OUTLINE_PIXELS = 20;
    private static final int AXIS_PIXELS = 22;
    private static final int TICKS_MAX = 4;

    /// Share of the width that the longest bar may take: the rest is for its label.
    private static final double BARS_FRACTION = 0.6;

    private static final double DOTS_FRACTION = 0.72;

    private final Markup page;
    private final Palette palette;

    RowPlots(Markup page, Palette palette) {
        this.page = page;
        this.palette = palette;
    }

    /// CPU per request: system and user stacked, core busy time as an outline, range of the launches as a
    /// whisker.
    void cost(Ranking ranking, String title) {
        double largest = 0;
        for (Row row : ranking.rows()) {
            largest = Math.max(
                    largest,
                    Math.max(max(row.point().cpuMicros()), max(row.point().coreBusyMicros())));
        }
        Axis axis = Axis.fromZero(largest / BARS_FRACTION, TICKS_MAX);
        start(ranking, title, axis, Words::significant);
        int top = 0;
        for (Row row : ranking.rows()) {
            costRow(row, axis, top);
            top += ROW_PIXELS;
        }
        end();
    }

    /// Requests per second: median as a dot, hollow where the generator was the limit, range as a line.
    void throughput(Ranking ranking, String title) {
        double largest = 0;
        for (Row row : ranking.rows()) {
            largest = Math.max(largest, max(row.point().requestsPerSecond()));
        }
        Axis axis = Axis.fromZero(largest / DOTS_FRACTION, TICKS_MAX);
        start(ranking, title, axis, RowPlots::thousands);
        int top = 0;
        for (Row row : ranking.rows()) {
            throughputRow(row.point(), axis, top);
            top += ROW_PIXELS;
        }
        end();
    }

    private void costRow(Row row, Axis axis, int top) {
        Point point = row.point();
        double middle = top + ROW_PIXELS / 2.0;
        page.open("g", "class", palette.hue(point.side()));
        if (!(point.cpuMicros() instanceof Spread.Over cpu)) {
            unknown(middle, point.cpuMicros());
            page.close("g");
            return;
        }
        double end = cpu.max();
        double system = point.systemMicros() instanceof Spread.Over over ? Math.min(over.median(), cpu.median()) : 0;
        String opacity = row.isRanked() ? "" : " faint";
        bar("system" + opacity, 0, system, axis, middle);
        bar("user" + opacity, system, cpu.median(), axis, middle);
        if (point.coreBusyMicros() instanceof Spread.Over busy) {
            page.empty(
                    "rect",
                    "class",
                    "busy",
                    "x",
                    "0",
                    "y",
                    Markup.number(middle - OUTLINE_PIXELS / 2.0),
                    "width",
                    Markup.percent(axis.fraction(busy.median())),
                    "height",
                    Integer.toString(OUTLINE_PIXELS));
            end = Math.max(end, busy.median());
        }
        whisker(cpu, axis, middle);
        label(
                Words.digits(cpu.median()) + "  " + TerminalTable.standing(row),
                axis.fraction(end),
                middle,
                row.standing());
        page.close("g");
    }

    private void throughputRow(Point point, Axis axis, int top) {
        double middle = top + ROW_PIXELS / 2.0;
        page.open("g", "class", palette.hue(point.side()));
        switch (point.requestsPerSecond()) {
            case Spread.Unknown unknown -> unknown(middle, unknown);
            case Spread.Over over -> {
                String y = Markup.number(middle);
                page.empty(
                        "line",
                        "class",
                        "range",
                        "x1",
                        Markup.percent(axis.fraction(over.min())),
                        "x2",
                        Markup.percent(axis.fraction(over.max())),
                        "y1",
                        y,
                        "y2",
                        y);
                page.empty(
                        "circle",
                        "class",
                        point.generatorLimited() > 0 ? "dot hollow" : "dot",
                        "cx",
                        Markup.percent(axis.fraction(over.median())),
                        "cy",
                        y,
                        "r",
                        "5");
                label(Words.rate(over.median()), axis.fraction(over.max()), middle, Standing.BEHIND);
            }
        }
        page.close("g");
    }

    private void bar(String kind, double from, double to, Axis axis, double middle) {
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

    private void whisker(Spread.Over cpu, Axis axis, double middle) {
        if (cpu.launches() < 2) {
            return;
        }
        String low = Markup.percent(axis.fraction(cpu.min()));
        String high = Markup.percent(axis.fraction(cpu.max()));
        page.empty(
                "line",
                "class",
                "whisker",
                "x1",
                low,
                "x2",
                high,
                "y1",
                Markup.number(middle),
                "y2",
                Markup.number(middle));
        for (String x : List.of(low, high)) {
            page.empty(
                    "line",
                    "class",
                    "whisker",
                    "x1",
                    x,
                    "x2",
                    x,
                    "y1",
                    Markup.number(middle - 4),
                    "y2",
                    Markup.number(middle + 4));
        }
    }

    private void label(String text, double fraction, double middle, Standing standing) {
        boolean ahead = standing == Standing.BEST;
        page.element(
                "text",
                text,
                "class",
                ahead ? "value ahead" : "value",
                "x",
                Markup.percent(fraction),
                "dx",
                "8",
                "y",
                Markup.number(middle + 4));
    }

    private void unknown(double middle, Spread spread) {
        String why = spread instanceof Spread.Unknown(String reason) ? reason : "";
        page.element(
                "text", "unmeasurable: " + why, "class", "axis", "x", "0", "dx", "4", "y", Markup.number(middle + 4));
    }

    private void start(Ranking ranking, String title, Axis axis, Function<Double, String> tickText) {
        int height = ranking.rows().size() * ROW_PIXELS;
        page.open("div", "class", "rows");
        page.open("div", "class", "labels", "aria-hidden", "true");
        for (Row row : ranking.rows()) {
            page.open("div", "class", palette.hue(row.point().side()), "title", row.label());
            page.element("i", "", "class", "swatch").element("span", row.label());
            page.close("div");
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
            String anchor = tick == 0 ? "start" : axis.fraction(tick) > 0.95 ? "end" : "middle";
            page.element(
                    "text",
                    tickText.apply(tick),
                    "class",
                    "axis",
                    "x",
                    x,
                    "y",
                    Integer.toString(height + 15),
                    "text-anchor",
                    anchor);
        }
    }

    private void end() {
        page.close("svg");
        page.close("div").newline();
    }

    private static double max(Spread spread) {
        return spread instanceof Spread.Over over ? over.max() : 0;
    }

    private static String thousands(double perSecond) {
        return perSecond >= 1000 ? Words.significant(perSecond / 1000) + " k" : Words.significant(perSecond);
    }
}
