package ringside.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ringside.bench.result.Curve;
import ringside.bench.result.Side;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;

/// Percentile spectra, one panel per engine and one for the peers: time (logarithmic) over 1 / (1 − p), so that
/// each nine is equally wide. Launches are thin lines, all launches merged a thick one, the other sides grey
/// behind them. All panels of a workload share both axes.
final class SpectrumPlot {
    private static final int HEIGHT_PIXELS = 210;
    private static final double UNITS = 1000;
    private static final double PLOT_START = 0.14;
    private static final double PLOT_END = 0.8;
    private static final int NAME_CHARACTERS_MAX = 10;
    private static final int LABEL_PIXELS = 14;
    private static final String[] NINES = {"min", "90", "99", "99.9", "99.99", "99.999", "99.9999"};

    /// Left out when 99.9999 follows: there is no room for both on a telephone.
    private static final int CROWDED_NINES = 5;

    /// A thick line, with thin ones.
    ///
    /// @param panel where it is drawn; grey in the others
    /// @param name what it is called there
    /// @param hue CSS class that sets `--c`
    /// @param dash for `stroke-dasharray`
    record Line(String panel, String name, String hue, String dash, Curve merged, List<Curve> launches) {}

    private final Markup page;
    private final List<Line> lines;
    private final String idPrefix;
    private final Axis time;
    private final Axis rarity;

    /// @param idPrefix makes element ids unique in the page
    SpectrumPlot(Markup page, List<Line> lines, String idPrefix) {
        this.page = page;
        this.lines = List.copyOf(lines);
        this.idPrefix = idPrefix;
        double low = Double.MAX_VALUE;
        double high = 0;
        double rarest = 10;
        for (Line line : lines) {
            List<Curve> curves = new ArrayList<>(line.launches());
            curves.add(line.merged());
            for (Curve curve : curves) {
                low = Math.min(low, curve.micros(0));
                high = Math.max(high, curve.micros(curve.levels() - 1));
                rarest = Math.max(rarest, curve.oneIn(curve.levels() - 1));
            }
        }
        time = high > 0 ? Axis.logarithmic(low, high) : Axis.logarithmic(1, 10);
        rarity = new Axis(1, rarest, true, List.of());
    }

    /// The sides of a workload: a panel per engine and one for the peers.
    static SpectrumPlot of(Markup page, Palette palette, Group group, String idPrefix) {
        List<Line> lines = new ArrayList<>();
        for (Point point : group.points()) {
            Side side = point.side();
            String panel = Palette.panelOf(side);
            String name =
                    side.label().startsWith(panel + "/") ? side.label().substring(panel.length() + 1) : side.label();
            point.times()
                    .merged()
                    .ifPresent(curve -> lines.add(new Line(
                            panel,
                            name,
                            palette.hue(side),
                            palette.dash(side),
                            curve,
                            point.times().launches())));
        }
        return new SpectrumPlot(page, lines, idPrefix);
    }

    /// Whether any side has a histogram.
    boolean isEmpty() {
        return lines.isEmpty();
    }

    void draw() {
        Map<String, List<Line>> panels = new LinkedHashMap<>();
        lines.forEach(line ->
                panels.computeIfAbsent(line.panel(), _ -> new ArrayList<>()).add(line));
        page.open("svg", "width", "0", "height", "0", "style", "position:absolute", "aria-hidden", "true");
        page.open("defs");
        for (int i = 0; i < lines.size(); i++) {
            String path = path(lines.get(i).merged());
            page.empty("path", "id", idPrefix + i, "d", path, "vector-effect", "non-scaling-stroke");
        }
        page.close("defs").close("svg");
        page.open("div", "class", panels.size() == 1 ? "panels single" : "panels");
        panels.forEach(this::panel);
        page.close("div").newline();
    }

    private void panel(String name, List<Line> own) {
        page.open("figure", "class", "panel");
        List<String> names = names(own);
        page.open("figcaption").text(name);
        if (IntStream.range(0, own.size())
                .anyMatch(i -> !names.get(i).equals(own.get(i).name()))) {
            page.text(" ").open("span", "class", "key");
            for (int i = 0; i < own.size(); i++) {
                page.text(
                        (i == 0 ? "" : " · ") + names.get(i) + ": " + own.get(i).name());
            }
            page.close("span");
        }
        page.close("figcaption");
        PlotFrame frame = new PlotFrame(page, HEIGHT_PIXELS, PLOT_START, PLOT_END);
        frame.open(
                "Percentile spectrum of " + name,
                "Time by percentile, each nine equally wide. The table below has its numbers.");
        frame.down(time, Words::tick);
        for (int nines = 0; nines < NINES.length && Math.pow(10, nines) <= rarity.max() * 1.001; nines++) {
            boolean crowded = nines == CROWDED_NINES && rarity.max() >= Math.pow(10, nines + 1);
            frame.vertical(
                    nines == 0 ? "base" : "grid", rarity.fraction(Math.pow(10, nines)), crowded ? "" : NINES[nines]);
        }
        frame.stretched("0 0 1000 1000", "", () -> drawing(own));
        lineLabels(frame, names, own);
        frame.close();
        page.close("figure");
    }

    private void drawing(List<Line> own) {
        for (int i = 0; i < lines.size(); i++) {
            if (!own.contains(lines.get(i))) {
                page.empty("use", "href", "#" + idPrefix + i, "class", "context");
            }
        }
        for (Line line : own) {
            page.open("g", "class", line.hue());
            if (line.launches().size() > 1) {
                // One path: a thousand launches are a thousand lines, and needn't be a thousand elements.
                StringBuilder launches = new StringBuilder();
                line.launches().forEach(launch -> launches.append(path(launch)));
                page.empty("path", "d", launches.toString(), "class", "launch", "vector-effect", "non-scaling-stroke");
            }
            page.empty(
                    "use",
                    "href",
                    "#" + idPrefix + lines.indexOf(line),
                    "class",
                    "merged",
                    "stroke-dasharray",
                    line.dash());
            page.close("g");
        }
    }

    /// What the lines of a panel are called: transports or peers; letters, explained in the caption, when one
    /// is too long.
    private static List<String> names(List<Line> own) {
        List<String> names = own.stream().map(Line::name).toList();
        if (names.stream().allMatch(name -> name.length() <= NAME_CHARACTERS_MAX)) {
            return names;
        }
        return IntStream.range(0, names.size())
                .mapToObj(i -> i < 26 ? String.valueOf((char) ('a' + i)) : Integer.toString(i))
                .toList();
    }

    /// Names at the ends of the lines, pushed apart where lines end close together.
    private void lineLabels(PlotFrame frame, List<String> names, List<Line> own) {
        record Label(String text, String hue, double y) {}
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Curve curve = own.get(i).merged();
            double end = frame.y(time, curve.micros(curve.levels() - 1));
            labels.add(new Label(names.get(i), own.get(i).hue(), end + 4));
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
            frame.text("name " + label.hue(), label.text(), 1, 6, placed[i], "start");
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
}
