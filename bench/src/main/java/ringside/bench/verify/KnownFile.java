package ringside.bench.verify;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A file of the tree that is served, in all the versions that there have been. Any thread reads; one writes.
///
/// No two versions have the same length, so that the `Content-Length` of an answer says which one it is about.
final class KnownFile {

    /// One content of the file.
    static final class Version {

        private final KnownBytes bytes;
        private final long lengthBytes;
        private volatile long truncatedBytes = Long.MAX_VALUE;

        Version(KnownBytes bytes, long lengthBytes) {
            this.bytes = bytes;
            this.lengthBytes = lengthBytes;
        }

        KnownBytes bytes() {
            return bytes;
        }

        long lengthBytes() {
            return lengthBytes;
        }

        /// Whether the end of it may be missing from an answer that announced `announcedBytes`.
        boolean mayEndEarly(long announcedBytes) {
            return truncatedBytes < announcedBytes;
        }

        /// Whether the byte at `position` may be 0: the kernel clears what a truncation cuts off, in
        /// pages that a socket or a reader may hold still. sendfile(2) says so of zero copy ("must
        /// ensure the transferred portions remain unmodified"), and read(2) doesn't exclude it.
        boolean mayBeZero(long position) {
            return position >= truncatedBytes;
        }
    }

    private static final int CHUNK_BYTES = 64 << 10;

    private final Path path;
    private final String urlPath;
    private final long seed;
    private final boolean changes;
    private final Map<Long, Version> versions = new ConcurrentHashMap<>();
    private Version current;
    private int written;

    /// Writes the first version.
    ///
    /// @param urlPath how it is asked for, starts with `/`
    /// @param changes whether there will be others
    KnownFile(Path root, String urlPath, long lengthBytes, long seed, boolean changes) throws IOException {
        this.path = root.resolve(urlPath.substring(1));
        this.urlPath = urlPath;
        this.seed = seed;
        this.changes = changes;
        this.current = newVersion(lengthBytes);
        write(path, current);
    }

    Path path() {
        return path;
    }

    String urlPath() {
        return urlPath;
    }

    boolean changes() {
        return changes;
    }

    /// What was there last.
    Version current() {
        return current;
    }

    /// @return the version that has, or had when it was cut off, so many bytes; null if none
    @Nullable
    Version ofLength(long lengthBytes) {
        return versions.get(lengthBytes);
    }

    /// Puts a new version in the place of the file; who has the old one open keeps it.
    ///
    /// @return false if there has been a version of this length: nothing was done
    boolean replace(Path scratch, long lengthBytes) throws IOException {
        if (versions.containsKey(lengthBytes)) {
            return false;
        }
        Version next = newVersion(lengthBytes);
        write(scratch, next);
        current = next;
        Files.move(scratch, path, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    /// Cuts the file off, under the hands of those who have it open.
    ///
    /// @return false if it is shorter already, or there has been a version of this length: nothing was done
    boolean truncate(long lengthBytes) throws IOException {
        Version version = current;
        if (version.truncatedBytes <= lengthBytes
                || version.lengthBytes <= lengthBytes
                || versions.containsKey(lengthBytes)) {
            return false;
        }
        try (var channel = java.nio.channels.FileChannel.open(path, java.nio.file.StandardOpenOption.WRITE)) {
            // Known before it happens: a client may see it before this returns.
            version.truncatedBytes = lengthBytes;
            versions.put(lengthBytes, version);
            channel.truncate(lengthBytes);
        }
        return true;
    }

    private Version newVersion(long lengthBytes) {
        Version version = new Version(KnownBytes.of(seed, urlPath, written++), lengthBytes);
        versions.put(lengthBytes, version);
        return version;
    }

    private static void write(Path target, Version version) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        try (OutputStream out = Files.newOutputStream(target)) {
            for (long done = 0; done < version.lengthBytes; done += CHUNK_BYTES) {
                int count = (int) Math.min(CHUNK_BYTES, version.lengthBytes - done);
                version.bytes.fill(chunk, count, done);
                out.write(chunk, 0, count);
            }
        }
    }
}
