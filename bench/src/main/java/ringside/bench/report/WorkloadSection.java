package ringside.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ringside.bench.judge.Comparison;
import ringside.bench.report.Ranking.Row;
import ringside.bench.result.Run;
import ringside.bench.result.Summary;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;

/// A workload's part of the page: the verdict, costs and rates, ratios to the baseline, percentiles, latency over time,
/// the ledger.
final class WorkloadSection {
    private final Markup page;
    private final ReportedRun reported;
    private final Run run;
    private final Palette palette;
    private final List<String> callColours;

    WorkloadSection(Markup page, ReportedRun reported, Palette palette) {
        this.page = page;
        this.reported = reported;
        this.palette = palette;
        run = reported.run();
        callColours = LedgerPlot.colours(reported.summary().groups().stream()
                .map(group -> LedgerView.of(run, reported.ranking(group)))
                .toList());
    }

    /// @param idPrefix makes element ids unique in the page
    /// @param headed whether the page has said the verdict already
    void draw(Group group, String idPrefix, boolean headed) {
        Ranking ranking = reported.ranking(group);
        String title = Words.title(group.workload());
        page.open("section").element("h2", title);
        if (!headed) {
            Headline.of(reported, ranking).ifPresent(headline -> headline.draw(page));
        }
        RankingText.sentences(ranking).forEach(sentence -> page.element("p", sentence, "class", "said"));
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
        forest(group);
        spectrum(group, ranking, idPrefix);
        notes(group, ranking);
        ledger(ranking);
        page.close("section").newline();
    }

    private void forest(Group group) {
        List<Comparison> comparisons = reported.comparisons(group.workload());
        if (comparisons.isEmpty()) {
            return;
        }
        page.element("h3", "Against " + String.join(" and ", baselines(comparisons)) + ": ratios with 95 % intervals");
        VerdictMarks.legend(page);
        List<ForestPlot.Entry> entries = comparisons.stream()
                .map(comparison ->
                        new ForestPlot.Entry(comparison.candidate(), palette.hue(comparison.candidate()), comparison))
                .toList();
        new ForestPlot(page, Words.title(group.workload()), entries).draw();
    }

    private static List<String> baselines(List<Comparison> comparisons) {
        return comparisons.stream().map(Comparison::baseline).distinct().toList();
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
        page.open("div", "class", "scroll", "tabindex", "0").open("table", "class", "ledger");
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
        PageFrame.list(page, view.notes());
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

    private void spectrum(Group group, Ranking ranking, String idPrefix) {
        SpectrumPlot plot = SpectrumPlot.of(page, palette, group, idPrefix);
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
        HeatMap.of(page, palette, run, group, reported.times()).draw();
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

    @FunctionalInterface
    private interface Cells {
        List<String> of(Row row);
    }

    private void details(String title, List<String> heads, Ranking ranking, Cells cells) {
        List<List<String>> rows = new ArrayList<>();
        for (Row row : ranking.rows()) {
            List<String> line = new ArrayList<>(List.of(row.label()));
            line.addAll(cells.of(row));
            rows.add(line);
        }
        new HtmlTable("", heads, Set.of()).behind(page, title, rows);
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
        PageFrame.list(page, notes);
    }

    private static String capitalised(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
