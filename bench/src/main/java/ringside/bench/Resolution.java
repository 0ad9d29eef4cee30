package ringside.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ringside.bench.judge.Power;
import ringside.bench.result.Environment;
import ringside.bench.result.Measurements;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.result.Side;
import ringside.bench.result.Trial;
import ringside.bench.result.UnreadableRunException;
import ringside.bench.result.Workload;

/// Which difference a run can tell, from launches that are there: of its own first blocks, or of an earlier run.
///
/// The spread is that of the log-ratio of CPU per request between launches in the same block, pooled over all sides
/// and workloads: what one pair shows poorly, all of them together show well.
///
/// @param power of that spread
/// @param source where the spread is from: `the first 2 blocks`
record Resolution(Power power, String source) {

    private static final int EARLIER_RUNS_MAX = 20;
    private static final long RUN_BYTES_MAX = 16L << 20;
    private static final double FINE = 0.01;

    /// A run that can't tell such a difference apart is said to tell nothing.
    private static final double FACTOR_OF_USE = 10;

    /// Fewer deviations than this show no spread.
    private static final int FREEDOM_LEAST = 3;

    /// @param baseline label of the side that the others are held against
    /// @return empty with too few pairs
    static Optional<Resolution> of(String baseline, List<Trial> trials, String source) {
        Map<Workload, Map<Side, Map<Integer, Measurements>>> launches = new LinkedHashMap<>();
        for (Trial trial : trials) {
            if (trial.isValid()) {
                trial.measurements()
                        .ifPresent(measured -> launches.computeIfAbsent(trial.workload(), _ -> new LinkedHashMap<>())
                                .computeIfAbsent(trial.side(), _ -> new HashMap<>())
                                .put(trial.block(), measured));
            }
        }
        double squares = 0;
        int freedom = 0;
        for (Map<Side, Map<Integer, Measurements>> sides : launches.values()) {
            Optional<Map<Integer, Measurements>> of = sides.entrySet().stream()
                    .filter(side -> side.getKey().label().equals(baseline))
                    .map(Map.Entry::getValue)
                    .findFirst();
            for (Map.Entry<Side, Map<Integer, Measurements>> side : sides.entrySet()) {
                if (of.isEmpty() || side.getKey().label().equals(baseline)) {
                    continue;
                }
                double[] ratios = Widths.logRatios(
                        of.get(), side.getValue(), m -> m.server().cpuMicrosPerRequest());
                if (ratios.length > 1) {
                    squares += Widths.variance(ratios) * (ratios.length - 1);
                    freedom += ratios.length - 1;
                }
            }
        }
        return freedom < FREEDOM_LEAST || !(squares > 0)
                ? Optional.empty()
                : Optional.of(new Resolution(new Power(Math.sqrt(squares / freedom), Power.METRICS_USUAL), source));
    }

    /// From the newest run beside this one that ran on the same machine and asked for something that this one asks for.
    ///
    /// @param workloads of this run
    static Optional<Resolution> ofEarlierRun(Path resultsDirectory, Environment here, List<Workload> workloads) {
        List<Path> directories;
        try (Stream<Path> list = Files.list(resultsDirectory)) {
            directories = list.filter(directory -> Files.isRegularFile(directory.resolve(RunFile.NAME)))
                    .sorted(Comparator.reverseOrder())
                    .limit(EARLIER_RUNS_MAX)
                    .toList();
        } catch (IOException e) {
            return Optional.empty(); // There is no history to learn from.
        }
        for (Path directory : directories) {
            Optional<Resolution> resolution = read(directory)
                    .filter(run -> isSameMachine(run.environment(), here))
                    .flatMap(run -> of(
                            run.plan().baseline(),
                            run.trials().stream()
                                    .filter(trial -> workloads.stream().anyMatch(w -> isAlike(w, trial.workload())))
                                    .toList(),
                            directory.getFileName().toString()));
            if (resolution.isPresent()) {
                return resolution;
            }
        }
        return Optional.empty();
    }

    private static Optional<Run> read(Path directory) {
        try {
            return Files.size(directory.resolve(RunFile.NAME)) > RUN_BYTES_MAX
                    ? Optional.empty()
                    : Optional.of(RunFile.read(directory));
        } catch (UnreadableRunException e) {
            return Optional.empty(); // Of another version, or cut: it is no run to learn from.
        } catch (IOException e) {
            return Optional.empty(); // It went away.
        }
    }

    private static boolean isSameMachine(Environment a, Environment b) {
        return a.cpuModel().equals(b.cpuModel())
                && a.kernelRelease().equals(b.kernelRelease())
                && a.cpuCount().equals(b.cpuCount())
                && a.serverCpus().equals(b.serverCpus());
    }

    private static boolean isAlike(Workload a, Workload b) {
        return a.fileBytes() == b.fileBytes()
                && a.connections() == b.connections()
                && a.cache() == b.cache()
                && a.load().equals(b.load());
    }

    /// `2 pairs of launches tell 14 % apart in CPU per request (by the spread of …); 1 % needs about 96 pairs.`
    ///
    /// @param pairs that the run is going to have
    String sentence(int pairs) {
        String fine = "1 %% needs about %,d pairs".formatted(power.pairsFor(FINE));
        return "%s; %s (by the spread of %s).".formatted(now(pairs), fine, source);
    }

    private String now(int pairs) {
        if (pairs < 2) {
            return "One pair of launches shows no spread, and so no difference";
        }
        double share = power.differenceFor(pairs);
        return share < FACTOR_OF_USE - 1
                ? "%d pairs of launches can tell %s apart in CPU per request".formatted(pairs, percent(share))
                : "%d pairs of launches are too few to tell even a factor of %.0f apart in CPU per request"
                        .formatted(pairs, FACTOR_OF_USE);
    }

    private static String percent(double share) {
        if (share > 1) {
            return "a factor of %.1f".formatted(1 + share);
        }
        return share >= 0.1 ? "%.0f %%".formatted(share * 100) : "%.1f %%".formatted(share * 100);
    }
}
