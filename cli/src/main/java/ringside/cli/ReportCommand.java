package ringside.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.bench.compare.KeptRun;
import ringside.bench.compare.RunComparison;
import ringside.bench.report.OverlayPage;
import ringside.bench.report.ReportedRun;
import ringside.bench.report.Reports;
import ringside.bench.report.TerminalTable;
import ringside.linux.FfmKernel;
import ringside.linux.Syscall;
import ringside.linux.Terminal;

/// `ringside report`: the report of a run anew, or several runs on one page.
@Command(
        name = "report",
        description = {
            "Makes the reports of a run anew from its run.json and histogram logs: report.html and report.md beside them,"
                    + " and the table.",
            "",
            "Of several runs: one page that lays their ratios and percentile spectra beside each other, each run against"
                    + " its own baseline. Whether something changed between two runs, 'ringside compare' says."
        },
        footer = {
            "",
            "Examples:",
            "  ringside report results/local/20260131-235900-bench",
            "  ringside report --html both.html results/local/old results/local/new"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {

    private static final int COLUMNS_DEFAULT = 120;
    private static final Path OVERLAY = Path.of("overlay.html");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "1..*", paramLabel = "RUN", description = "Directories of runs.")
    private List<Path> directories = List.of();

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Where the page of several runs goes (default: overlay.html here). Of one run: write only the"
                    + " page, there.")
    private @Nullable Path html;

    @Option(
            names = "--across-machines",
            description = "Lay runs of different machines over each other all the same, with a warning.")
    private boolean acrossMachines;

    @Override
    public Integer call() throws IOException {
        Set<Path> seen = new HashSet<>();
        for (Path directory : directories) {
            if (!seen.add(directory.toAbsolutePath().normalize())) {
                throw new ParameterException(spec.commandLine(), directory + " is given twice: give each run once");
            }
        }
        if (html != null) {
            WritableFile.require("--html", html);
        }
        List<ReportedRun> runs = new ArrayList<>();
        for (Path directory : directories) {
            runs.add(ReportedRun.read(directory));
        }
        return runs.size() == 1 ? one(runs.getFirst()) : several(runs);
    }

    private int one(ReportedRun run) throws IOException {
        boolean terminal = Syscall.SUPPORTED && Terminal.isTerminal(new FfmKernel(), Terminal.STDOUT);
        int columns =
                terminal ? Terminal.widthColumns(new FfmKernel(), Terminal.STDOUT, COLUMNS_DEFAULT) : COLUMNS_DEFAULT;
        System.out.println(new TerminalTable(columns, Main.colours(Terminal.STDOUT), true)
                .render(run)
                .stripTrailing());
        if (html != null) {
            Reports.writeHtml(run, html);
            System.out.println("report: " + html);
        } else {
            Reports.write(run);
            System.out.println("report: " + run.directory().resolve(Reports.HTML));
        }
        return run.run().trials().isEmpty() ? Main.EXIT_BAD_ANSWER : 0;
    }

    private int several(List<ReportedRun> runs) throws IOException {
        Set<String> warnings = new LinkedHashSet<>();
        for (ReportedRun run : runs.subList(1, runs.size())) {
            RunComparison.requireOneMachine(kept(runs.getFirst()), kept(run), acrossMachines)
                    .ifPresent(warning -> warnings.add(run.name() + ": " + warning));
        }
        runs.stream()
                .filter(run -> !run.run().complete())
                .forEach(run -> warnings.add(run.name() + " was broken off: not every planned trial is in it."));
        warnings.forEach(warning -> System.err.println("ringside report: " + warning));
        Path page = html == null ? OVERLAY : html;
        Files.writeString(page, OverlayPage.render(runs, List.copyOf(warnings)));
        System.out.println("page: " + page);
        return 0;
    }

    private static KeptRun kept(ReportedRun run) {
        return new KeptRun(run.directory(), run.run(), run.evidence());
    }
}
