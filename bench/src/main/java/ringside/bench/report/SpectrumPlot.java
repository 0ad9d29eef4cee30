package ringside.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ringside.bench.result.Curve;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;

/// Percentile spectra, one panel per engine and one for the peers: time (logarithmic) over 1 / (1 − p), so that
/// each nine is equally wide. Launches are thin lines, all launches merged a thick one, the other sides grey
/// behind them. All panels of a workload share both axes.
final class SpectrumPlot {
    private static final int HEIGHT_PIXELS = 210;
    private static final int AXIS_PIXELS = 22;
    private static final double UNITS = 1000;
    private static final double PLOT_START = 0.14;
    private static final double PLOT_END = 0.8;
    private static final int NAME_CHARACTERS_MAX = 10;
    private static final int LABEL_PIXELS = 14;
    private static final String[] NINES = {"min", "90", "99", "99.9", "99.99", "99.999", "99.9999"};

    /// Left out when 99.9999 follows: there is no room for both on a telephone.
    private static final int CROWDED_NINES = 5;

    private final Markup page;
    private final Palette palette;
    private final Group group;
    private final String idPrefix;
    private final Axis time;
    private final Axis rarity;

    /// @param idPrefix makes element ids unique in the page
    SpectrumPlot(Markup page, Palette palette, Group group, String idPrefix) {
        this.page = page;
        this.palette = palette;
        this.group = group;
        this.idPrefix = idPrefix;
        double low = Double.MAX_VALUE;
        double high = 0;
        double rarest = 10;
        for (Point point : group.points()) {
            List<Curve> curves = new ArrayList<>(point.times().launches());
            point.times().merged().ifPresent(curves::add);
            for (Curve curve : curves) {
                low = Math.min(low, curve.micros(0));
                high = Math.max(high, curve.micros(curve.levels() - 1));
                rarest = Math.max(rarest, curve.oneIn(curve.levels() - 1));
            }
        }
        time = high > 0 ? Axis.logarithmic(low, high) : Axis.logarithmic(1, 10);
        rarity = new Axis(1, rarest, true, List.of());
    }

    /// Whether any side has a histogram.
    boolean isEmpty() {
        return group.points().stream().noneMatch(p -> p.times().merged().isPresent());
    }

    void draw() {
        Map<String, List<Point>> panels = new LinkedHashMap<>();
        for (Point point : group.points()) {
            if (point.times().merged().isPresent()) {
                panels.computeIfAbsent(Palette.panelOf(point.side()), _ -> new ArrayList<>())
                        .add(point);
            }
        }
        page.open("svg", "width", "0", "height", "0", "style", "position:absolute", "aria-hidden", "true");
        page.open("defs");
        for (int i = 0; i < group.points().size(); i++) {
            int index = i;
            group.points()
                    .get(i)
                    .times()
                    .merged()
                    .ifPresent(curve -> page.empty(
                            "path", "id", idPrefix + index, "d", path(curve), "vector-effect", "non-scaling-stroke"));
        }
        page.close("defs").close("svg");
        page.open("div", "class", panels.size() == 1 ? "panels single" : "panels");
        panels.forEach(this::panel);
        page.close("div").newline();
    }

    private void panel(String name, List<Point> points) {
        page.open("figure", "class", "panel");
        List<String> names = names(name, points);
        page.open("figcaption").text(name);
        if (points.stream().anyMatch(point -> !names.contains(shortened(name, point)))) {
            page.text(" ").open("span", "class", "key");
            for (int i = 0; i < points.size(); i++) {
                page.text((i == 0 ? "" : " · ") + names.get(i) + ": " + shortened(name, points.get(i)));
            }
            page.close("span");
        }
        page.close("figcaption");
        page.open(
                "svg",
                "role",
                "img",
                "aria-label",
                "Percentile spectrum of " + name + ": the table below holds its numbers",
                "width",
                "100%",
                "height",
                Integer.toString(HEIGHT_PIXELS + AXIS_PIXELS));
        grid();
        page.open(
                "svg",
                "x",
                Markup.percent(PLOT_START),
                "y",
                "0",
                "width",
                Markup.percent(PLOT_END - PLOT_START),
                "height",
                Integer.toString(HEIGHT_PIXELS),
                "viewBox",
                "0 0 1000 1000",
                "preserveAspectRatio",
                "none");
        for (int i = 0; i < group.points().size(); i++) {
            if (!points.contains(group.points().get(i))
                    && group.points().get(i).times().merged().isPresent()) {
                page.empty("use", "href", "#" + idPrefix + i, "class", "context");
            }
        }
        for (Point point : points) {
            page.open("g", "class", palette.hue(point.side()));
            if (point.times().launches().size() > 1) {
                for (Curve launch : point.times().launches()) {
                    page.empty("path", "d", path(launch), "class", "launch", "vector-effect", "non-scaling-stroke");
                }
            }
            page.empty(
                    "use",
                    "href",
                    "#" + idPrefix + group.points().indexOf(point),
                    "class",
                    "merged",
                    "stroke-dasharray",
                    palette.dash(point.side()));
            page.close("g");
        }
        page.close("svg");
        timeLabels();
        lineLabels(names, points);
        page.close("svg").close("figure");
    }

    private void grid() {
        for (double tick : time.ticks()) {
            String y = Markup.number(y(tick));
            page.empty(
                    "line",
                    "class",
                    "grid",
                    "x1",
                    Markup.percent(PLOT_START),
                    "x2",
                    Markup.percent(PLOT_END),
                    "y1",
                    y,
                    "y2",
                    y);
        }
        for (int nines = 0; nines < NINES.length && Math.pow(10, nines) <= rarity.max() * 1.001; nines++) {
            double x = PLOT_START + rarity.fraction(Math.pow(10, nines)) * (PLOT_END - PLOT_START);
            page.empty(
                    "line",
                    "class",
                    nines == 0 ? "base" : "grid",
                    "x1",
                    Markup.percent(x),
                    "x2",
                    Markup.percent(x),
                    "y1",
                    "0",
                    "y2",
                    Integer.toString(HEIGHT_PIXELS));
            if (nines == CROWDED_NINES && rarity.max() >= Math.pow(10, nines + 1)) {
                continue;
            }
            page.element(
                    "text",
                    NINES[nines],
                    "class",
                    "axis",
                    "x",
                    Markup.percent(x),
                    "y",
                    Integer.toString(HEIGHT_PIXELS + 15),
                    "text-anchor",
                    nines == 0 ? "start" : "middle");
        }
    }

    private void timeLabels() {
        for (double tick : time.ticks()) {
            page.element(
                    "text",
                    tickText(tick),
                    "class",
                    "axis",
                    "x",
                    Markup.percent(PLOT_START),
                    "dx",
                    "-6",
                    "y",
                    Markup.number(y(tick) + 4),
                    "text-anchor",
                    "end");
        }
    }

    /// What the lines of a panel are called: transports or peers; letters, explained in the caption, when one
    /// is too long.
    private static List<String> names(String panel, List<Point> points) {
        List<String> names =
                points.stream().map(point -> shortened(panel, point)).toList();
        if (names.stream().allMatch(name -> name.length() <= NAME_CHARACTERS_MAX)) {
            return names;
        }
        return IntStream.range(0, names.size())
                .mapToObj(i -> i < 26 ? String.valueOf((char) ('a' + i)) : Integer.toString(i))
                .toList();
    }

    private static String shortened(String panel, Point point) {
        String label = point.side().label();
        return label.startsWith(panel + "/") ? label.substring(panel.length() + 1) : label;
    }

    /// Names at the ends of the lines, pushed apart where lines end close together.
    private void lineLabels(List<String> names, List<Point> points) {
        record Label(String text, String hue, double y) {}
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Point point = points.get(i);
            Curve curve = point.times().merged().orElseThrow();
            labels.add(new Label(names.get(i), palette.hue(point.side()), y(curve.micros(curve.levels() - 1)) + 4));
        }
        labels.sort(Comparator.comparingDouble(Label::y));
        double[] placed = new double[labels.size()];
        for (int i = 0; i < placed.length; i++) {
            double above = i == 0 ? 10 : placed[i - 1] + LABEL_PIXELS;
            placed[i] = Math.max(labels.get(i).y(), above);
        }
        double below = HEIGHT_PIXELS;
        for (int i = placed.length - 1; i >= 0; i--) {
            placed[i] = Math.min(placed[i], below);
            below = placed[i] - LABEL_PIXELS;
        }
        for (int i = 0; i < placed.length; i++) {
            Label label = labels.get(i);
            page.element(
                    "text",
                    label.text(),
                    "class",
                    "name " + label.hue(),
                    "x",
                    Markup.percent(PLOT_END),
                    "dx",
                    "6",
                    "y",
                    Markup.number(placed[i]));
        }
    }

    private String path(Curve curve) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < curve.levels(); i++) {
            path.append(i == 0 ? 'M' : 'L')
                    .append(Math.round(UNITS * rarity.fraction(curve.oneIn(i))))
                    .append(' ')
                    .append(Math.round(UNITS * (1 - time.fraction(Math.max(curve.micros(i), time.min())))));
        }
        return path.toString();
    }

    private double y(double micros) {
        return HEIGHT_PIXELS * (1 - time.fraction(Math.max(micros, time.min())));
    }

    private static String tickText(double micros) {
        if (micros < 1000) {
            return Words.significant(micros) + " µs";
        }
        return micros < 1e6 ? Words.significant(micros / 1e3) + " ms" : Words.significant(micros / 1e6) + " s";
    }
}
