package ringside.bench.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ringside.bench.result.Course;
import ringside.bench.result.HlogFile;
import ringside.bench.result.Load;
import ringside.bench.result.Run;
import ringside.bench.result.Side;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;
import ringside.bench.result.Trial;

/// Latency over time: a panel per side, its launches from left to right; each column is an interval of a launch's
/// window, and the darker a cell the larger the share of that interval's requests. A pause of the server is a streak
/// at the top, a server that still warms up sinks from left to right, two modes are two bands.
final class HeatMap {
    private static final int HEIGHT_PIXELS = 120;
    private static final int AXIS_PIXELS = 6;
    private static final double PLOT_START = 0.14;
    private static final double PLOT_END = 0.98;
    private static final int COLUMNS_MAX = 48;

    /// More panels are behind a heading that opens.
    private static final int OPEN_PANELS_MAX = 6;

    /// A cell is of the level whose share it reaches, the last level first.
    private static final double[] SHARES = {Double.MIN_VALUE, 0.001, 0.01, 0.05, 0.2};

    private final Markup page;
    private final Palette palette;
    private final Group group;
    private final Map<Point, List<Course>> courses;
    private final int binFrom;
    private final int binTo;

    private HeatMap(Markup page, Palette palette, Group group, Map<Point, List<Course>> courses) {
        this.page = page;
        this.palette = palette;
        this.group = group;
        this.courses = courses;
        int from = Course.BINS;
        int to = 0;
        for (List<Course> launches : courses.values()) {
            for (Course launch : launches) {
                for (int bin = 0; bin < Course.BINS; bin++) {
                    if (total(launch, bin) > 0) {
                        from = Math.min(from, bin);
                        to = Math.max(to, bin + 1);
                    }
                }
            }
        }
        binFrom = from;
        binTo = to;
    }

    /// @param runDirectory where the histogram logs are; what can't be read there is left out (the notes of the
    ///     spectrum say so)
    static HeatMap of(Markup page, Palette palette, Run run, Group group, Path runDirectory) {
        String tag = group.workload().load() instanceof Load.Open ? HlogFile.RESPONSE : HlogFile.SERVICE;
        Map<Point, List<Course>> courses = new LinkedHashMap<>();
        for (Point point : group.points()) {
            List<Course> launches = new ArrayList<>();
            for (Trial trial : run.trials()) {
                if (trial.isValid()
                        && trial.side().equals(point.side())
                        && trial.workload().equals(group.workload())) {
                    trial.measurements().ifPresent(m -> read(runDirectory.resolve(m.hlogFile()), tag, launches));
                }
            }
            if (!launches.isEmpty()) {
                courses.put(point, launches);
            }
        }
        return new HeatMap(page, palette, group, courses);
    }

    private static void read(Path log, String tag, List<Course> launches) {
        try {
            Course course = Course.read(log, tag);
            if (course.intervals() > 0) {
                launches.add(course);
            }
        } catch (IOException e) {
            // Named among the notes of the workload, as what its percentiles lack.
        }
    }

    /// Draws nothing when there is no launch with more than one interval.
    void draw() {
        boolean moves = courses.values().stream().flatMap(List::stream).anyMatch(launch -> launch.intervals() > 1);
        if (!moves) {
            return;
        }
        page.open("details", courses.size() <= OPEN_PANELS_MAX ? new String[] {"open", "open"} : new String[0]);
        page.element("summary", "Over time: " + Words.times(group.workload().load()));
        page.element(
                "p",
                "Launches from left to right, a column for each part of the window; the darker, the more of its"
                        + " requests took so long (five steps: any, 0.1 %, 1 %, 5 %, 20 %).",
                "class",
                "quiet");
        page.open("div", "class", "panels");
        courses.forEach((point, launches) -> panel(point.side(), launches));
        page.close("div");
        table();
        page.close("details").newline();
    }

    private void panel(Side side, List<Course> launches) {
        int each = Math.max(1, COLUMNS_MAX / launches.size());
        List<Course> shown =
                launches.stream().map(launch -> launch.atMost(each)).toList();
        int columns = shown.stream().mapToInt(Course::intervals).sum();
        page.open("figure", "class", "panel").element("figcaption", side.label());
        page.open(
                "svg",
                "role",
                "img",
                "aria-label",
                "Latency over time of " + side.label() + ": the table below holds its numbers",
                "width",
                "100%",
                "height",
                Integer.toString(HEIGHT_PIXELS + AXIS_PIXELS));
        grid();
        page.open(
                "svg",
                "x",
                Markup.percent(PLOT_START),
                "width",
                Markup.percent(PLOT_END - PLOT_START),
                "height",
                Integer.toString(HEIGHT_PIXELS),
                "viewBox",
                "0 0 " + columns + " " + (binTo - binFrom),
                "preserveAspectRatio",
                "none",
                "class",
                palette.hue(side));
        for (int level = 0; level < SHARES.length; level++) {
            String cells = cells(shown, level);
            if (!cells.isEmpty()) {
                page.empty("path", "class", "heat heat" + level, "d", cells);
            }
        }
        page.close("svg");
        borders(shown, columns);
        page.close("svg").close("figure");
    }

    /// The cells of one level as one path; cells of a column that touch are one rectangle.
    private String cells(List<Course> launches, int level) {
        StringBuilder path = new StringBuilder();
        int x = 0;
        for (Course launch : launches) {
            for (int interval = 0; interval < launch.intervals(); interval++, x++) {
                int bin = binFrom;
                while (bin < binTo) {
                    int end = bin;
                    while (end < binTo && level(launch, interval, end) == level) {
                        end++;
                    }
                    if (end > bin) {
                        path.append("M%d %dh1v%dh-1z".formatted(x, binTo - end, end - bin));
                    }
                    bin = Math.max(end, bin + 1);
                }
            }
        }
        return path.toString();
    }

    /// @return -1 for a cell without requests
    private static int level(Course launch, int interval, int bin) {
        int all = IntStream.range(0, Course.BINS)
                .map(each -> launch.count(interval, each))
                .sum();
        double share = (double) launch.count(interval, bin) / all;
        for (int level = SHARES.length - 1; level >= 0; level--) {
            if (share >= SHARES[level]) {
                return level;
            }
        }
        return -1;
    }

    private void grid() {
        for (int bin = 0; bin <= Course.BINS; bin += Course.BINS_PER_DECADE) {
            if (bin >= binFrom && bin <= binTo) {
                double y = (double) HEIGHT_PIXELS * (binTo - bin) / (binTo - binFrom);
                page.empty(
                        "line",
                        "class",
                        "grid",
                        "x1",
                        Markup.percent(PLOT_START),
                        "x2",
                        Markup.percent(PLOT_END),
                        "y1",
                        Markup.number(y),
                        "y2",
                        Markup.number(y));
                page.element(
                        "text",
                        Words.time(Course.micros(bin)).replace(".00", ""),
                        "class",
                        "axis",
                        "x",
                        Markup.percent(PLOT_START),
                        "dx",
                        "-6",
                        "y",
                        Markup.number(y + 4),
                        "text-anchor",
                        "end");
            }
        }
    }

    private void borders(List<Course> launches, int columns) {
        int at = 0;
        for (Course launch : launches.subList(0, launches.size() - 1)) {
            at += launch.intervals();
            String x = Markup.percent(PLOT_START + (PLOT_END - PLOT_START) * at / columns);
            page.empty("line", "class", "border", "x1", x, "x2", x, "y1", "0", "y2", Integer.toString(HEIGHT_PIXELS));
        }
    }

    private void table() {
        page.open("div", "class", "scroll").open("table").open("thead").open("tr");
        for (String head : List.of("side", "launches", "p99, first half of the windows", "p99, second half")) {
            page.element("th", head, "scope", "col");
        }
        page.close("tr").close("thead").open("tbody");
        courses.forEach((point, launches) -> {
            page.open("tr").element("th", point.side().label(), "scope", "row");
            page.element("td", Integer.toString(launches.size()));
            page.element("td", p99(launches, 0)).element("td", p99(launches, 1)).close("tr");
        });
        page.close("tbody").close("table").close("div");
    }

    /// Of one half of all launches' windows together, by the upper end of its bin.
    private static String p99(List<Course> launches, int half) {
        long[] sums = new long[Course.BINS];
        long all = 0;
        for (Course launch : launches) {
            int middle = launch.intervals() / 2;
            int to = half == 0 ? middle : launch.intervals();
            for (int interval = half == 0 ? 0 : middle; interval < to; interval++) {
                for (int bin = 0; bin < Course.BINS; bin++) {
                    sums[bin] += launch.count(interval, bin);
                    all += launch.count(interval, bin);
                }
            }
        }
        if (all == 0) {
            return Words.UNKNOWN;
        }
        long below = 0;
        int bin = 0;
        while (bin < Course.BINS - 1 && (below += sums[bin]) < 0.99 * all) {
            bin++;
        }
        return "≤ " + Words.time(Course.micros(bin + 1));
    }

    private static long total(Course launch, int bin) {
        long total = 0;
        for (int interval = 0; interval < launch.intervals(); interval++) {
            total += launch.count(interval, bin);
        }
        return total;
    }
}
