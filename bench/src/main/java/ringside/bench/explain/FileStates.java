package ringside.bench.explain;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ringside.bench.trial.FileSet;
import ringside.linux.Kernel;
import ringside.linux.OpenFiles;
import ringside.linux.PageResidency;
import ringside.linux.Residency;
import ringside.linux.Statx;

/// Which file a traced request asks for, and what the page cache has of it.
///
/// Cold is the file that the server has open, with its pages evicted, so that nothing but the read differs from
/// a hot request. Two things keep pages where they are. Pages that went into a socket without a copy are held
/// by the socket's buffers, and those that the client's CPU frees wait for the next packet of the CPU that made
/// them (`skb_attempt_defer_free`, net/core/skbuff.c, 5.19): a request for another file lets them go. And pages
/// that the server has mapped can't be evicted at all: then each request asks for a file that it has never
/// opened.
final class FileStates {

    /// The file that is asked for, one to push its pages out of the sockets' buffers, and the rest for a cold
    /// start.
    private static final int FIRST_UNOPENED = 2;

    private static final String UNEVICTABLE = "The server keeps the pages of an open file where they are (mapped, or in"
            + " sockets): each request asked for a file that it hadn't opened yet, and opening it is in the picture.";

    private final Kernel kernel;
    private final boolean cold;
    private final List<FileSet.Entry> files;
    private final PageResidency residency;
    private boolean unevictable;
    private int unopened = FIRST_UNOPENED;

    /// @param files as many as [#count(ExplainPlan)]
    FileStates(Kernel kernel, ExplainPlan plan, FileSet files) {
        this.kernel = kernel;
        this.cold = plan.cold();
        this.files = files.entries();
        residency = new PageResidency(kernel);
    }

    /// How many files are needed.
    static int count(ExplainPlan plan) {
        return plan.cold() ? FIRST_UNOPENED + plan.requests() : 1;
    }

    /// A file in the state that the plan asks for.
    ///
    /// @param inode its number
    /// @param before what the page cache has of it
    record Prepared(FileSet.Entry file, long inode, Residency before) {}

    /// The file that is asked for while the server warms up.
    FileSet.Entry usual() {
        return files.getFirst();
    }

    /// Prepares the next traced request.
    Prepared prepare(OneConnection connection) throws IOException {
        // What is due once in a while, such as a look whether the file has changed, is this one's.
        connection.ask(usual());
        if (!cold) {
            return prepared(usual(), residency.measure(path(usual())));
        }
        if (!unevictable) {
            connection.ask(files.get(1));
            Residency after = residency.evict(path(usual())).after();
            if (after.isCold()) {
                return prepared(usual(), after);
            }
            unevictable = true;
        }
        FileSet.Entry fresh = files.get(unopened++);
        return prepared(fresh, residency.evict(path(fresh)).after());
    }

    /// What has to be said about it.
    Optional<String> note() {
        return unevictable ? Optional.of(UNEVICTABLE) : Optional.empty();
    }

    private Prepared prepared(FileSet.Entry file, Residency before) {
        return new Prepared(file, inode(file.file()), before);
    }

    private static String path(FileSet.Entry file) {
        return file.file().toString();
    }

    private long inode(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            return new Statx(kernel, arena)
                    .ofPath(OpenFiles.AT_FDCWD, file.toString())
                    .inode();
        }
    }
}
