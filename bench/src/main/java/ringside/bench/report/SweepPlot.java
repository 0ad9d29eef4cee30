package ringside.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ringside.bench.result.Load;
import ringside.bench.result.Measured;
import ringside.bench.result.Side;
import ringside.bench.result.Spread;
import ringside.bench.result.Summary;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;
import ringside.bench.result.Workload;

/// Latency against throughput where a run asked at several rates: a line per side, p50 thin and p99 thick, over the
/// rate that was reached. Where a line turns up, requests wait for each other: the knee.
final class SweepPlot {
    private static final int HEIGHT_PIXELS = 260;
    private static final double PLOT_START = 0.1;
    private static final double PLOT_END = 0.86;
    private static final int TICKS_MAX = 6;
    private static final int LABEL_PIXELS = 14;

    /// What groups of one sweep share: all but the rate.
    private record Base(Workload atNoRate) {
        static Base of(Workload workload) {
            return new Base(new Workload(
                    workload.fileBytes(),
                    workload.sizesDiffer(),
                    workload.fileCount(),
                    workload.connections(),
                    new Load.Closed(),
                    workload.cache()));
        }
    }

    private record Reached(double intendedRate, double rate, double p50Micros, double p99Micros, Point point) {}

    private final Markup page;
    private final Palette palette;
    private final Workload workload;
    private final Map<Side, List<Reached>> lines;
    private final Axis rates;
    private final Axis times;
    private final PlotFrame frame;

    private SweepPlot(Markup page, Palette palette, Workload workload, Map<Side, List<Reached>> lines) {
        this.page = page;
        this.palette = palette;
        this.workload = workload;
        this.lines = lines;
        double fastest = 0;
        double low = Double.MAX_VALUE;
        double high = 0;
        for (List<Reached> line : lines.values()) {
            for (Reached reached : line) {
                fastest = Math.max(fastest, reached.rate());
                low = Math.min(low, reached.p50Micros());
                high = Math.max(high, reached.p99Micros());
            }
        }
        rates = Axis.fromZero(fastest, TICKS_MAX);
        times = Axis.logarithmic(low, high);
        frame = new PlotFrame(page, HEIGHT_PIXELS, PLOT_START, PLOT_END);
    }

    /// A plot for each workload that was asked at more than one rate, and measured at more than one by some side.
    static List<SweepPlot> of(Markup page, Palette palette, Summary summary) {
        Map<Base, Map<Side, List<Reached>>> sweeps = new LinkedHashMap<>();
        for (Group group : summary.groups()) {
            if (group.workload().load() instanceof Load.Open(double rate)) {
                Map<Side, List<Reached>> lines =
                        sweeps.computeIfAbsent(Base.of(group.workload()), _ -> new LinkedHashMap<>());
                group.points().forEach(point -> add(lines, point, rate));
            }
        }
        List<SweepPlot> plots = new ArrayList<>();
        sweeps.forEach((base, lines) -> {
            if (lines.values().stream().anyMatch(line -> line.size() > 1)) {
                lines.values().forEach(line -> line.sort(Comparator.comparingDouble(Reached::intendedRate)));
                plots.add(new SweepPlot(page, palette, base.atNoRate(), lines));
            }
        });
        return plots;
    }

    private static void add(Map<Side, List<Reached>> lines, Point point, double intendedRate) {
        if (point.requestsPerSecond() instanceof Spread.Over rate
                && point.times().latency().p50Micros() instanceof Measured.Value(double p50)
                && point.times().latency().p99Micros() instanceof Measured.Value(double p99)) {
            lines.computeIfAbsent(point.side(), _ -> new ArrayList<>())
                    .add(new Reached(intendedRate, rate.median(), p50, p99, point));
        }
    }

    void draw() {
        String title = "Latency against throughput: " + Words.files(workload) + ", " + workload.connections()
                + " connections, " + workload.cache().name().toLowerCase(java.util.Locale.ROOT);
        page.open("section").element("h2", title);
        page.open("figure").open("figcaption").element("b", "Response time since the intended start");
        page.text(" · ")
                .open("span", "class", "key")
                .text("thick: p99, thin: p50; ○ the generator was the limit; across: requests per second answered")
                .close("span")
                .close("figcaption");
        frame.open(
                title,
                "Response time since the intended start over the rate that was answered, a line for each side. The table"
                        + " below has its numbers.");
        frame.down(times, Words::tick);
        frame.across(rates, Words::rate);
        frame.stretched(
                "0 0 1000 1000",
                "",
                () -> lines.forEach((side, line) -> {
                    page.open("g", "class", palette.hue(side));
                    path(side, line, false);
                    path(side, line, true);
                    page.close("g");
                }));
        lines.forEach(this::dots);
        names();
        frame.close();
        table();
        page.close("figure").close("section").newline();
    }

    private void path(Side side, List<Reached> line, boolean p99) {
        StringBuilder path = new StringBuilder();
        for (Reached reached : line) {
            path.append(path.isEmpty() ? 'M' : 'L')
                    .append(Math.round(1000 * rates.fraction(reached.rate())))
                    .append(' ')
                    .append(Math.round(1000 * (1 - times.fraction(p99 ? reached.p99Micros() : reached.p50Micros()))));
        }
        page.empty(
                "path",
                "d",
                path.toString(),
                "class",
                p99 ? "merged" : "launch",
                "vector-effect",
                "non-scaling-stroke",
                "stroke-dasharray",
                palette.dash(side));
    }

    private void dots(Side side, List<Reached> line) {
        page.open("g", "class", palette.hue(side));
        for (Reached reached : line) {
            page.open(
                    "circle",
                    "class",
                    reached.point().generatorLimited() > 0 ? "dot hollow" : "dot",
                    "cx",
                    frame.x(rates.fraction(reached.rate())),
                    "cy",
                    Markup.number(y(reached.p99Micros())),
                    "r",
                    "3.5");
            page.element(
                            "title",
                            "%s: %s asked, %s answered, p50 %s, p99 %s"
                                    .formatted(
                                            side.label(),
                                            Words.rate(reached.intendedRate()),
                                            Words.rate(reached.rate()),
                                            Words.time(reached.p50Micros()),
                                            Words.time(reached.p99Micros())))
                    .close("circle");
        }
        page.close("g");
    }

    /// At the ends of the p99 lines, pushed apart where they end close together.
    private void names() {
        Map<Double, Side> ends = new TreeMap<>();
        lines.forEach((side, line) -> {
            double y = y(line.getLast().p99Micros()) + 4;
            while (ends.containsKey(y)) {
                y += 0.01;
            }
            ends.put(y, side);
        });
        double above = 10 - LABEL_PIXELS;
        for (Map.Entry<Double, Side> end : ends.entrySet()) {
            above = Math.max(end.getKey(), above + LABEL_PIXELS);
            frame.text("name " + palette.hue(end.getValue()), end.getValue().label(), 1, 6, above, "start");
        }
    }

    private void table() {
        List<List<String>> rows = new ArrayList<>();
        lines.forEach((side, line) -> line.forEach(reached -> rows.add(List.of(
                side.label(),
                Words.rate(reached.intendedRate()),
                Words.rate(reached.rate()),
                Words.time(reached.p50Micros()),
                Words.time(reached.p99Micros()),
                reached.point().generatorLimited() > 0 ? "yes" : "no"))));
        new HtmlTable("side", "asked/s", "answered/s", "p50", "p99", "generator's limit")
                .behind(page, "Latency against throughput as a table", rows);
    }

    private double y(double micros) {
        return frame.y(times, micros);
    }
}
