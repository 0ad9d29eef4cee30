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
final class Verdict {
    private static final int NAMED_MAX = 4;

    /// Rates further apart than this are different loads, at which the same server costs differently.
    private static final double SAME_LOAD_RATIO = 1.2;

    private Verdict() {}

    /// The first sentence is the verdict; the others say how far to trust it.
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
        List<Row> ahead = new ArrayList<>();
        List<Row> behind = new ArrayList<>();
        for (Row row : ranking.rows()) {
            switch (row.standing()) {
                case ONLY, BEST, LOWEST, TIED -> ahead.add(row);
                case BEHIND, HIGHER, ABOVE -> behind.add(row);
                case CEILING, DEVICE, UNRANKED -> {}
            }
        }
        if (ahead.isEmpty()) {
            return at + nothingRanked(ranking);
        }
        Row first = ahead.getFirst();
        String micros = Words.median(first.point().cpuMicros()) + " µs";
        String lowest = at + first.label();
        String verdict = switch (first.standing()) {
            case ONLY -> lowest + " costs " + micros + " CPU per request; there is no other side to rank it with.";
            case BEST -> lowest + " costs least CPU per request (" + micros + "), and least busy time of its core.";
            case LOWEST -> lowest + " is lowest in CPU per request (" + micros + "; " + whyNotBest(ranking) + ").";
            default ->
                lowest + " (" + micros + ") is lowest in CPU per request, but ties with "
                        + names(ahead.subList(1, ahead.size()), row -> row.label() + " (" + ratio(row) + ")")
                        + ": no winner.";
        };
        return behind.isEmpty() ? verdict : verdict + " " + behind(behind);
    }

    private static String whyNotBest(Ranking ranking) {
        int launches = ranking.launchesMin();
        return launches < Ranking.LAUNCHES_SHOWN
                ? Words.count(launches, "launch", "launches") + ": not shown to be best"
                : "not in busy time of its core: not shown to be best";
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

    private static String behind(List<Row> behind) {
        Row next = behind.getFirst();
        Row last = behind.getLast();
        String text = behind.size() == 1
                ? "%s costs %s that.".formatted(next.label(), ratio(next))
                : "Next is %s at %s%s, and the dearest is %s at %s."
                        .formatted(
                                next.label(),
                                ratio(next),
                                behind.size() == 2
                                        ? ""
                                        : ", " + Words.count(behind.size() - 2, "other lies", "others lie")
                                                + " between",
                                last.label(),
                                ratio(last));
        List<Row> clear =
                behind.stream().filter(row -> row.standing() == Standing.HIGHER).toList();
        return clear.isEmpty()
                ? text
                : text + " Clearly higher here: " + names(clear, row -> row.label() + " (" + ratio(row) + ")") + ".";
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
        int launches = ranking.launchesMin();
        return switch (launches) {
            case 0 -> Optional.empty();
            case 1 ->
                Optional.of("Only 1 launch of at least one side: its spread is unknown; use --repeats 4 or more.");
            case 2, 3 ->
                Optional.of(("With %d launches a side the ranges of two equal servers lie apart in 1 of %d runs: use"
                                + " --repeats 4 or more to show a difference.")
                        .formatted(launches, launches == 2 ? 3 : 10));
            default -> Optional.empty();
        };
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
