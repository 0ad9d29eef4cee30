package ringside.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.bench.compare.KeptRun;
import ringside.bench.evidence.RunVerdicts;
import ringside.bench.export.VerdictList;

/// `ringside export`: a run in the formats of others.
@Command(
        name = "export",
        description = "Writes a run in the formats of others: CSV, JMH's JSON, OpenMetrics, JUnit XML, Markdown.",
        footer = {
            "",
            "Examples:",
            "  ringside export results/local/20260131-235900-bench --csv run.csv --jmh jmh.json",
            "  ringside export results/local/20260131-235900-bench --markdown comment.md"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "RUN", description = "The run's directory.")
    private Path directory = Path.of("");

    @Mixin
    private ExportOptions exports = new ExportOptions();

    @Override
    public Integer call() throws IOException {
        if (exports.isEmpty()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "nothing to write: give --csv, --jmh, --openmetrics, --junit or --markdown with a file");
        }
        exports.require();
        KeptRun kept = KeptRun.read(directory);
        RunVerdicts verdicts = kept.verdicts();
        exports.write(kept, VerdictList.of("ringside " + kept.name(), verdicts), verdicts.comparisons());
        return 0;
    }
}
