package ringside.bench.explain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import ringside.bench.report.HtmlReport;
import ringside.bench.report.Markup;

/// An explanation as one page that needs no network and no script: the lanes to scale, then every step in its
/// order beside the lanes.
public final class HtmlTimeline {

    private final Markup page = new Markup();
    private final Explanation explanation;

    private HtmlTimeline(Explanation explanation) {
        this.explanation = explanation;
    }

    /// @return the whole page, well-formed XML as well as HTML
    public static String render(Explanation explanation) {
        HtmlTimeline timeline = new HtmlTimeline(explanation);
        timeline.write();
        return timeline.page.toString();
    }

    private void write() {
        page.verbatim("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
        page.empty("meta", "charset", "utf-8");
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.empty("meta", "name", "color-scheme", "content", "light dark");
        page.element("title", explanation.side() + " · ringside explain").newline();
        page.open("style")
                .verbatim(resource(HtmlReport.class, "report.css"))
                .verbatim(resource(HtmlTimeline.class, "explain.css"))
                .close("style")
                .close("head")
                .newline();
        page.open("body").open("main").open("header");
        page.element("p", "ringside explain", "class", "kicker");
        page.element("h1", explanation.side());
        page.element("p", explanation.bytesWay());
        page.element("p", Phrases.circumstances(explanation) + ".", "class", "quiet");
        page.close("header").newline();
        sums();
        Timeline timeline = explanation.timeline();
        page.open("section").element("h2", "To scale");
        legend();
        new LanesPlot(page, timeline).draw();
        page.close("section").newline();
        page.open("section").element("h2", "In order");
        new StepGraph(page, timeline).draw();
        page.close("section").newline();
        page.close("main").close("body").close("html").newline();
    }

    private void sums() {
        Totals totals = explanation.timeline().totals();
        page.open("section", "class", "verdicts", "aria-label", "Sums");
        for (String sentence : List.of(
                Phrases.calls(totals),
                Phrases.ring(totals),
                Phrases.bytes(totals),
                Phrases.storage(totals),
                Phrases.engine(explanation),
                Phrases.time(explanation))) {
            if (!sentence.isEmpty()) {
                page.element("p", sentence);
            }
        }
        page.close("section");
        String others = Phrases.others(explanation.timeline());
        if (!others.isEmpty()) {
            page.element("p", others + ".", "class", "quiet");
        }
        for (String note : explanation.notes()) {
            page.element("p", note, "class", "warning");
        }
        page.newline();
    }

    private void legend() {
        page.open("p", "class", "legend", "aria-label", "Colours");
        for (Category category : Category.values()) {
            boolean used = explanation.timeline().shown().stream().anyMatch(step -> Category.of(step) == category);
            if (used) {
                page.open("span", "class", category.hue())
                        .element("i", "", "class", "swatch")
                        .text(category.label())
                        .close("span");
            }
        }
        page.element("span", "pale: not on a CPU; arrows: from submission to completion", "class", "key");
        page.close("p");
    }

    private static String resource(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the jar: rebuild ringside");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " can't be read from the jar", e);
        }
    }
}
