package ringside.bench.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ringside.bench.result.LedgerTrial;
import ringside.bench.result.Measured;
import ringside.bench.result.Run;
import ringside.bench.result.Side;
import ringside.bench.result.Trial;
import ringside.bench.result.Workload;

/// When each trial ran, a row per side: a block as long as the trial took, and in it a dot whose height is its CPU per
/// request against the median of its side and workload. What drifts on the machine shows as dots of all rows that rise
/// and fall together. Trials that don't count are grey and hatched; those of the ledger are outlines.
///
/// Pauses longer than ten trials (a run that was resumed) are cut out and marked by a line.
final class TrialTimeline {
    private static final int ROW_PIXELS = 26;
    private static final int BLOCK_PIXELS = 18;
    private static final int TICKS_MAX = 6;
    private static final int OPEN_REASONS_MAX = 8;
    private static final double PAUSE_TRIALS = 10;

    /// A dot at the block's edge is so much dearer or cheaper than its median, or more.
    private static final double EDGE_RATIO = 1.2;

    private record Slot(Trial trial, boolean counted, double from, double to) {}

    private record Point(Side side, Workload workload) {}

    private final Markup page;
    private final Palette palette;
    private final Map<String, List<Slot>> rows = new LinkedHashMap<>();
    private final List<Double> cuts = new ArrayList<>();
    private final Map<Point, Double> medians;
    private double seconds;

    TrialTimeline(Markup page, Palette palette, Run run) {
        this.page = page;
        this.palette = palette;
        medians = medians(run);
        lay(run);
    }

    /// Draws nothing when no trial ran.
    void draw() {
        if (rows.isEmpty()) {
            return;
        }
        page.open("section").element("h2", "In the order of time");
        page.element(
                "p",
                "Each block is a trial; the dot's height is its CPU per request against the median of its side and"
                        + " workload: the block's edges stand for " + percent(EDGE_RATIO - 1) + " more (top) and less."
                        + " Grey and hatched: doesn't count. Outlined: counted for the ledger. The table of trials"
                        + " has the numbers and the reasons.",
                "class",
                "quiet");
        page.open("figure");
        List<PlotFrame.RowLabel> labels = new ArrayList<>();
        rows.forEach((label, slots) -> labels.add(new PlotFrame.RowLabel(
                label, palette.hue(slots.getFirst().trial().side()))));
        PlotFrame.rows(page, labels, "short", this::plot);
        excluded();
        page.close("figure").close("section").newline();
    }

    /// Why trials don't count, a line for each reason's trials.
    private void excluded() {
        Map<String, List<String>> byReason = new LinkedHashMap<>();
        for (List<Slot> row : rows.values()) {
            for (Slot slot : row) {
                slot.trial()
                        .reason()
                        .ifPresent(reason -> byReason.computeIfAbsent(reason, _ -> new ArrayList<>())
                                .add(slot.trial().index() + " ("
                                        + slot.trial().side().label() + ")"));
            }
        }
        if (byReason.isEmpty()) {
            return;
        }
        int count = byReason.values().stream().mapToInt(List::size).sum();
        page.open("details", byReason.size() <= OPEN_REASONS_MAX ? new String[] {"open", "open"} : new String[0]);
        page.element(
                "summary", Words.count(count, "trial that doesn't count", "trials that don't count") + ", and why");
        page.open("ul");
        byReason.forEach((reason, trials) -> page.element(
                "li", (trials.size() == 1 ? "Trial " : "Trials ") + String.join(", ", trials) + ": " + reason));
        page.close("ul").close("details");
    }

    private void plot() {
        PlotFrame frame = new PlotFrame(page, rows.size() * ROW_PIXELS);
        frame.open(
                "Trials in the order of time",
                "A row for each side, a block for each trial. The table of trials below has the numbers, and why some don't"
                        + " count.");
        hatching();
        axis(frame);
        double middle = ROW_PIXELS / 2.0;
        for (List<Slot> row : rows.values()) {
            for (Slot slot : row) {
                block(frame, slot, middle);
            }
            middle += ROW_PIXELS;
        }
        frame.close();
    }

    private void hatching() {
        page.open("defs")
                .open(
                        "pattern",
                        "id",
                        "hatched",
                        "width",
                        "5",
                        "height",
                        "5",
                        "patternUnits",
                        "userSpaceOnUse",
                        "patternTransform",
                        "rotate(45)");
        page.empty("rect", "width", "5", "height", "5", "class", "hatch-ground");
        page.empty("line", "x1", "0", "x2", "0", "y1", "0", "y2", "5", "class", "hatch");
        page.close("pattern").close("defs");
    }

    private void axis(PlotFrame frame) {
        for (double minutes : Axis.fromZero(seconds / 60, TICKS_MAX).ticks()) {
            frame.vertical(
                    minutes == 0 ? "base" : "grid",
                    minutes * 60 / seconds,
                    minutes == 0 ? "0 min" : Words.significant(minutes));
        }
        cuts.forEach(at -> frame.vertical("whisker", at / seconds, ""));
    }

    private void block(PlotFrame frame, Slot slot, double middle) {
        Trial trial = slot.trial();
        String kind = slot.counted() ? "slot counted" : trial.isValid() ? "slot" : "slot excluded";
        page.open("g", "class", palette.hue(trial.side()));
        page.open(
                "rect",
                "class",
                kind,
                "x",
                frame.x(slot.from() / seconds),
                "y",
                Markup.number(middle - BLOCK_PIXELS / 2.0),
                "width",
                Markup.percent(Math.max(0, slot.to() - slot.from()) / seconds),
                "height",
                Integer.toString(BLOCK_PIXELS));
        page.element("title", words(slot)).close("rect");
        if (trial.isValid() && !slot.counted()) {
            deviation(trial).ifPresent(log -> {
                double share = Math.clamp(log / Math.log(EDGE_RATIO), -1, 1);
                page.empty(
                        "circle",
                        "class",
                        "dot",
                        "cx",
                        frame.x((slot.from() + slot.to()) / 2 / seconds),
                        "cy",
                        Markup.number(middle - share * BLOCK_PIXELS / 2.0),
                        "r",
                        "2");
            });
        }
        page.close("g");
    }

    private static String words(Slot slot) {
        Trial trial = slot.trial();
        String which = "trial " + trial.index() + (slot.counted() ? " (ledger)" : ", block " + trial.block()) + ": "
                + trial.side().label() + ", " + Words.brief(trial.workload());
        return which
                + trial.reason().map(reason -> "; doesn't count: " + reason).orElse("")
                + (cpu(trial) instanceof Measured.Value(double micros) ? "; " + Words.digits(micros) + " µs CPU" : "");
    }

    private Optional<Double> deviation(Trial trial) {
        Double median = medians.get(new Point(trial.side(), trial.workload()));
        return median != null && median > 0 && cpu(trial) instanceof Measured.Value(double micros) && micros > 0
                ? Optional.of(Math.log(micros / median))
                : Optional.empty();
    }

    private static Measured cpu(Trial trial) {
        return trial.measurements()
                .map(measurements -> measurements.server().cpuMicrosPerRequest())
                .orElse(Measured.unmeasurable("not measured"));
    }

    private static Map<Point, Double> medians(Run run) {
        Map<Point, List<Double>> values = new HashMap<>();
        for (Trial trial : run.trials()) {
            if (trial.isValid() && cpu(trial) instanceof Measured.Value(double micros)) {
                values.computeIfAbsent(new Point(trial.side(), trial.workload()), _ -> new ArrayList<>())
                        .add(micros);
            }
        }
        Map<Point, Double> medians = new HashMap<>();
        values.forEach((point, all) -> {
            all.sort(Comparator.naturalOrder());
            medians.put(point, all.get(all.size() / 2));
        });
        return medians;
    }

    /// A trial lasts until the next one starts, the last one until the run ended.
    private void lay(Run run) {
        List<Trial> all = new ArrayList<>(run.trials());
        Set<Integer> counted = new HashSet<>();
        for (LedgerTrial ledger : run.ledger().trials()) {
            all.add(ledger.trial());
            counted.add(ledger.trial().index());
        }
        all.sort(Comparator.comparing(Trial::startedAt));
        List<Double> lengths = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Instant end = i + 1 < all.size() ? all.get(i + 1).startedAt() : run.finishedAt();
            lengths.add(Duration.between(all.get(i).startedAt(), end).toMillis() / 1e3);
        }
        double typical =
                lengths.stream().sorted().skip(lengths.size() / 2).findFirst().orElse(1.0);
        double longest = Math.max(typical, 0.001) * PAUSE_TRIALS;
        double at = 0;
        for (int i = 0; i < all.size(); i++) {
            Trial trial = all.get(i);
            boolean pause = lengths.get(i) > longest;
            double length = Math.max(0, pause ? typical : lengths.get(i));
            rows.computeIfAbsent(trial.side().label(), _ -> new ArrayList<>())
                    .add(new Slot(trial, counted.contains(trial.index()), at, at + length));
            at += length;
            if (pause && i + 1 < all.size()) {
                cuts.add(at);
            }
        }
        seconds = Math.max(at, 0.001);
    }

    private static String percent(double share) {
        return Words.significant(share * 100) + " %";
    }
}
