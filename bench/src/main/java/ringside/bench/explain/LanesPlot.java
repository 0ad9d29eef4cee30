package ringside.bench.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ringside.bench.explain.Timeline.Away;
import ringside.bench.explain.Timeline.Lane;
import ringside.bench.report.Markup;

/// The lanes to scale: time to the right, a lane for each thread that took part and one for the device. Places
/// are in per cent, so that the plot is as wide as the page and its letters stay as large as they are.
///
/// ```
///   loop-1            ← the lane's name
///   ▐██recv██▌▐█enter█▌      calls; pale where the thread wasn't on a CPU
///        ●──READ──▶          operations of rings, from submission to completion
/// ```
final class LanesPlot {

    private static final int NAME = 18;
    private static final int BAR = 24;
    private static final int TRACK = 17;
    private static final int GAP = 14;
    private static final int AXIS = 26;
    private static final int TICKS_MAX = 5;
    private static final double LETTER = 6.7;

    /// Widths of the plot at which labels are tried, smallest first: a label is shown from the first that it
    /// fits in.
    private static final int[] WIDTHS = {340, 520, 720, 1080};

    private final Markup page;
    private final Timeline timeline;
    private final long fromMicros;
    private final long toMicros;

    /// Where a lane begins, and how many tracks of operations it has.
    private final Map<Integer, Integer> tops = new HashMap<>();

    LanesPlot(Markup page, Timeline timeline) {
        this.page = page;
        this.timeline = timeline;
        List<Step> shown = timeline.shown();
        // Waiting for a CPU before the first step is no part of the request's story.
        fromMicros = Math.max(0, firstOwnMicros(shown) - 2);
        toMicros = Math.max(
                fromMicros + 10, shown.stream().mapToLong(Step::endMicros).max().orElse(0) + 2);
    }

    private static long firstOwnMicros(List<Step> shown) {
        return shown.stream()
                .filter(step -> !step.beganEarlier())
                .mapToLong(Step::atMicros)
                .min()
                .orElse(0);
    }

    void draw() {
        List<Integer> ids = new ArrayList<>();
        timeline.threads().stream().filter(Lane::takesPart).forEach(lane -> ids.add(lane.threadId()));
        if (timeline.shown().stream().anyMatch(step -> step.threadId() == Timeline.DEVICE)) {
            ids.add(Timeline.DEVICE);
        }
        int y = 0;
        Map<Integer, List<List<Step>>> tracks = new HashMap<>();
        for (int id : ids) {
            tops.put(id, y);
            List<List<Step>> own = tracks(id);
            tracks.put(id, own);
            y += NAME + BAR + own.size() * TRACK + GAP;
        }
        page.open("div", "class", "lanes");
        page.open(
                "svg",
                "role",
                "img",
                "aria-label",
                "Calls and operations over time, a lane for each thread",
                "width",
                "100%",
                "height",
                Integer.toString(y + AXIS));
        axis(y);
        for (int id : ids) {
            lane(id, tracks.getOrDefault(id, List.of()));
        }
        page.close("svg").close("div").newline();
    }

    private void axis(int bottom) {
        long span = toMicros - fromMicros;
        long step = 1;
        int[] factors = {2, 5, 10};
        for (long decade = 1; span / step > TICKS_MAX; decade *= 10) {
            for (int factor : factors) {
                if (span / step > TICKS_MAX) {
                    step = decade * factor;
                }
            }
        }
        for (long at = Math.ceilDiv(fromMicros, step) * step; at <= toMicros; at += step) {
            String x = x(at);
            page.empty("line", "class", "grid", "x1", x, "x2", x, "y1", "0", "y2", Integer.toString(bottom));
            page.element(
                    "text",
                    time(at, span),
                    "class",
                    "axis",
                    "x",
                    x,
                    "y",
                    Integer.toString(bottom + 16),
                    "text-anchor",
                    (at - fromMicros) < span / 16 ? "start" : (toMicros - at) < span / 16 ? "end" : "middle");
        }
        page.newline();
    }

    private static String time(long atMicros, long spanMicros) {
        return spanMicros < 5000 ? atMicros + " µs" : Markup.number(atMicros / 1000.0) + " ms";
    }

    private void lane(int id, List<List<Step>> tracks) {
        int top = tops.getOrDefault(id, 0);
        page.element(
                "text", Phrases.threadName(timeline, id), "class", "lane", "x", "0", "y", Integer.toString(top + 12));
        int bars = top + NAME;
        page.empty(
                "line",
                "class",
                "rail",
                "x1",
                "0",
                "x2",
                "100%",
                "y1",
                Integer.toString(bars + BAR / 2),
                "y2",
                Integer.toString(bars + BAR / 2));
        for (Step step : timeline.shown()) {
            if (step.threadId() == id && isBar(step)) {
                bar(step, bars, id);
            } else if (step.threadId() == id && step.kind() == Step.Kind.PAGES) {
                moment(step, bars);
            }
        }
        for (int track = 0; track < tracks.size(); track++) {
            for (Step step : tracks.get(track)) {
                operation(step, bars + BAR + track * TRACK + TRACK / 2 + 2);
            }
        }
        page.newline();
    }

    private static boolean isBar(Step step) {
        return step.kind() == Step.Kind.CALL || step.kind() == Step.Kind.RUN || step.kind() == Step.Kind.BLOCK;
    }

    private void bar(Step step, int y, int id) {
        long end = step.durationMicros().isPresent() ? step.endMicros() : toMicros;
        long from = Math.max(fromMicros, step.atMicros());
        if (end < fromMicros) {
            return;
        }
        page.open("g", "class", Category.of(step).hue());
        page.element("title", title(step));
        rect("pale", from, end, y);
        long running = from;
        for (Away away : away(id)) {
            if (away.toMicros() > running && away.fromMicros() < end) {
                rect("full", running, Math.min(end, away.fromMicros()), y);
                running = Math.max(running, away.toMicros());
            }
        }
        rect("full", running, end, y);
        long away = Totals.awayMicros(away(id), from, end);
        String name = step.kind() == Step.Kind.BLOCK ? step.arguments().getFirst() : step.name();
        label(name, 2 * away > end - from ? "on" : "in", from, end, y + BAR / 2 + 4);
        page.close("g");
    }

    private List<Away> away(int id) {
        return timeline.threads().stream()
                .filter(lane -> lane.threadId() == id)
                .findFirst()
                .map(Lane::away)
                .orElse(List.of());
    }

    private void rect(String style, long from, long to, int y) {
        if (to <= from && style.equals("full")) {
            return;
        }
        page.empty(
                "rect",
                "class",
                style,
                "x",
                x(from),
                "width",
                width(from, Math.max(to, from)),
                "y",
                Integer.toString(y),
                "height",
                Integer.toString(BAR),
                "rx",
                "2");
    }

    /// What happens in no time: a tick over the bars.
    private void moment(Step step, int y) {
        page.open("g", "class", Category.of(step).hue()).element("title", title(step));
        page.empty(
                "line",
                "class",
                "tick",
                "x1",
                x(step.atMicros()),
                "x2",
                x(step.atMicros()),
                "y1",
                Integer.toString(y - 3),
                "y2",
                Integer.toString(y + BAR + 3));
        page.close("g");
    }

    private void operation(Step step, int y) {
        long end = step.durationMicros().isPresent() ? step.endMicros() : toMicros;
        page.open("g", "class", Category.of(step).hue()).element("title", title(step));
        String middle = Integer.toString(y);
        page.empty("line", "class", "way", "x1", x(step.atMicros()), "x2", x(end), "y1", middle, "y2", middle);
        page.empty("circle", "class", "from", "cx", x(step.atMicros()), "cy", middle, "r", "3");
        // A nested picture takes its place in per cent; the arrow's head within it is drawn in pixels.
        if (step.durationMicros().isPresent()) {
            page.open("svg", "x", x(end), "y", middle, "overflow", "visible");
            page.empty("path", "class", "head", "d", "M1 0L-7 -4.5V4.5Z");
            page.close("svg");
        }
        name(step, end, middle);
        page.close("g");
    }

    /// Behind the arrow; where there is no room any more before it, and else upon it.
    private void name(Step step, long end, String y) {
        long span = toMicros - fromMicros;
        if (end - fromMicros < span * 8 / 10) {
            page.open("svg", "x", x(end), "y", y, "overflow", "visible");
            page.element("text", step.name(), "class", "after", "x", "6", "y", "4");
        } else if (step.atMicros() - fromMicros > span / 5) {
            page.open("svg", "x", x(step.atMicros()), "y", y, "overflow", "visible");
            page.element("text", step.name(), "class", "after", "x", "-8", "y", "4", "text-anchor", "end");
        } else {
            page.open("svg", "x", "50%", "y", y, "overflow", "visible");
            page.element("text", step.name(), "class", "after upon", "y", "4", "text-anchor", "middle");
        }
        page.close("svg");
    }

    /// Operations that were submitted by a thread, in as few tracks as they fit in.
    private List<List<Step>> tracks(int id) {
        List<List<Step>> tracks = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        // A name behind the arrow needs about this much.
        long name = (toMicros - fromMicros) / 9;
        for (Step step : timeline.shown()) {
            if (step.threadId() != id || step.kind() != Step.Kind.SUBMISSION) {
                continue;
            }
            int track = 0;
            while (track < ends.size() && ends.get(track) > step.atMicros()) {
                track++;
            }
            if (track == ends.size()) {
                ends.add(0L);
                tracks.add(new ArrayList<>());
            }
            tracks.get(track).add(step);
            ends.set(track, step.durationMicros().isPresent() ? step.endMicros() + name : Long.MAX_VALUE);
        }
        return tracks;
    }

    /// Shown only from the width on that it fits at.
    private void label(String text, String style, long from, long to, int y) {
        double share = (double) (to - from) / (toMicros - fromMicros);
        for (int width : WIDTHS) {
            if (share * width > text.length() * LETTER + 6) {
                page.element(
                        "text",
                        text,
                        "class",
                        style + " from" + width,
                        "x",
                        x(from),
                        "dx",
                        "4",
                        "y",
                        Integer.toString(y));
                return;
            }
        }
    }

    private String title(Step step) {
        String took =
                step.durationMicros().isPresent() ? ", " + step.durationMicros().getAsLong() + " µs" : "";
        return step.text()
                + (step.result().isBlank() ? "" : " = " + step.result().strip()) + " (at " + step.atMicros() + " µs"
                + took + ")" + (step.meaning().isEmpty() ? "" : ": " + step.meaning());
    }

    private String x(long atMicros) {
        return Markup.percent((double) (Math.max(atMicros, fromMicros) - fromMicros) / (toMicros - fromMicros));
    }

    /// What takes less than a microsecond still shows.
    private String width(long from, long to) {
        double share = (double) (to - from) / (toMicros - fromMicros);
        return Markup.percent(Math.max(share, 0.003));
    }
}
