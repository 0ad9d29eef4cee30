package ringside.content.hosts;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import ringside.content.ContentRoot;
import ringside.content.FileVersion;
import ringside.content.webroot.WebrootCheck;
import ringside.content.webroot.WebrootException;
import ringside.linux.Errno;
import ringside.linux.FileKind;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.OpenFiles;
import ringside.linux.Statx;
import ringside.linux.Syscall;

/// What the entries of a directory of hosts are, as of the last look at each, and what is open for them: the same
/// file or directory once, under however many names. One thread at a time.
///
/// What can't be opened never takes the place of what could: the entry's former site answers on, until the entry is
/// gone or names something sound. But a webroot that was written into has nothing left to answer with.
final class HostEntries {

    /// The subscriber to what leads to the directory itself.
    static final String DIRECTORY = "/";

    private static final String OTHERWISE = "__default__";
    private static final String PROC_FD = "/proc/self/fd/";
    private static final int O_NOCTTY = 0x100; // asm-generic/fcntl.h
    private static final String SPOILT = " It was written into while it was served, and answers 503 until it is whole:"
            + " replace a webroot by rename(2), as mv and 'ringside mkroot' do.";

    /// Something open, for all entries that lead to it.
    private static final class Opened {
        final Site site;
        final FileVersion version;

        Opened(Site site, FileVersion version) {
            this.site = site;
            this.version = version;
        }
    }

    private static final class Entry {
        /// What answers; null if nothing does.
        @Nullable
        Opened opened;
        /// What was refused last: said once.
        String refused = "";

        @Nullable
        FileVersion refusedVersion;
        /// Whether another entry answers for the same host.
        boolean hidden;

        void accept(Opened now) {
            opened = now;
            refused = "";
            refusedVersion = null;
        }
    }

    private final Kernel kernel;
    private final PathTrail trail;
    private final Watches watches;
    private final RootOpener opener;
    private final HostObserver observer;
    private final WebrootCheck.Observer verifying;
    private final OpenFiles files;
    private final Statx statx;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<FileVersion, Opened> open = new HashMap<>();
    /// What is to be told once it is true for requests.
    private final List<Runnable> reports = new ArrayList<>();
    private String directory = "/";

    HostEntries(
            Kernel kernel,
            Arena arena,
            PathTrail trail,
            Watches watches,
            RootOpener opener,
            HostObserver observer,
            Runnable stopIfWanted) {
        this.kernel = kernel;
        this.trail = trail;
        this.watches = watches;
        this.opener = opener;
        this.observer = observer;
        this.verifying = (verifiedBytes, totalBytes) -> stopIfWanted.run();
        this.files = new OpenFiles(kernel);
        this.statx = new Statx(kernel, arena);
    }

    Kernel kernel() {
        return kernel;
    }

    /// @param place of the directory, without links
    void directory(String place) {
        directory = place;
    }

    Set<String> names() {
        return Set.copyOf(entries.keySet());
    }

    /// Looks at what has a name now. What begins with a dot is somebody else's business: an editor's, or that of a
    /// program which will rename it.
    ///
    /// @param whole false if it may still be being written: a fault isn't worth a word then
    void look(String name, boolean whole) {
        if (name.startsWith(".")) {
            return;
        }
        String path = directory.equals("/") ? "/" + name : directory + "/" + name;
        Set<Watches.Subscription> before = watches.begin(name);
        try {
            look(name, path, whole);
        } catch (KernelException e) {
            refuse(name, null, e.getMessage());
        } finally {
            watches.end(name, before);
        }
    }

    private void look(String name, String path, boolean whole) {
        String place = trail.follow(directory, name, (at, step) -> watches.subscribe(name, at, step));
        long named = files.tryOpenAt(OpenFiles.AT_FDCWD, path, OpenFiles.O_PATH, 0);
        boolean isGone = named == -Errno.ENOENT
                && statx.tryPath(OpenFiles.AT_FDCWD, path, Statx.AT_SYMLINK_NOFOLLOW) == -Errno.ENOENT;
        if (isGone) {
            remove(name);
            return;
        }
        int fd = (int) KernelException.check(Syscall.OPENAT, path, named);
        try {
            FileKind kind = kind(path, fd);
            String objection = objection(name, kind);
            if (objection.isEmpty()) {
                if (kind == FileKind.REGULAR) {
                    watches.subscribeToFile(name, place);
                }
                kind(path, fd); // again: from here on every change is heard of
                look(name, path, fd, kind, whole);
            } else {
                refuse(name, FileVersion.of(statx), objection);
            }
        } finally {
            files.close(fd);
        }
    }

    private FileKind kind(String path, int fd) {
        KernelException.check(Syscall.STATX, path, statx.tryDescriptor(fd));
        return FileKind.ofMode(statx.mode());
    }

    private void look(String name, String path, int fd, FileKind kind, boolean whole) {
        FileVersion version = versionOf(kind);
        Entry entry = entry(name);
        Opened before = entry.opened;
        if (before != null && before.version.equals(version)) {
            entry.accept(before);
            return;
        }
        if (version.equals(entry.refusedVersion)) {
            watches.unsubscribeFromFile(name);
            return;
        }
        try {
            Opened known = open.get(version);
            Opened now = known != null ? known : open(path, fd, kind, version);
            open.put(version, now);
            entry.accept(now);
            reports.add(() -> observer.opened(name, now.site.source()));
        } catch (WebrootException | KernelException e) {
            watches.unsubscribeFromFile(name);
            boolean spoilt = before != null && isRewritten(before.version, version);
            if (spoilt) {
                entry.opened = new Opened(SpoiltRoot.SITE, version);
                refuse(name, whole ? version : null, e.getMessage() + SPOILT);
            } else if (whole) {
                refuse(name, version, e.getMessage());
            }
        }
    }

    /// Directories are what they are whatever is put into them.
    private FileVersion versionOf(FileKind kind) {
        return kind == FileKind.DIRECTORY
                ? new FileVersion(statx.inode(), statx.device(), 0, 0, 0, 0, 0)
                : FileVersion.of(statx);
    }

    /// Why something can't be a host; empty if nothing is against it.
    private static String objection(String name, FileKind kind) {
        if (!name.equals(OTHERWISE) && HostName.formOf(name).isEmpty()) {
            return "'" + name + "' is no host's name: name it as in a URL, without port, or " + OTHERWISE
                    + " for all hosts that have no entry";
        }
        return switch (kind) {
            case REGULAR, DIRECTORY -> "";
            case SYMBOLIC_LINK, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET, ANONYMOUS ->
                "it is neither a webroot nor a directory, nor a link to one: take it away";
        };
    }

    private Opened open(String path, int named, FileKind kind, FileVersion version) {
        // The very file that was looked at, whatever has its name by now.
        int flags = OpenFiles.O_RDONLY | OpenFiles.O_NONBLOCK | O_NOCTTY;
        long fd = files.tryOpenAt(OpenFiles.AT_FDCWD, PROC_FD + named, flags, 0);
        KernelException.check(Syscall.OPENAT, path, fd);
        ContentRoot root = opener.open(Path.of(path), (int) fd, kind, verifying);
        return new Opened(new Site(root.toString(), root), version);
    }

    private static boolean isRewritten(FileVersion before, FileVersion now) {
        boolean same = before.inode() == now.inode() && before.device() == now.device();
        return same
                && (before.lengthBytes() != now.lengthBytes()
                        || before.modifiedSeconds() != now.modifiedSeconds()
                        || before.modifiedNanos() != now.modifiedNanos());
    }

    private Entry entry(String name) {
        return entries.computeIfAbsent(name, n -> new Entry());
    }

    private void refuse(String name, @Nullable FileVersion version, @Nullable String reason) {
        Entry entry = entry(name);
        String why = String.valueOf(reason);
        if (!why.equals(entry.refused)) {
            Opened opened = entry.opened;
            boolean before = opened != null && !opened.site.equals(SpoiltRoot.SITE);
            reports.add(() -> observer.refused(name, why, before));
        }
        entry.refused = why;
        entry.refusedVersion = version;
    }

    private void remove(String name) {
        Entry entry = entries.remove(name);
        if (entry != null && entry.opened != null) {
            reports.add(() -> observer.removed(name));
        }
    }

    /// The sites as of the last looks.
    HostTable table() {
        Map<String, Site> byName = new TreeMap<>();
        Site otherwise = null;
        for (boolean exact : new boolean[] {true, false}) {
            for (Map.Entry<String, Entry> each : entries.entrySet()) {
                String name = each.getKey();
                Opened opened = each.getValue().opened;
                Optional<String> form = HostName.formOf(name);
                if (opened == null) {
                    continue;
                }
                if (name.equals(OTHERWISE)) {
                    otherwise = opened.site;
                } else if (form.isPresent() && form.get().equals(name) == exact) {
                    boolean hidden = byName.putIfAbsent(form.get(), opened.site) != null;
                    sayHidden(name, each.getValue(), hidden);
                }
            }
        }
        return HostTable.of(byName, otherwise);
    }

    private void sayHidden(String name, Entry entry, boolean hidden) {
        if (hidden && !entry.hidden) {
            String why = "another entry has the name of the same host: take one of them away";
            reports.add(() -> observer.refused(name, why, false));
        }
        entry.hidden = hidden;
    }

    /// Tells the observer what has come out since the last time.
    void report() {
        List<Runnable> now = List.copyOf(reports);
        reports.clear();
        now.forEach(Runnable::run);
    }

    /// Closes what no entry leads to any more. After nobody uses a table of before.
    void closeRetired() {
        Set<Opened> used = new HashSet<>();
        for (Entry entry : entries.values()) {
            if (entry.opened != null) {
                used.add(entry.opened);
            }
        }
        for (Opened each : List.copyOf(open.values())) {
            if (!used.contains(each)) {
                open.remove(each.version);
                each.site.root().close();
            }
        }
    }

    void close() {
        entries.clear();
        closeRetired();
    }
}
