package ringside.bench.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.bench.evidence.Evidence;
import ringside.bench.evidence.RunVerdicts;
import ringside.bench.judge.Comparison;
import ringside.bench.judge.Floors;
import ringside.bench.judge.Judge;
import ringside.bench.judge.Metric;
import ringside.bench.judge.Sample;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.result.RunTimes;
import ringside.bench.result.Summary;
import ringside.bench.result.Summary.Group;
import ringside.bench.result.UnreadableRunException;
import ringside.bench.result.Workload;

/// A run and all that its reports say of it: read and judged once, shown by each of them.
///
/// Immutable.
public final class ReportedRun {

    private final Path directory;
    private final Run run;
    private final RunTimes times;
    private final Summary summary;
    private final Evidence evidence;
    private final RunVerdicts verdicts;
    private final Map<Workload, Ranking> rankings = new HashMap<>();

    private ReportedRun(Run run, Path directory) {
        this.run = run;
        this.directory = directory;
        times = RunTimes.of(run, directory);
        summary = Summary.of(run, times);
        evidence = Evidence.of(run, times);
        verdicts = RunVerdicts.of(run, evidence);
        for (Group group : summary.groups()) {
            rankings.put(group.workload(), ranked(group));
        }
    }

    /// @throws UnreadableRunException when there is no directory, or its `run.json` is missing, broken or of another
    ///     schema, with what to do
    public static ReportedRun read(Path directory) throws UnreadableRunException {
        if (!Files.isDirectory(directory)) {
            throw UnreadableRunException.noDirectory(directory);
        }
        return of(RunFile.read(directory), directory);
    }

    /// @param directory where the histogram logs of the run are
    public static ReportedRun of(Run run, Path directory) {
        return new ReportedRun(run, directory);
    }

    public Path directory() {
        return directory;
    }

    public Run run() {
        return run;
    }

    public Evidence evidence() {
        return evidence;
    }

    /// The last part of its directory's name: unique where several runs of one name are side by side.
    public String name() {
        Path last = directory.toAbsolutePath().normalize().getFileName();
        return last == null ? run.name() : last.toString();
    }

    RunTimes times() {
        return times;
    }

    public Summary summary() {
        return summary;
    }

    public RunVerdicts verdicts() {
        return verdicts;
    }

    /// @param group one of the summary's
    Ranking ranking(Group group) {
        return Optional.ofNullable(rankings.get(group.workload())).orElseGet(() -> ranked(group));
    }

    /// Each side against the baseline at a workload; the A/A arm first.
    List<Comparison> comparisons(Workload workload) {
        return verdicts.comparisons().stream()
                .filter(comparison -> comparison.workload().equals(workload))
                .toList();
    }

    private Ranking ranked(Group group) {
        Workload workload = group.workload();
        Judge judge = new Judge(run.seed());
        Floors floors = RunVerdicts.floors(run, evidence, workload);
        return Ranking.of(group, (lowest, other, rivals) -> {
            Sample leader = sample(workload, lowest.label());
            return judge.lead(workload, sample(workload, other.label()), leader, Metric.CPU, floors, rivals);
        });
    }

    private Sample sample(Workload workload, String label) {
        return evidence.sample(workload, label).orElseGet(() -> new Sample(label, List.of(), Map.of()));
    }
}
