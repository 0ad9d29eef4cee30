package ringside.bench.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import ringside.bench.result.Run;
import ringside.bench.result.Summary;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Trial;

/// `report.html`: one page that needs no network and no script. Verdicts first, then the map and the sweeps, then a
/// section per workload with its plots (a table behind each), then the sides, the machine, how to repeat it, every
/// trial and the raw data.
public final class HtmlReport {
    /// The sections below hold those of more workloads.
    private static final int HEADLINES_MAX = 8;

    private final Markup page = new Markup();
    private final ReportedRun reported;
    private final Run run;
    private final Summary summary;
    private final Path base;
    private final Palette palette;

    private HtmlReport(ReportedRun reported, Path base) {
        this.reported = reported;
        this.base = base;
        run = reported.run();
        summary = reported.summary();
        palette = new Palette(run.trials().stream().map(Trial::side).distinct().toList());
    }

    /// The page that lies in the run's directory.
    public static String render(ReportedRun reported) {
        return render(reported, Path.of(""));
    }

    /// @param base the run's directory as seen from the page's
    /// @return the whole page, well-formed XML as well as HTML
    static String render(ReportedRun reported, Path base) {
        HtmlReport report = new HtmlReport(reported, base);
        report.write();
        return report.page.toString();
    }

    private void write() {
        PageFrame.open(page, run.name() + " · ringside");
        head();
        CrossoverMap.of(reported).forEach(map -> map.draw(page, palette.mapHues()));
        SweepPlot.of(page, palette, summary).forEach(SweepPlot::draw);
        if (isSearch()) {
            rates();
        } else {
            sections(summary.groups());
        }
        glossary();
        skipped();
        sides();
        environment();
        reproduce();
        new TrialTimeline(page, palette, run).draw();
        new TrialTable(page).draw(run);
        new RawData(page, reported, base).draw();
        PageFrame.close(page);
    }

    private boolean isSearch() {
        return !run.plan().knee().isEmpty();
    }

    /// The rates of a search are many, and its result is what they were for.
    private void rates() {
        List<Group> tried = summary.groups().stream()
                .filter(group -> !reported.ranking(group).rows().isEmpty())
                .toList();
        page.open("details")
                .element("summary", Words.count(tried.size(), "load that was tried", "loads that were tried"));
        sections(tried);
        page.close("details").newline();
    }

    private void sections(List<Group> groups) {
        WorkloadSection sections = new WorkloadSection(page, reported, palette);
        for (int i = 0; i < groups.size(); i++) {
            sections.draw(groups.get(i), "w" + i + "s", i < HEADLINES_MAX);
        }
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
        if (isSearch()) {
            knees();
        } else {
            verdicts();
            against();
        }
        page.close("section").newline();
    }

    private void knees() {
        for (SweepText.Block block : SweepText.of(reported)) {
            page.open("p", "class", "headline").element("b", block.heading()).close("p");
            PageFrame.list(page, block.lines());
        }
    }

    private void verdicts() {
        if (summary.groups().isEmpty()) {
            page.element("p", "No trial ran.");
        }
        List<Group> groups = summary.groups();
        for (Group group : groups.stream().limit(HEADLINES_MAX).toList()) {
            Ranking ranking = reported.ranking(group);
            Headline.of(reported, ranking)
                    .ifPresentOrElse(
                            headline -> headline.draw(page),
                            () -> page.element(
                                    "p", RankingText.sentences(ranking).getFirst(), "class", "headline"));
        }
        if (groups.size() > HEADLINES_MAX) {
            String more = Words.count(groups.size() - HEADLINES_MAX, "more workload", "more workloads");
            page.element("p", more + ": in the sections below.", "class", "quiet");
        }
        if (!groups.isEmpty()) {
            page.element("p", Glossary.INTERVALS, "class", "quiet");
        }
    }

    private void against() {
        List<List<String>> rows = new ArrayList<>();
        for (Group group : summary.groups()) {
            for (PeerComparison line : PeerComparison.of(reported.ranking(group))) {
                rows.add(List.of(
                        Words.brief(group.workload()),
                        line.cost(),
                        line.engine(),
                        Words.digits(line.micros()),
                        Integer.toString(line.launchesMin()),
                        line.ratios()));
            }
        }
        if (!rows.isEmpty()) {
            page.element("h3", "Our lowest engine that reads the file, against peers (ratios of medians)");
            new HtmlTable(
                            "",
                            List.of("workload", "cost", "engine", "µs", "launches", "relative to each peer"),
                            Set.of(1, 2, 5))
                    .draw(page, rows);
        }
    }

    private void skipped() {
        if (!run.skipped().isEmpty()) {
            page.open("section").element("h2", "Skipped");
            PageFrame.list(page, run.skipped().stream().map(Footnotes::skipped).toList());
            page.close("section").newline();
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
            PageFrame.list(page, sentences);
            page.close("section").newline();
        }
    }

    private void sides() {
        SideTable sides = new SideTable(run);
        if (sides.isEmpty()) {
            return;
        }
        page.open("section").element("h2", "What the sides differ in");
        List<List<String>> rows = sides.rows();
        List<String> heads = rows.getFirst();
        HtmlTable.ofWords("facts sides", heads).draw(page, rows.subList(1, rows.size()));
        if (!sides.common().isEmpty()) {
            page.element("p", sides.common(), "class", "quiet");
        }
        page.close("section").newline();
    }

    private void environment() {
        page.open("section").element("h2", "Machine").open("div", "class", "scroll", "tabindex", "0");
        page.open("table", "class", "facts").open("tbody");
        for (RunFacts.Fact fact : RunFacts.environment(run.environment())) {
            page.open("tr").element("th", fact.name(), "scope", "row");
            page.element("td", fact.value()).close("tr");
        }
        page.close("tbody").close("table").close("div").close("section").newline();
    }
}
