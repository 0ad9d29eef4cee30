package ringside.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import ringside.bench.report.Ranking.Row;
import ringside.bench.result.Latency;
import ringside.bench.result.Run;
import ringside.bench.result.Summary;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;

/// `report.md`: verdicts, a table per workload, how to repeat it, the machine. Reads well unrendered too.
public final class MarkdownReport {
    private static final List<String> HEADS = List.of(
            "side",
            "launches",
            "req/s",
            "user",
            "system",
            "CPU (min–max)",
            "core (min–max)",
            "p50",
            "p90",
            "p99",
            "p99.9",
            "max",
            "ratio");

    private final StringBuilder out = new StringBuilder();
    private final ReportedRun reported;
    private final Run run;

    private MarkdownReport(ReportedRun reported) {
        this.reported = reported;
        run = reported.run();
    }

    /// @return the whole document
    public static String render(ReportedRun reported) {
        MarkdownReport report = new MarkdownReport(reported);
        Summary summary = reported.summary();
        report.head();
        // The rates of a search are many, and its result is what they were for.
        boolean search = !reported.run().plan().knee().isEmpty();
        if (!search) {
            report.verdicts();
        }
        report.sweeps();
        if (!search) {
            summary.groups().forEach(report::workload);
        }
        report.glossary(summary);
        report.skipped();
        report.reproduce();
        report.environment();
        return report.out.toString();
    }

    private void head() {
        line("# " + text(run.name()));
        line("");
        line(text(RunFacts.trials(run)) + " " + run.startedAt() + " to " + run.finishedAt() + ".");
        if (!run.complete()) {
            line("");
            line("**Interrupted: not every planned trial ran. What is here is valid.**");
        }
        line("");
    }

    private void verdicts() {
        List<Headline> headlines = Headline.of(reported);
        if (headlines.isEmpty()) {
            return;
        }
        line("## Verdict");
        line("");
        headlines.forEach(headline -> line("- " + text(headline.sentence())));
        line("");
        line(text(Glossary.INTERVALS));
        line("");
    }

    private void sweeps() {
        for (SweepText.Block block : SweepText.of(reported)) {
            line("## " + text(block.heading()));
            line("");
            block.lines().forEach(text -> line("    " + Words.printable(text)));
            line("");
        }
        run.notes().forEach(note -> line("- " + text(note)));
        if (!run.notes().isEmpty()) {
            line("");
        }
    }

    private void workload(Group group) {
        Ranking ranking = reported.ranking(group);
        line("## " + text(Words.title(group.workload())));
        line("");
        for (String sentence : RankingText.sentences(ranking)) {
            line(text(sentence));
        }
        ControlSentence.of(run, group).ifPresent(sentence -> line(text(sentence)));
        line("");
        boolean generators = ranking.severalGenerators();
        List<String> heads = new ArrayList<>(HEADS);
        if (generators) {
            heads.add("generator");
        }
        row(heads);
        line("|---|" + "--:|".repeat(heads.size() - 1));
        for (Row row : ranking.rows()) {
            List<String> cells = new ArrayList<>(cells(row));
            if (generators) {
                cells.add(Words.median(row.point().generatorMicros()));
            }
            row(cells);
        }
        line("");
        against(PeerComparison.of(ranking));
        List<String> notes = new ArrayList<>(Footnotes.notCounted(run, group));
        notes.addAll(Footnotes.unknown(group));
        notes.forEach(note -> line("- " + text(note)));
        if (!notes.isEmpty()) {
            line("");
        }
        ledger(LedgerView.of(run, ranking));
    }

    private void ledger(LedgerView view) {
        if (view.isEmpty()) {
            return;
        }
        line("### What the kernel did for a request");
        line("");
        for (String sentence : LedgerSentences.of(view)) {
            line(text(sentence));
        }
        line("");
        List<String> heads = new ArrayList<>(List.of("per request"));
        view.columns().forEach(column -> heads.add(column.label()));
        row(heads);
        line("|---|" + "--:|".repeat(heads.size() - 1));
        for (LedgerView.Line counted : view.lines()) {
            boolean part = view.calls().contains(counted) && !counted.isSum();
            List<String> cells = new ArrayList<>(List.of((part ? "– " : "") + counted.name()));
            for (int i = 0; i < view.columns().size(); i++) {
                cells.add(counted.text(i));
            }
            row(cells);
        }
        line("");
        view.notes().forEach(note -> line("- " + text(note)));
        if (!view.notes().isEmpty()) {
            line("");
        }
    }

    private void against(List<PeerComparison> lines) {
        if (lines.isEmpty()) {
            return;
        }
        row(List.of("against peers", "engine", "µs", "relative to each peer, lowest peer first"));
        line("|---|---|--:|---|");
        for (PeerComparison peers : lines) {
            row(List.of(peers.cost(), peers.engine(), Words.digits(peers.micros()), peers.ratios()));
        }
        line("");
    }

    private static List<String> cells(Row row) {
        String mark = row.point().generatorLimited() > 0 ? "*" : "";
        Point point = row.point();
        Latency latency = point.times().latency();
        return List.of(
                row.label(),
                RunFacts.launches(point),
                Words.medianRate(point.requestsPerSecond()) + mark,
                Words.median(point.userMicros()),
                Words.median(point.systemMicros()),
                Words.median(point.cpuMicros()) + " (" + Words.range(point.cpuMicros()) + ")",
                Words.median(point.coreBusyMicros()) + " (" + Words.range(point.coreBusyMicros()) + ")",
                Words.time(latency.p50Micros()) + mark,
                Words.time(latency.p90Micros()) + mark,
                Words.time(latency.p99Micros()) + mark,
                Words.time(latency.p999Micros()) + mark,
                Words.time(latency.maxMicros()) + mark,
                TerminalTable.standing(row));
    }

    private void glossary(Summary summary) {
        if (!summary.groups().isEmpty()) {
            line("## How to read it");
            line("");
            Glossary.of(summary.groups().getFirst().workload()).forEach(sentence -> line("- " + text(sentence)));
            Glossary.ofLedger(run).forEach(sentence -> line("- " + text(sentence)));
            line("");
        }
    }

    private void skipped() {
        if (run.skipped().isEmpty()) {
            return;
        }
        line("## Skipped");
        line("");
        run.skipped().forEach(skipped -> line("- " + text(Footnotes.skipped(skipped))));
        line("");
    }

    private void reproduce() {
        line("## Repeat it");
        line("");
        line("    " + Words.printable(RunFacts.command(run)));
        line("");
        line(text(RunFacts.provenance(run)));
        line("");
    }

    private void environment() {
        line("## Machine");
        line("");
        row(List.of("", ""));
        line("|---|---|");
        RunFacts.environment(run.environment()).forEach(fact -> row(List.of(fact.name(), fact.value())));
    }

    private void row(List<String> cells) {
        line(cells.stream().map(MarkdownReport::text).collect(Collectors.joining(" | ", "| ", " |")));
    }

    private void line(String line) {
        out.append(line).append('\n');
    }

    /// Nothing in a name may become markup.
    static String text(String text) {
        return Words.printable(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replaceAll("([\\\\`*\\[\\]|])", "\\\\$1")
                .replaceAll("(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", "\\\\_");
    }
}
