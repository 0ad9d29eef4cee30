package ringside.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ringside.bench.report.Ranking.Row;
import ringside.bench.result.Run;
import ringside.bench.result.Summary;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;
import ringside.bench.result.Trial;

/// `report.html`: one page that needs no network and no script. Verdicts first, then a section per workload
/// with its plots (a table behind each), then how to repeat it, the machine and every trial.
public final class HtmlReport {
    private final Markup page = new Markup();
    private final Run run;
    private final Summary summary;
    private final Path runDirectory;
    private final Palette palette;
    private final List<String> callColours;

    private HtmlReport(Run run, Summary summary, Path runDirectory) {
        this.run = run;
        this.summary = summary;
        this.runDirectory = runDirectory;
        palette = new Palette(run.trials().stream().map(Trial::side).distinct().toList());
        callColours = LedgerPlot.colours(summary.groups().stream()
                .map(group -> LedgerView.of(run, Ranking.of(group)))
                .toList());
    }

    /// @param runDirectory where the histogram logs are
    /// @return the whole page, well-formed XML as well as HTML
    public static String render(Run run, Summary summary, Path runDirectory) {
        HtmlReport report = new HtmlReport(run, summary, runDirectory);
        report.write();
        return report.page.toString();
    }

    private void write() {
        page.verbatim("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
        page.empty("meta", "charset", "utf-8");
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.empty("meta", "name", "color-scheme", "content", "light dark");
        page.element("title", run.name() + " · ringside").newline();
        page.open("style").verbatim(styleSheet()).close("style").close("head").newline();
        page.open("body").open("main");
        head();
        SweepPlot.of(page, palette, summary).forEach(SweepPlot::draw);
        for (int i = 0; i < summary.groups().size(); i++) {
            workload(summary.groups().get(i), i);
        }
        glossary();
        skipped();
        reproduce();
        environment();
        new TrialTimeline(page, palette, run).draw();
        new TrialTable(page).draw(run);
        page.close("main").close("body").close("html").newline();
    }

    private void head() {
        page.open("header");
        page.element("p", "ringside bench", "class", "kicker");
        page.element("h1", run.name());
        page.element(
                "p",
                "%s %s, %s. %s %s"
                        .formatted(
                                RunFacts.trials(run),
                                run.startedAt(),
                                Words.printable(run.environment().cpuModel()),
                                "Kernel " + run.environment().kernelRelease() + ".",
                                "Each trial is a fresh server and a fresh generator."),
                "class",
                "quiet");
        if (!run.complete()) {
            page.element("p", "Interrupted: not every planned trial ran. What is here is valid.", "class", "warning");
        }
        page.close("header").newline();
        page.open("section", "class", "verdicts", "aria-label", "Verdicts");
        if (summary.groups().isEmpty()) {
            page.element("p", "No trial ran.");
        }
        for (Group group : summary.groups()) {
            Ranking ranking = Ranking.of(group);
            page.element("p", Verdict.sentences(ranking).getFirst());
        }
        against();
        page.close("section").newline();
    }

    private void against() {
        boolean headed = false;
        for (Group group : summary.groups()) {
            for (PeerComparison line : PeerComparison.of(Ranking.of(group))) {
                if (!headed) {
                    page.element("h3", "Our lowest engine that reads the file, against peers");
                    page.open("div", "class", "scroll")
                            .open("table")
                            .open("thead")
                            .open("tr");
                    for (String head :
                            List.of("workload", "cost", "engine", "µs", "launches", "relative to each peer")) {
                        page.element("th", head, "scope", "col", "class", "words");
                    }
                    page.close("tr").close("thead").open("tbody");
                    headed = true;
                }
                page.open("tr").element("th", Words.brief(group.workload()), "scope", "row");
                page.element("td", line.cost(), "class", "words").element("td", line.engine(), "class", "words");
                page.element("td", Words.digits(line.micros()), "class", "words");
                page.element("td", Integer.toString(line.launchesMin()), "class", "words");
                page.element("td", line.ratios(), "class", "words").close("tr");
            }
        }
        if (headed) {
            page.close("tbody").close("table").close("div");
        }
    }

    private void workload(Group group, int index) {
        Ranking ranking = Ranking.of(group);
        String title = Words.title(group.workload());
        page.open("section").element("h2", title);
        List<String> sentences = Verdict.sentences(ranking);
        sentences.subList(1, sentences.size()).forEach(sentence -> page.element("p", sentence, "class", "said"));
        ControlSentence.of(run, group).ifPresent(sentence -> page.element("p", sentence, "class", "said"));
        legend();
        page.open("div", "class", "pair");
        page.open("figure").open("figcaption").element("b", "CPU per request, µs");
        page.text(" · ")
                .open("span", "class", "key")
                .element("i", "", "class", "key-system")
                .text("system ");
        page.element("i", "", "class", "key-user").text("user ").element("i", "", "class", "key-busy");
        page.text("core busy, soft interrupts included ")
                .element("i", "├┤", "class", "key-text")
                .text("min–max of launches");
        page.close("span").close("figcaption");
        new RowPlots(page, palette).cost(ranking, "CPU per request, " + title);
        costTable(ranking);
        page.close("figure");
        page.open("figure")
                .open("figcaption")
                .element("b", "Requests per second")
                .text(" · ");
        page.open("span", "class", "key")
                .text("● median ○ the generator was the limit — min–max of launches")
                .close("span");
        page.close("figcaption");
        new RowPlots(page, palette).throughput(ranking, "Requests per second, " + title);
        throughputTable(ranking);
        page.close("figure").close("div").newline();
        spectrum(group, ranking, index);
        notes(group, ranking);
        ledger(ranking);
        page.close("section").newline();
    }

    private void ledger(Ranking ranking) {
        LedgerView view = LedgerView.of(run, ranking);
        if (view.isEmpty()) {
            return;
        }
        page.element("h3", "What the kernel did for a request");
        LedgerSentences.of(view).forEach(sentence -> page.element("p", sentence, "class", "said"));
        LedgerPlot plot = new LedgerPlot(page, view, callColours);
        page.open("figure");
        if (!plot.isEmpty()) {
            page.open("figcaption").element("b", "System calls per request").close("figcaption");
            plot.draw("System calls per request, " + Words.title(ranking.group().workload()));
        }
        page.open("div", "class", "scroll").open("table", "class", "ledger");
        page.open("thead").open("tr").element("th", "per request", "scope", "col");
        view.columns().forEach(column -> page.element("th", column.label(), "scope", "col"));
        page.close("tr").close("thead").open("tbody");
        for (LedgerView.Line line : view.lines()) {
            boolean part = view.calls().contains(line) && !line.isSum();
            page.open("tr").element("th", line.name(), "scope", "row", "class", part ? "part" : "");
            for (int i = 0; i < view.columns().size(); i++) {
                page.element("td", line.text(i));
            }
            page.close("tr");
        }
        page.close("tbody").close("table").close("div").close("figure");
        list(view.notes());
    }

    private void legend() {
        page.open("p", "class", "legend", "aria-label", "Colours");
        for (Map.Entry<String, String> entry : palette.legend()) {
            page.open("span", "class", entry.getValue())
                    .element("i", "", "class", "swatch")
                    .text(entry.getKey());
            page.close("span");
        }
        page.close("p");
    }

    private void spectrum(Group group, Ranking ranking, int index) {
        SpectrumPlot plot = new SpectrumPlot(page, palette, group, "w" + index + "s");
        page.open("figure").open("figcaption");
        page.element("b", capitalised(Words.times(group.workload().load())) + " by percentile")
                .text(" · ");
        page.open("span", "class", "key")
                .text("each nine equally wide; thick: launches merged, thin: each launch, grey: the other sides");
        page.close("span").close("figcaption");
        if (plot.isEmpty()) {
            page.element("p", "No histogram could be read: the notes say why.", "class", "quiet");
        } else {
            plot.draw();
        }
        details(
                "Percentiles as a table",
                List.of("side", "values", "p50", "p90", "p99", "p99.9", "max"),
                ranking,
                row -> {
                    Summary.Times times = row.point().times();
                    var latency = times.latency();
                    String mark = row.point().generatorLimited() > 0 ? "*" : "";
                    return List.of(
                            times.merged()
                                    .map(curve -> Words.rate((double) curve.count()))
                                    .orElse(Words.UNKNOWN),
                            Words.time(latency.p50Micros()) + mark,
                            Words.time(latency.p90Micros()) + mark,
                            Words.time(latency.p99Micros()) + mark,
                            Words.time(latency.p999Micros()) + mark,
                            Words.time(latency.maxMicros()) + mark);
                });
        page.close("figure").newline();
        HeatMap.of(page, palette, run, group, runDirectory).draw();
    }

    private void costTable(Ranking ranking) {
        List<String> heads =
                List.of("side", "launches", "user", "system", "CPU", "min–max", "core busy", "min–max", "ratio");
        details("CPU per request as a table", heads, ranking, row -> {
            Point point = row.point();
            return List.of(
                    RunFacts.launches(point),
                    Words.median(point.userMicros()),
                    Words.median(point.systemMicros()),
                    Words.median(point.cpuMicros()),
                    Words.range(point.cpuMicros()),
                    Words.median(point.coreBusyMicros()),
                    Words.range(point.coreBusyMicros()),
                    TerminalTable.standing(row));
        });
    }

    private void throughputTable(Ranking ranking) {
        List<String> heads = List.of("side", "launches", "median", "min–max", "generator's limit", "generator µs");
        details("Requests per second as a table", heads, ranking, row -> {
            Point point = row.point();
            return List.of(
                    RunFacts.launches(point),
                    Words.medianRate(point.requestsPerSecond()),
                    Words.rangeOfRates(point.requestsPerSecond()),
                    point.generatorLimited() == 0 ? "no" : point.generatorLimited() + " of " + point.valid(),
                    Words.median(point.generatorMicros()));
        });
    }

    private interface Cells {
        List<String> of(Row row);
    }

    private void details(String title, List<String> heads, Ranking ranking, Cells cells) {
        page.open("details")
                .element("summary", title)
                .open("div", "class", "scroll")
                .open("table");
        page.open("thead").open("tr");
        heads.forEach(head -> page.element("th", head, "scope", "col"));
        page.close("tr").close("thead").open("tbody");
        for (Row row : ranking.rows()) {
            page.open("tr").element("th", row.label(), "scope", "row");
            cells.of(row).forEach(cell -> page.element("td", cell));
            page.close("tr");
        }
        page.close("tbody").close("table").close("div").close("details");
    }

    private void notes(Group group, Ranking ranking) {
        List<String> notes = new ArrayList<>(Footnotes.notCounted(run, group));
        notes.addAll(Footnotes.unknown(group));
        if (!ranking.with(Ranking.Standing.CEILING).isEmpty()) {
            notes.add("In parentheses and pale: reads no file; for scale, not ranked.");
        }
        if (!ranking.with(Ranking.Standing.DEVICE).isEmpty()) {
            notes.add("(device), pale: reads the device while the others read memory; not ranked.");
        }
        list(notes);
    }

    private void skipped() {
        if (!run.skipped().isEmpty()) {
            page.open("section").element("h2", "Skipped");
            list(run.skipped().stream().map(Footnotes::skipped).toList());
            page.close("section").newline();
        }
    }

    private void list(List<String> items) {
        if (!items.isEmpty()) {
            page.open("ul", "class", "quiet");
            items.forEach(item -> page.element("li", item));
            page.close("ul");
        }
    }

    private void reproduce() {
        page.open("section").element("h2", "Repeat it");
        page.element("pre", RunFacts.command(run));
        page.element("p", RunFacts.provenance(run), "class", "quiet");
        page.close("section").newline();
    }

    private void glossary() {
        if (!summary.groups().isEmpty()) {
            page.open("section").element("h2", "How to read it");
            List<String> sentences =
                    new ArrayList<>(Glossary.of(summary.groups().getFirst().workload()));
            sentences.addAll(Glossary.ofLedger(run));
            list(sentences);
            page.close("section").newline();
        }
    }

    private void environment() {
        page.open("section").element("h2", "Machine").open("div", "class", "scroll");
        page.open("table", "class", "facts").open("tbody");
        for (RunFacts.Fact fact : RunFacts.environment(run.environment())) {
            page.open("tr").element("th", fact.name(), "scope", "row");
            page.element("td", fact.value()).close("tr");
        }
        page.close("tbody").close("table").close("div").close("section").newline();
    }

    private static String capitalised(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private static String styleSheet() {
        try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IllegalStateException("report.css is missing from the jar: rebuild ringside");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("report.css can't be read from the jar", e);
        }
    }
}
