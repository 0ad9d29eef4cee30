package ringside.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

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
        write(ReportedRun.read(runDirectory));
    }

    /// Writes the reports of a run that was read already.
    ///
    /// @throws IOException when the directory can't be written
    public static void write(ReportedRun reported) throws IOException {
        Path target = reported.directory();
        replace(target.resolve(MARKDOWN), MarkdownReport.render(reported));
        replace(target.resolve(HTML), HtmlReport.render(reported));
    }

    /// Writes the page of a run elsewhere; its links lead to the run's directory.
    ///
    /// @throws IOException when the file can't be written
    public static void writeHtml(ReportedRun reported, Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path parent = absolute.getParent();
        Path from = parent == null ? absolute : parent;
        Path base = from.toRealPath().relativize(reported.directory().toRealPath());
        replace(absolute, HtmlReport.render(reported, base));
    }

    private static void replace(Path target, String text) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        Files.writeString(temporary, text);
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
