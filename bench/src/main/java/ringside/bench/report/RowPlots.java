package ringside.bench.report;

import java.util.List;
import java.util.function.DoubleFunction;
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
        rows(ranking, title, axis, Words::significant, (frame, row, middle) -> costRow(frame, row, axis, middle));
    }

    /// Requests per second: median as a dot, hollow where the generator was the limit, range as a line.
    void throughput(Ranking ranking, String title) {
        double largest = 0;
        for (Row row : ranking.rows()) {
            largest = Math.max(largest, max(row.point().requestsPerSecond()));
        }
        Axis axis = Axis.fromZero(largest / DOTS_FRACTION, TICKS_MAX);
        rows(
                ranking,
                title,
                axis,
                RowPlots::thousands,
                (frame, row, middle) -> throughputRow(frame, row.point(), axis, middle));
    }

    private void costRow(PlotFrame frame, Row row, Axis axis, double middle) {
        Point point = row.point();
        page.open("g", "class", palette.hue(point.side()));
        if (!(point.cpuMicros() instanceof Spread.Over cpu)) {
            unknown(frame, middle, point.cpuMicros());
            page.close("g");
            return;
        }
        double end = cpu.max();
        double system = point.systemMicros() instanceof Spread.Over over ? Math.min(over.median(), cpu.median()) : 0;
        String opacity = row.isRanked() ? "" : " faint";
        bar(frame, "system" + opacity, 0, system, axis, middle);
        bar(frame, "user" + opacity, system, cpu.median(), axis, middle);
        if (point.coreBusyMicros() instanceof Spread.Over busy) {
            frame.box("busy", 0, axis.fraction(busy.median()), middle - OUTLINE_PIXELS / 2.0, OUTLINE_PIXELS);
            end = Math.max(end, busy.median());
        }
        whisker(frame, cpu, axis, middle);
        label(
                frame,
                Words.digits(cpu.median()) + "  " + TerminalTable.standing(row),
                axis.fraction(end),
                middle,
                row.standing());
        page.close("g");
    }

    private void throughputRow(PlotFrame frame, Point point, Axis axis, double middle) {
        page.open("g", "class", palette.hue(point.side()));
        switch (point.requestsPerSecond()) {
            case Spread.Unknown unknown -> unknown(frame, middle, unknown);
            case Spread.Over over -> {
                frame.line("range", axis.fraction(over.min()), middle, axis.fraction(over.max()), middle);
                page.empty(
                        "circle",
                        "class",
                        point.generatorLimited() > 0 ? "dot hollow" : "dot",
                        "cx",
                        frame.x(axis.fraction(over.median())),
                        "cy",
                        Markup.number(middle),
                        "r",
                        "5");
                label(frame, Words.rate(over.median()), axis.fraction(over.max()), middle, Standing.BEHIND);
            }
        }
        page.close("g");
    }

    private static void bar(PlotFrame frame, String kind, double from, double to, Axis axis, double middle) {
        frame.box(kind, axis.fraction(from), axis.fraction(to), middle - BAR_PIXELS / 2.0, BAR_PIXELS);
    }

    private static void whisker(PlotFrame frame, Spread.Over cpu, Axis axis, double middle) {
        if (cpu.launches() < 2) {
            return;
        }
        double low = axis.fraction(cpu.min());
        double high = axis.fraction(cpu.max());
        frame.line("whisker", low, middle, high, middle);
        frame.line("whisker", low, middle - 4, low, middle + 4);
        frame.line("whisker", high, middle - 4, high, middle + 4);
    }

    private static void label(PlotFrame frame, String text, double fraction, double middle, Standing standing) {
        frame.text(standing == Standing.BEST ? "value ahead" : "value", text, fraction, 8, middle + 4, "start");
    }

    private static void unknown(PlotFrame frame, double middle, Spread spread) {
        String why = spread instanceof Spread.Unknown(String reason) ? reason : "";
        frame.text("axis", "unmeasurable: " + why, 0, 4, middle + 4, "start");
    }

    @FunctionalInterface
    private interface RowDrawing {
        void draw(PlotFrame frame, Row row, double middle);
    }

    private void rows(Ranking ranking, String title, Axis axis, DoubleFunction<String> tickText, RowDrawing drawing) {
        List<PlotFrame.RowLabel> labels = ranking.rows().stream()
                .map(row -> new PlotFrame.RowLabel(
                        row.label(), palette.hue(row.point().side())))
                .toList();
        PlotFrame.rows(page, labels, "", () -> {
            PlotFrame frame = new PlotFrame(page, labels.size() * ROW_PIXELS);
            frame.open(title, "A row for each side, lowest CPU first. The table below has its numbers.");
            frame.across(axis, tickText);
            double middle = ROW_PIXELS / 2.0;
            for (Row row : ranking.rows()) {
                drawing.draw(frame, row, middle);
                middle += ROW_PIXELS;
            }
            frame.close();
        });
    }

    private static double max(Spread spread) {
        return spread instanceof Spread.Over over ? over.max() : 0;
    }

    private static String thousands(double perSecond) {
        return perSecond >= 1000 ? Words.significant(perSecond / 1000) + " k" : Words.significant(perSecond);
    }
}
