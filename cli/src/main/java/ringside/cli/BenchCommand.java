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
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import ringside.bench.Bench;
import ringside.bench.BenchPlan;
import ringside.bench.BenchPlanBuilder;
import ringside.bench.BenchResult;
import ringside.bench.TerminalObserver;
import ringside.bench.report.Reports;
import ringside.bench.report.TerminalTable;
import ringside.bench.result.GuardRule;
import ringside.bench.result.Summary;
import ringside.bench.trial.Launcher;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.Syscall;
import ringside.linux.Terminal;
import ringside.loadtest.LoadPlan;

/// `ringside bench`: engines and peers side by side.
@Command(
        name = "bench",
        description = {
            "Compares engines (and other servers) side by side: a fresh server and a fresh generator per trial, on"
                    + " disjoint CPUs, in interleaved random order.",
            "",
            "Without arguments: the basic engines on the transports that suit them, small and large files from the"
                    + " page cache, in under two minutes.",
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
            "  ringside bench --generators ringside,wrk --engines memory --sizes 1k,16k,1m"
        },
        abbreviateSynopsis = true,
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {

    private static final String AUTO_OF = "auto:";
    private static final int COLUMNS_DEFAULT = 120;

    /// For the end of the children, the clearing away of the files, and the reports.
    static final Duration GRACE = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--engines",
            paramLabel = "NAME[:OPTION=VALUE,...],...",
            description = "Engines to compare (default: memory,blocking,sendfile,aio,uring).")
    private @Nullable String engines;

    @Option(
            names = "--transports",
            split = ",",
            paramLabel = "NAME",
            description = "nio, epoll, io_uring; every engine runs on each (default: those that suit the engine).")
    private @Nullable List<String> transports;

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "SIZE",
            description = "Sizes of the generated files: bytes, or 1k,16k,1m (default: 1k,1m; beside peers 1k,16k,1m).")
    private @Nullable List<String> sizes;

    @Option(
            names = "--root",
            paramLabel = "DIR",
            description = "Serve the files of this directory instead of generated ones.")
    private @Nullable Path root;

    @Option(
            names = "--connections",
            split = ",",
            paramLabel = "COUNT",
            description = "Connections kept alive; with several counts, each is measured (default: "
                    + LoadPlan.CONNECTIONS_DEFAULT + ").")
    private @Nullable List<Integer> connections;

    @Option(
            names = "--rate",
            paramLabel = "PER-SECOND",
            description = "Open loop: so many requests per second, all connections together (default: closed loop:"
                    + " each connection asks again when it has its answer).")
    private @Nullable Double ratePerSecond;

    @Option(
            names = "--cache",
            split = ",",
            paramLabel = "STATE",
            description = "hot: the files are in the page cache; cold: none of them is, and each is asked for once at"
                    + " most; hot,cold: both. Checked before each trial, not assumed (default: hot).")
    private @Nullable List<String> caches;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = Quantities.Span.class,
            description = "Measured time per trial: 500ms, 10s, 2m (default: fitted to a run of under two minutes, or"
                    + " ten beside peers).")
    private @Nullable Duration duration;

    @Option(
            names = "--warmup",
            paramLabel = "TIME|auto[:TIME]",
            description = "Load before the measured time: for a given time, or (auto) until the launch has come to its"
                    + " steady state, but for TIME at most. One that doesn't get there is measured and marked (default:"
                    + " auto, its longest fitted as well).")
    private @Nullable String warmUp;

    @Option(
            names = "--guard",
            paramLabel = "MODE",
            description = "Trials in whose window other programs, the hypervisor, want of memory, heat or a clock that"
                    + " jumped came in between: exclude (they are shown and don't count), mark (they count), off (nobody"
                    + " watches) (default: exclude).")
    private GuardRule.@Nullable Mode guard;

    @Option(
            names = "--repeats",
            paramLabel = "COUNT",
            description = "Trials of each combination, each with a fresh server (default: 2; beside peers 4).")
    private @Nullable Integer repeats;

    @Option(
            names = {"--peer", "--peers"},
            split = ",",
            paramLabel = "NAME",
            description = "Other servers, measured alike: nginx, nginx-read, h2o, lighttpd.")
    private @Nullable List<String> peers;

    @Option(
            names = "--baseline",
            paramLabel = "SIDE",
            description = "The side that the others are held against, by its label: blocking/epoll, nginx (default: the"
                    + " first that is listed; memory, which reads no file, only when there is no other).")
    private @Nullable String baseline;

    @Option(
            names = "--generators",
            split = ",",
            paramLabel = "NAME",
            description = "Who asks: ringside, wrk (default: ringside).")
    private @Nullable List<String> generators;

    @Option(
            names = "--ledger",
            description = "Counts what the kernel does for a request, too (system calls by name, context switches,"
                    + " faults, I/O): in one more trial of each combination, apart from those that are timed.")
    private boolean ledger;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Decides the order of trials and the files' contents (default: random, recorded).")
    private @Nullable Long seed;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Part of the results directory's name (default: bench).")
    private @Nullable String name;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where the run's own directory is made (default: results/local beside ringside).")
    private @Nullable Path results;

    @Option(names = "--json", description = "Print run.json on standard output at the end; all else goes to stderr.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Kernel kernel = new FfmKernel();
        PrintStream out = json ? System.err : System.out;
        int fd = json ? Terminal.STDERR : Terminal.STDOUT;
        boolean terminal = Syscall.SUPPORTED && Terminal.isTerminal(kernel, fd);
        int columns = terminal ? Terminal.widthColumns(kernel, fd, COLUMNS_DEFAULT) : COLUMNS_DEFAULT;
        BenchPlan plan = Failure.asUsage(spec, this::plan);
        List<String> arguments = spec.commandLine().getParent().getParseResult().originalArgs();
        Bench bench = new Bench(
                plan,
                Launcher.likeThisProcess(Main.class.getName()),
                kernel,
                new TerminalObserver(out, terminal, columns),
                Bench.RunWords.ofThisProcess(arguments, Version.number(), Home.directory()));
        // Until all is written: a signal asks for what was finished so far, not for its loss.
        try (Interrupt _ = Interrupt.onSignal(bench::stop, GRACE)) {
            BenchResult result = bench.run();
            out.println(new TerminalTable(Math.clamp(columns, 80, 140), Main.colours(fd), true)
                    .render(result.run(), Summary.of(result.run(), result.directory()))
                    .stripTrailing());
            out.println("report: " + result.directory().resolve(Reports.HTML));
            if (json) {
                System.out.print(Files.readString(result.directory().resolve("run.json")));
            }
            if (result.interrupted()) {
                return Main.EXIT_INTERRUPTED;
            }
            return result.isGood() ? 0 : Main.EXIT_BAD_ANSWER;
        }
    }

    private BenchPlan plan() {
        BenchPlanBuilder builder = new BenchPlanBuilder();
        if (engines != null) {
            builder.engineList(engines);
        }
        if (transports != null) {
            builder.transports(transports);
        }
        if (sizes != null) {
            builder.sizes(sizes);
        }
        if (root != null) {
            builder.root(root);
        }
        if (connections != null) {
            builder.connections(connections);
        }
        if (ratePerSecond != null) {
            builder.rate(ratePerSecond);
        }
        if (caches != null) {
            builder.caches(caches);
        }
        if (duration != null) {
            builder.duration(duration);
        }
        if (warmUp != null) {
            warmUp(builder, warmUp);
        }
        if (guard != null) {
            builder.guard(guard);
        }
        if (repeats != null) {
            builder.repeats(repeats);
        }
        if (peers != null) {
            builder.peers(peers);
        }
        if (baseline != null) {
            builder.baseline(baseline);
        }
        if (generators != null) {
            builder.generators(generators);
        }
        builder.ledger(ledger);
        if (seed != null) {
            builder.seed(seed);
        }
        if (name != null) {
            builder.name(name);
        }
        builder.resultsDirectory(
                results != null ? results : Home.directory().resolve("results").resolve("local"));
        return builder.build();
    }

    private static void warmUp(BenchPlanBuilder builder, String text) {
        String most = text.startsWith(AUTO_OF) ? text.substring(AUTO_OF.length()) : "";
        try {
            if (text.equals("auto") || !most.isEmpty()) {
                builder.warmUpUntilSteady(
                        most.isEmpty() ? Optional.empty() : Optional.of(new Quantities.Span().convert(most)));
            } else {
                builder.warmUp(new Quantities.Span().convert(text));
            }
        } catch (CommandLine.TypeConversionException e) {
            throw new IllegalArgumentException("--warmup: " + e.getMessage() + ", or auto, or auto:5s", e);
        }
    }
}
