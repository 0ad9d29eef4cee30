package ringside.cli;

import java.io.PrintStream;
import java.util.Locale;
import ringside.bench.report.Words;
import ringside.content.webroot.BuildObserver;
import ringside.content.webroot.WebrootCheck;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.Syscall;
import ringside.linux.Terminal;

/// Shows how the building or checking of a webroot proceeds: one line that is written over on a terminal, and
/// notes above it; elsewhere the notes alone. How much is to come isn't known while a tree is read: there it
/// counts and says how fast; a check knows, and draws a bar.
final class PackProgress implements BuildObserver, WebrootCheck.Observer, AutoCloseable {

    private static final long STEP_NANOS = 100_000_000;
    private static final String ERASE_LINE = "\r\033[K";
    private static final int BAR_COLUMNS_MAX = 40;

    private final PrintStream out;
    private final boolean quiet;
    private final boolean isLive;
    private final int columns;
    private final long startNanos = System.nanoTime();
    private long shownNanos = startNanos - STEP_NANOS;
    private boolean dirty;

    private PackProgress(PrintStream out, boolean quiet) {
        this.out = out;
        this.quiet = quiet;
        Kernel kernel = new FfmKernel();
        this.isLive = !quiet && Syscall.SUPPORTED && Terminal.isTerminal(kernel, Terminal.STDERR);
        this.columns = isLive ? Terminal.widthColumns(kernel, Terminal.STDERR, 80) : 80;
    }

    /// @param quiet whether nothing is shown at all
    static PackProgress onStandardError(boolean quiet) {
        return new PackProgress(System.err, quiet);
    }

    @Override
    public void progress(long files, long readBytes) {
        if (isDue()) {
            double seconds = Math.max(0.1, (shownNanos - startNanos) / 1e9);
            show(String.format(
                    Locale.ROOT,
                    "%s, %s, %s/s",
                    Words.count(files, "file", "files"),
                    Quantities.bytes(readBytes),
                    Quantities.bytes(Math.round(readBytes / seconds))));
        }
    }

    @Override
    public void indexing(long resources) {
        if (isLive) {
            show(String.format(
                    Locale.ROOT,
                    "writing the index of %s, and waiting for the device",
                    Words.count(resources, "resource", "resources")));
        }
    }

    @Override
    public void verified(long verifiedBytes, long totalBytes) {
        if (isDue()) {
            double share = totalBytes == 0 ? 1 : Math.min(1, (double) verifiedBytes / totalBytes);
            int room = Math.max(0, Math.min(BAR_COLUMNS_MAX, columns - 30));
            int full = (int) (share * room);
            show(String.format(
                    Locale.ROOT,
                    "[%s%s] %3.0f %%  %s",
                    "#".repeat(full),
                    " ".repeat(room - full),
                    share * 100,
                    Quantities.bytes(verifiedBytes)));
        }
    }

    @Override
    public void note(String sentence) {
        if (!quiet) {
            erase();
            out.println("note: " + sentence);
        }
    }

    private boolean isDue() {
        if (!isLive) {
            return false;
        }
        long now = System.nanoTime();
        if (now - shownNanos < STEP_NANOS) {
            return false;
        }
        shownNanos = now;
        return true;
    }

    private void show(String text) {
        int room = columns - 1;
        out.print(ERASE_LINE + (text.length() > room ? text.substring(0, room) : text));
        out.flush();
        dirty = true;
    }

    private void erase() {
        if (dirty) {
            out.print(ERASE_LINE);
            out.flush();
            dirty = false;
        }
    }

    /// Takes the line away. Again does nothing.
    @Override
    public void close() {
        erase();
    }
}
