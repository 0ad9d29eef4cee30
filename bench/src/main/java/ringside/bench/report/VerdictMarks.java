package ringside.bench.report;

import ringside.bench.judge.Metric;
import ringside.bench.judge.Verdict;

/// How pages show a verdict: a colour and, for who doesn't see it, a sign.
final class VerdictMarks {

    private VerdictMarks() {}

    /// `▲` improved, `▼` regressed, `■` equivalent, `○` nobody knows.
    static String sign(Verdict verdict) {
        return switch (verdict) {
            case IMPROVED -> "▲";
            case REGRESSED -> "▼";
            case EQUIVALENT -> "■";
            case INCONCLUSIVE -> "○";
        };
    }

    /// CSS class that sets the colour `--v`.
    static String hue(Verdict verdict) {
        return "v-" + verdict.id();
    }

    /// Which way is good.
    static String better(Metric metric) {
        return switch (metric.better()) {
            case LOWER -> "lower is better";
            case HIGHER -> "higher is better";
        };
    }

    /// The signs and what they mean.
    static void legend(Markup page) {
        page.open("p", "class", "legend");
        for (Verdict verdict : Verdict.values()) {
            page.open("span").element("b", sign(verdict), "class", "sign " + hue(verdict), "aria-hidden", "true");
            page.text(" " + verdict.id() + (verdict == Verdict.INCONCLUSIVE ? " (no pass)" : ""))
                    .close("span");
        }
        page.open("span").element("i", "", "class", "swatch margin-key").text("the metric's margin");
        page.close("span");
        page.open("span").element("i", "", "class", "swatch floor-key").text("what the A/A arm shows: two equal sides");
        page.close("span").close("p");
    }
}
