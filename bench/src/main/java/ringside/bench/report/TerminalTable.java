package ringside.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import ringside.bench.report.Ranking.Row;
import ringside.bench.report.Ranking.Standing;
import ringside.bench.result.Latency;
import ringside.bench.result.Measured;
import ringside.bench.result.Run;
import ringside.bench.result.Spread;
import ringside.bench.result.Summary;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.Summary.Point;

/// The result at a glance, for a terminal: one table per workload, cheapest side first, then the verdict in
/// words.
///
/// @param widthColumns of the terminal; used between 80 and 140
/// @param colour whether to emit ANSI colours
/// @param unicode false replaces every character outside ASCII
public record TerminalTable(int widthColumns, boolean colour, boolean unicode) {
    private static final int WIDTH_MIN = 80;
    private static final int WIDTH_MAX = 140;
    private static final int WIDTH_OF_TWO_SPACES = 120;
    private static final int SIDE_MIN = 14;
    private static final int SIDE_MAX = 28;
    private static final int BAR_MIN = 10;
    private static final int BAR_MAX = 28;
    private static final int REASONS_MAX = 8;
    private static final String BOLD = "1";
    private static final String DIM = "2";
    private static final String GREEN = "32";
    private static final String YELLOW = "33";

    private static final List<String> HEADINGS =
            List.of("req/s", "CPU µs", "core µs", "p50", "p99", "p99.9", "max", "spread", "ratio");
    private static final int[] COLUMNS = {7, 6, 7, 6, 6, 6, 6, 6, 7};

    /// Column that makes room for the generator's cost where several generators took part.
    private static final int MAX = 6;

    /// Columns that the generator's limit makes partly its own: rate and percentiles.
    private static final List<Integer> LIMITED = List.of(0, 3, 4, 5, MAX);

    public TerminalTable {
        widthColumns = Math.clamp(widthColumns, WIDTH_MIN, WIDTH_MAX);
    }

    /// @return lines that each end in a newline, none wider than the terminal
    public String render(ReportedRun reported) {
        Run run = reported.run();
        Summary summary = reported.summary();
        Page page = new Page();
        // The rates of a search are many, and its result is what they were for.
        if (run.plan().knee().isEmpty()) {
            for (Group group : summary.groups()) {
                render(page, reported, group);
            }
        }
        for (SweepText.Block block : SweepText.of(reported)) {
            page.line(BOLD, block.heading());
            block.lines().forEach(line -> page.line("", line));
            page.blank();
        }
        run.notes().forEach(page::item);
        if (!run.ledger().isEmpty()) {
            page.wrap("", "", LedgerSentences.overhead(run.ledger().overhead()));
            page.blank();
        }
        if (!run.skipped().isEmpty()) {
            page.line(BOLD, "Skipped");
            run.skipped().forEach(skipped -> page.item(Footnotes.skipped(skipped)));
            page.blank();
        }
        if (!run.complete()) {
            page.wrap(YELLOW, "", "Interrupted: not every planned trial ran. What is here is valid.");
        }
        if (summary.groups().isEmpty()) {
            page.wrap(YELLOW, "", "No trial ran.");
        }
        return page.toString();
    }

    private void render(Page page, ReportedRun reported, Group group) {
        Run run = reported.run();
        Ranking ranking = reported.ranking(group);
        String gap = widthColumns >= WIDTH_OF_TWO_SPACES ? "  " : " ";
        int numbers = gap.length() * COLUMNS.length;
        for (int column : COLUMNS) {
            numbers += column;
        }
        int longest = ranking.rows().stream()
                .mapToInt(row -> row.label().length())
                .max()
                .orElse(SIDE_MIN);
        int side = Math.min(Math.clamp(longest, SIDE_MIN, SIDE_MAX), widthColumns - numbers);
        int bar = Math.min(widthColumns - numbers - side - gap.length(), BAR_MAX);

        page.line(BOLD, Words.title(group.workload()));
        StringBuilder heading = new StringBuilder(pad("side", side));
        for (int i = 0; i < COLUMNS.length; i++) {
            String name = i == MAX && ranking.severalGenerators() ? "gen µs" : HEADINGS.get(i);
            heading.append(gap).append(padLeft(name, COLUMNS[i]));
        }
        page.line(DIM, heading.toString());
        double scale = ranking.rows().stream()
                .mapToDouble(row -> row.ratio().orElse(0))
                .max()
                .orElse(1);
        for (Row row : ranking.rows()) {
            StringBuilder line = new StringBuilder(pad(fit(Words.printable(row.label()), side), side));
            List<String> cells = cells(row, ranking.severalGenerators());
            for (int i = 0; i < COLUMNS.length; i++) {
                boolean marked = row.point().generatorLimited() > 0
                        && LIMITED.contains(i - 1)
                        && !(i - 1 == MAX && ranking.severalGenerators());
                line.append(marked ? "*" + gap.substring(1) : gap).append(padLeft(cells.get(i), COLUMNS[i]));
            }
            if (bar >= BAR_MIN && row.ratio().isPresent()) {
                int length = (int) Math.round(row.ratio().getAsDouble() / scale * bar);
                line.append(gap).append((row.isRanked() ? "█" : "░").repeat(Math.max(1, length)));
            }
            page.line(colourOf(row), line.toString());
        }
        notes(page, reported, ranking);
        ledger(page, LedgerView.of(run, ranking));
        page.blank();
    }

    private void ledger(Page page, LedgerView view) {
        if (view.isEmpty()) {
            return;
        }
        page.blank();
        for (LedgerText.TextLine line : LedgerText.lines(view, widthColumns)) {
            page.line(line.heading() ? DIM : "", line.text());
        }
        view.notes().stream().limit(REASONS_MAX).forEach(page::item);
        LedgerSentences.of(view).forEach(sentence -> page.wrap("", "", sentence));
    }

    private static void notes(Page page, ReportedRun reported, Ranking ranking) {
        Run run = reported.run();
        Group group = ranking.group();
        page.wrap(
                DIM,
                "",
                "CPU: user + system of the server, core: busy time of its cores, both per request; %s; spread: range of CPU / median; ratio: to the lowest CPU (? not shown, ≈ the same); in parentheses behind a ratio: its 95 %% interval."
                        .formatted("p50 to max: " + Words.times(group.workload().load())));
        if (!ranking.with(Standing.CEILING).isEmpty()) {
            page.wrap(DIM, "", "In parentheses: reads no file; for scale, not ranked.");
        }
        if (!ranking.with(Standing.DEVICE).isEmpty()) {
            page.wrap(DIM, "", "(device): reads the device while the others read memory; not ranked.");
        }
        List<String> notes = new ArrayList<>(Footnotes.notCounted(run, group));
        notes.addAll(Footnotes.unknown(group));
        notes.stream().limit(REASONS_MAX).forEach(page::item);
        if (notes.size() > REASONS_MAX) {
            page.item("and " + (notes.size() - REASONS_MAX) + " more, in report.md");
        }
        Headline.of(reported, ranking).ifPresent(headline -> page.wrap(BOLD, "", headline.sentence()));
        for (String sentence : RankingText.sentences(ranking)) {
            page.wrap("", "", sentence);
        }
        ControlSentence.of(run, group).ifPresent(sentence -> page.wrap("", "", sentence));
    }

    private static List<String> cells(Row row, boolean severalGenerators) {
        Point point = row.point();
        Latency latency = point.times().latency();
        return List.of(
                Words.medianRate(point.requestsPerSecond()),
                Words.median(point.cpuMicros()),
                Words.median(point.coreBusyMicros()),
                time(latency.p50Micros()),
                time(latency.p99Micros()),
                time(latency.p999Micros()),
                severalGenerators ? Words.median(point.generatorMicros()) : time(latency.maxMicros()),
                spread(point.cpuMicros()),
                standing(row));
    }

    private static String time(Measured micros) {
        return Words.time(micros).replace(" ", "");
    }

    private static String spread(Spread spread) {
        return spread instanceof Spread.Over over && over.launches() > 1
                ? String.format(Locale.ROOT, "%.0f%%", over.relativeRange() * 100)
                : Words.UNKNOWN;
    }

    static String standing(Row row) {
        String ratio = row.ratio().isPresent() ? Words.ratio(row.ratio().getAsDouble()) : Words.UNKNOWN;
        return switch (row.standing()) {
            case ONLY -> "only";
            case BEST -> "best";
            case LOWEST -> "lowest";
            case TIED -> row.ratio().orElse(0) == 1 ? "lowest" : "≈" + ratio;
            case BEHIND -> ratio;
            case ABOVE -> ratio + "?";
            case CEILING, DEVICE -> "(" + ratio + ")";
            case UNRANKED -> Words.UNKNOWN;
        };
    }

    private static String colourOf(Row row) {
        return switch (row.standing()) {
            case BEST -> GREEN;
            case ONLY, LOWEST, TIED, BEHIND, ABOVE -> "";
            case CEILING, DEVICE, UNRANKED -> DIM;
        };
    }

    private static String fit(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String padLeft(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /// Lines, wrapped, coloured, in the terminal's character set.
    private final class Page {
        private final StringBuilder out = new StringBuilder();

        void blank() {
            out.append('\n');
        }

        void line(String style, String text) {
            String shown = charset(Words.printable(text)).stripTrailing();
            boolean styled = colour && !style.isEmpty();
            out.append(styled ? "\u001b[" + style + "m" : "")
                    .append(shown)
                    .append(styled ? "\u001b[0m" : "")
                    .append('\n');
        }

        void item(String text) {
            wrap("", "· ", text);
        }

        void wrap(String style, String bullet, String text) {
            String indent = " ".repeat(bullet.length());
            StringBuilder line = new StringBuilder(bullet);
            for (String word : Words.printable(text).split(" ", -1)) {
                if (line.length() + word.length() > widthColumns && line.length() > bullet.length()) {
                    line(style, line.toString());
                    line = new StringBuilder(indent);
                }
                line.append(fit(word, widthColumns - bullet.length())).append(' ');
            }
            line(style, line.toString());
        }

        private String charset(String text) {
            if (unicode) {
                return text;
            }
            return text.replace('µ', 'u')
                    .replace('×', 'x')
                    .replace('≈', '~')
                    .replace('–', '-')
                    .replace('·', '-')
                    .replace('█', '#')
                    .replace('░', ':')
                    .replace('…', '~')
                    .replaceAll("[^\\x20-\\x7e]", "?");
        }

        @Override
        public String toString() {
            return out.toString();
        }
    }
}
