package ringside.content.webroot;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import ringside.linux.ByteNames;
import ringside.linux.DirectoryEntries;
import ringside.linux.Errno;
import ringside.linux.FileKind;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.OpenFiles;
import ringside.linux.Statx;
import ringside.linux.Syscall;

/// Brings a directory tree into a webroot, below a prefix: the files of a directory, then the directory
/// itself, then those below it, each in the order of their names' bytes.
///
/// Whatever is renamed or replaced by links meanwhile, nothing outside the tree is read: directories and
/// links are opened beneath the root's descriptor (openat2(2), `RESOLVE_BENEATH`), plain files with
/// `O_NOFOLLOW`. One descriptor is open at a time, besides the root's. One thread.
final class TreeWalk implements AutoCloseable {

    private static final byte[] HERE = {'.'};
    private static final List<byte[]> INDEXES = List.of(
            "index.html".getBytes(StandardCharsets.US_ASCII), "default.html".getBytes(StandardCharsets.US_ASCII));
    // asm-generic/fcntl.h: opening mustn't make a terminal ours.
    private static final int O_NOCTTY = 0x100;
    private static final int FILE_FLAGS = OpenFiles.O_RDONLY | OpenFiles.O_NONBLOCK | O_NOCTTY;

    /// An inode: a directory is one of those above if both numbers are the same.
    private record Place(long device, long inode) {}

    private final BuildPlan plan;
    private final ResourceSink sink;
    private final FileIntake intake;
    private final Listing listing;
    private final WebrootWriter writer;
    private final BuildTally tally;
    private final @Nullable Place output;
    private final Path root;
    private final PathBuffer path;
    private final int prefixBytes;
    private final OpenFiles files;
    private final Arena arena = Arena.ofConfined();
    private final Statx statx;
    private final ByteNames names;
    private final DirectoryEntries entries;
    private final int rootFd;
    private final List<Place> above = new ArrayList<>();

    /// @param prefix of the paths: `/`, or a mount's with a slash at its end
    TreeWalk(Kernel kernel, BuildParts parts, Path root, String prefix) {
        this.plan = parts.plan();
        this.sink = parts.sink();
        this.intake = parts.intake();
        this.listing = parts.listing();
        this.writer = parts.writer();
        this.tally = parts.tally();
        this.root = root;
        byte[] prefixOctets = prefix.getBytes(StandardCharsets.UTF_8);
        this.path = new PathBuffer(prefixOctets);
        this.prefixBytes = prefixOctets.length;
        this.files = new OpenFiles(kernel);
        this.statx = new Statx(kernel, arena);
        this.names = new ByteNames(kernel, arena);
        this.entries = new DirectoryEntries(kernel, arena);
        this.rootFd = files.open(root.toString(), OpenFiles.O_RDONLY | OpenFiles.O_DIRECTORY);
        boolean isThere = statx.tryPath(OpenFiles.AT_FDCWD, plan.output().toString(), 0) == 0;
        this.output = isThere ? new Place(statx.device(), statx.inode()) : null;
    }

    /// Takes all of it.
    ///
    /// @throws BuildException for what the plan doesn't allow, or what changes meanwhile
    /// @throws KernelException for what can't be read
    void run() {
        directory();
    }

    /// Takes the file at a path relative to the root, which the plan names.
    StoredFile single(String relativePath) {
        byte[] octets = relativePath.getBytes(StandardCharsets.UTF_8);
        String where = root.resolve(relativePath).toString();
        long opened = names.tryOpenBeneath(rootFd, octets, 0, octets.length, FILE_FLAGS);
        int fd = (int) KernelException.check(Syscall.OPENAT2, where, opened);
        try {
            status(fd, where);
            if (FileKind.ofMode(statx.mode()) != FileKind.REGULAR) {
                throw new BuildException(where + " can't be an error page: it isn't a regular file");
            }
            return intake.take(fd, relativePath.substring(relativePath.lastIndexOf('/') + 1), where);
        } finally {
            files.close(fd);
        }
    }

    private void directory() {
        int length = path.length();
        int fd = openDirectory();
        List<byte[]> below;
        try {
            status(fd, where());
            above.add(new Place(statx.device(), statx.inode()));
            NameList found = new NameList();
            entries.visit(fd, where(), found::add);
            found.sort();
            below = classify(fd, found);
            takeFiles(fd, found, below);
        } finally {
            files.close(fd);
        }
        tally.directories++;
        for (byte[] name : below) {
            path.append(name);
            path.appendSlash();
            if (sink.isMount(path)) {
                tally.observer().note(where() + " is hidden by the mount at " + path + ".");
            } else {
                path.truncate(path.length() - 1);
                if (sink.isFree(path)) {
                    sink.slashMissing(path);
                }
                path.appendSlash();
                directory();
            }
            path.truncate(length);
        }
        above.removeLast();
    }

    private int openDirectory() {
        int flags = OpenFiles.O_RDONLY | OpenFiles.O_DIRECTORY;
        long opened = path.length() == prefixBytes
                ? names.tryOpenBeneath(rootFd, HERE, 0, 1, flags)
                : names.tryOpenBeneath(rootFd, path.bytes(), prefixBytes, path.length(), flags);
        return (int) KernelException.check(Syscall.OPENAT2, where(), opened);
    }

    /// Finds out what links lead to, and leaves out what isn't served.
    ///
    /// @return the directories below; what is left as a file or a link to one is REGULAR or SYMBOLIC_LINK in
    ///     `found`
    private List<byte[]> classify(int fd, NameList found) {
        List<byte[]> below = new ArrayList<>();
        int length = path.length();
        for (int i = 0; i < found.size(); i++) {
            if (!plan.hidden() && found.isHidden(i)) {
                tally.skippedHidden++;
                found.setKind(i, FileKind.ANONYMOUS);
                continue;
            }
            byte[] name = found.name(i);
            path.append(name);
            FileKind kind = found.kind(i);
            if (kind == FileKind.ANONYMOUS) {
                kind = kindOf(fd, name);
            }
            FileKind target = kind == FileKind.SYMBOLIC_LINK ? targetKind() : kind;
            switch (target) {
                case REGULAR -> found.setKind(i, kind);
                case DIRECTORY -> {
                    below.add(name);
                    found.setKind(i, FileKind.ANONYMOUS);
                }
                case ANONYMOUS -> found.setKind(i, FileKind.ANONYMOUS);
                case SYMBOLIC_LINK, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET -> {
                    tally.skippedSpecial++;
                    tally.observer().note(where() + " is skipped: it is a " + words(target) + ".");
                    found.setKind(i, FileKind.ANONYMOUS);
                }
            }
            path.truncate(length);
        }
        return below;
    }

    private static String words(FileKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// For file systems that don't say it with the name.
    private FileKind kindOf(int fd, byte[] name) {
        int flags = OpenFiles.O_PATH | OpenFiles.O_NOFOLLOW;
        int opened =
                (int) KernelException.check(Syscall.OPENAT, where(), names.tryOpenAt(fd, name, 0, name.length, flags));
        try {
            status(opened, where());
            return FileKind.ofMode(statx.mode());
        } finally {
            files.close(opened);
        }
    }

    /// What the link at the path leads to; ANONYMOUS if it is to be skipped.
    private FileKind targetKind() {
        long opened = names.tryOpenBeneath(rootFd, path.bytes(), prefixBytes, path.length(), OpenFiles.O_PATH);
        if (opened < 0) {
            return badLink(linkTrouble((int) -opened));
        }
        try {
            status((int) opened, where());
            FileKind kind = FileKind.ofMode(statx.mode());
            boolean circle = kind == FileKind.DIRECTORY && above.contains(new Place(statx.device(), statx.inode()));
            return circle ? badLink("leads to a directory that it is in") : kind;
        } finally {
            files.close((int) opened);
        }
    }

    private static String linkTrouble(int errno) {
        return switch (errno) {
            case Errno.EXDEV -> "leads out of the tree, as every absolute link does";
            case Errno.ENOENT, Errno.ENOTDIR -> "leads to nothing";
            case Errno.ELOOP -> "leads in a circle, or to where links can't be followed safely";
            default ->
                "can't be followed: " + Errno.of(-errno).label() + ", "
                        + Errno.of(-errno).meaning();
        };
    }

    private FileKind badLink(String trouble) {
        if (!plan.skipBadLinks()) {
            throw new BuildException("the link " + where() + " " + trouble
                    + ". Mend it (a relative link into the tree is followed), or skip such links: --skip-bad-links");
        }
        tally.skippedLinks++;
        tally.observer().note("the link " + where() + " is skipped: it " + trouble + ".");
        return FileKind.ANONYMOUS;
    }

    private void takeFiles(int fd, NameList found, List<byte[]> below) {
        int length = path.length();
        boolean free = sink.isFree(path);
        byte[] indexName = indexIn(found);
        boolean listed = free && plan.listings() && indexName.length == 0;
        if (listed) {
            beginListing(below);
        }
        StoredFile index = null;
        for (int i = 0; i < found.size(); i++) {
            if (!isServed(found.kind(i))) {
                continue;
            }
            byte[] name = found.name(i);
            path.append(name);
            boolean isIndex = free && Arrays.equals(name, indexName);
            boolean reachable = sink.isFree(path);
            StoredFile file = reachable || isIndex ? takeFile(fd, name, found.kind(i)) : null;
            if (file != null) {
                if (reachable) {
                    sink.file(path, file);
                }
                if (listed) {
                    listing.file(name, file);
                }
                index = isIndex ? file : index;
            }
            path.truncate(length);
        }
        if (index != null) {
            sink.file(path, index);
        } else if (listed) {
            sink.file(path, endListing());
        } else if (free) {
            sink.forbidden(path);
        }
    }

    private static boolean isServed(FileKind kind) {
        return kind == FileKind.REGULAR || kind == FileKind.SYMBOLIC_LINK;
    }

    /// @return the first of [#INDEXES] that there is; empty if none
    private static byte[] indexIn(NameList found) {
        for (byte[] index : INDEXES) {
            for (int i = 0; i < found.size(); i++) {
                boolean fits = found.length(i) == index.length && isServed(found.kind(i));
                if (fits && Arrays.equals(found.name(i), index)) {
                    return index;
                }
            }
        }
        return new byte[0];
    }

    private @Nullable StoredFile takeFile(int fd, byte[] name, FileKind kind) {
        long opened = kind == FileKind.SYMBOLIC_LINK
                ? names.tryOpenBeneath(rootFd, path.bytes(), prefixBytes, path.length(), FILE_FLAGS)
                : names.tryOpenAt(fd, name, 0, name.length, FILE_FLAGS | OpenFiles.O_NOFOLLOW);
        if (opened == -Errno.ENOENT || opened == -Errno.ELOOP || opened == -Errno.EXDEV) {
            throw new BuildException(where() + " was removed or replaced while the tree was read. Stop what changes the"
                    + " tree, or build from a copy or a snapshot");
        }
        int file = (int) KernelException.check(Syscall.OPENAT, where(), opened);
        try {
            if (output != null) {
                status(file, where());
                if (output.equals(new Place(statx.device(), statx.inode()))) {
                    tally.observer().note(where() + " is skipped: it is the webroot that is being replaced.");
                    return null;
                }
            }
            int known = writer.bodies().count();
            StoredFile stored = intake.take(file, new String(name, StandardCharsets.UTF_8), where());
            tally.files++;
            tally.duplicates += stored.body() < known ? 1 : 0;
            return stored;
        } finally {
            files.close(file);
        }
    }

    private void beginListing(List<byte[]> below) {
        List<byte[]> all = new ArrayList<>(below);
        for (String mount : sink.mountsIn(path)) {
            byte[] name = mount.getBytes(StandardCharsets.UTF_8);
            if (below.stream().noneMatch(known -> Arrays.equals(known, name))) {
                all.add(name);
            }
        }
        all.sort(Arrays::compareUnsigned);
        listing.begin(path);
        all.forEach(listing::directory);
    }

    private StoredFile endListing() {
        long length = listing.end(writer.bodies());
        int body = writer.bodies().end();
        return new StoredFile(
                body, Listing.MEDIA_TYPE, length, plan.mtimeSeconds().orElse(listing.newestSeconds()), 0, 0);
    }

    private void status(int fd, String where) {
        KernelException.check(Syscall.STATX, where, statx.tryDescriptor(fd));
    }

    /// For people.
    private String where() {
        return root + "/" + new String(path.bytes(), prefixBytes, path.length() - prefixBytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        files.close(rootFd);
        arena.close();
    }
}
