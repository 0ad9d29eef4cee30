package ringside.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import ringside.bench.compare.KeptRun;
import ringside.bench.evidence.LaunchCsv;
import ringside.bench.export.JUnitXml;
import ringside.bench.export.JmhJson;
import ringside.bench.export.OpenMetrics;
import ringside.bench.export.PullRequestMarkdown;
import ringside.bench.export.VerdictList;
import ringside.bench.judge.Comparison;

/// Options that write results in the formats of others: the same for every command that has results.
final class ExportOptions {

    private static final Path STDOUT = Path.of("-");

    @Option(
            names = "--junit",
            paramLabel = "FILE",
            description =
                    "Write the verdicts as JUnit XML: regressed is a failure, inconclusive an error. As with the other"
                            + " files, - is standard output.")
    private @Nullable Path junit;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write them as Markdown for a pull request.")
    private @Nullable Path markdown;

    @Option(
            names = "--openmetrics",
            paramLabel = "FILE",
            description = "Write the run's values and verdicts in the OpenMetrics text format.")
    private @Nullable Path openMetrics;

    @Option(names = "--jmh", paramLabel = "FILE", description = "Write the run's values as JMH's JSON.")
    private @Nullable Path jmh;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "Write the run's values as CSV, a line for each launch and metric.")
    private @Nullable Path csv;

    boolean isEmpty() {
        return junit == null && markdown == null && openMetrics == null && jmh == null && csv == null;
    }

    /// Before the work: whether the files can be written.
    void require() throws IOException {
        require("--junit", junit);
        require("--markdown", markdown);
        require("--openmetrics", openMetrics);
        require("--jmh", jmh);
        require("--csv", csv);
    }

    /// @param comparisons whose verdicts go into OpenMetrics
    void write(KeptRun kept, VerdictList verdicts, List<Comparison> comparisons) throws IOException {
        if (junit != null) {
            put(junit, JUnitXml.render(verdicts));
        }
        if (markdown != null) {
            put(markdown, PullRequestMarkdown.render(verdicts));
        }
        if (openMetrics != null) {
            put(openMetrics, OpenMetrics.render(kept, comparisons));
        }
        if (jmh != null) {
            put(jmh, JmhJson.render(kept));
        }
        if (csv != null) {
            put(csv, LaunchCsv.render(kept.evidence()));
        }
    }

    private static void put(Path file, String text) throws IOException {
        if (file.equals(STDOUT)) {
            System.out.print(text);
        } else {
            Files.writeString(file, text);
        }
    }

    private static void require(String option, @Nullable Path file) throws IOException {
        if (file != null && !file.equals(STDOUT)) {
            WritableFile.require(option, file);
        }
    }
}
