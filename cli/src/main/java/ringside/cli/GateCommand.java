package ringside.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.bench.Bench;
import ringside.bench.BenchResult;
import ringside.bench.TerminalObserver;
import ringside.bench.compare.KeptRun;
import ringside.bench.compare.RunComparison;
import ringside.bench.export.VerdictList;
import ringside.bench.gate.Finding;
import ringside.bench.gate.Gate;
import ringside.bench.gate.GateResult;
import ringside.bench.gate.GateRule;
import ringside.bench.gate.Rerun;
import ringside.bench.judge.Verdict;
import ringside.bench.plan.BenchPlan;
import ringside.bench.report.Words;
import ringside.bench.trial.Launcher;
import ringside.linux.FfmKernel;

/// `ringside gate`: does a run pass?
@Command(
        name = "gate",
        description = {
            "Holds a run against a baseline and answers with its exit code: pass, regressed, or inconclusive, which is"
                    + " no pass.",
            "",
            "What regressed is measured once more before the gate fails, and counts as what the second run says. Costs"
                    + " and times depend on the machine and its mood: gate them on the machine of the baseline, with a"
                    + " peer in both runs. Counts (system calls of a request and the like) need no such care."
        },
        footer = {
            "",
            "Examples:",
            "  ringside gate --baseline results/baseline/counts --run --metrics counts",
            "  ringside gate --baseline results/baseline/nightly results/local/20260131-235900-bench --junit gate.xml"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:pass: nothing regressed, and that is shown",
            "1:regressed",
            "2:inconclusive: no regression is shown, and neither is that there is none",
            "64:the command line is wrong",
            "69:the baseline or the run is missing, broken, of another schema or of another machine"
        },
        exitCodeOnInvalidInput = GateCommand.EXIT_USAGE,
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class GateCommand implements Callable<Integer> {

    /// EX_USAGE of sysexits.h: 2 means something else here.
    static final int EXIT_USAGE = 64;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--baseline", required = true, paramLabel = "DIR", description = "Directory of the kept run.")
    private Path baseline = Path.of("");

    @Parameters(arity = "0..1", paramLabel = "RUN", description = "Directory of the run that is to pass.")
    private @Nullable Path run;

    @Option(names = "--run", description = "Measure the baseline's points here and now, and gate that.")
    private boolean measure;

    @Option(
            names = "--fail-on",
            paramLabel = "WHAT",
            defaultValue = "regressed",
            description = "regressed; or changed: an improvement fails too, so that the baseline is kept true"
                    + " (default: ${DEFAULT-VALUE}).")
    private String failOn = "";

    @Option(
            names = "--metrics",
            split = ",",
            paramLabel = "NAME",
            description = "What is gated: cpu, throughput, core-busy, service-p99, counts, all (default: cpu,counts).")
    private @Nullable List<String> metrics;

    @Option(
            names = "--skip-unmeasurable",
            description = "Leave out metrics that can't be measured here, with a sentence, instead of ending"
                    + " inconclusive.")
    private boolean skipUnmeasurable;

    @Option(names = "--no-confirm", description = "Fail at once, without a second run.")
    private boolean noConfirm;

    @Mixin
    private TwoRunsOptions twoRuns = new TwoRunsOptions();

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where new runs are kept (default: results/local beside ringside).")
    private @Nullable Path results;

    @Mixin
    private ExportOptions exports = new ExportOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        GateRule rule = Failure.asUsage(spec, this::rule);
        double drift = Failure.asUsage(spec, twoRuns::drift);
        if (measure == (run != null)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "give the directory of a run, or --run to measure one now, and not both");
        }
        exports.require();
        KeptRun kept = KeptRun.read(baseline);
        Optional<KeptRun> brought =
                run != null ? Optional.of(KeptRun.read(run)) : measured(Rerun.ofAll(kept, "gate", resultsDirectory()));
        if (brought.isEmpty()) {
            return Main.EXIT_INTERRUPTED;
        }
        RunComparison comparison = RunComparison.of(kept, brought.get(), twoRuns.acrossMachines(), drift);
        Gate gate = new Gate(rule, comparison);
        if (!gate.suspects().isEmpty()) {
            confirm(gate, kept, brought.get(), drift);
        }
        GateResult result = gate.result();
        print(result);
        exports.write(
                brought.get(),
                VerdictList.of("ringside gate: " + brought.get().name() + " against " + kept.name(), result),
                comparison.comparisons());
        return result.answer().exitCode();
    }

    private GateRule rule() {
        if (!failOn.equals("regressed") && !failOn.equals("changed")) {
            throw new IllegalArgumentException("--fail-on " + failOn + ": choose regressed or changed");
        }
        return new GateRule(
                metrics == null ? GateRule.usualMetrics() : GateRule.metrics(metrics),
                failOn.equals("changed"),
                skipUnmeasurable);
    }

    private void confirm(Gate gate, KeptRun kept, KeptRun brought, double drift)
            throws IOException, InterruptedException {
        if (noConfirm) {
            gate.unconfirmed("--no-confirm");
            return;
        }
        try {
            System.err.println("ringside gate: something regressed; measuring it once more before saying so");
            BenchPlan plan = Rerun.of(brought, gate.suspects(), "gate-confirm", resultsDirectory());
            Optional<KeptRun> second = measured(plan);
            if (second.isPresent()) {
                gate.confirm(RunComparison.of(kept, second.get(), twoRuns.acrossMachines(), drift));
            } else {
                gate.unconfirmed("it was interrupted");
            }
        } catch (UnsupportedOperationException | IllegalArgumentException | IOException e) {
            gate.unconfirmed(String.valueOf(e.getMessage()));
        }
    }

    /// @return empty when it was interrupted
    private Optional<KeptRun> measured(BenchPlan plan) throws IOException, InterruptedException {
        Bench bench = new Bench(
                plan,
                Launcher.likeThisProcess(Main.class.getName()),
                new FfmKernel(),
                new TerminalObserver(System.err, false, 80),
                Bench.RunWords.ofThisProcess(
                        spec.commandLine().getParent().getParseResult().originalArgs(),
                        Version.number(),
                        Home.directory()));
        try (Interrupt _ = Interrupt.onSignal(bench::stop, BenchCommand.GRACE)) {
            BenchResult result = bench.run();
            return result.interrupted() ? Optional.empty() : Optional.of(KeptRun.read(result.directory()));
        }
    }

    private Path resultsDirectory() {
        return results != null ? results : Home.directory().resolve("results").resolve("local");
    }

    private static void print(GateResult result) {
        PrintStream out = System.out;
        for (Verdict verdict : List.of(Verdict.REGRESSED, Verdict.INCONCLUSIVE, Verdict.IMPROVED)) {
            for (Finding finding : result.with(verdict)) {
                out.println(
                        verdict + ": " + Words.printable(finding.comparison().candidate()) + " at "
                                + Words.brief(finding.comparison().workload()) + ", "
                                + finding.judgement().metric().title() + ": "
                                + Words.printable(finding.judgement().reason())
                                + (finding.remark().isEmpty() ? "" : "; " + Words.printable(finding.remark())));
            }
        }
        result.skipped().forEach(out::println);
        result.notes().forEach(note -> System.err.println("ringside gate: " + note));
        out.println(result.sentence());
    }
}
