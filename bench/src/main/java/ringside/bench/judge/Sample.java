package ringside.bench.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import ringside.bench.result.Measured;

/// What the launches of one side at one workload gave: only those that count.
///
/// @param label of the side
/// @param launches in order of execution; may be empty
/// @param merged values of the side as a whole that aren't made of its launches' values: percentiles of the merged
///     histogram
public record Sample(String label, List<Launch> launches, Map<Metric, Measured> merged) {

    /// One launch.
    ///
    /// @param block launches of two sides in the same block are a pair: they ran next to each other
    /// @param values by metric; what isn't there wasn't looked for
    public record Launch(int block, Map<Metric, Measured> values) {
        public Launch {
            values = Map.copyOf(values);
        }
    }

    public Sample {
        launches = List.copyOf(launches);
        merged = Map.copyOf(merged);
        if (label.isBlank()) {
            throw new IllegalArgumentException("a side needs a label");
        }
    }

    /// The same launches as if no launch of another sample had been beside them: under blocks that nobody else has.
    ///
    /// @param firstBlock of them
    Sample apart(int firstBlock) {
        List<Launch> moved = new ArrayList<>();
        for (int i = 0; i < launches.size(); i++) {
            moved.add(new Launch(firstBlock + i, launches.get(i).values()));
        }
        return new Sample(label, moved, merged);
    }

    /// Whether any launch, or the side as a whole, knows something of this metric.
    boolean has(Metric metric) {
        return merged.containsKey(metric)
                || launches.stream().anyMatch(launch -> launch.values().containsKey(metric));
    }

    /// Why the metric can't be judged; empty when every launch that has it has a number of at least `least`.
    ///
    /// A mean over those launches that happened to be measurable would be another quantity.
    Optional<String> whyNot(Metric metric, boolean zeroAllowed) {
        if (launches.isEmpty()) {
            return Optional.of(label + " has no valid launch");
        }
        int known = 0;
        for (Launch launch : launches) {
            switch (launch.values().get(metric)) {
                case null -> {}
                case Measured.Unmeasurable(String why) -> {
                    return Optional.of(label + ": " + why);
                }
                case Measured.Value(double value) -> {
                    if (!(value > 0) && !zeroAllowed) {
                        return Optional.of(label + " has a launch with a value of 0, which has no ratio");
                    }
                    known++;
                }
            }
        }
        return known == 0 ? Optional.of(label + ": not measured") : Optional.empty();
    }

    /// Known values in order of execution.
    double[] values(Metric metric) {
        return launches.stream()
                .flatMap(launch -> Optional.ofNullable(launch.values().get(metric)).stream())
                .filter(Measured::isKnown)
                .mapToDouble(measured -> measured.orElse(0))
                .toArray();
    }

    /// Mean of the logarithms by block.
    TreeMap<Integer, Double> logsByBlock(Metric metric) {
        Map<Integer, List<Double>> byBlock = new HashMap<>();
        for (Launch launch : launches) {
            if (launch.values().get(metric) instanceof Measured.Value(double value)) {
                byBlock.computeIfAbsent(launch.block(), _ -> new ArrayList<>()).add(StrictMath.log(value));
            }
        }
        TreeMap<Integer, Double> means = new TreeMap<>();
        byBlock.forEach((block, logs) -> means.put(block, Numbers.mean(logs)));
        return means;
    }

    /// The value of the side: of its merged histogram, or the geometric mean of its launches; of counts their mean.
    public Measured value(Metric metric) {
        Measured whole = merged.get(metric);
        if (whole != null) {
            return whole;
        }
        Optional<String> whyNot = whyNot(metric, metric.isCount());
        if (whyNot.isPresent()) {
            return Measured.unmeasurable(whyNot.get());
        }
        double[] values = values(metric);
        return Measured.of(metric.isCount() ? Numbers.mean(values) : Numbers.geometricMean(values));
    }
}
