package ringside.bench.report;

import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Set;

/// Writes HTML and SVG that is well-formed XML too: every element is closed, every text and attribute escaped.
/// One thread.
public final class Markup {
    private static final Set<String> VOID = Set.of("meta", "rect", "line", "circle", "path", "use");

    private final StringBuilder out = new StringBuilder(1 << 16);
    private final ArrayDeque<String> open = new ArrayDeque<>();

    /// Opens an element.
    ///
    /// @param attributes name, value, name, value …; a `class` without a value is left out
    public Markup open(String name, String... attributes) {
        tag(name, attributes).append('>');
        open.push(name);
        return this;
    }

    public Markup close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /// Closes the innermost element and checks that it is the one the caller means.
    public Markup close(String name) {
        if (!name.equals(open.peek())) {
            throw new IllegalStateException("expected to close " + name + ", innermost is " + open.peek());
        }
        return close();
    }

    /// An element without content. Only for those that HTML knows as void, and SVG's: HTML reads `<i/>` as an
    /// `<i>` left open.
    public Markup empty(String name, String... attributes) {
        if (!VOID.contains(name)) {
            throw new IllegalArgumentException("HTML would leave <" + name + "/> open");
        }
        tag(name, attributes).append("/>");
        return this;
    }

    public Markup element(String name, String text, String... attributes) {
        return open(name, attributes).text(text).close();
    }

    public Markup text(String text) {
        escape(text);
        return this;
    }

    /// For the page's own style sheet and doctype: nothing that came from a run.
    public Markup verbatim(String trusted) {
        out.append(trusted);
        return this;
    }

    public Markup newline() {
        out.append('\n');
        return this;
    }

    /// A coordinate: at most two decimals.
    public static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
    }

    public static String percent(double fraction) {
        return number(100 * fraction) + "%";
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("still open: " + open);
        }
        return out.toString();
    }

    private StringBuilder tag(String name, String... attributes) {
        out.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            if (attributes[i + 1].isEmpty() && attributes[i].equals("class")) {
                continue;
            }
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
        return out;
    }

    private void escape(String text) {
        String printable = Words.printable(text);
        for (int i = 0; i < printable.length(); i++) {
            char c = printable.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
    }
}
