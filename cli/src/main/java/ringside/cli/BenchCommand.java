package ringside.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import ringside.bench.Bench;
import ringside.bench.BenchResult;
import ringside.bench.TerminalObserver;
import ringside.bench.plan.BenchPlan;
import ringside.bench.plan.BenchPlanBuilder;
import ringside.bench.plan.PlanFile;
import ringside.bench.plan.PlanText;
import ringside.bench.report.Reports;
import ringside.bench.report.TerminalTable;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.trial.Launcher;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.Syscall;
import ringside.linux.Terminal;

/// `ringside bench`: engines and peers side by side.
@Command(
        name = "bench",
        description = {
            "Compares engines (and other servers) side by side: a fresh server and a fresh generator per trial, on"
                    + " disjoint CPUs, in interleaved random order.",
            "",
            "Without arguments: the basic engines on the transports that suit them, files of 16 KiB from the page"
                    + " cache, in under two minutes.",
            "",
            "One side, the baseline, runs twice, as two sides with launches of their own: what the two differ by,"
                    + " equal servers differ by here (the A/A line of the result)."
        },
        footer = {
            "",
            "Examples:",
            "  ringside bench --peer nginx,nginx-read,h2o,lighttpd",
            "  ringside bench --engines blocking,uring,direct --cache cold --sizes 64k",
            "  ringside bench --engines uring:queue-depth=32,aio --transports epoll --repeats 5",
            "  ringside bench --engines blocking,sendfile,uring --sizes 16k --ledger",
            "  ringside bench --side old=commit:HEAD~1 --side new=commit:HEAD --until resolved --budget 10m",
            "  ringside bench --engines sendfile,uring --sizes 16k --find-knee 'p99<5ms'",
            "  ringside bench --plan plan.yaml --dry-run"
        },
        abbreviateSynopsis = true,
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {

    private static final int COLUMNS_DEFAULT = 120;

    /// For the end of the children, the clearing away of the files, and the reports.
    static final Duration GRACE = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description = "A plan in YAML, whose keys are the flags below (docs/plan.md). Flags win over the file.")
    private @Nullable Path planFile;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description = "Go on with an interrupted run: its plan, its order, its finished trials. Refuses when the"
                    + " program or the machine is another one.")
    private @Nullable Path resume;

    @Option(names = "--dry-run", description = "Say what would run, and for how long; run nothing.")
    private boolean dryRun;

    @Option(names = "--print-plan", description = "Print the whole plan as a file for --plan; run nothing.")
    private boolean printPlan;

    @Mixin
    private PlanOptions options = new PlanOptions();

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where the run's own directory is made (default: results/local beside ringside).")
    private @Nullable Path results;

    @Option(
            names = "--json",
            description =
                    "Print run.json on standard output at the end, or what --dry-run says as JSON; all else goes to"
                            + " stderr.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Kernel kernel = new FfmKernel();
        PrintStream out = json ? System.err : System.out;
        int fd = json ? Terminal.STDERR : Terminal.STDOUT;
        boolean terminal = Syscall.SUPPORTED && Terminal.isTerminal(kernel, fd);
        int columns = terminal ? Terminal.widthColumns(kernel, fd, COLUMNS_DEFAULT) : COLUMNS_DEFAULT;
        List<String> arguments = spec.commandLine().getParent().getParseResult().originalArgs();
        Bench.RunWords words = Bench.RunWords.ofThisProcess(arguments, Version.number(), Home.directory());
        BenchPlan plan = Failure.asUsage(spec, this::plan);
        Bench bench = Failure.asUsage(
                spec,
                () -> new Bench(
                        plan,
                        Launcher.likeThisProcess(Main.class.getName()),
                        kernel,
                        new TerminalObserver(out, terminal, columns),
                        words,
                        Optional.ofNullable(resume)));
        if (printPlan) {
            System.out.print(PlanText.yaml(bench.forecast().plan()));
            return 0;
        }
        if (dryRun) {
            System.out.print(json ? bench.forecast().json() : bench.forecast().text());
            return 0;
        }
        // Until all is written: a signal asks for what was finished so far, not for its loss.
        try (Interrupt _ = Interrupt.onSignal(bench::stop, GRACE)) {
            return report(bench.run(), out, Math.clamp(columns, 80, 140), Main.colours(fd));
        }
    }

    private int report(BenchResult result, PrintStream out, int columns, boolean colours) throws IOException {
        out.println(new TerminalTable(columns, colours, true)
                .render(result.reported())
                .stripTrailing());
        out.println("report: " + result.directory().resolve(Reports.HTML));
        if (json) {
            System.out.print(Files.readString(result.directory().resolve(RunFile.NAME)));
        }
        if (result.interrupted()) {
            out.println("go on with: ringside bench --resume " + result.directory());
            return Main.EXIT_INTERRUPTED;
        }
        return result.isGood() ? 0 : Main.EXIT_BAD_ANSWER;
    }

    /// From the file, or the run that is to go on; then the flags, which win.
    private BenchPlan plan() throws IOException {
        BenchPlanBuilder builder = new BenchPlanBuilder();
        builder.resultsDirectory(
                results != null ? results : Home.directory().resolve("results").resolve("local"));
        if (resume != null && planFile != null) {
            throw new IllegalArgumentException("--resume goes on with the plan of its run: leave out --plan");
        }
        Optional<PlanFile> file = Optional.empty();
        if (resume != null) {
            file = Optional.of(resumed(resume, builder));
        } else if (planFile != null) {
            file = Optional.of(PlanFile.read(planFile, builder));
        }
        options.apply(builder);
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw file.isPresent() ? file.get().placed(e) : e;
        }
    }

    private static PlanFile resumed(Path directory, BenchPlanBuilder builder) throws IOException {
        Run run = RunFile.read(directory);
        if (run.plan().yaml().isEmpty()) {
            throw new IllegalArgumentException(directory
                    + " is a run of before plans were kept: it can't be resumed. Start it again with its command line");
        }
        Path parent = directory.toRealPath().getParent();
        if (parent != null) {
            builder.resultsDirectory(parent);
        }
        return PlanFile.parse(
                "the plan of " + directory.resolve(RunFile.NAME), run.plan().yaml(), builder);
    }
}
