package ringside.content.webroot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import ringside.content.ContentStore;
import ringside.content.Encoding;
import ringside.content.FileVersion;
import ringside.content.OpenFile;
import ringside.content.Resource;
import ringside.content.ServedFile;
import ringside.linux.Errno;
import ringside.linux.KernelException;
import ringside.linux.Syscall;

/// What one event loop serves of a webroot.
///
/// Every body is a part of one [OpenFile], over a duplicate of the webroot's descriptor (dup(2)): transfers
/// keep that one, whatever becomes of the webroot. What was found is kept by its record's place, in a table
/// where a newcomer replaces who was there; a hit allocates nothing and makes no system call.
final class WebrootStore implements ContentStore {

    private static final int F_DUPFD_CLOEXEC = 1030; // linux/fcntl.h
    private static final int ENTRIES_MAX = 1 << 20;
    private static final Resource ABSENT = new Resource.Absent();
    /// For whom a damaged index is as a device that fails.
    private static final Resource DAMAGED = new Resource.Failed(Errno.of(-Errno.EIO));

    private final Webroot webroot;
    private final OpenFile file;
    private final @Nullable ServedFile[] kept;
    private final long[] positions;
    private final Map<Integer, ServedFile> errorPages = new HashMap<>();
    private boolean closed;

    /// @param webroot a reference is taken
    WebrootStore(Webroot webroot, int entriesMax) {
        if (entriesMax < 1) {
            throw new IllegalArgumentException("a cache of " + entriesMax + " files: it needs room for at least 1");
        }
        if (!webroot.retain()) {
            throw new IllegalStateException(webroot.path() + " is closed");
        }
        long duplicate = webroot.kernel().call(Syscall.FCNTL, webroot.fd(), F_DUPFD_CLOEXEC, 0);
        if (duplicate < 0) {
            webroot.release();
        }
        int fd = (int) KernelException.check(Syscall.FCNTL, webroot.path(), duplicate);
        this.webroot = webroot;
        this.file = new OpenFile(webroot.kernel(), webroot.path(), fd, webroot.fileBytes());
        this.kept = new ServedFile[Integer.highestOneBit(Math.min(entriesMax, ENTRIES_MAX))];
        this.positions = new long[kept.length];
        webroot.errorPages().forEach((status, page) -> errorPages.put(status, served(page)));
    }

    @Override
    public Resource find(byte[] path, int from, int to, long second) {
        try {
            long position = webroot.find(path, from, to);
            if (position < 0) {
                return ABSENT;
            }
            int slot = slot(position);
            ServedFile known = kept[slot];
            return known != null && positions[slot] == position ? known : resource(position, slot);
        } catch (WebrootException e) {
            return DAMAGED;
        }
    }

    @Override
    public @Nullable ServedFile errorPage(int status) {
        return errorPages.get(status);
    }

    private int slot(long position) {
        return (int) ((position * 0x9E37_79B9_7F4A_7C15L) >>> 40) & (kept.length - 1);
    }

    private Resource resource(long position, int slot) {
        return switch (webroot.entry(position)) {
            case WebrootEntry.File found -> {
                evict(slot);
                ServedFile served = served(found);
                kept[slot] = served;
                positions[slot] = position;
                yield served;
            }
            case WebrootEntry.Redirect(int status, String location) -> new Resource.Moved(status, location);
            case WebrootEntry.SlashMissing _ -> new Resource.SlashMissing();
            case WebrootEntry.Forbidden _ -> new Resource.Unlisted();
        };
    }

    private ServedFile served(WebrootEntry.File found) {
        ServedFile plain = served(found.body(), found);
        if (found.variants().isEmpty()) {
            return plain;
        }
        List<ServedFile> variants = new ArrayList<>();
        for (Encoding encoding : Encoding.values()) {
            Body body = found.variants().get(encoding);
            if (body != null) {
                variants.add(served(body, found).in(encoding));
            }
        }
        return plain.with(variants);
    }

    private ServedFile served(Body body, WebrootEntry.File found) {
        file.retain();
        FileVersion version =
                new FileVersion(body.id(), 0, body.lengthBytes(), found.mtimeSeconds(), 0, found.mtimeSeconds(), 0);
        return new ServedFile(file, body.offset(), body.lengthBytes(), version, found.mediaType(), body.entityTag());
    }

    private void evict(int slot) {
        ServedFile before = kept[slot];
        kept[slot] = null;
        if (before != null) {
            before.close();
        }
    }

    @Override
    public void forget(ServedFile served) {
        for (int slot = 0; slot < kept.length; slot++) {
            if (kept[slot] == served) {
                evict(slot);
            }
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (int slot = 0; slot < kept.length; slot++) {
            evict(slot);
        }
        errorPages.values().forEach(ServedFile::close);
        file.release();
        webroot.release();
    }
}
