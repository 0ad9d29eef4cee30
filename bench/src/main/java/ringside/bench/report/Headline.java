package ringside.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import ringside.bench.judge.Comparison;
import ringside.bench.judge.Comparison.Role;
import ringside.bench.judge.Judgement;
import ringside.bench.judge.Judgement.Basis;
import ringside.bench.judge.Metric;
import ringside.bench.judge.Verdict;
import ringside.bench.report.Ranking.Standing;
import ringside.bench.result.Measured;
import ringside.bench.result.Plan;
import ringside.bench.result.Run;
import ringside.bench.result.Workload;

/// What every report says first of a workload: each side against the baseline as the judge has it, by how much, and
/// what to do where nobody knows. A part for each verdict, in the order in which a reader acts on them.
///
/// @param at `At 16 KiB (64 connections, hot)`
/// @param parts at least one
record Headline(String at, List<Part> parts) {

    /// More are in the plot and the table below.
    private static final int NAMED_MAX = 4;

    private static final List<Verdict> ORDER = List.of(Verdict.IMPROVED, Verdict.REGRESSED, Verdict.EQUIVALENT);

    /// @param text one sentence or more, each with its full stop
    record Part(Verdict verdict, String text) {}

    Headline {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a headline without parts says nothing");
        }
    }

    /// Of each workload that has something to judge.
    static List<Headline> of(ReportedRun reported) {
        return reported.summary().groups().stream()
                .flatMap(group -> of(reported, reported.ranking(group)).stream())
                .toList();
    }

    /// Empty when no side was held against the baseline.
    static Optional<Headline> of(ReportedRun reported, Ranking ranking) {
        Workload workload = ranking.group().workload();
        Set<String> scale = ranking.rows().stream()
                .filter(row -> row.standing() == Standing.CEILING || row.standing() == Standing.DEVICE)
                .map(row -> row.point().side().label())
                .collect(Collectors.toSet());
        Map<String, List<Comparison>> byBaseline = new LinkedHashMap<>();
        for (Comparison comparison : reported.comparisons(workload)) {
            if (comparison.role() == Role.CANDIDATE
                    && !scale.contains(comparison.candidate())
                    && comparison.headline().isPresent()) {
                byBaseline
                        .computeIfAbsent(comparison.baseline(), _ -> new ArrayList<>())
                        .add(comparison);
            }
        }
        List<Part> parts = new ArrayList<>();
        byBaseline.forEach((baseline, comparisons) -> parts.addAll(parts(baseline, comparisons, reported.run())));
        return parts.isEmpty() ? Optional.empty() : Optional.of(new Headline(Words.at(workload), parts));
    }

    /// All of it as text.
    String sentence() {
        return at + ": " + parts.stream().map(Part::text).collect(Collectors.joining(" "));
    }

    /// As a paragraph; each part has its sign.
    void draw(Markup page) {
        page.open("p", "class", "headline").element("b", at + ": ");
        for (Part part : parts) {
            page.element(
                    "b",
                    VerdictMarks.sign(part.verdict()),
                    "class",
                    "sign " + VerdictMarks.hue(part.verdict()),
                    "aria-hidden",
                    "true");
            page.text("\u00a0" + part.text() + " ");
        }
        page.close("p").newline();
    }

    private static List<Part> parts(String baseline, List<Comparison> comparisons, Run run) {
        List<Part> parts = new ArrayList<>();
        for (Verdict verdict : ORDER) {
            List<Comparison> of = with(verdict, comparisons);
            if (!of.isEmpty()) {
                Metric metric = headline(of.getFirst()).metric();
                String what = parts.isEmpty() ? " of " + baseline + "'s " + metric.title() : "";
                String verb = metric.equals(Metric.CPU) ? " needs " : " reaches ";
                String first = of.getFirst().candidate();
                String names = named(
                        of,
                        comparison -> comparison.candidate()
                                + (comparison.candidate().equals(first) ? verb : " ")
                                + ratio(headline(comparison)));
                parts.add(new Part(verdict, names + what + ": " + verdict + "."));
            }
        }
        Map<String, List<Comparison>> byRemedy = new LinkedHashMap<>();
        for (Comparison comparison : with(Verdict.INCONCLUSIVE, comparisons)) {
            byRemedy.computeIfAbsent(remedy(headline(comparison), run), _ -> new ArrayList<>())
                    .add(comparison);
        }
        byRemedy.forEach((remedy, of) -> {
            String what =
                    parts.isEmpty() ? " by " + headline(of.getFirst()).metric().title() : "";
            String names = named(of, comparison -> {
                String ratio = ratio(headline(comparison));
                return comparison.candidate() + (ratio.equals(Words.UNKNOWN) ? "" : " " + ratio);
            });
            parts.add(new Part(
                    Verdict.INCONCLUSIVE,
                    "Nothing is shown between %s and %s%s: %s.".formatted(baseline, names, what, remedy)));
        });
        worseElsewhere(comparisons).ifPresent(text -> parts.add(new Part(Verdict.REGRESSED, text)));
        return parts;
    }

    private static List<Comparison> with(Verdict verdict, List<Comparison> comparisons) {
        return comparisons.stream()
                .filter(comparison -> headline(comparison).verdict() == verdict)
                .sorted(Comparator.comparingDouble(
                        comparison -> headline(comparison).ratio().orElse(Double.MAX_VALUE)))
                .toList();
    }

    private static Judgement headline(Comparison comparison) {
        return comparison.headline().orElseThrow();
    }

    /// A clause that says what would tell.
    private static String remedy(Judgement open, Run run) {
        if (open.basis() instanceof Basis.Nothing(String why)) {
            return why;
        }
        if (open.basis() instanceof Basis.Interval interval && interval.isShownOnlyAlone()) {
            return "an interval without 1 isn't enough for one metric of many (Holm); more launches may tell: "
                    + more(run);
        }
        if (open.margin().isTooWide()) {
            return "two equal sides differ by %.1f %% here, which leaves nothing to be called equivalent; see ringside doctor, and run on a quieter machine"
                    .formatted(100 * open.margin().relative());
        }
        return more(run);
    }

    private static String more(Run run) {
        return run.plan().until().equals(Plan.UNTIL_REPEATS)
                ? "run with --until resolved"
                : "run again with a larger --budget";
    }

    /// What a better cost was paid for with: `But regressed: uring/epoll in throughput, 0.86× (0.81–0.92).`
    private static Optional<String> worseElsewhere(List<Comparison> comparisons) {
        List<String> worse = new ArrayList<>();
        for (Comparison comparison : comparisons) {
            List<Judgement> regressed = comparison.judgements().stream()
                    .filter(judgement -> judgement.verdict() == Verdict.REGRESSED)
                    .filter(judgement -> !judgement.metric().isCount())
                    .toList();
            if (headline(comparison).verdict() != Verdict.REGRESSED && !regressed.isEmpty()) {
                worse.add(comparison.candidate() + " in "
                        + named(regressed, judgement -> judgement.metric().title() + " " + ratio(judgement)));
            }
        }
        return worse.isEmpty()
                ? Optional.empty()
                : Optional.of("But regressed: "
                        + String.join("; ", worse.stream().limit(NAMED_MAX).toList())
                        + (worse.size() > NAMED_MAX ? "; and " + (worse.size() - NAMED_MAX) + " more sides" : "")
                        + ".");
    }

    /// `0.79× (0.74–0.85)`: with the 95 % interval where there is one.
    static String ratio(Judgement judgement) {
        if (!(judgement.ratio() instanceof Measured.Value(double ratio))) {
            return Words.UNKNOWN;
        }
        return judgement.basis() instanceof Basis.Interval interval
                ? "%s (%s)".formatted(Words.ratio(ratio), interval(interval))
                : Words.ratio(ratio);
    }

    /// `0.74–0.85`; what lies beyond any use as `<0.01–>100`.
    static String interval(Basis.Interval interval) {
        return limit(interval.estimate().within95().ratioLow()) + "–"
                + limit(interval.estimate().within95().ratioHigh());
    }

    private static String limit(double ratio) {
        if (ratio < 0.005) {
            return "<0.01";
        }
        return ratio > 100 ? ">100" : String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%.1f", ratio);
    }

    private static <T> String named(List<T> all, Function<T, String> words) {
        List<String> names =
                new ArrayList<>(all.stream().limit(NAMED_MAX).map(words).toList());
        if (all.size() > NAMED_MAX) {
            names.add(all.size() - NAMED_MAX + " more");
        }
        int last = names.size() - 1;
        return last == 0 ? names.getFirst() : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }
}
