package ringside.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.bench.compare.ComparisonJson;
import ringside.bench.compare.ComparisonTable;
import ringside.bench.compare.KeptRun;
import ringside.bench.compare.RunComparison;
import ringside.bench.gate.GateRule;
import ringside.bench.judge.Metric;

/// `ringside compare`: two runs side by side.
@Command(
        name = "compare",
        description = {
            "Compares two runs: every side that is in both against itself, with a verdict for each metric.",
            "",
            "Two runs are at two times. What the machine itself changed by between them shows in a peer that is in"
                    + " both (--peer nginx), and counts as no difference; without one, --drift says how much it may be."
                    + " For sides that can run in one run, let them: interleaved launches need no such allowance."
        },
        footer = {
            "",
            "Examples:",
            "  ringside compare results/local/old results/local/new",
            "  ringside compare --metrics cpu,service-p99 old new",
            "  ringside compare --json old new > comparison.json"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "OLD", description = "Directory of the run that is compared with.")
    private Path old = Path.of("");

    @Parameters(index = "1", paramLabel = "NEW", description = "Directory of the run that is judged.")
    private Path now = Path.of("");

    @Option(
            names = "--metrics",
            split = ",",
            paramLabel = "NAME",
            description = "What to show: throughput, cpu, core-busy, service-p99, counts, all (default:"
                    + " throughput,cpu,service-p50,service-p99,response-p99,counts).")
    private @Nullable List<String> metrics;

    @Mixin
    private TwoRunsOptions twoRuns = new TwoRunsOptions();

    @Option(names = "--json", description = "Print JSON, with all metrics.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        List<Metric> shown = Failure.asUsage(spec, () -> shown());
        double drift = Failure.asUsage(spec, twoRuns::drift);
        RunComparison comparison =
                RunComparison.of(KeptRun.read(old), KeptRun.read(now), twoRuns.acrossMachines(), drift);
        if (json) {
            System.out.print(ComparisonJson.render(comparison));
            return 0;
        }
        System.out.print(ComparisonTable.render(comparison.comparisons(), shown));
        comparison.changes().forEach(change -> System.out.println("changed: " + change));
        comparison.onlyOld().forEach(point -> System.out.println("only in " + old + ": " + point));
        comparison.onlyNow().forEach(point -> System.out.println("only in " + now + ": " + point));
        comparison.notes().forEach(note -> System.err.println("ringside compare: " + note));
        if (comparison.comparisons().isEmpty()) {
            System.out.println("no side is in both runs with a valid launch at the same workload");
            return Main.EXIT_BAD_ANSWER;
        }
        return 0;
    }

    private List<Metric> shown() {
        return GateRule.metrics(
                metrics != null
                        ? metrics
                        : List.of("throughput", "cpu", "service-p50", "service-p99", "response-p99", "counts"));
    }
}
