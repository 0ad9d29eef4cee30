package ringside.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ringside.bench.result.Side;
import ringside.bench.result.Spread;
import ringside.bench.result.Summary.Point;

/// What asking cost, where one server was asked by several generators.
final class GeneratorComparison {
    private static final Map<String, String> NAMES = Map.of("builtin", "the built-in generator");

    private GeneratorComparison() {}

    static String name(String generator) {
        return NAMES.getOrDefault(generator, generator);
    }

    /// A sentence for each server that the first generator and another asked.
    static List<String> sentences(Ranking ranking) {
        List<String> sentences = new ArrayList<>();
        if (!ranking.severalGenerators()) {
            return sentences;
        }
        List<Point> points = ranking.group().points();
        String first = points.getFirst().side().generator();
        for (Point point : points) {
            for (Point other : points) {
                if (point.side().generator().equals(first)
                        && !other.side().generator().equals(first)
                        && isSameServer(point.side(), other.side())
                        && point.generatorMicros() instanceof Spread.Over ours
                        && other.generatorMicros() instanceof Spread.Over theirs
                        && point.requestsPerSecond() instanceof Spread.Over rate
                        && other.requestsPerSecond() instanceof Spread.Over otherRate
                        && theirs.median() > 0
                        && otherRate.median() > 0) {
                    sentences.add("At %s: %s costs %s µs per request, %s %s's, asking %s at %s the rate."
                            .formatted(
                                    Words.files(ranking.group().workload()),
                                    name(first),
                                    Words.digits(ours.median()),
                                    Words.ratio(ours.median() / theirs.median()),
                                    name(other.side().generator()),
                                    point.side().label(),
                                    Words.ratio(rate.median() / otherRate.median())));
                }
            }
        }
        return sentences;
    }

    private static boolean isSameServer(Side a, Side b) {
        return a.kind() == b.kind()
                && a.engine().equals(b.engine())
                && a.transport().equals(b.transport())
                && a.engineOptions().equals(b.engineOptions());
    }
}
