package ringside.content;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import ringside.linux.Errno;
import ringside.linux.Statx;

/// Finds what a request path means, and keeps what it found: open files up to a number, least recently used out
/// first; answers without a file for a second, up to a number of their own, so that requests for what isn't there
/// can't push out what is.
///
/// A file is compared with what its path names now at most once a second: gone or changed, it is resolved anew.
/// Who still sends the old version keeps it through its [OpenFile].
///
/// Belongs to one event loop. A hit allocates nothing and makes no system call but that comparison.
public final class FileCache implements AutoCloseable {

    private static final int ABSENT_ENTRIES_MAX = 256;

    private final DirectoryRoot root;
    private final Arena arena = Arena.ofShared();
    private final Statx statx;
    private final LruTable found;
    private final LruTable notFound = new LruTable(ABSENT_ENTRIES_MAX);

    /// @param entriesMax open files to keep, at least 1; each is a descriptor
    public FileCache(DirectoryRoot root, int entriesMax) {
        if (entriesMax < 1) {
            throw new IllegalArgumentException("a cache of " + entriesMax + " files: it needs room for at least 1");
        }
        this.root = root;
        this.statx = new Statx(root.kernel(), arena);
        this.found = new LruTable(entriesMax);
    }

    /// @param path holds the decoded, normalised request path: starts with `/`, no `.` or `..` segment, no
    ///     empty one
    /// @param from where it starts
    /// @param to after its end
    /// @param second the time on a coarse clock that never goes back; what was checked in the same second is
    ///     trusted
    /// @return valid until the next call
    public Resource find(byte[] path, int from, int to, long second) {
        int hash = LruTable.hash(path, from, to);
        LruTable.Entry entry = found.get(path, from, to, hash);
        if (entry == null) {
            LruTable.Entry miss = notFound.get(path, from, to, hash);
            if (miss != null && miss.checkedSecond == second) {
                return miss.resource;
            }
            if (miss != null) {
                notFound.remove(miss);
            }
            return resolve(path, from, to, hash, second);
        }
        if (entry.checkedSecond != second) {
            if (!isStill(entry)) {
                found.remove(entry);
                return resolve(path, from, to, hash, second);
            }
            entry.checkedSecond = second;
        }
        return entry.resource;
    }

    /// Forgets a path, so that the next request resolves it anew: for a file that proved shorter than it was.
    public void forget(ServedFile file) {
        found.removeFile(file);
    }

    /// Open files kept now.
    public int size() {
        return found.size();
    }

    private boolean isStill(LruTable.Entry entry) {
        return statx.tryPath(root.fd(), entry.relativePath, 0) == 0
                && entry.resource instanceof ServedFile file
                && file.version().isStill(statx);
    }

    private Resource resolve(byte[] path, int from, int to, int hash, long second) {
        String relativePath;
        try {
            relativePath = DirectoryRoot.relativePath(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(path, from, to - from))
                    .toString());
        } catch (CharacterCodingException e) {
            // A name that is no UTF-8 has no String to open it by.
            return new Resource.Absent();
        }
        Resource resource = root.resolve(relativePath, statx);
        if (resource instanceof Resource.Failed(Errno errno) && isShortage(errno) && found.size() > 0) {
            found.evictHalf();
            resource = root.resolve(relativePath, statx);
        }
        switch (resource) {
            case ServedFile file -> found.put(LruTable.Entry.of(path, from, to, hash, relativePath, file, second));
            case Resource.Failed failed -> {}
            case Resource.SlashMissing r -> keepShortly(path, from, to, hash, relativePath, r, second);
            case Resource.Absent r -> keepShortly(path, from, to, hash, relativePath, r, second);
            case Resource.Forbidden r -> keepShortly(path, from, to, hash, relativePath, r, second);
        }
        return resource;
    }

    private void keepShortly(
            byte[] path, int from, int to, int hash, String relativePath, Resource resource, long second) {
        notFound.put(LruTable.Entry.of(path, from, to, hash, relativePath, resource, second));
    }

    private static boolean isShortage(Errno errno) {
        return errno.number() == Errno.EMFILE || errno.number() == Errno.ENFILE;
    }

    /// Closes what isn't being sent. On the loop.
    @Override
    public void close() {
        found.clear();
        notFound.clear();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
