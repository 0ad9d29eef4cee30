package ringside.engines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.linux.DontCache;
import ringside.linux.Errno;
import ringside.linux.FileAdvice;
import ringside.linux.Kernel;
import ringside.linux.PositionedReads;

/// What an engine that reads through the page cache can tell the kernel about it: the two options, and how they
/// are carried out. One per reader; on its loop.
///
/// ```
///   openReader ── of(kernel, options)         asks the kernel whether it can
///   read ──┬───── met(file)                   the first time: posix_fadvise(2), and a mark on the file
///          ├───── rwfFlags()                  for preadv2(2), or the rw_flags of a submission
///          └───── explain(fd, result)         a person learns why every read fails
/// ```
final class FileReadOptions {

    static final EngineOption FADVISE = EngineOption.choice(
            "fadvise",
            List.of("normal", "sequential", "random", "noreuse", "willneed"),
            "posix_fadvise(2), once for each file that is opened: sequential doubles the read-ahead, random turns it"
                    + " off, noreuse lets the pages age as if they weren't used (Linux 6.3), willneed starts to read"
                    + " the whole file.");

    static final EngineOption DONTCACHE = EngineOption.onOff(
            "dontcache",
            "RWF_DONTCACHE (Linux 6.14; ext4, XFS): pages that a read has brought into the page cache leave it with"
                    + " the read.");

    private static final System.Logger LOGGER = System.getLogger("ringside.engines");

    private final Kernel kernel;
    private final @Nullable FileAdvice advice;
    private final int rwfFlags;
    private final AtomicBoolean explained = new AtomicBoolean();

    private FileReadOptions(Kernel kernel, @Nullable FileAdvice advice, int rwfFlags) {
        this.kernel = kernel;
        this.advice = advice;
        this.rwfFlags = rwfFlags;
    }

    /// @throws UnsupportedOperationException with a message for a person when `dontcache` is on and the kernel
    ///     doesn't know the flag
    static FileReadOptions of(Kernel kernel, EngineOptions options) {
        FileAdvice advice = switch (FADVISE.text(options.get(FADVISE))) {
            case "sequential" -> FileAdvice.SEQUENTIAL;
            case "random" -> FileAdvice.RANDOM;
            case "noreuse" -> FileAdvice.NOREUSE;
            case "willneed" -> FileAdvice.WILLNEED;
            default -> null; // what the kernel does unasked
        };
        boolean dontCache = options.get(DONTCACHE) == 1;
        int probed = dontCache ? DontCache.probe(kernel) : 0;
        if (probed < 0) {
            Errno errno = Errno.of(probed);
            throw new UnsupportedOperationException("dontcache=on can't be had: the kernel has no RWF_DONTCACHE ("
                    + errno.label() + ", " + errno.meaning()
                    + "). Run without it, or on Linux 6.14 or later; fadvise=noreuse is the nearest before that");
        }
        return new FileReadOptions(kernel, advice, dontCache ? PositionedReads.RWF_DONTCACHE : 0);
    }

    /// Flags for every read: 0 if pread(2) does.
    int rwfFlags() {
        return rwfFlags;
    }

    /// Called before each read of `file`; gives the advice at the first. Uses the file's attachment for the mark, so
    /// not for engines that attach something else.
    void met(OpenFile file) {
        if (advice != null && file.attachment() == null) {
            MetFile.of(file);
            advise(advice, file);
        }
    }

    /// Called for a read that failed, by any thread: says once why, when it's the file system that lacks the flag.
    void explain(int fd, int result) {
        if (result == -Errno.EOPNOTSUPP && rwfFlags != 0 && explained.compareAndSet(false, true)) {
            LOGGER.log(
                    System.Logger.Level.ERROR,
                    "the file system of " + name(fd) + " has no RWF_DONTCACHE: its files can't be read so."
                            + " Run without dontcache=on, or serve from ext4 or XFS.");
        }
    }

    /// Advice is a wish: a file system that refuses it serves the file all the same.
    private void advise(FileAdvice wish, OpenFile file) {
        long result = wish.give(kernel, file.fd(), 0, 0);
        if (result < 0 && explained.compareAndSet(false, true)) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "posix_fadvise(2) on " + file.path() + ": "
                            + Errno.of(result).label() + ". The option fadvise has no effect there.");
        }
    }

    private static String name(int fd) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
        } catch (IOException e) {
            return "descriptor " + fd;
        }
    }
}
