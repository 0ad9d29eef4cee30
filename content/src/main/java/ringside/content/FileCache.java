package ringside.content;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import ringside.linux.Errno;
import ringside.linux.Statx;

/// Finds what a request path means, and keeps what it found: open files up to a number, least recently used out
/// first; answers without a file for a second, up to a number of their own, so that requests for what isn't there
/// can't push out what is.
///
/// A file is compared with what its path names now at most once a second: gone, changed, no longer readable, or
/// out of the root by way of a link or a directory that was renamed, it is resolved anew.
/// Who still sends the old version keeps it through its [OpenFile].
///
/// Belongs to one event loop, on which it is made and closed too. A hit allocates nothing and makes no system
/// call; the comparison makes three, openat2(2) with `O_PATH`, statx(2) and close(2).
public final class FileCache implements ContentStore {

    private static final int ABSENT_ENTRIES_MAX = 256;
    /// What a decoder writes for octets that are no UTF-8.
    private static final char REPLACEMENT = '\ufffd';

    private final DirectoryRoot root;
    private final Arena arena = Arena.ofConfined();
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

    @Override
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
            found.used(entry);
        }
        return entry.resource;
    }

    /// Forgets a path, so that the next request resolves it anew: for a file that proved shorter than it was.
    @Override
    public void forget(ServedFile file) {
        found.removeFile(file);
    }

    /// Open files kept now.
    public int size() {
        return found.size();
    }

    private boolean isStill(LruTable.Entry entry) {
        return root.tryStatus(entry.relativePath, statx) == 0
                && entry.resource instanceof ServedFile file
                && file.version().isStill(statx)
                && root.isTagBest(file)
                && root.areFormsStill(file, entry.relativePath, statx);
    }

    private Resource resolve(byte[] path, int from, int to, int hash, long second) {
        String requestPath = new String(path, from, to - from, StandardCharsets.UTF_8);
        String relativePath = DirectoryRoot.relativePath(requestPath);
        if (requestPath.indexOf(REPLACEMENT) >= 0 && !isEncodingOf(requestPath, path, from, to)) {
            // A name that is no UTF-8 has no String to open it by.
            Resource.Absent absent = new Resource.Absent();
            keepShortly(path, from, to, hash, relativePath, absent, second);
            return absent;
        }
        Resource resource = root.resolve(relativePath, statx);
        if (resource instanceof Resource.Failed(Errno errno) && errno.isShortage() && found.size() > 0) {
            found.evictHalf();
            resource = root.resolve(relativePath, statx);
        }
        switch (resource) {
            case ServedFile file -> found.put(LruTable.Entry.of(path, from, to, hash, relativePath, file, second));
            case Resource.Failed failed -> {}
            case Resource.Moved r -> keepShortly(path, from, to, hash, relativePath, r, second);
            case Resource.SlashMissing r -> keepShortly(path, from, to, hash, relativePath, r, second);
            case Resource.Absent r -> keepShortly(path, from, to, hash, relativePath, r, second);
            case Resource.Forbidden r -> keepShortly(path, from, to, hash, relativePath, r, second);
        }
        return resource;
    }

    private static boolean isEncodingOf(String text, byte[] path, int from, int to) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(encoded, 0, encoded.length, path, from, to);
    }

    private void keepShortly(
            byte[] path, int from, int to, int hash, String relativePath, Resource resource, long second) {
        notFound.put(LruTable.Entry.of(path, from, to, hash, relativePath, resource, second));
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
