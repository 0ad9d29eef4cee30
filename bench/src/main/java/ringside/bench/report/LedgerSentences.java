package ringside.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import ringside.bench.report.LedgerView.Column;
import ringside.bench.report.Ranking.Standing;
import ringside.bench.result.Ledger;
import ringside.bench.result.LedgerOverhead;
import ringside.bench.result.Measured;

/// What the ledgers show, in plain sentences: counts beside a ranking. That one is the cause of the other is for the
/// reader to judge.
final class LedgerSentences {

    private static final int CALLS_NAMED_MAX = 3;

    /// Calls that are made more rarely than this aren't named.
    private static final double NAMED_LEAST = 0.05;

    /// Counts closer than this are the same: counting and dividing by a rate isn't exact.
    private static final double SAME_RATIO = 1.05;

    /// A difference worth a word.
    private static final double APART_RATIO = 2;

    private static final List<String> ALSO = List.of(
            Ledger.CONTEXT_SWITCHES,
            Ledger.MINOR_FAULTS,
            Ledger.MAJOR_FAULTS,
            Ledger.PAGE_CACHE_INSERTS,
            Ledger.BLOCK_IOS,
            Ledger.PUNTS);

    private LedgerSentences() {}

    static List<String> of(LedgerView view) {
        List<Column> ranked = view.columns().stream()
                .filter(column -> column.row().isRanked())
                .toList();
        List<Column> counted = known(ranked, Ledger.SYSTEM_CALLS);
        List<String> sentences = new ArrayList<>();
        if (!counted.isEmpty()
                && counted.getFirst().label().equals(ranked.getFirst().label())) {
            sentences.add(calls(counted));
        }
        also(ranked).ifPresent(sentences::add);
        return sentences;
    }

    /// What counting costs.
    static String overhead(LedgerOverhead overhead) {
        if (!(overhead.rate().median() instanceof Measured.Value)) {
            return "What counting costs is unmeasurable: "
                    + (overhead.rate().median() instanceof Measured.Unmeasurable(String why) ? why : "") + ".";
        }
        String among = overhead.timingSpread() instanceof Measured.Value(double spread)
                ? String.format(
                        Locale.ROOT,
                        "; launches without counters differ by %.0f %% in CPU among themselves",
                        100 * spread)
                : "";
        return ("Counting was done in launches of its own, which count for nothing else. In them the server's CPU per"
                        + " request was %s that of the launches without counters, and requests per second %s (%s)%s.")
                .formatted(
                        ratio(overhead.cpu()),
                        ratio(overhead.rate()),
                        Words.count(overhead.points(), "point", "points"),
                        among);
    }

    private static String ratio(LedgerOverhead.Ratio ratio) {
        if (!(ratio.median() instanceof Measured.Value(double median))) {
            return Words.UNKNOWN;
        }
        double min = ratio.min().orElse(median);
        double max = ratio.max().orElse(median);
        return min == max
                ? Words.ratio(median)
                : "%s (%s to %s)".formatted(Words.ratio(median), Words.ratio(min), Words.ratio(max));
    }

    private static String calls(List<Column> counted) {
        Column lowest = counted.getFirst();
        List<Column> others = counted.stream()
                .skip(1)
                .sorted(Comparator.comparingDouble(LedgerSentences::calls))
                .toList();
        boolean tied = lowest.row().standing() == Standing.TIED;
        String subject = others.isEmpty()
                ? lowest.label()
                : "lowest in CPU" + (tied ? " (tied) is " : " is ") + lowest.label() + ", which";
        String sentence = "System calls per request: " + subject + " makes " + amount(lowest);
        if (others.isEmpty()) {
            return sentence + ".";
        }
        Column fewest = others.getFirst();
        Column most = others.getLast();
        if (calls(fewest) * SAME_RATIO < calls(lowest)) {
            String rest = calls(most) > calls(lowest) * SAME_RATIO
                    ? "; %s makes the most (%s)".formatted(most.label(), text(calls(most)))
                    : "; nobody makes clearly more";
            return sentence + ", not the fewest: " + fewest.label() + " makes " + amount(fewest) + rest + ".";
        }
        String and = calls(fewest) > calls(lowest) * SAME_RATIO ? ", the fewest" : ", as few as any";
        String rest = others.size() == 1
                ? "%s makes %s".formatted(fewest.label(), amount(fewest))
                : "the others make from %s (%s) to %s (%s)"
                        .formatted(text(calls(fewest)), fewest.label(), text(calls(most)), most.label());
        return sentence + and + "; " + rest + ".";
    }

    /// `2.06 (recvfrom 1.00, sendfile 1.00)`
    private static String amount(Column column) {
        String named = column.ledger().entries().stream()
                .filter(entry -> entry.isPartOfCalls()
                        && !entry.name().equals(Ledger.OTHER_CALLS)
                        && entry.perRequest().orElse(0) >= NAMED_LEAST)
                .limit(CALLS_NAMED_MAX)
                .map(entry -> entry.name() + " " + text(entry.perRequest().orElse(0)))
                .collect(Collectors.joining(", "));
        return text(calls(column)) + (named.isEmpty() ? "" : " (" + named + ")");
    }

    private static Optional<String> also(List<Column> ranked) {
        List<String> apart = new ArrayList<>();
        for (String name : ALSO) {
            List<Column> counted = known(ranked, name).stream()
                    .sorted(Comparator.comparingDouble(column -> value(column, name)))
                    .toList();
            if (counted.size() > 1) {
                Column least = counted.getFirst();
                Column most = counted.getLast();
                if (value(most, name) >= NAMED_LEAST && value(most, name) > APART_RATIO * value(least, name)) {
                    apart.add("%s from %s (%s) to %s (%s)"
                            .formatted(
                                    name,
                                    text(value(least, name)),
                                    least.label(),
                                    text(value(most, name)),
                                    most.label()));
                }
            }
        }
        return apart.isEmpty()
                ? Optional.empty()
                : Optional.of("Also different per request: " + String.join("; ", apart) + ".");
    }

    private static List<Column> known(List<Column> columns, String name) {
        return columns.stream()
                .filter(column -> column.ledger().perRequest(name).isKnown())
                .toList();
    }

    private static double calls(Column column) {
        return value(column, Ledger.SYSTEM_CALLS);
    }

    private static double value(Column column, String name) {
        return column.ledger().perRequest(name).orElse(Double.NaN);
    }

    private static String text(double value) {
        return LedgerView.text(Measured.of(value), "");
    }
}
