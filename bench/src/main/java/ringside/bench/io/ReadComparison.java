package ringside.bench.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ringside.bench.result.Measured;

/// An engine beside fio: for each pair of neighbouring runs the ratio of reads per CPU-second, above 1 where
/// ringside reads more for the same CPU.
///
/// @param engine on its transport
/// @param fioEngine fio's
/// @param cpuRatios ringside ÷ fio of [ReadCost#readsPerCpuSecond()], a pair each
/// @param cpuRatioMedian of those
/// @param coreRatioMedian the same of [ReadCost#readsPerCoreSecond()]
/// @param rateRatioMedian the same of reads per second
public record ReadComparison(
        String engine,
        String fioEngine,
        List<Double> cpuRatios,
        Measured cpuRatioMedian,
        Measured coreRatioMedian,
        Measured rateRatioMedian) {

    public ReadComparison {
        cpuRatios = List.copyOf(cpuRatios);
    }

    /// Of all pairs in which both sides are good.
    static List<ReadComparison> of(List<ReadTrial> trials) {
        Map<String, List<ReadTrial>> byEngine = new LinkedHashMap<>();
        for (ReadTrial trial : trials) {
            if (trial.isGood()) {
                byEngine.computeIfAbsent(trial.pairedWith(), key -> new ArrayList<>())
                        .add(trial);
            }
        }
        List<ReadComparison> comparisons = new ArrayList<>();
        byEngine.forEach((engine, own) -> {
            String fio = own.stream()
                    .filter(trial -> trial.by().equals(ReadTrial.FIO))
                    .map(ReadTrial::engine)
                    .findFirst()
                    .orElse("");
            if (!fio.isEmpty()) {
                comparisons.add(compare(engine, fio, own));
            }
        });
        return comparisons;
    }

    private static ReadComparison compare(String engine, String fio, List<ReadTrial> trials) {
        List<Double> cpu = new ArrayList<>();
        List<Double> core = new ArrayList<>();
        List<Double> rate = new ArrayList<>();
        for (ReadTrial ours : trials) {
            for (ReadTrial theirs : trials) {
                if (ours.by().equals(ReadTrial.RINGSIDE)
                        && theirs.by().equals(ReadTrial.FIO)
                        && ours.repeat() == theirs.repeat()) {
                    add(cpu, ours.cost().readsPerCpuSecond(), theirs.cost().readsPerCpuSecond());
                    add(core, ours.cost().readsPerCoreSecond(), theirs.cost().readsPerCoreSecond());
                    add(rate, Measured.of(ours.readsPerSecond()), Measured.of(theirs.readsPerSecond()));
                }
            }
        }
        return new ReadComparison(engine, fio, cpu, median(cpu), median(core), median(rate));
    }

    private static void add(List<Double> ratios, Measured ours, Measured theirs) {
        if (ours instanceof Measured.Value(double mine)
                && theirs instanceof Measured.Value(double other)
                && other > 0) {
            ratios.add(mine / other);
        }
    }

    private static Measured median(List<Double> ratios) {
        if (ratios.isEmpty()) {
            return Measured.unmeasurable("no pair has both numbers");
        }
        List<Double> sorted = ratios.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return Measured.of(
                sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2);
    }
}
