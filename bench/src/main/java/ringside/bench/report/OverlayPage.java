package ringside.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import ringside.bench.judge.Comparison;
import ringside.bench.result.Environment;
import ringside.bench.result.Latency;
import ringside.bench.result.Run;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;
import ringside.bench.result.Workload;

/// Several runs on one page, a letter and a colour for each: their verdicts, their ratios beside each other, their
/// percentile spectra over each other. Each run is held against its own baseline: launches of two runs aren't pairs,
/// and what the machine changed by between them is in no interval (`ringside compare` allows for it).
public final class OverlayPage {
    private static final int HUES = 8;
    private static final int HEADLINES_MAX = 6;
    private static final List<String> DASHES = List.of("none", "6 3", "2 3", "8 3 2 3");
    private static final List<String> HEADS =
            List.of("side", "run", "launches", "req/s", "CPU µs", "min–max", "p50", "p90", "p99", "p99.9", "max");

    private record Fact(String name, Function<Run, String> of) {}

    private final Markup page = new Markup();
    private final List<ReportedRun> runs;

    private OverlayPage(List<ReportedRun> runs) {
        this.runs = List.copyOf(runs);
    }

    /// @param runs at least two
    /// @param warnings what a reader should know first, a sentence each
    /// @return the whole page, well-formed XML as well as HTML; it needs nothing beside it
    public static String render(List<ReportedRun> runs, List<String> warnings) {
        if (runs.size() < 2) {
            throw new IllegalArgumentException("an overlay of " + runs.size() + " runs is none");
        }
        OverlayPage overlay = new OverlayPage(runs);
        overlay.write(warnings);
        return overlay.page.toString();
    }

    private void write(List<String> warnings) {
        PageFrame.open(page, Words.count(runs.size(), "run", "runs") + " · ringside");
        page.open("header").element("p", "ringside report", "class", "kicker");
        page.element("h1", Words.count(runs.size(), "run", "runs"));
        legend();
        warnings.forEach(warning -> page.element("p", warning, "class", "warning"));
        page.close("header").newline();
        verdicts();
        differences();
        Set<Workload> workloads = new TreeSet<>(Workload.ORDER);
        runs.forEach(run -> run.summary().groups().forEach(group -> workloads.add(group.workload())));
        int index = 0;
        for (Workload workload : workloads) {
            workload(workload, "w" + index++ + "s");
        }
        PageFrame.close(page);
    }

    private void legend() {
        page.open("p", "class", "legend", "aria-label", "Runs");
        for (ReportedRun run : runs) {
            page.open("span", "class", hue(run)).element("i", "", "class", "swatch");
            page.text(letter(run) + ": " + run.name()).close("span");
        }
        page.close("p");
    }

    private void verdicts() {
        page.open("section", "class", "verdicts", "aria-label", "Verdicts");
        for (ReportedRun run : runs) {
            page.element("h3", letter(run) + ": " + run.name());
            List<Headline> headlines = Headline.of(run);
            headlines.stream().limit(HEADLINES_MAX).forEach(headline -> headline.draw(page));
            if (headlines.isEmpty()) {
                page.element("p", "Nothing is held against a baseline.", "class", "quiet");
            }
            if (headlines.size() > HEADLINES_MAX) {
                page.element("p", headlines.size() - HEADLINES_MAX + " more workloads: below.", "class", "quiet");
            }
        }
        page.element("p", Glossary.INTERVALS, "class", "quiet");
        page.close("section").newline();
    }

    private void differences() {
        List<Fact> facts = List.of(
                new Fact("started", run -> run.startedAt().toString()),
                new Fact("trials", RunFacts::trials),
                new Fact("complete", run -> run.complete() ? "yes" : "no: it was interrupted"),
                new Fact("baseline", run -> run.plan().baseline()),
                new Fact("ringside", run -> run.ringsideVersion() + ", " + run.commit()),
                new Fact("command", RunFacts::command));
        List<Fact> all = new ArrayList<>(facts);
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(run -> RunFacts.environment(run.run().environment()).forEach(fact -> names.add(fact.name())));
        names.forEach(name -> all.add(new Fact(name, run -> environment(run.environment(), name))));
        page.open("section").element("h2", "What the runs differ in");
        List<String> heads = new ArrayList<>(List.of(""));
        runs.forEach(run -> heads.add(letter(run)));
        List<List<String>> rows = new ArrayList<>();
        for (Fact fact : all) {
            List<String> row = new ArrayList<>(List.of(fact.name()));
            runs.forEach(run -> row.add(fact.of().apply(run.run())));
            if (row.subList(1, row.size()).stream().distinct().count() > 1) {
                rows.add(row);
            }
        }
        HtmlTable.ofWords("facts sides", heads).draw(page, rows);
        page.close("section").newline();
    }

    private static String environment(Environment environment, String name) {
        return RunFacts.environment(environment).stream()
                .filter(fact -> fact.name().equals(name))
                .map(RunFacts.Fact::value)
                .findFirst()
                .orElse(Words.UNKNOWN);
    }

    private void workload(Workload workload, String idPrefix) {
        String title = Words.title(workload);
        page.open("section").element("h2", title);
        forest(workload, title);
        page.open("figure").open("figcaption").element("b", "Percentiles: " + Words.times(workload.load()));
        page.text(" · ")
                .open("span", "class", "key")
                .text("a panel for each side; thick: launches merged, thin: each launch, grey: the other sides")
                .close("span")
                .close("figcaption");
        SpectrumPlot plot = new SpectrumPlot(page, lines(workload), idPrefix);
        if (plot.isEmpty()) {
            page.element("p", "No histogram could be read.", "class", "quiet");
        } else {
            plot.draw();
        }
        table(workload);
        page.close("figure").close("section").newline();
    }

    private void forest(Workload workload, String title) {
        record Judged(Comparison comparison, ReportedRun run) {}
        List<Judged> judged = new ArrayList<>();
        for (ReportedRun run : runs) {
            run.comparisons(workload).forEach(comparison -> judged.add(new Judged(comparison, run)));
        }
        List<String> order = judged.stream()
                .map(each -> each.comparison().candidate())
                .distinct()
                .toList();
        judged.sort(
                Comparator.comparingInt(each -> order.indexOf(each.comparison().candidate())));
        if (!judged.isEmpty()) {
            page.element("h3", "Each run against its own baseline: ratios with 95 % intervals");
            VerdictMarks.legend(page);
            new ForestPlot(
                            page,
                            title,
                            judged.stream()
                                    .map(each -> new ForestPlot.Entry(
                                            letter(each.run()) + " "
                                                    + each.comparison().candidate(),
                                            hue(each.run()),
                                            each.comparison()))
                                    .toList())
                    .draw();
        }
    }

    private List<SpectrumPlot.Line> lines(Workload workload) {
        List<SpectrumPlot.Line> lines = new ArrayList<>();
        for (ReportedRun run : runs) {
            for (Point point : points(run, workload)) {
                point.times()
                        .merged()
                        .ifPresent(curve -> lines.add(new SpectrumPlot.Line(
                                point.side().label(),
                                letter(run),
                                hue(run),
                                DASHES.get(runs.indexOf(run) % DASHES.size()),
                                curve,
                                point.times().launches())));
            }
        }
        return lines;
    }

    private void table(Workload workload) {
        List<List<String>> rows = new ArrayList<>();
        for (ReportedRun run : runs) {
            for (Point point : points(run, workload)) {
                Latency latency = point.times().latency();
                rows.add(List.of(
                        point.side().label(),
                        letter(run),
                        RunFacts.launches(point),
                        Words.medianRate(point.requestsPerSecond()),
                        Words.median(point.cpuMicros()),
                        Words.range(point.cpuMicros()),
                        Words.time(latency.p50Micros()),
                        Words.time(latency.p90Micros()),
                        Words.time(latency.p99Micros()),
                        Words.time(latency.p999Micros()),
                        Words.time(latency.maxMicros())));
            }
        }
        new HtmlTable("", HEADS, Set.of()).behind(page, "Numbers as a table", rows);
    }

    private static List<Point> points(ReportedRun run, Workload workload) {
        return run.summary().groups().stream()
                .filter(group -> group.workload().equals(workload))
                .map(Group::points)
                .findFirst()
                .orElse(List.of());
    }

    private String hue(ReportedRun run) {
        return "c" + runs.indexOf(run) % HUES;
    }

    /// `A`, `B` …, numbers from the 27th on.
    private String letter(ReportedRun run) {
        int index = runs.indexOf(run);
        return index < 26 ? String.valueOf((char) ('A' + index)) : Integer.toString(index + 1);
    }
}
