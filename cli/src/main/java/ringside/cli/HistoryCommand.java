package ringside.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.bench.compare.KeptRun;
import ringside.bench.compare.RunComparison;
import ringside.bench.gate.GateRule;
import ringside.bench.history.History;
import ringside.bench.history.HistoryPage;
import ringside.bench.history.HistoryText;
import ringside.bench.judge.Metric;
import ringside.bench.result.RunFile;
import ringside.bench.result.UnreadableRunException;
import ringside.linux.FfmKernel;
import ringside.linux.Syscall;
import ringside.linux.Terminal;

/// `ringside history`: when did it change?
@Command(
        name = "history",
        description = {
            "Lines up many runs by time and finds where the level of a metric changed: E-divisive with a permutation"
                    + " test, on one value a run. Eight runs are the least that can show a change."
        },
        footer = {
            "",
            "Examples:",
            "  ringside history results/nightly                    every run in that directory",
            "  ringside history --metrics cpu --html history.html results/local/*-nightly"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class HistoryCommand implements Callable<Integer> {

    private static final int COLUMNS_DEFAULT = 120;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "1..*",
            paramLabel = "DIR",
            description = "Directories of runs, or directories that hold those of runs.")
    private List<Path> directories = List.of();

    @Option(
            names = "--metrics",
            split = ",",
            paramLabel = "NAME",
            description =
                    "What to line up: throughput, cpu, core-busy, service-p99, counts, all (default: cpu,counts).")
    private @Nullable List<String> metrics;

    @Option(names = "--html", paramLabel = "FILE", description = "Write it as a page with drawings, too.")
    private @Nullable Path html;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Of the permutation tests (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--across-machines",
            description = "Line up runs of different machines all the same, with a warning.")
    private boolean acrossMachines;

    @Override
    public Integer call() throws IOException {
        List<Metric> wanted =
                Failure.asUsage(spec, () -> metrics == null ? GateRule.usualMetrics() : GateRule.metrics(metrics));
        if (html != null) {
            WritableFile.require("--html", html);
        }
        List<KeptRun> runs = new ArrayList<>();
        for (Path directory : directories) {
            add(runs, directory);
        }
        if (runs.isEmpty()) {
            throw new IOException("no run is in " + directories + ": give directories that hold " + RunFile.NAME);
        }
        for (KeptRun kept : runs) {
            RunComparison.requireOneMachine(runs.getFirst(), kept, acrossMachines)
                    .ifPresent(warning -> System.err.println("ringside history: " + warning));
        }
        History history = History.of(runs, wanted, seed);
        boolean terminal = Syscall.SUPPORTED && Terminal.isTerminal(new FfmKernel(), Terminal.STDOUT);
        int columns =
                terminal ? Terminal.widthColumns(new FfmKernel(), Terminal.STDOUT, COLUMNS_DEFAULT) : COLUMNS_DEFAULT;
        System.out.print(HistoryText.render(history, columns));
        if (html != null) {
            Files.writeString(html, HistoryPage.render(history));
            System.out.println("page: " + html);
        }
        return 0;
    }

    /// A run itself, or every run that a directory holds: of those one that can't be read is named and left out.
    private static void add(List<KeptRun> runs, Path directory) throws IOException {
        if (Files.exists(directory.resolve(RunFile.NAME)) || !Files.isDirectory(directory)) {
            runs.add(KeptRun.read(directory));
            return;
        }
        List<Path> children;
        try (Stream<Path> entries = Files.list(directory)) {
            children = entries.filter(child -> Files.exists(child.resolve(RunFile.NAME)))
                    .sorted()
                    .toList();
        }
        for (Path child : children) {
            try {
                runs.add(KeptRun.read(child));
            } catch (UnreadableRunException e) {
                System.err.println("ringside history: left out: " + e.getMessage());
            }
        }
    }
}
