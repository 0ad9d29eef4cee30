package ringside.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What every page of a report begins and ends with: its style is within it, so that it needs nothing beside it.
final class PageFrame {

    private PageFrame() {}

    static void open(Markup page, String title) {
        page.verbatim("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
        page.empty("meta", "charset", "utf-8");
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.empty("meta", "name", "color-scheme", "content", "light dark");
        page.element("title", title).newline();
        page.open("style").verbatim(styleSheet()).close("style").close("head").newline();
        page.open("body").open("main");
    }

    static void close(Markup page) {
        page.close("main").close("body").close("html").newline();
    }

    /// Remarks, small; nothing without any.
    static void list(Markup page, List<String> items) {
        if (!items.isEmpty()) {
            page.open("ul", "class", "quiet");
            items.forEach(item -> page.element("li", item));
            page.close("ul");
        }
    }

    private static String styleSheet() {
        try (InputStream in = PageFrame.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IllegalStateException("report.css is missing from the jar: rebuild ringside");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("report.css can't be read from the jar", e);
        }
    }
}
