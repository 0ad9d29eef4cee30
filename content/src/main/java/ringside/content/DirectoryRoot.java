package ringside.content;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import ringside.linux.Errno;
import ringside.linux.FileKind;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.OpenFiles;
import ringside.linux.Statx;
import ringside.linux.Syscall;

/// The directory that is served: everything is opened relative to its descriptor with openat2(2), `RESOLVE_BENEATH
/// | RESOLVE_NO_MAGICLINKS` (Linux 5.6), so that neither `..` nor a symbolic link leads out of it, whatever is
/// renamed meanwhile. Links that stay inside are followed.
///
/// Shared by all event loops. Closed after the caches that use it.
public final class DirectoryRoot implements ContentRoot {

    // asm-generic/fcntl.h
    private static final int O_NOCTTY = 0x100;
    private static final int F_SETFL = 4;
    private static final int F_DUPFD_CLOEXEC = 1030; // linux/fcntl.h
    private static final int SEEK_END = 2; // linux/fs.h

    private final Kernel kernel;
    private final OpenFiles files;
    private final Path directory;
    private final MediaTypes mediaTypes;
    private final DirectorySettings settings;
    private final InstantSource clock;
    private int fd;

    private DirectoryRoot(
            Kernel kernel, OpenFiles files, Path directory, DirectorySettings settings, InstantSource clock, int fd) {
        this.kernel = kernel;
        this.files = files;
        this.directory = directory;
        this.settings = settings;
        this.fd = fd;
        this.mediaTypes = new MediaTypes();
        this.clock = clock;
    }

    /// As [#open(Kernel, Path, DirectorySettings)], with [DirectorySettings#DEFAULT].
    public static DirectoryRoot open(Kernel kernel, Path directory) {
        return open(kernel, directory, DirectorySettings.DEFAULT);
    }

    /// @throws ringside.linux.KernelException when `directory` is missing, unreadable, may not be searched,
    ///     or is no directory; when the kernel has no openat2(2) (before Linux 5.6), or a sandbox forbids it
    public static DirectoryRoot open(Kernel kernel, Path directory, DirectorySettings settings) {
        return open(kernel, directory, settings, InstantSource.system());
    }

    /// @param clock what the file system's times are compared with
    public static DirectoryRoot open(Kernel kernel, Path directory, DirectorySettings settings, InstantSource clock) {
        String path = directory.toAbsolutePath().toString();
        int flags = OpenFiles.O_RDONLY | OpenFiles.O_DIRECTORY;
        return open(kernel, directory, settings, clock, new OpenFiles(kernel).open(path, flags));
    }

    /// As [#open(Kernel, Path, DirectorySettings)], of a directory that is open already.
    ///
    /// @param directory for messages
    /// @param fd a directory, open for reading; the root's from now on, and closed if it can't be opened
    public static DirectoryRoot open(Kernel kernel, Path directory, DirectorySettings settings, int fd) {
        return open(kernel, directory, settings, InstantSource.system(), fd);
    }

    private static DirectoryRoot open(
            Kernel kernel, Path directory, DirectorySettings settings, InstantSource clock, int fd) {
        OpenFiles files = new OpenFiles(kernel);
        // Looks something up, as each request will: what is missing for that is said now.
        long beneath = files.tryOpenBeneath(fd, ".", OpenFiles.O_PATH);
        if (beneath < 0) {
            files.close(fd);
        }
        files.close((int) KernelException.check(Syscall.OPENAT2, directory + "/.", beneath));
        return new DirectoryRoot(kernel, files, directory, settings, clock, fd);
    }

    @Override
    public ContentStore openStore(int entriesMax) {
        return new FileCache(this, entriesMax);
    }

    public Path directory() {
        return directory;
    }

    Kernel kernel() {
        return kernel;
    }

    /// Whether no index that goes before the one at `relativePath` has appeared.
    boolean isFirstIndex(String relativePath, Statx statx) {
        int slash = relativePath.lastIndexOf('/') + 1;
        String name = relativePath.substring(slash);
        for (String index : settings.indexNames()) {
            if (index.equals(name)) {
                return true;
            }
            if (tryStatus(relativePath.substring(0, slash) + index, statx) == 0) {
                return false;
            }
        }
        return false;
    }

    /// Asks `statx` about what is at `relativePath` now. Resolved as [#resolve(String, Statx)] does it, so
    /// that a path that leads out of the root by now is refused even if its file is the same.
    ///
    /// @return 0, or the negated errno
    long tryStatus(String relativePath, Statx statx) {
        long opened = files.tryOpenBeneath(fd, relativePath, OpenFiles.O_PATH);
        if (opened < 0) {
            return opened;
        }
        long asked = statx.tryDescriptor((int) opened);
        files.close((int) opened);
        return asked;
    }

    /// Whether a file's entity tag is the best there is: not weak, or as weak as a new one would be.
    boolean isTagBest(ServedFile file) {
        boolean best = !FileTag.isWeak(file.entityTag()) || !FileTag.isSettled(file.version(), clock.instant());
        for (ServedFile form : file.variants()) {
            best &= isTagBest(form);
        }
        return best;
    }

    /// Opens what a request path means; for a directory, which ends in a slash or is empty, that is its index.
    ///
    /// @param relativePath the request path without the slash in front
    /// @param statx of the calling thread
    Resource resolve(String relativePath, Statx statx) {
        if (!relativePath.isEmpty() && !relativePath.endsWith("/")) {
            return resolveFile(relativePath, statx);
        }
        for (String index : settings.indexNames()) {
            Resource found = resolveFile(relativePath + index, statx);
            if (!(found instanceof Resource.Absent || found instanceof Resource.SlashMissing)) {
                return found;
            }
        }
        long opened = tryOpenDirectory(relativePath, OpenFiles.O_PATH);
        if (opened < 0) {
            return refused((int) -opened);
        }
        files.close((int) opened);
        return settings.listings() ? new Resource.Directory(this, relativePath, List.of()) : new Resource.Unlisted();
    }

    private long tryOpenDirectory(String relativePath, int flags) {
        return files.tryOpenBeneath(fd, relativePath.isEmpty() ? "." : relativePath, flags | OpenFiles.O_DIRECTORY);
    }

    /// Opens a directory to be listed. On an event loop, or elsewhere while this root is open; the listing lives on by
    /// itself.
    ///
    /// @throws KernelException if it can't be read
    DirectoryListing openListing(String relativePath, List<String> mounted) {
        return openListing(relativePath, mounted, DirectoryListing.NAMES_MAX);
    }

    /// @param namesMax that are kept at a time
    DirectoryListing openListing(String relativePath, List<String> mounted, int namesMax) {
        long opened = tryOpenDirectory(relativePath, OpenFiles.O_RDONLY);
        int listed = (int) KernelException.check(Syscall.OPENAT2, directory + "/" + relativePath, opened);
        long duplicate = kernel.call(Syscall.FCNTL, fd, F_DUPFD_CLOEXEC, 0);
        if (duplicate < 0) {
            files.close(listed);
        }
        int root = (int) KernelException.check(Syscall.FCNTL, directory.toString(), duplicate);
        return new DirectoryListing(kernel, root, listed, relativePath, mounted, namesMax, mediaTypes);
    }

    /// Opens a file to be read front to back, as [#openListing].
    ///
    /// @throws KernelException if it can't be read
    FileStream openStream(String relativePath) {
        // What would have to be waited for is at its end instead.
        long opened = files.tryOpenBeneath(fd, relativePath, OpenFiles.O_RDONLY | OpenFiles.O_NONBLOCK | O_NOCTTY);
        String path = directory + "/" + relativePath;
        return new FileStream(kernel, path, (int) KernelException.check(Syscall.OPENAT2, path, opened), 0);
    }

    private static String name(String relativePath) {
        return relativePath.substring(relativePath.lastIndexOf('/') + 1);
    }

    private Resource resolveFile(String relativePath, Statx statx) {
        // Without O_NONBLOCK the opening of a FIFO would wait for a writer. It is taken off again: reads through
        // io_uring would answer EAGAIN on file systems that can't read without waiting.
        long opened = files.tryOpenBeneath(fd, relativePath, OpenFiles.O_RDONLY | OpenFiles.O_NONBLOCK | O_NOCTTY);
        if (opened < 0) {
            return refused((int) -opened);
        }
        int fileFd = (int) opened;
        long asked = statx.tryDescriptor(fileFd);
        if (asked < 0) {
            files.close(fileFd);
            return new Resource.Failed(Errno.of(asked));
        }
        return switch (FileKind.ofMode(statx.mode())) {
            case REGULAR -> {
                if (settings.specialFiles() && statx.blocks() == 0) {
                    files.close(fileFd);
                    yield new Resource.Unsized(this, relativePath, mediaTypes.ofName(name(relativePath)));
                }
                yield served(relativePath, fileFd, statx, statx.sizeBytes(), true);
            }
            case DIRECTORY -> {
                files.close(fileFd);
                yield new Resource.SlashMissing();
            }
            case BLOCK_DEVICE -> {
                long lengthBytes = settings.specialFiles() ? kernel.call(Syscall.LSEEK, fileFd, 0, SEEK_END) : 0;
                if (lengthBytes <= 0) {
                    files.close(fileFd);
                    yield new Resource.Absent();
                }
                // What is written to the device doesn't change its inode: no time and no tag tells its contents apart.
                yield served(relativePath, fileFd, statx, lengthBytes, false);
            }
            case SYMBOLIC_LINK, CHARACTER_DEVICE, FIFO, SOCKET, ANONYMOUS -> {
                files.close(fileFd);
                yield new Resource.Absent();
            }
        };
    }

    /// @param lengthBytes what can be read of it
    /// @param validated whether its inode tells its contents apart
    private Resource served(String relativePath, int fileFd, Statx statx, long lengthBytes, boolean validated) {
        long cleared = kernel.call(Syscall.FCNTL, fileFd, F_SETFL, 0);
        if (cleared < 0) {
            files.close(fileFd);
            return new Resource.Failed(Errno.of(cleared));
        }
        OpenFile file = new OpenFile(kernel, relativePath, fileFd, lengthBytes);
        FileVersion version = FileVersion.of(statx);
        String tag = validated ? FileTag.of(version, Optional.empty(), clock.instant()) : "";
        ServedFile plain = new ServedFile(file, 0, lengthBytes, version, mediaTypes.ofName(name(relativePath)), tag);
        return settings.precompressed() ? SiblingForms.added(plain, this, relativePath, statx) : plain;
    }

    /// Opens another form of a file.
    ///
    /// @param relativePath of the form
    /// @return null if there is none that counts, or it can't be opened
    @Nullable
    ServedFile tryOpenForm(ServedFile plain, String relativePath, Encoding encoding, Statx statx) {
        long opened = files.tryOpenBeneath(fd, relativePath, OpenFiles.O_RDONLY | OpenFiles.O_NONBLOCK | O_NOCTTY);
        if (opened < 0) {
            return null;
        }
        int formFd = (int) opened;
        boolean taken = statx.tryDescriptor(formFd) == 0
                && SiblingForms.counts(plain, statx)
                && kernel.call(Syscall.FCNTL, formFd, F_SETFL, 0) == 0;
        if (!taken) {
            files.close(formFd);
            return null;
        }
        FileVersion version = FileVersion.of(statx);
        String tag = FileTag.of(version, Optional.of(encoding), clock.instant());
        OpenFile file = new OpenFile(kernel, relativePath, formFd, statx.sizeBytes());
        return new ServedFile(file, 0, file.lengthBytes(), version, plain.mediaType(), tag).in(encoding);
    }

    /// Whether the coded forms of a file are still those that it was opened with.
    boolean areFormsStill(ServedFile file, String relativePath, Statx statx) {
        return !settings.precompressed() || SiblingForms.areStill(file, this, relativePath, statx);
    }

    private static Resource refused(int errno) {
        return switch (errno) {
            // EINVAL is a name that is no text, ENXIO a socket, EXDEV and ELOOP a way out of the root.
            case Errno.ENOENT,
                    Errno.ENOTDIR,
                    Errno.EINVAL,
                    Errno.ENXIO,
                    Errno.ENODEV,
                    Errno.ENAMETOOLONG,
                    Errno.EXDEV,
                    Errno.ELOOP -> new Resource.Absent();
            case Errno.EACCES, Errno.EPERM -> new Resource.Forbidden();
            default -> new Resource.Failed(Errno.of(-errno));
        };
    }

    @Override
    public String toString() {
        return "directory";
    }

    @Override
    public void close() {
        if (fd >= 0) {
            files.close(fd);
            fd = -1;
        }
    }
}
