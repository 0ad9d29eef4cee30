package ringside.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.result.Summary;

/// Writes a run's reports beside its `run.json`; works as well on an interrupted run. Any thread.
public final class Reports {
    /// The Markdown report's file name.
    public static final String MARKDOWN = "report.md";

    /// The HTML report's file name.
    public static final String HTML = "report.html";

    private Reports() {}

    /// Writes `report.md` and `report.html` from `run.json` and the `.hlog` files, replacing older ones whole.
    ///
    /// @param runDirectory a run's directory
    /// @throws ringside.bench.result.UnreadableRunException when `run.json` is missing or broken, with the
    ///     remedy
    /// @throws IOException when the directory can't be written
    public static void writeAll(Path runDirectory) throws IOException {
        Run run = RunFile.read(runDirectory);
        Summary summary = Summary.of(run, runDirectory);
        replace(runDirectory.resolve(MARKDOWN), MarkdownReport.render(run, summary));
        replace(runDirectory.resolve(HTML), HtmlReport.render(run, summary, runDirectory));
    }

    private static void replace(Path target, String text) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        Files.writeString(temporary, text);
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
