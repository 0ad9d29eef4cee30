package ringside.bench.history;

import java.util.List;
import ringside.bench.history.Series.Change;
import ringside.bench.history.Series.Observation;
import ringside.bench.report.Markup;
import ringside.bench.report.Words;

/// A history as one HTML page: for each series a drawing (SVG) with its levels and changes, and the numbers behind it
/// in
/// a table. Needs no network; follows the light or dark of the reader.
public final class HistoryPage {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 180;
    private static final int LEFT = 64;
    private static final int RIGHT = 16;
    private static final int TOP = 14;
    private static final int BOTTOM = 24;
    private static final double ROOM = 0.08;

    private static final String STYLE = """
            :root{color-scheme:light dark;--ink:#1b1f24;--dim:#5c6670;--paper:#fff;--line:#0b6bcb;--bad:#c0392b;--good:#1e8449}
            @media(prefers-color-scheme:dark){:root{--ink:#e6e8ea;--dim:#9aa4ad;--paper:#14171a;--line:#6cb2ff;--bad:#ff8a75;--good:#6fd38b}}
            body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:760px;margin:2rem auto;padding:0 1rem}
            svg{width:100%;height:auto}text{fill:var(--dim);font-size:12px}
            .point{fill:var(--line)}.level{stroke:var(--line);stroke-width:2;opacity:.55}.axis{stroke:var(--dim);opacity:.5}
            .worse{stroke:var(--bad)}.better{stroke:var(--good)}.change{stroke-width:1.5;stroke-dasharray:4 3}
            li.worse{color:var(--bad)}li.better{color:var(--good)}
            table{border-collapse:collapse}td,th{padding:.1rem .8rem .1rem 0;text-align:left}td.n{text-align:right}
            """;

    private HistoryPage() {}

    public static String render(History history) {
        Markup page = new Markup();
        page.verbatim("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
        page.empty("meta", "charset", "utf-8")
                .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .element("title", "ringside history")
                .open("style")
                .verbatim(STYLE)
                .close("style")
                .close("head")
                .open("body")
                .element("h1", "History")
                .newline();
        long changes = history.series().stream()
                .mapToLong(series -> series.changes().size())
                .sum();
        page.element(
                "p",
                Words.count(changes, "change", "changes") + " in "
                        + Words.count(history.series().size(), "series", "series")
                        + ". A dashed line is a change of level that chance makes in at most 5 of 100 histories"
                        + " (E-divisive, permutation test).");
        history.series().forEach(series -> section(page, series));
        return page.close("body").close("html").newline().toString();
    }

    private static void section(Markup page, Series series) {
        String title = series.side() + ": " + series.metric().title() + ", "
                + series.metric().unit();
        page.open("section").element("h2", title).element("p", Words.title(series.workload()));
        plot(page, series, title);
        if (series.changes().isEmpty()) {
            page.element(
                    "p",
                    series.observations().size() < History.RUNS_LEAST
                            ? "Fewer than " + History.RUNS_LEAST + " runs: no change can be shown."
                            : "No change is shown.");
        } else {
            page.open("ul");
            for (Change change : series.changes()) {
                page.element(
                        "li",
                        HistoryText.sentence(series, change),
                        "class",
                        series.isWorse(change) ? "worse" : "better");
            }
            page.close("ul");
        }
        page.open("details").element("summary", "Numbers").open("table").open("tr");
        for (String heading : List.of("run", "commit", "started", "value")) {
            page.element("th", heading, "scope", "col");
        }
        page.close("tr");
        for (Observation observation : series.observations()) {
            page.open("tr")
                    .element("td", observation.run())
                    .element("td", HistoryText.commit(observation.commit()))
                    .element("td", observation.startedAt().toString())
                    .element("td", Words.digits(observation.value()), "class", "n")
                    .close("tr");
        }
        page.close("table").close("details").close("section").newline();
    }

    private static void plot(Markup page, Series series, String title) {
        double low = Double.MAX_VALUE;
        double high = 0;
        for (Observation observation : series.observations()) {
            low = Math.min(low, observation.value());
            high = Math.max(high, observation.value());
        }
        double room = Math.max((high - low) * ROOM, high * 0.01);
        Scale scale = new Scale(series.observations().size(), low - room, high + room);
        page.open(
                "svg",
                "viewBox",
                "0 0 " + WIDTH + " " + HEIGHT,
                "role",
                "img",
                "aria-label",
                title + " over " + series.observations().size() + " runs");
        for (double tick : new double[] {low, high}) {
            line(page, "axis", LEFT, scale.y(tick), WIDTH - RIGHT, scale.y(tick));
            page.element(
                    "text",
                    Words.digits(tick),
                    "x",
                    Integer.toString(LEFT - 6),
                    "y",
                    Markup.number(scale.y(tick) + 4),
                    "text-anchor",
                    "end");
        }
        levels(page, series, scale);
        for (Change change : series.changes()) {
            double x = (scale.x(change.index()) + scale.x(change.index() - 1)) / 2;
            line(page, "change " + (series.isWorse(change) ? "worse" : "better"), x, TOP, x, HEIGHT - BOTTOM);
        }
        for (int i = 0; i < series.observations().size(); i++) {
            double value = series.observations().get(i).value();
            page.empty(
                    "circle",
                    "class",
                    "point",
                    "cx",
                    Markup.number(scale.x(i)),
                    "cy",
                    Markup.number(scale.y(value)),
                    "r",
                    "3");
        }
        String first = series.observations().getFirst().startedAt().toString().substring(0, 10);
        String last = series.observations().getLast().startedAt().toString().substring(0, 10);
        String y = Integer.toString(HEIGHT - 6);
        page.element("text", first, "x", Integer.toString(LEFT), "y", y);
        page.element("text", last, "x", Integer.toString(WIDTH - RIGHT), "y", y, "text-anchor", "end");
        page.close("svg");
    }

    private static void levels(Markup page, Series series, Scale scale) {
        int from = 0;
        for (int i = 0; i <= series.changes().size(); i++) {
            boolean last = i == series.changes().size();
            int to = last
                    ? series.observations().size()
                    : series.changes().get(i).index();
            if (!series.changes().isEmpty()) {
                double level = last
                        ? series.changes().get(i - 1).after()
                        : series.changes().get(i).before();
                line(page, "level", scale.x(from), scale.y(level), scale.x(to - 1), scale.y(level));
            }
            from = to;
        }
    }

    private static void line(Markup page, String type, double x1, double y1, double x2, double y2) {
        page.empty(
                "line",
                "class",
                type,
                "x1",
                Markup.number(x1),
                "y1",
                Markup.number(y1),
                "x2",
                Markup.number(x2),
                "y2",
                Markup.number(y2));
    }

    /// From runs and values to the drawing.
    private record Scale(int count, double low, double high) {
        double x(double index) {
            double step = count < 2 ? 0 : (WIDTH - LEFT - RIGHT) / (count - 1.0);
            return LEFT + index * step;
        }

        double y(double value) {
            return TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low);
        }
    }
}
