package ringside.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ringside.bench.result.Course;
import ringside.bench.result.Curve;
import ringside.bench.result.Run;
import ringside.bench.result.RunTimes;
import ringside.bench.result.Side;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;
import ringside.bench.result.Trial;

/// Latency over time: a panel per side, its launches from left to right; each column is an interval of a launch's
/// window, and the darker a cell the larger the share of that interval's requests. A pause of the server is a streak
/// at the top, a server that still warms up sinks from left to right, two modes are two bands.
final class HeatMap {
    private static final int HEIGHT_PIXELS = 120;
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
                from = Math.min(from, launch.lowestBin());
                to = Math.max(to, launch.highestBin() + 1);
            }
        }
        binFrom = from;
        binTo = to;
    }

    /// @param times where a log can't be read its launch is left out (the notes of the spectrum say so)
    static HeatMap of(Markup page, Palette palette, Run run, Group group, RunTimes times) {
        String tag = RunTimes.shownTag(group.workload());
        Map<Side, Point> points = new LinkedHashMap<>();
        group.points().forEach(point -> points.put(point.side(), point));
        Map<Point, List<Course>> courses = new LinkedHashMap<>();
        for (Trial trial : run.trials()) {
            Point point = points.get(trial.side());
            if (point != null
                    && trial.isValid()
                    && trial.workload().equals(group.workload())
                    && times.launch(trial, tag) instanceof RunTimes.Launch.Times(Curve _, Course course)) {
                courses.computeIfAbsent(point, _ -> new ArrayList<>()).add(course);
            }
        }
        return new HeatMap(page, palette, group, courses);
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
        PlotFrame frame = new PlotFrame(page, HEIGHT_PIXELS, PLOT_START, PLOT_END);
        frame.open(
                "Latency over time of " + side.label(),
                "Each column is a part of a launch's window, each cell a range of times. The table below has p99 of both"
                        + " halves.");
        for (int bin = 0; bin <= Course.BINS; bin += Course.BINS_PER_DECADE) {
            if (bin >= binFrom && bin <= binTo) {
                double y = (double) HEIGHT_PIXELS * (binTo - bin) / (binTo - binFrom);
                frame.horizontal(y, Words.tick(Course.micros(bin)));
            }
        }
        frame.stretched("0 0 " + columns + " " + (binTo - binFrom), palette.hue(side), () -> cells(shown));
        int at = 0;
        for (Course launch : shown.subList(0, shown.size() - 1)) {
            at += launch.intervals();
            frame.vertical("border", (double) at / columns, "");
        }
        frame.close();
        page.close("figure");
    }

    /// The cells of each level as one path; cells of a column that touch are one rectangle.
    private void cells(List<Course> launches) {
        StringBuilder[] paths = new StringBuilder[SHARES.length];
        Arrays.setAll(paths, _ -> new StringBuilder());
        int x = 0;
        for (Course launch : launches) {
            for (int interval = 0; interval < launch.intervals(); interval++, x++) {
                long all = launch.total(interval);
                int bin = binFrom;
                while (bin < binTo) {
                    int level = level(launch.count(interval, bin), all);
                    int end = bin + 1;
                    while (end < binTo && level(launch.count(interval, end), all) == level) {
                        end++;
                    }
                    if (level >= 0) {
                        paths[level].append("M%d %dh1v%dh-1z".formatted(x, binTo - end, end - bin));
                    }
                    bin = end;
                }
            }
        }
        for (int level = 0; level < paths.length; level++) {
            if (!paths[level].isEmpty()) {
                page.empty("path", "class", "heat heat" + level, "d", paths[level].toString());
            }
        }
    }

    /// @return -1 for a cell without requests
    private static int level(int count, long all) {
        double share = (double) count / all;
        for (int level = SHARES.length - 1; level >= 0; level--) {
            if (share >= SHARES[level]) {
                return level;
            }
        }
        return -1;
    }

    private void table() {
        List<List<String>> rows = new ArrayList<>();
        courses.forEach((point, launches) -> rows.add(
                List.of(point.side().label(), Integer.toString(launches.size()), p99(launches, 0), p99(launches, 1))));
        new HtmlTable("side", "launches", "p99, first half of the windows", "p99, second half").draw(page, rows);
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
}
