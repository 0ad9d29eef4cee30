package ringside.content;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import ringside.linux.ByteNames;
import ringside.linux.DirectoryEntries;
import ringside.linux.FileKind;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.OpenFiles;
import ringside.linux.Statx;
import ringside.linux.Syscall;

/// What is in a directory now, in order: directories, then the rest, by their names' bytes, links among the files.
///
/// In constant memory, whatever the size of the directory: it is read through (getdents64(2)) for the least
/// [#NAMES_MAX] names, and when those are used up, again for the least of those that are greater. A directory of
/// n names is read n / [#NAMES_MAX] times, rounded up.
///
/// Left out are names that begin with a dot, names that are no UTF-8 and so can't be asked for, what isn't
/// served (sockets, devices and the like), and links that lead out of the root or nowhere.
///
/// Waits for the file system: not for an event loop. One thread at a time.
public final class DirectoryListing implements AutoCloseable {

    /// Names kept at a time.
    static final int NAMES_MAX = 8192;

    private static final int SEEK_SET = 0; // linux/fs.h

    private static final class Name {
        final byte[] octets;
        /// Whether the directory's entry says so.
        final boolean directory;
        /// Whether it isn't in the directory at all.
        final boolean mounted;

        Name(byte[] octets, boolean directory, boolean mounted) {
            this.octets = octets;
            this.directory = directory;
            this.mounted = mounted;
        }
    }

    private static final Comparator<Name> ORDER = (a, b) -> compare(a.octets, a.octets.length, a.directory, b);

    private final Kernel kernel;
    private final OpenFiles files;
    private final int rootFd;
    private final int fd;
    private final byte[] path;
    private final List<byte[]> mounted;
    private final int namesMax;
    private final MediaTypes mediaTypes;

    /// The least names after [#last], in order; used up to [#used].
    private List<Name> window = List.of();

    private int used;
    private @Nullable Name last;
    private boolean complete;
    private boolean closed;

    /// @param rootFd owned by this from now on, as `fd` is
    /// @param relativePath of the directory below the root, with a slash at its end; empty for the root itself
    /// @param namesMax that are kept at a time
    /// @param mounted names of directories that are listed too, and hide what is here by those names
    DirectoryListing(
            Kernel kernel,
            int rootFd,
            int fd,
            String relativePath,
            List<String> mounted,
            int namesMax,
            MediaTypes mediaTypes) {
        this.kernel = kernel;
        this.files = new OpenFiles(kernel);
        this.rootFd = rootFd;
        this.fd = fd;
        this.path = relativePath.getBytes(StandardCharsets.UTF_8);
        this.mounted = mounted.stream()
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toList();
        this.namesMax = namesMax;
        this.mediaTypes = mediaTypes;
    }

    /// The next entries.
    ///
    /// @param count how many names are looked at; at least 1
    /// @return fewer if some of these aren't listed; empty at the end only
    /// @throws KernelException if the directory can't be read
    public List<ListedEntry> next(int count) {
        List<ListedEntry> entries = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            Statx statx = new Statx(kernel, arena);
            ByteNames names = new ByteNames(kernel, arena);
            while (entries.isEmpty()) {
                if (used == window.size()) {
                    if (complete) {
                        return entries;
                    }
                    refill(arena, names, statx);
                }
                int to = Math.min(window.size(), used + count);
                while (used < to) {
                    add(entries, window.get(used++), names, statx);
                }
            }
        }
        return entries;
    }

    private void refill(Arena arena, ByteNames names, Statx statx) {
        KernelException.check(Syscall.LSEEK, "a listed directory", kernel.call(Syscall.LSEEK, fd, 0, SEEK_SET));
        Least least = new Least(last, namesMax);
        new DirectoryEntries(kernel, arena).visit(fd, "a listed directory", (octets, length, kind) -> {
            if (octets[0] != '.' && !isMounted(octets, length)) {
                FileKind known = kind == FileKind.ANONYMOUS ? kindOf(octets, length, names, statx) : kind;
                if (known == FileKind.DIRECTORY || known == FileKind.REGULAR || known == FileKind.SYMBOLIC_LINK) {
                    least.offer(octets, length, known == FileKind.DIRECTORY, false);
                }
            }
        });
        mounted.forEach(name -> least.offer(name, name.length, true, true));
        window = least.inOrder();
        used = 0;
        complete = !least.more;
        if (!window.isEmpty()) {
            last = window.getLast();
        }
    }

    private boolean isMounted(byte[] octets, int length) {
        for (byte[] name : mounted) {
            if (Arrays.equals(name, 0, name.length, octets, 0, length)) {
                return true;
            }
        }
        return false;
    }

    /// The least names of those that are offered and greater than a given one.
    private static final class Least {

        private final @Nullable Name after;
        private final int namesMax;
        private final PriorityQueue<Name> names = new PriorityQueue<>(ORDER.reversed());
        /// Whether there was no room for one.
        boolean more;

        Least(@Nullable Name after, int namesMax) {
            this.after = after;
            this.namesMax = namesMax;
        }

        void offer(byte[] octets, int length, boolean directory, boolean mounted) {
            if (after != null && compare(octets, length, directory, after) <= 0) {
                return;
            }
            Name greatest = names.peek();
            if (names.size() == namesMax && greatest != null) {
                more = true;
                if (compare(octets, length, directory, greatest) >= 0) {
                    return;
                }
                names.remove();
            }
            names.add(new Name(Arrays.copyOf(octets, length), directory, mounted));
        }

        List<Name> inOrder() {
            List<Name> sorted = new ArrayList<>(names);
            sorted.sort(ORDER);
            return sorted;
        }
    }

    private static int compare(byte[] octets, int length, boolean directory, Name other) {
        if (directory != other.directory) {
            return directory ? -1 : 1;
        }
        return Arrays.compareUnsigned(octets, 0, length, other.octets, 0, other.octets.length);
    }

    /// For file systems that don't say it with the name; [FileKind#ANONYMOUS] for one that has gone.
    private FileKind kindOf(byte[] octets, int length, ByteNames names, Statx statx) {
        long opened = names.tryOpenAt(fd, octets, 0, length, OpenFiles.O_PATH | OpenFiles.O_NOFOLLOW);
        return status(opened, statx) ? FileKind.ofMode(statx.mode()) : FileKind.ANONYMOUS;
    }

    private void add(List<ListedEntry> entries, Name name, ByteNames names, Statx statx) {
        String text = new String(name.octets, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), name.octets)) {
            return;
        }
        if (name.mounted) {
            entries.add(new ListedEntry(text, true, 0, ListingMarkup.UNTIMED, ""));
            return;
        }
        // As a request would open it: what leads out of the root isn't even shown to exist.
        byte[] whole = Arrays.copyOf(path, path.length + name.octets.length);
        System.arraycopy(name.octets, 0, whole, path.length, name.octets.length);
        if (!status(names.tryOpenBeneath(rootFd, whole, 0, whole.length, OpenFiles.O_PATH), statx)) {
            return;
        }
        FileKind kind = FileKind.ofMode(statx.mode());
        if (kind == FileKind.DIRECTORY) {
            entries.add(new ListedEntry(text, true, 0, statx.mtimeSeconds(), ""));
        } else if (kind == FileKind.REGULAR) {
            entries.add(new ListedEntry(text, false, statx.sizeBytes(), statx.mtimeSeconds(), mediaTypes.ofName(text)));
        }
    }

    /// @param opened a descriptor, which is closed, or a negated errno
    private boolean status(long opened, Statx statx) {
        if (opened < 0) {
            return false;
        }
        long asked = statx.tryDescriptor((int) opened);
        files.close((int) opened);
        return asked == 0;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            files.close(fd);
            files.close(rootFd);
        }
    }
}
