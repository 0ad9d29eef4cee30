package ringside.bench.export;

import java.util.ArrayList;
import java.util.List;
import ringside.bench.compare.ComparisonTable;
import ringside.bench.judge.Verdict;
import ringside.bench.report.Words;

/// Markdown for a pull request: the answer, what got worse, what nobody knows, and the rest folded away.
public final class PullRequestMarkdown {

    private PullRequestMarkdown() {}

    public static String render(VerdictList list) {
        StringBuilder text = new StringBuilder();
        text.append("### ").append(escaped(list.title())).append("\n\n");
        text.append("**").append(escaped(capital(list.sentence()))).append(".**\n\n");
        table(text, "Regressed", list.with(Verdict.REGRESSED));
        table(text, "Inconclusive: no pass", list.with(Verdict.INCONCLUSIVE));
        table(text, "Improved", list.with(Verdict.IMPROVED));
        List<VerdictList.Line> equivalent = list.with(Verdict.EQUIVALENT);
        if (!equivalent.isEmpty()) {
            text.append("<details><summary>").append(equivalent.size()).append(" equivalent</summary>\n\n");
            rows(text, equivalent);
            text.append("</details>\n\n");
        }
        for (String note : list.notes()) {
            text.append("- ").append(escaped(note)).append('\n');
        }
        return text.toString().stripTrailing() + "\n";
    }

    private static void table(StringBuilder text, String title, List<VerdictList.Line> lines) {
        if (!lines.isEmpty()) {
            text.append("**").append(title).append("**\n\n");
            rows(text, lines);
        }
    }

    private static void rows(StringBuilder text, List<VerdictList.Line> lines) {
        text.append("| side | workload | metric | baseline | now | change | 95 % interval | why |\n");
        text.append("|---|---|---|--:|--:|--:|---|---|\n");
        for (VerdictList.Line line : lines) {
            List<String> cells = new ArrayList<>();
            cells.add(line.comparison().candidate());
            cells.add(Words.brief(line.comparison().workload()));
            cells.add(line.judgement().metric().title() + ", "
                    + line.judgement().metric().unit());
            cells.add(ComparisonTable.value(line.judgement().baseline()));
            cells.add(ComparisonTable.value(line.judgement().candidate()));
            cells.add(ComparisonTable.change(line.judgement()));
            cells.add(ComparisonTable.interval(line.judgement()));
            cells.add(line.words());
            text.append("| ");
            text.append(String.join(
                    " | ", cells.stream().map(PullRequestMarkdown::escaped).toList()));
            text.append(" |\n");
        }
        text.append('\n');
    }

    private static String capital(String sentence) {
        return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }

    /// Nothing of a run can break out of its cell, or be taken for markup.
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        Words.printable(text).codePoints().forEach(c -> {
            if ("\\`*_{}[]<>#|~".indexOf(c) >= 0) {
                escaped.append('\\');
            }
            escaped.appendCodePoint(c);
        });
        return escaped.toString();
    }
}
