package ringside.bench.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ringside.bench.report.Markup;

/// Every step in its order, a row each, beside the lanes: a bar spans the rows that a call lasted, an arrow
/// leads from a submission to its completion.
final class StepGraph {

    private static final int ROW = 46;
    private static final int LANE = 22;
    private static final int ARROW = 13;
    private static final int BAR = 10;
    private static final int MARGIN = 6;
    private static final int ROWS_MAX = 400;

    private final Markup page;
    private final Timeline timeline;
    private final List<Step> steps;
    private final Map<Integer, Integer> lanes = new LinkedHashMap<>();

    /// Of an operation: the rows of its submission and its completion.
    private record Arrow(int from, int to, int track, String hue) {}

    StepGraph(Markup page, Timeline timeline) {
        this.page = page;
        this.timeline = timeline;
        List<Step> shown = timeline.shown();
        steps = shown.subList(0, Math.min(ROWS_MAX, shown.size()));
        steps.forEach(step -> lanes.putIfAbsent(step.threadId(), lanes.size()));
    }

    void draw() {
        List<Arrow> arrows = arrows();
        int tracks = arrows.stream().mapToInt(Arrow::track).max().orElse(-1) + 1;
        int width = 2 * MARGIN + lanes.size() * LANE + tracks * ARROW;
        legend();
        page.open("div", "class", "graph", "style", "grid-template-columns: " + width + "px minmax(0, 1fr)");
        page.open(
                "svg",
                "role",
                "img",
                "aria-label",
                "Which thread each step is of, and how operations lead from submission to completion",
                "width",
                Integer.toString(width),
                "height",
                Integer.toString(steps.size() * ROW));
        for (int lane : lanes.values()) {
            String x = Integer.toString(x(lane));
            page.empty(
                    "line", "class", "rail", "x1", x, "x2", x, "y1", "0", "y2", Integer.toString(steps.size() * ROW));
        }
        for (int row = 0; row < steps.size(); row++) {
            mark(steps.get(row), row);
        }
        arrows.forEach(this::draw);
        page.close("svg").open("ol", "class", "steps");
        steps.forEach(this::row);
        page.close("ol").close("div");
        int rest = timeline.shown().size() - steps.size();
        if (rest > 0) {
            page.element("p", rest + " more steps are left out here; --json has all.", "class", "quiet");
        }
    }

    private void legend() {
        page.open("p", "class", "key", "aria-label", "Lanes, from the left");
        List<String> names = new ArrayList<>();
        lanes.keySet().forEach(id -> names.add(Phrases.threadName(timeline, id)));
        page.text("Lanes, from the left: " + String.join(", ", names) + ".").close("p");
    }

    private void row(Step step) {
        page.open("li", "class", Category.of(step).hue() + (step.depth() > 0 ? " within" : ""));
        page.open("span", "class", "at").text(Long.toString(step.atMicros())).close("span");
        String result = step.result().strip();
        page.open("code", "title", step.text() + (result.isEmpty() ? "" : " = " + result));
        page.element("b", step.kind() == Step.Kind.CALL ? step.name() : step.text());
        if (step.kind() == Step.Kind.CALL) {
            page.text("(" + String.join(", ", step.arguments()) + ")");
        }
        if (!result.isEmpty()) {
            page.text(" = " + result);
        }
        page.close("code");
        page.open("span", "class", "means").text(step.meaning());
        String took = took(step);
        if (!took.isEmpty()) {
            page.element("span", (step.meaning().isEmpty() ? "" : " · ") + took, "class", "took");
        }
        if (lanes.size() > 1) {
            page.element("span", " · " + Phrases.threadName(timeline, step.threadId()), "class", "took");
        }
        page.close("span").close("li").newline();
    }

    private static String took(Step step) {
        return step.durationMicros().isPresent() && !step.beganEarlier()
                ? step.durationMicros().getAsLong() + " µs"
                : "";
    }

    private void mark(Step step, int row) {
        int x = x(lanes.getOrDefault(step.threadId(), 0));
        int y = row * ROW;
        String hue = Category.of(step).hue();
        switch (step.kind()) {
            case CALL, RUN, BLOCK -> {
                int last = lastRow(step, row);
                page.empty(
                        "rect",
                        "class",
                        hue + " full",
                        "x",
                        Integer.toString(x - BAR / 2),
                        "y",
                        Integer.toString(y + 5),
                        "width",
                        Integer.toString(BAR),
                        "height",
                        Integer.toString((last - row) * ROW + ROW - 10),
                        "rx",
                        "3");
            }
            case SLEEP ->
                page.empty(
                        "rect",
                        "class",
                        hue + " hole",
                        "x",
                        Integer.toString(x - BAR / 2 + 2),
                        "y",
                        Integer.toString(y + 10),
                        "width",
                        Integer.toString(BAR - 4),
                        "height",
                        Integer.toString(ROW - 20),
                        "rx",
                        "3");
            case SUBMISSION, COMPLETION, PUNT, ARM, PAGES, FAULT, NOTE ->
                page.empty(
                        "circle",
                        "class",
                        hue + " dot hollow",
                        "cx",
                        Integer.toString(x),
                        "cy",
                        Integer.toString(y + ROW / 2),
                        "r",
                        "5");
        }
    }

    /// The last row of the same thread that began before the step's end.
    private int lastRow(Step step, int row) {
        int last = row;
        for (int i = row + 1; i < steps.size(); i++) {
            Step later = steps.get(i);
            boolean within = later.threadId() == step.threadId() && later.depth() > 0;
            if (later.threadId() == step.threadId() && !within) {
                break;
            }
            if (within && step.kind() == Step.Kind.CALL) {
                last = i;
            }
        }
        return last;
    }

    private List<Arrow> arrows() {
        Map<Integer, Integer> submissions = new HashMap<>();
        List<Arrow> arrows = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        for (int row = 0; row < steps.size(); row++) {
            Step step = steps.get(row);
            if (step.operation() < 0) {
                continue;
            }
            if (step.kind() == Step.Kind.SUBMISSION) {
                submissions.put(step.operation(), row);
            } else if (step.kind() == Step.Kind.COMPLETION && submissions.containsKey(step.operation())) {
                int from = submissions.getOrDefault(step.operation(), row);
                int track = 0;
                while (track < ends.size() && ends.get(track) >= from) {
                    track++;
                }
                if (track == ends.size()) {
                    ends.add(row);
                }
                ends.set(track, row);
                arrows.add(new Arrow(from, row, track, Category.of(step).hue()));
            }
        }
        return arrows;
    }

    private void draw(Arrow arrow) {
        int base = MARGIN + lanes.size() * LANE;
        int out = base + arrow.track() * ARROW + ARROW - 4;
        int fromX = x(lanes.getOrDefault(steps.get(arrow.from()).threadId(), 0)) + 6;
        int toX = x(lanes.getOrDefault(steps.get(arrow.to()).threadId(), 0)) + 7;
        int fromY = arrow.from() * ROW + ROW / 2;
        int toY = arrow.to() * ROW + ROW / 2;
        String path = "M%d %dH%dQ%d %d %d %dV%dQ%d %d %d %dH%d"
                .formatted(fromX, fromY, out - 6, out, fromY, out, fromY + 6, toY - 6, out, toY, out - 6, toY, toX + 5);
        page.open("g", "class", arrow.hue());
        page.empty("path", "class", "way", "d", path);
        page.empty("path", "class", "head", "d", "M%d %dl8 -4.5v9Z".formatted(toX, toY));
        page.close("g");
    }

    private static int x(int lane) {
        return MARGIN + lane * LANE + LANE / 2;
    }
}
