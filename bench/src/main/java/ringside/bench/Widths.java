package ringside.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.statistics.distribution.TDistribution;
import ringside.bench.result.Load;
import ringside.bench.result.Measured;
import ringside.bench.result.Measurements;
import ringside.bench.result.Quantity;
import ringside.bench.result.Side;
import ringside.bench.result.Trial;
import ringside.bench.result.Workload;

/// How wide the intervals of a run are: of each side against the baseline, of CPU per request, and of throughput in a
/// closed loop. Half the width of Student's 95 % interval of the mean log-ratio of launches in the same block.
///
/// @param all widest first
/// @param without sides that have no two pairs, and so no interval: they can't become narrow by running on
record Widths(List<Width> all, List<String> without) {

    private static final double TAIL = 0.025;

    /// @param half of a log-ratio: 0.03 is 3 %
    /// @param pairs launches of both in the same block
    record Width(String side, Workload workload, String metric, double half, int pairs) {}

    Widths {
        all = List.copyOf(all);
        without = List.copyOf(without);
    }

    /// @param baseline label of the side that the others are held against
    static Widths of(String baseline, List<Trial> trials) {
        Map<Workload, Map<Side, Map<Integer, Measurements>>> launches = new LinkedHashMap<>();
        for (Trial trial : trials) {
            Map<Integer, Measurements> blocks = launches.computeIfAbsent(trial.workload(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(trial.side(), _ -> new HashMap<>());
            if (trial.isValid()) {
                trial.measurements().ifPresent(measured -> blocks.put(trial.block(), measured));
            }
        }
        List<Width> all = new ArrayList<>();
        List<String> without = new ArrayList<>();
        launches.forEach((workload, sides) -> {
            Map<Integer, Measurements> of = sides.entrySet().stream()
                    .filter(side -> side.getKey().label().equals(baseline))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(Map.of());
            sides.forEach((side, blocks) -> {
                if (!side.label().equals(baseline)) {
                    List<Width> widths = widths(side.label(), workload, of, blocks);
                    all.addAll(widths);
                    if (widths.isEmpty()) {
                        without.add(side.label());
                    }
                }
            });
        });
        all.sort(Comparator.comparingDouble(Width::half).reversed());
        return new Widths(all, without.stream().distinct().toList());
    }

    private static List<Width> widths(
            String side, Workload workload, Map<Integer, Measurements> baseline, Map<Integer, Measurements> blocks) {
        List<Width> widths = new ArrayList<>();
        width(baseline, blocks, m -> m.server().cpuMicrosPerRequest())
                .ifPresent(w -> widths.add(new Width(side, workload, "CPU per request", w.half, w.pairs)));
        if (workload.load() instanceof Load.Closed) {
            width(baseline, blocks, Widths::throughput)
                    .ifPresent(w -> widths.add(new Width(side, workload, "throughput", w.half, w.pairs)));
        }
        return widths;
    }

    /// Where the generator was the limit, throughput is its own and nobody's to resolve.
    private static Measured throughput(Measurements measured) {
        return measured.voidFor().containsKey(Quantity.THROUGHPUT)
                ? Measured.unmeasurable("the generator was the limit")
                : Measured.of(measured.requestsPerSecond());
    }

    private record Half(double half, int pairs) {}

    private static Optional<Half> width(
            Map<Integer, Measurements> baseline,
            Map<Integer, Measurements> blocks,
            Function<Measurements, Measured> quantity) {
        double[] ratios = logRatios(baseline, blocks, quantity);
        if (ratios.length < 2) {
            return Optional.empty();
        }
        double t = TDistribution.of(ratios.length - 1).inverseSurvivalProbability(TAIL);
        return Optional.of(new Half(t * Math.sqrt(variance(ratios) / ratios.length), ratios.length));
    }

    /// Logarithms of candidate / baseline, of the blocks in which both are known.
    static double[] logRatios(
            Map<Integer, Measurements> baseline,
            Map<Integer, Measurements> blocks,
            Function<Measurements, Measured> quantity) {
        return blocks.entrySet().stream()
                .filter(block -> baseline.containsKey(block.getKey()))
                .mapToDouble(block -> {
                    Measurements of = baseline.get(block.getKey());
                    double to = of == null ? 0 : quantity.apply(of).orElse(0);
                    double value = quantity.apply(block.getValue()).orElse(0);
                    return to > 0 && value > 0 ? Math.log(value / to) : Double.NaN;
                })
                .filter(ratio -> !Double.isNaN(ratio))
                .toArray();
    }

    static double variance(double[] values) {
        double mean = Arrays.stream(values).sum() / values.length;
        double sum = 0;
        for (double value : values) {
            sum += (value - mean) * (value - mean);
        }
        return sum / (values.length - 1);
    }

    /// Whether none reaches further from its estimate; false when there is none at all.
    boolean isWithin(double share) {
        return !all.isEmpty() && all.getFirst().half <= Math.log1p(share);
    }

    /// The widest in words.
    String sentence() {
        String left = without.isEmpty()
                ? ""
                : "; without two pairs, and so without an interval: " + String.join(", ", without);
        if (all.isEmpty()) {
            return "no side has two pairs of valid launches with the baseline" + left;
        }
        Width widest = all.getFirst();
        return "the widest is ±%.1f %%, %s of %s, %d pairs%s"
                .formatted(Math.expm1(widest.half) * 100, widest.metric, widest.side, widest.pairs, left);
    }
}
