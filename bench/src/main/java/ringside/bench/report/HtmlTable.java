package ringside.bench.report;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A table of a page: its heads, a heading cell at the start of each row, and room to scroll where it is too wide, for
/// the keyboard, too.
///
/// @param kind CSS class; may be empty
/// @param heads of the columns
/// @param words columns, from 0, whose cells are words and stand at the left; the first always does
record HtmlTable(String kind, List<String> heads, Set<Integer> words) {

    HtmlTable {
        heads = List.copyOf(heads);
        words = Set.copyOf(words);
    }

    /// Numbers, but for the first column.
    HtmlTable(String... heads) {
        this("", List.of(heads), Set.of());
    }

    /// Words throughout.
    static HtmlTable ofWords(String kind, List<String> heads) {
        return new HtmlTable(
                kind, heads, IntStream.range(0, heads.size()).boxed().collect(Collectors.toSet()));
    }

    /// @param rows each as long as the heads
    void draw(Markup page, List<List<String>> rows) {
        page.open("div", "class", "scroll", "tabindex", "0").open("table", "class", kind);
        page.open("thead").open("tr");
        for (int i = 0; i < heads.size(); i++) {
            page.element("th", heads.get(i), "scope", "col", "class", words.contains(i) ? "words" : "");
        }
        page.close("tr").close("thead").open("tbody").newline();
        for (List<String> row : rows) {
            page.open("tr").element("th", row.getFirst(), "scope", "row");
            for (int i = 1; i < row.size(); i++) {
                if (words.contains(i)) {
                    page.element("td", row.get(i), "class", "words");
                } else {
                    page.element("td", row.get(i));
                }
            }
            page.close("tr").newline();
        }
        page.close("tbody").close("table").close("div");
    }

    /// The table behind a plot: opened by who wants the numbers.
    void behind(Markup page, String summary, List<List<String>> rows) {
        page.open("details").element("summary", summary);
        draw(page, rows);
        page.close("details").newline();
    }
}
