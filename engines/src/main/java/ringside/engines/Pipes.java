package ringside.engines;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import ringside.linux.Errno;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.OpenFiles;
import ringside.linux.Pipe;

/// The pipes of one event loop: made when they are first needed, up to a number, and kept.
///
/// A pipe in stock is empty. One that comes back with something in it is emptied, or closed if that fails: what it
/// holds can't reach anybody.
///
/// If the kernel refuses another pipe (`EPERM`: the user's pipes together are at `/proc/sys/fs/pipe-user-pages-soft`;
/// `EMFILE`) while there is at least one, those that exist have to do, for a while.
final class Pipes implements AutoCloseable {

    /// After a refusal, pipes that come back before the kernel is asked again.
    private static final int PATIENCE = 64;

    private final Kernel kernel;
    private final int pipeBytes;
    private final int countMax;
    private final int nullFd;
    private final ArrayDeque<Pipe> stock = new ArrayDeque<>();
    private int count;
    private int refused;
    private int untilAskedAgain;
    private boolean closed;

    /// Makes the first pipe, so that a size that the kernel refuses is known at once.
    ///
    /// @throws KernelException for that
    Pipes(Kernel kernel, int pipeBytes, int countMax) {
        this.kernel = kernel;
        this.pipeBytes = pipeBytes;
        this.countMax = countMax;
        OpenFiles files = new OpenFiles(kernel);
        this.nullFd = files.open("/dev/null", OpenFiles.O_WRONLY);
        boolean made = false;
        try {
            stock.push(Pipe.open(kernel, pipeBytes));
            count = 1;
            made = true;
        } finally {
            if (!made) {
                long ignored = files.close(nullFd);
            }
        }
    }

    /// Whether [#take()] has a chance.
    boolean available() {
        return !stock.isEmpty() || (count < countMax && untilAskedAgain == 0);
    }

    /// @return an empty pipe, or null when all are in use, or the kernel refuses one more: [#refused()]
    @Nullable
    Pipe take() {
        Pipe kept = stock.poll();
        if (kept != null || !available()) {
            return kept;
        }
        try {
            Pipe made = Pipe.open(kernel, pipeBytes);
            count++;
            return made;
        } catch (KernelException e) {
            if (refused == 0) {
                System.getLogger(Pipes.class.getName())
                        .log(System.Logger.Level.WARNING, "this loop gets by on " + count + " pipes", e);
            }
            refused = e.errno().number();
            untilAskedAgain = count == 0 ? 0 : PATIENCE;
            return null;
        }
    }

    /// Why there is no pipe at all, and so none to wait for: a negated errno, or 0 when there are some.
    int refused() {
        return count > 0 ? 0 : -(refused == 0 ? Errno.EMFILE : refused);
    }

    /// @param pipe empty, and named by nothing in flight
    void giveBack(Pipe pipe) {
        stock.push(pipe);
        untilAskedAgain = Math.max(0, untilAskedAgain - 1);
    }

    /// As [#giveBack], of a pipe that may hold something.
    void discard(Pipe pipe) {
        if (pipe.empty(nullFd)) {
            giveBack(pipe);
            return;
        }
        count--;
        untilAskedAgain = 0;
        pipe.close();
    }

    /// Pipes that exist.
    int count() {
        return count;
    }

    /// Pipes that are here.
    int inStock() {
        return stock.size();
    }

    @Override
    public void close() {
        for (Pipe pipe = stock.poll(); pipe != null; pipe = stock.poll()) {
            count--;
            pipe.close();
        }
        if (!closed) {
            closed = true;
            long ignored = new OpenFiles(kernel).close(nullFd);
        }
    }
}
