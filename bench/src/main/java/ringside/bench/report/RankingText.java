package ringside.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import ringside.bench.report.Ranking.Row;
import ringside.bench.report.Ranking.Standing;
import ringside.bench.result.Load;
import ringside.bench.result.Spread;
import ringside.bench.result.Summary.Point;

/// A ranking in plain sentences.
final class RankingText {
    private static final int NAMED_MAX = 4;

    /// Rates further apart than this are different loads, at which the same server costs differently.
    private static final double SAME_LOAD_RATIO = 1.2;

    private RankingText() {}

    /// The first sentence says who is lowest; the others say how far to trust it.
    static List<String> sentences(Ranking ranking) {
        List<String> sentences = new ArrayList<>();
        if (ranking.rows().isEmpty()) {
            return List.of(Words.at(ranking.group().workload()) + ": nothing ran.");
        }
        for (Ranking part : ranking.byGenerator()) {
            sentences.add(cost(part, ranking.severalGenerators()));
            coreBusy(part).ifPresent(sentences::add);
        }
        sentences.addAll(GeneratorComparison.sentences(ranking));
        PeerComparison.of(ranking).forEach(line -> sentences.add("Against peers, " + line.sentence()));
        limited(ranking).ifPresent(sentences::add);
        for (Ranking part : ranking.byGenerator()) {
            differentLoads(part, ranking.severalGenerators()).ifPresent(sentences::add);
        }
        trust(ranking).ifPresent(sentences::add);
        return sentences;
    }

    private static String cost(Ranking ranking, boolean severalGenerators) {
        String asker = GeneratorComparison.name(
                ranking.rows().getFirst().point().side().generator());
        String at = Words.at(ranking.group().workload()) + (severalGenerators ? ", asked by " + asker : "") + ": ";
        Optional<Row> first = ranking.rows().stream().filter(Row::isRanked).findFirst();
        if (first.isEmpty()) {
            return at + nothingRanked(ranking);
        }
        Row lowest = first.get();
        List<Row> open = ranking.with(Standing.ABOVE);
        List<Row> same = ranking.with(Standing.TIED).stream()
                .filter(row -> !row.equals(lowest))
                .toList();
        List<Row> behind = ranking.with(Standing.BEHIND);
        String micros = Words.median(lowest.point().cpuMicros()) + " µs";
        String named = at + lowest.label();
        StringBuilder text = new StringBuilder(
                switch (lowest.standing()) {
                    case ONLY ->
                        named + " costs " + micros + " CPU per request; there is no other side to rank it with.";
                    case BEST ->
                        named + " is best: least CPU per request (" + micros + "), shown against each other side.";
                    case TIED -> named + " is lowest in CPU per request (" + micros + "), and no winner.";
                    default ->
                        named + " is lowest in CPU per request (" + micros + "), and not shown to be best"
                                + (open.isEmpty() ? ": by busy time of its core it isn't lowest." : ".");
                });
        if (!open.isEmpty()) {
            text.append(" It isn't shown to be lower than ").append(names(open));
            int rivals = ranking.ranked().size() - 1;
            text.append(rivals > 1 ? ", at a level that " + rivals + " rivals share." : ".");
        }
        if (!same.isEmpty()) {
            text.append(" Shown to be the same: ").append(names(same)).append('.');
        }
        if (!behind.isEmpty()) {
            text.append(" Shown to cost more: ").append(names(behind)).append('.');
        }
        return text.toString();
    }

    private static String names(List<Row> rows) {
        return names(rows, row -> row.label() + " (" + ratio(row) + ")");
    }

    private static String nothingRanked(Ranking ranking) {
        List<Row> exempt = new ArrayList<>(ranking.with(Standing.CEILING));
        exempt.addAll(ranking.with(Standing.DEVICE));
        if (exempt.isEmpty()) {
            return "no side has a known CPU cost per request, so nothing is ranked.";
        }
        return "nothing is ranked: of those with a known CPU cost there ran only "
                + names(
                        exempt,
                        row -> row.point().side().label() + " ("
                                + Words.median(row.point().cpuMicros()) + " µs, "
                                + (row.standing() == Standing.CEILING ? "reads no file" : "reads the device") + ")")
                + ".";
    }

    /// Only when it tells another story than the process's CPU.
    private static Optional<String> coreBusy(Ranking ranking) {
        List<Point> points = ranking.ranked();
        Optional<Point> byCore = Ranking.lowest(points, Point::coreBusyMicros);
        Optional<Point> byCpu = Ranking.lowest(points, Point::cpuMicros);
        if (byCore.isEmpty()
                || byCpu.isEmpty()
                || Ranking.isSame(byCore.get(), byCpu.get())
                || isTied(ranking, byCore.get())) {
            return Optional.empty();
        }
        return Optional.of(
                "By busy time of the server's core, soft interrupts included, %s is lowest (%s µs against %s µs of %s): the two costs disagree."
                        .formatted(
                                byCore.get().side().label(),
                                Words.median(byCore.get().coreBusyMicros()),
                                Words.median(byCpu.get().coreBusyMicros()),
                                byCpu.get().side().label()));
    }

    private static boolean isTied(Ranking ranking, Point point) {
        return ranking.with(Standing.TIED).stream().anyMatch(row -> Ranking.isSame(row.point(), point));
    }

    private static Optional<String> limited(Ranking ranking) {
        List<Row> limited = ranking.rows().stream()
                .filter(row -> row.point().generatorLimited() > 0)
                .toList();
        if (limited.isEmpty()) {
            return Optional.empty();
        }
        String whose = limited.size() == ranking.rows().size()
                ? "every side"
                : names(
                        limited,
                        row -> row.label()
                                + (row.point().generatorLimited() < row.point().valid()
                                        ? " (in %d of %d launches)"
                                                .formatted(
                                                        row.point().generatorLimited(),
                                                        row.point().valid())
                                        : ""));
        return Optional.of("The generator was the limit for " + whose
                + " (marked *): rates and percentiles of those are partly its own.");
    }

    /// The same server costs less per request when it is asked for more of them at once, and more when it waits
    /// less.
    private static Optional<String> differentLoads(Ranking ranking, boolean severalGenerators) {
        if (ranking.group().workload().load() instanceof Load.Open) {
            return Optional.empty();
        }
        List<Point> points = ranking.ranked();
        List<String> mixed = points.stream()
                .filter(point -> point.generatorLimited() > 0 && point.generatorLimited() < point.valid())
                .map(point -> point.side().label())
                .toList();
        double least = Double.MAX_VALUE;
        double most = 0;
        for (Point point : points) {
            if (point.requestsPerSecond() instanceof Spread.Over rate) {
                least = Math.min(least, rate.median());
                most = Math.max(most, rate.median());
            }
        }
        boolean apart = points.size() > 1 && most > least * SAME_LOAD_RATIO;
        if (mixed.isEmpty() && !apart) {
            return Optional.empty();
        }
        String whose = severalGenerators
                ? " of " + GeneratorComparison.name(points.getFirst().side().generator())
                : "";
        List<String> why = new ArrayList<>();
        if (apart) {
            why.add("the rates" + whose + " differ by up to " + Words.ratio(most / least));
        }
        if (!mixed.isEmpty()) {
            why.add("launches of " + String.join(", ", mixed) + " were partly at the generator's limit and partly not");
        }
        return Optional.of("These costs are at different loads (" + String.join("; ", why) + "): compare with --rate.");
    }

    private static Optional<String> trust(Ranking ranking) {
        return ranking.launchesMin() == 1
                ? Optional.of("Only 1 launch of at least one side: its spread is unknown; use --repeats 4 or more.")
                : Optional.empty();
    }

    private static String names(List<Row> rows, Function<Row, String> words) {
        List<String> names = rows.stream().limit(NAMED_MAX).map(words).collect(Collectors.toCollection(ArrayList::new));
        if (rows.size() > NAMED_MAX) {
            names.add(String.format(Locale.ROOT, "%d more", rows.size() - NAMED_MAX));
        }
        int last = names.size() - 1;
        return last == 0 ? names.getFirst() : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }

    private static String ratio(Row row) {
        return row.ratio().isPresent() ? Words.ratio(row.ratio().getAsDouble()) : Words.UNKNOWN;
    }
}
