package ringside.bench.report;

import java.util.ArrayList;
import java.util.List;
import ringside.bench.report.LedgerView.Column;
import ringside.bench.report.LedgerView.Line;

/// A ledger's table in plain text: a line for each count, a column for each side, as many columns beside each other as
/// there is room for.
final class LedgerText {

    private static final int NAME_COLUMNS = 32;
    private static final int SIDE_COLUMNS_MIN = 9;
    private static final int SIDE_COLUMNS_MAX = 16;
    private static final String INDENT = "  ";

    private LedgerText() {}

    /// @param heading whether it names the columns
    record TextLine(boolean heading, String text) {}

    /// @param widthColumns no line is wider; at least 80
    static List<TextLine> lines(LedgerView view, int widthColumns) {
        int longest = SIDE_COLUMNS_MIN;
        for (Column column : view.columns()) {
            for (String part : parts(column)) {
                longest = Math.max(longest, part.length());
            }
        }
        int side = Math.min(longest, SIDE_COLUMNS_MAX) + 1;
        int beside = Math.max(1, (widthColumns - NAME_COLUMNS) / side);
        List<TextLine> lines = new ArrayList<>();
        for (int from = 0; from < view.columns().size(); from += beside) {
            table(lines, view, from, Math.min(view.columns().size(), from + beside), side);
        }
        return lines;
    }

    private static void table(List<TextLine> lines, LedgerView view, int from, int to, int side) {
        StringBuilder engines = new StringBuilder(padRight("per request", NAME_COLUMNS));
        StringBuilder transports = new StringBuilder(padRight("", NAME_COLUMNS));
        for (Column column : view.columns().subList(from, to)) {
            List<String> parts = parts(column);
            engines.append(padLeft(parts.getFirst(), side));
            transports.append(padLeft(parts.getLast(), side));
        }
        lines.add(new TextLine(true, engines.toString()));
        if (!transports.toString().isBlank()) {
            lines.add(new TextLine(true, transports.toString()));
        }
        for (Line line : view.lines()) {
            boolean part = view.calls().contains(line) && !line.isSum();
            StringBuilder text = new StringBuilder(padRight((part ? INDENT : "") + line.name(), NAME_COLUMNS));
            for (int column = from; column < to; column++) {
                text.append(padLeft(line.text(column).replace(" ", ""), side));
            }
            lines.add(new TextLine(false, text.toString()));
        }
    }

    /// The label in two lines: `sendfile`, `/epoll`.
    private static List<String> parts(Column column) {
        String label = Words.printable(column.label());
        int slash = label.lastIndexOf('/');
        return slash <= 0 ? List.of(label, "") : List.of(label.substring(0, slash), label.substring(slash));
    }

    private static String padRight(String text, int width) {
        return fit(text, width - 1) + " ".repeat(Math.max(1, width - text.length()));
    }

    private static String padLeft(String text, int width) {
        String shown = fit(text, width - 1);
        return " ".repeat(width - shown.length()) + shown;
    }

    private static String fit(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }
}
