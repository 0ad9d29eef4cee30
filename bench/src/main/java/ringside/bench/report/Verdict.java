package ringside.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import ringside.bench.report.Ranking.Row;
import ringside.bench.report.Ranking.Standing;
import ringside.bench.result.Spread;
import ringside.bench.result.Summary.Point;

/// A ranking in plain sentences.
final class Verdict {
    private static final int NAMED_MAX = 4;

    private Verdict() {}

    /// The first sentence is the verdict; the others say how far to trust it.
    static List<String> sentences(Ranking ranking) {
        List<String> sentences = new ArrayList<>();
        sentences.add(cost(ranking));
        coreBusy(ranking).ifPresent(sentences::add);
        generator(ranking).ifPresent(sentences::add);
        trust(ranking).ifPresent(sentences::add);
        return sentences;
    }

    private static String cost(Ranking ranking) {
        String at = Words.at(ranking.group().workload()) + ": ";
        List<Row> ahead = new ArrayList<>(ranking.with(Standing.ONLY));
        ahead.addAll(ranking.with(Standing.BEST));
        ahead.addAll(ranking.with(Standing.TIED));
        List<Row> behind = ranking.with(Standing.BEHIND);
        if (ahead.isEmpty()) {
            return at + "no side has a known CPU cost per request, so nothing is ranked.";
        }
        Row first = ahead.getFirst();
        String cost = "(" + Words.median(first.point().cpuMicros()) + " µs)";
        if (first.standing() == Standing.ONLY) {
            return at + first.label() + " costs " + Words.median(first.point().cpuMicros())
                    + " µs CPU per request; there is no other side to compare it with.";
        }
        String best = ahead.size() == 1
                ? at + first.label() + " costs least CPU per request " + cost + "."
                : at + first.label() + " " + cost + " is lowest in CPU per request, but ties with "
                        + names(ahead.subList(1, ahead.size()), row -> row.label() + " (" + ratio(row) + ")")
                        + ": no winner.";
        return behind.isEmpty() ? best : best + " " + behind(behind);
    }

    private static String behind(List<Row> behind) {
        Row next = behind.getFirst();
        if (behind.size() == 1) {
            return "%s costs %s that.".formatted(next.label(), ratio(next));
        }
        Row last = behind.getLast();
        String between = behind.size() == 2
                ? ""
                : ", " + Words.count(behind.size() - 2, "other lies", "others lie") + " between";
        return "Next is %s at %s%s, and the dearest is %s at %s."
                .formatted(next.label(), ratio(next), between, last.label(), ratio(last));
    }

    /// Only when it tells another story than the process's CPU.
    private static Optional<String> coreBusy(Ranking ranking) {
        List<Row> rows = ranking.rows().stream()
                .filter(row -> row.standing() != Standing.CEILING && row.standing() != Standing.UNRANKED)
                .filter(row -> row.point().coreBusyMicros() instanceof Spread.Over)
                .toList();
        Optional<Row> least = rows.stream().min(Comparator.comparingDouble(row -> median(row.point())));
        if (rows.size() < 2 || least.isEmpty() || least.get().standing() != Standing.BEHIND) {
            return Optional.empty();
        }
        Row first = rows.getFirst();
        return Optional.of(
                "By busy time of the server's core, soft interrupts included, %s is lowest (%s µs against %s µs of %s): "
                                .formatted(
                                        least.get().label(),
                                        Words.digits(median(least.get().point())),
                                        Words.digits(median(first.point())),
                                        first.label())
                        + "some work is billed to no process.");
    }

    private static Optional<String> generator(Ranking ranking) {
        List<Row> limited = ranking.rows().stream()
                .filter(row -> row.point().generatorLimited() > 0)
                .toList();
        if (limited.isEmpty()) {
            return Optional.empty();
        }
        String whose = limited.size() == ranking.rows().size() ? "every side" : names(limited, Row::label);
        return Optional.of("The generator was the limit for " + whose
                + ": requests per second don't rank those, CPU per request still does.");
    }

    private static Optional<String> trust(Ranking ranking) {
        int launches = ranking.launchesMin();
        if (launches == 0) {
            return Optional.empty();
        }
        if (launches == 1) {
            return Optional.of(
                    "Only 1 launch of at least one side: its spread is unknown; repeat before relying on it.");
        }
        return ranking.fewLaunches()
                ? Optional.of("With as few as " + launches
                        + " launches a side, spreads are ranges (min–max), not confidence intervals.")
                : Optional.empty();
    }

    private static double median(Point point) {
        return point.coreBusyMicros() instanceof Spread.Over over ? over.median() : Double.MAX_VALUE;
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
