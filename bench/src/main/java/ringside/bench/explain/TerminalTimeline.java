package ringside.bench.explain;

import java.util.ArrayList;
import java.util.List;

/// An explanation for a terminal: a line for each step, then the sums in words.
///
/// @param widthColumns of the terminal; used between 80 and 180
/// @param colour whether to emit ANSI colours
/// @param all whether to show the threads that didn't take part, too, and every line of a long timeline
public record TerminalTimeline(int widthColumns, boolean colour, boolean all) {

    private static final int WIDTH_MIN = 80;
    private static final int WIDTH_MAX = 180;
    private static final int TIME = 6;
    private static final int THREAD_MAX = 15;
    private static final int MEANING_MIN = 22;
    private static final int MEANING_MAX = 46;

    /// Of a longer timeline the middle is left out.
    private static final int LINES_MAX = 120;

    private static final int TAIL_LINES = 40;

    private static final String PLAIN = "";
    private static final String BOLD = "1";
    private static final String DIM = "2";
    private static final String YELLOW = "33";
    private static final String CYAN = "36";

    public TerminalTimeline {
        widthColumns = Math.clamp(widthColumns, WIDTH_MIN, WIDTH_MAX);
    }

    /// @return lines that each end in a newline, none wider than the terminal
    public String render(Explanation explanation) {
        StringBuilder page = new StringBuilder();
        Timeline timeline = explanation.timeline();
        paragraph(page, BOLD, explanation.side() + ": " + explanation.bytesWay());
        paragraph(page, PLAIN, Phrases.circumstances(explanation) + ".");
        page.append('\n');
        table(page, timeline);
        page.append('\n');
        Totals totals = timeline.totals();
        paragraph(page, PLAIN, Phrases.calls(totals));
        paragraph(page, PLAIN, Phrases.ring(totals));
        paragraph(page, PLAIN, Phrases.bytes(totals));
        paragraph(page, PLAIN, Phrases.storage(totals));
        paragraph(page, PLAIN, Phrases.engine(explanation));
        paragraph(page, PLAIN, Phrases.time(explanation));
        String others = Phrases.others(timeline);
        if (!all && !others.isEmpty()) {
            paragraph(page, DIM, others + "; --all shows them.");
        }
        if (!explanation.isTypical()) {
            paragraph(page, YELLOW, "No sequence was that of most requests: run it again, with more --requests.");
        }
        explanation.notes().forEach(note -> paragraph(page, YELLOW, note));
        return page.toString();
    }

    private void table(StringBuilder page, Timeline timeline) {
        List<Step> steps = all ? timeline.steps() : timeline.shown();
        int thread = steps.stream()
                .mapToInt(step -> shortName(timeline, step).length())
                .max()
                .orElse(0);
        thread = Math.clamp(thread, "thread".length(), THREAD_MAX);
        int rest = widthColumns - 2 * (TIME + 2) - thread - 2 - 2;
        int meaning = Math.clamp(rest * 42L / 100, MEANING_MIN, MEANING_MAX);
        int call = rest - meaning;
        line(
                page,
                DIM,
                padLeft("µs", TIME) + padLeft("took", TIME + 2) + "  " + pad("thread", thread) + "  "
                        + pad("call = result", call) + "  what it stands for");
        int leftOutFrom = all || steps.size() <= LINES_MAX ? steps.size() : LINES_MAX - TAIL_LINES;
        int leftOutTo = all || steps.size() <= LINES_MAX ? steps.size() : steps.size() - TAIL_LINES;
        for (int i = 0; i < steps.size(); i++) {
            if (i == leftOutFrom && i < leftOutTo) {
                line(page, DIM, "       … " + (leftOutTo - leftOutFrom) + " lines left out; --all shows them …");
            }
            if (i < leftOutFrom || i >= leftOutTo) {
                row(page, timeline, steps.get(i), thread, call, meaning);
            }
        }
    }

    private void row(StringBuilder page, Timeline timeline, Step step, int thread, int call, int meaning) {
        String indent = "  ".repeat(step.depth());
        String result = step.result();
        String text = step.text() + (result.isEmpty() ? "" : " =" + (result.startsWith(" ") ? "" : " ") + result);
        List<String> calls = wrap(text, call - indent.length());
        List<String> meanings = wrap(step.meaning(), meaning);
        for (int i = 0; i < Math.max(calls.size(), meanings.size()); i++) {
            String left = i == 0
                    ? padLeft(Long.toString(step.atMicros()), TIME)
                            + padLeft(took(step), TIME + 2)
                            + "  "
                            + pad(shortName(timeline, step), thread)
                    : " ".repeat(2 * TIME + 4 + thread);
            String cell = i < calls.size() ? indent + (i == 0 ? "" : "    ") + calls.get(i) : "";
            String said = i < meanings.size() ? meanings.get(i) : "";
            line(page, style(step), (left + "  " + pad(cell, call) + "  " + said).stripTrailing());
        }
    }

    private static String took(Step step) {
        if (step.beganEarlier()) {
            return "";
        }
        return step.durationMicros().isPresent()
                ? Long.toString(step.durationMicros().getAsLong())
                : step.kind() == Step.Kind.CALL ? "…" : "";
    }

    private static String style(Step step) {
        return switch (step.kind()) {
            case CALL -> PLAIN;
            case SUBMISSION, COMPLETION, ARM -> CYAN;
            case PUNT, NOTE, PAGES, FAULT, BLOCK -> YELLOW;
            case SLEEP, RUN -> DIM;
        };
    }

    private static String shortName(Timeline timeline, Step step) {
        return Phrases.threadName(timeline, step.threadId());
    }

    /// Cuts a text into lines at blanks; the second and later ones are four columns shorter, for their indent.
    static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            int room = lines.isEmpty() ? width : width - 4;
            if (!line.isEmpty() && line.length() + 1 + word.length() > room) {
                lines.add(line.toString());
                line.setLength(0);
                room = width - 4;
            }
            String rest = word;
            while (line.isEmpty() && rest.length() > room) {
                lines.add(rest.substring(0, room));
                rest = rest.substring(room);
                room = width - 4;
            }
            line.append(line.isEmpty() ? "" : " ").append(rest);
        }
        lines.add(line.toString());
        return lines;
    }

    private void paragraph(StringBuilder page, String style, String text) {
        if (!text.isEmpty()) {
            List<String> lines = wrap(text, widthColumns);
            for (int i = 0; i < lines.size(); i++) {
                line(page, style, (i == 0 ? "" : "    ") + lines.get(i));
            }
        }
    }

    private void line(StringBuilder page, String style, String text) {
        boolean styled = colour && !style.isEmpty();
        page.append(styled ? "\u001b[" + style + "m" : "")
                .append(text)
                .append(styled ? "\u001b[0m" : "")
                .append('\n');
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String padLeft(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
