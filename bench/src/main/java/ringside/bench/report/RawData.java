package ringside.bench.report;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import ringside.bench.evidence.LaunchCsv;
import ringside.bench.evidence.VerdictsFile;
import ringside.bench.result.LedgerTrial;
import ringside.bench.result.RunFile;
import ringside.bench.result.Trial;

/// What the report was made of: the launches' numbers and the verdicts within the page, to be saved from it, and links
/// to the files beside it.
final class RawData {

    private final Markup page;
    private final ReportedRun reported;
    private final Path base;

    /// @param base the run's directory as seen from the page's
    RawData(Markup page, ReportedRun reported, Path base) {
        this.page = page;
        this.reported = reported;
        this.base = base;
    }

    void draw() {
        page.open("section").element("h2", "Raw data");
        page.open("p").text("Within this page: ");
        embedded("launches.csv", "text/csv", LaunchCsv.render(reported.evidence()));
        page.text(" (a line for each launch and metric), ");
        embedded("verdicts.json", "application/json", VerdictsFile.text(reported.run(), reported.verdicts()));
        page.text(" (every verdict with its interval and reason).").close("p");
        page.open("p").text("Beside it: ");
        link(RunFile.NAME).text(" (the machine, the plan, every trial), ");
        link(VerdictsFile.NAME).text(", and the histogram log of each trial, with its course over time.");
        page.close("p");
        logs();
        page.close("section").newline();
    }

    private void logs() {
        List<Trial> trials = new ArrayList<>(reported.run().trials());
        reported.run().ledger().trials().stream().map(LedgerTrial::trial).forEach(trials::add);
        List<Trial> logged = trials.stream()
                .filter(trial -> trial.measurements().isPresent())
                .toList();
        if (logged.isEmpty()) {
            return;
        }
        page.open("details").element("summary", Words.count(logged.size(), "histogram log", "histogram logs"));
        page.open("ul", "class", "logs");
        for (Trial trial : logged) {
            page.open("li");
            link(trial.measurements().orElseThrow().hlogFile());
            page.text(" " + trial.side().label()).close("li");
        }
        page.close("ul").close("details");
    }

    private Markup link(String file) {
        String path = base.resolve(file).toString();
        return page.element("a", file, "href", encoded(path));
    }

    /// A relative reference (RFC 3986): what isn't plain is percent-encoded, so that no name becomes a scheme or a
    /// query.
    private static String encoded(String path) {
        StringBuilder text = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "/-._~".indexOf(c) >= 0);
            text.append(plain ? String.valueOf(c) : "%%%02X".formatted(b & 0xff));
        }
        return text.toString();
    }

    private void embedded(String name, String type, String text) {
        String data = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        page.element("a", name, "download", name, "href", "data:" + type + ";charset=utf-8;base64," + data);
    }
}
