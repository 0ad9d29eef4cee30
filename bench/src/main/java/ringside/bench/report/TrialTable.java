package ringside.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import ringside.bench.result.Latency;
import ringside.bench.result.Measured;
import ringside.bench.result.Measurements;
import ringside.bench.result.Outcome;
import ringside.bench.result.Run;
import ringside.bench.result.Trial;

/// Every trial in order of execution; those that don't count are grey, with their reason.
final class TrialTable {
    private static final List<String> HEADS = List.of(
            "#",
            "block",
            "side",
            "workload",
            "req/s",
            "user",
            "system",
            "core",
            "p50",
            "p99",
            "max",
            "switches",
            "generator",
            "resident",
            "checked");
    private static final int COLUMNS_BEFORE_NUMBERS = 4;

    private static final Set<String> WORDS = Set.of("side", "workload");

    private final Markup page;

    TrialTable(Markup page) {
        this.page = page;
    }

    void draw(Run run) {
        page.open("section").element("h2", "Trials");
        page.element(
                "p",
                "In order of execution; those of the ledger last. user, system, core and generator: µs of"
                        + " CPU per request; switches: context switches of the server per request; resident:"
                        + " page-cache residency of the files before and after; checked: answers whose content was"
                        + " compared. Percentiles: response time since the intended start in an open loop, else"
                        + " service time.",
                "class",
                "quiet");
        page.open("div", "class", "scroll", "tabindex", "0")
                .open("table", "class", "trials")
                .open("thead")
                .open("tr");
        HEADS.forEach(head -> page.element("th", head, "scope", "col", "class", WORDS.contains(head) ? "words" : ""));
        page.close("tr").close("thead").open("tbody").newline();
        run.trials().forEach(trial -> row(trial, Integer.toString(trial.block())));
        run.ledger().trials().forEach(counted -> row(counted.trial(), "ledger"));
        page.close("tbody").close("table").close("div").close("section").newline();
    }

    private void row(Trial trial, String block) {
        String remarks = remarks(trial);
        String kind = (trial.isValid() ? "valid" : "void") + (remarks.isEmpty() ? "" : " remarked");
        page.open("tr", "class", kind);
        page.element("td", Integer.toString(trial.index()));
        page.element("td", block);
        page.element("th", trial.side().label(), "scope", "row");
        page.element("td", Words.brief(trial.workload()), "class", "words");
        List<String> cells = trial.measurements().map(TrialTable::numbers).orElse(List.of());
        int numbers = HEADS.size() - COLUMNS_BEFORE_NUMBERS;
        for (int i = 0; i < numbers; i++) {
            page.element("td", i < cells.size() ? cells.get(i) : Words.UNKNOWN);
        }
        page.close("tr").newline();
        if (!remarks.isEmpty()) {
            page.open("tr", "class", "remarks").open("td", "colspan", "2").close("td");
            page.element("td", remarks, "colspan", Integer.toString(HEADS.size() - 2), "class", "words");
            page.close("tr").newline();
        }
    }

    private static List<String> numbers(Measurements m) {
        Latency times = m.responseTime().p50Micros().isKnown() ? m.responseTime() : m.serviceTime();
        return List.of(
                Words.rate(m.requestsPerSecond()),
                number(m.server().userMicrosPerRequest()),
                number(m.server().systemMicrosPerRequest()),
                number(m.server().coreBusyMicrosPerRequest()),
                Words.time(times.p50Micros()),
                Words.time(times.p99Micros()),
                Words.time(times.maxMicros()),
                number(m.server().contextSwitchesPerRequest()),
                number(m.generator().cpuMicrosPerRequest()),
                residency(m.residencyBefore()) + " → " + residency(m.residencyAfter()),
                Words.rate((double) m.bodiesChecked()));
    }

    private static String remarks(Trial trial) {
        List<String> remarks = new ArrayList<>();
        switch (trial.outcome()) {
            case Outcome.Valid _ -> {}
            case Outcome.Voided(String reason, Measurements _) -> remarks.add("void: " + reason);
            case Outcome.Failed(String reason) -> remarks.add("failed: " + reason);
        }
        trial.measurements().ifPresent(m -> {
            if (m.generator().limited().isYes()) {
                remarks.add("generator's limit"
                        + (m.generator().sentence().isBlank()
                                ? ""
                                : ": " + m.generator().sentence()));
            }
            for (Map.Entry<String, Long> error : m.errors().entrySet()) {
                remarks.add(error.getValue() + " × " + error.getKey());
            }
        });
        remarks.addAll(trial.notes());
        return String.join("; ", remarks);
    }

    private static String number(Measured measured) {
        return measured instanceof Measured.Value(double value) ? Words.digits(value) : Words.UNKNOWN;
    }

    private static String residency(Measured fraction) {
        // Rounded down: 100 % means all of it.
        return fraction instanceof Measured.Value(double value)
                ? String.format(Locale.ROOT, "%.0f %%", Math.floor(100 * value))
                : Words.UNKNOWN;
    }
}
