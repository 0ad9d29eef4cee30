package ringside.content.webroot;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;
import ringside.content.MediaTypes;
import ringside.linux.Errno;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.PositionedReads;
import ringside.linux.Statx;
import ringside.linux.Syscall;

/// Takes files into a webroot: reads each once, while hashing and copying, and sees to it that what was read
/// is what the file was at one time.
///
/// ```
///   status ─► read to the end ─► status ── the same ──► stored
///     ▲                            └─ size or times differ: taken back, once more, then refused
///     └────────────────────────────────────┘
/// ```
///
/// One thread.
final class FileIntake {

    private static final int ATTEMPTS_MAX = 2;
    /// Of the start of a file, for its media type.
    private static final int START_BYTES = 16 << 10;

    private final Statx before;
    private final Statx after;
    private final PositionedReads reads;
    private final BodyStore bodies;
    private final VariantStore variants;
    private final BuildTally tally;
    private final OptionalLong mtimeSeconds;
    private final MediaTypes mediaTypes = new MediaTypes();
    private final byte[] start = new byte[START_BYTES];
    private int startBytes;

    FileIntake(
            Kernel kernel,
            Arena arena,
            BodyStore bodies,
            VariantStore variants,
            BuildTally tally,
            OptionalLong mtimeSeconds) {
        this.before = new Statx(kernel, arena);
        this.after = new Statx(kernel, arena);
        this.reads = new PositionedReads(kernel, arena);
        this.bodies = bodies;
        this.variants = variants;
        this.tally = tally;
        this.mtimeSeconds = mtimeSeconds;
    }

    /// @param fd open for reading; stays the caller's
    /// @param name the last segment of its path, for its media type
    /// @param path for messages
    /// @throws BuildException if it keeps changing
    /// @throws KernelException if it can't be read
    StoredFile take(int fd, String name, String path) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            status(before, fd, path);
            long length = read(fd, path);
            status(after, fd, path);
            if (length == after.sizeBytes() && isUnchanged()) {
                return store(length, name);
            }
            bodies.abandon();
        }
        throw new BuildException(path + " was changed while it was read, twice. Stop what writes to it, or build from a"
                + " copy or a snapshot");
    }

    private static void status(Statx statx, int fd, String path) {
        KernelException.check(Syscall.STATX, path, statx.tryDescriptor(fd));
    }

    private boolean isUnchanged() {
        return before.sizeBytes() == after.sizeBytes()
                && before.mtimeSeconds() == after.mtimeSeconds()
                && before.mtimeNanos() == after.mtimeNanos()
                && before.ctimeSeconds() == after.ctimeSeconds()
                && before.ctimeNanos() == after.ctimeNanos();
    }

    /// @return bytes read
    private long read(int fd, String path) {
        long expected = before.sizeBytes();
        long at = 0;
        startBytes = 0;
        while (at < expected) {
            MemorySegment room = bodies.room();
            long read = reads.pread(fd, room.address(), Math.min(room.byteSize(), expected - at), at);
            if (read == -Errno.EISDIR) {
                throw new BuildException(path + " has become a directory while it was read. Build from a copy");
            }
            KernelException.check(Syscall.PREAD64, path, read);
            if (read == 0) {
                return at;
            }
            if (startBytes == at && startBytes < START_BYTES) {
                int part = (int) Math.min(START_BYTES - startBytes, read);
                MemorySegment.copy(room, Layout.U8, 0, start, startBytes, part);
                startBytes += part;
            }
            bodies.filled(read);
            at += read;
            tally.readBytes += read;
            tally.progress();
        }
        return at;
    }

    private StoredFile store(long length, String name) {
        String mediaType = mediaTypes.ofContent(name, start, startBytes);
        int body = bodies.end();
        int encodings = variants.encodings(body, mediaType, length);
        return new StoredFile(
                body,
                mediaType,
                length,
                mtimeSeconds.orElse(after.mtimeSeconds()),
                encodings,
                encodings == 0 ? 0 : variants.index(body));
    }
}
