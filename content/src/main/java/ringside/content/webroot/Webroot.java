package ringside.content.webroot;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import ringside.linux.FileKind;
import ringside.linux.FileMapping;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.OpenFiles;
import ringside.linux.Statx;
import ringside.linux.Syscall;

/// An open webroot: what it has for a path, and the descriptor to serve it from.
///
/// Opening verifies the header and every byte of the index against their checksums, and that the file is as
/// long as the header says: time and reads grow with the index, not with the bodies. What is in a body is
/// verified by [WebrootCheck] only; an open with [Verify#BODIES] does the same first.
///
/// Any thread may look up at any time. It lives while somebody holds a reference; who opened it holds the
/// first one, which [#close()] gives back. A transfer keeps one ([#retain()], [#release()]), so that a
/// webroot which was replaced is closed when the last transfer from it ends. Meant for files that are
/// replaced by rename(2), as `ringside mkroot` does: one that is rewritten in place, or cut off, can answer
/// wrongly or throw, but not crash the JVM.
public final class Webroot implements AutoCloseable {

    /// How much is read and compared when a webroot is opened.
    public enum Verify {
        /// Header and index.
        INDEX,
        /// Every byte of the file, as `ringside fsck` does.
        BODIES
    }

    private final Kernel kernel;
    private final String path;
    private final int fd;
    private final Header header;
    private final Index index;
    private final Arena arena;
    private final AtomicInteger references = new AtomicInteger(1);

    private Webroot(Kernel kernel, String path, int fd, Header header, Index index, Arena arena) {
        this.kernel = kernel;
        this.path = path;
        this.fd = fd;
        this.header = header;
        this.index = index;
        this.arena = arena;
    }

    /// Opens a webroot and verifies its index.
    ///
    /// @throws WebrootException if it is damaged, or none
    /// @throws KernelException if it can't be opened or read
    public static Webroot open(Kernel kernel, Path path) {
        return open(kernel, path, Verify.INDEX);
    }

    /// @throws WebrootException if it is damaged, or none
    /// @throws KernelException if it can't be opened or read
    public static Webroot open(Kernel kernel, Path path, Verify verify) {
        // O_NONBLOCK: a FIFO of that name is not to be waited for.
        int fd = new OpenFiles(kernel).open(path.toString(), OpenFiles.O_RDONLY | OpenFiles.O_NONBLOCK);
        return open(kernel, path.toString(), fd, verify, WebrootCheck.Observer.NONE);
    }

    /// @param path for messages
    /// @param fd this object's from now on, closed if it is damaged
    /// @param observer of the verification, which ends with what it throws
    static Webroot open(Kernel kernel, String path, int fd, Verify verify, WebrootCheck.Observer observer) {
        Arena arena = Arena.ofShared();
        boolean opened = false;
        try {
            Webroot webroot = open(kernel, arena, path, fd);
            if (verify == Verify.BODIES) {
                WebrootCheck.requireSound(webroot, observer);
            }
            opened = true;
            return webroot;
        } finally {
            if (!opened) {
                arena.close();
                new OpenFiles(kernel).close(fd);
            }
        }
    }

    private static Webroot open(Kernel kernel, Arena arena, String path, int fd) {
        Header header = readHeader(kernel, path, fd);
        try (Arena reading = Arena.ofConfined()) {
            IndexChecksums.verify(new PositionedFile(kernel, reading, fd, path), header, path);
        }
        MemorySegment mapped = FileMapping.readOnly(kernel, arena, fd, header.indexOffset(), header.indexBytes(), path);
        return new Webroot(kernel, path, fd, header, new Index(path, header, mapped), arena);
    }

    static Header readHeader(Kernel kernel, String path, int fd) {
        try (Arena reading = Arena.ofConfined()) {
            Statx statx = new Statx(kernel, reading);
            KernelException.check(Syscall.STATX, path, statx.tryDescriptor(fd));
            if (FileKind.ofMode(statx.mode()) != FileKind.REGULAR) {
                throw new WebrootException(Damage.NOT_A_WEBROOT, path, "it isn't a regular file");
            }
            MemorySegment bytes = reading.allocate(Layout.HEADER_BYTES);
            long read = new PositionedFile(kernel, reading, fd, path).fill(bytes, 0);
            Header header = Header.parse(bytes.asSlice(0, read), path);
            if (statx.sizeBytes() != header.fileBytes()) {
                throw new WebrootException(
                        Damage.LENGTH, path, statx.sizeBytes() + " bytes, not " + header.fileBytes());
            }
            return header;
        }
    }

    /// Finds what there is for a path. Allocates nothing.
    ///
    /// @param octets holds the decoded, normalised request path, which starts with `/`
    /// @param from where it starts
    /// @param to after its end
    /// @return a position for [#entry(long)]; −1 if there is nothing
    /// @throws WebrootException if the index contradicts itself, or the file was cut off since it was opened
    public long find(byte[] octets, int from, int to) {
        try {
            return index.find(octets, from, to);
        } catch (IndexOutOfBoundsException e) {
            throw index.contradiction("a look-up leads out of it: " + e.getMessage());
        } catch (InternalError e) {
            // What the JVM makes of SIGBUS.
            throw cutOff();
        }
    }

    /// @param position from [#find(byte[], int, int)]
    /// @throws WebrootException as `find`
    public WebrootEntry entry(long position) {
        try {
            return index.entry(position);
        } catch (InternalError e) {
            throw cutOff();
        }
    }

    /// What there is for a path; null if nothing.
    ///
    /// @param path decoded and normalised, starting with `/`
    public @Nullable WebrootEntry lookup(CharSequence path) {
        byte[] octets = path.toString().getBytes(StandardCharsets.UTF_8);
        long position = find(octets, 0, octets.length);
        return position < 0 ? null : entry(position);
    }

    /// The pages for answers that say no, by status.
    public Map<Integer, WebrootEntry.File> errorPages() {
        Map<Integer, WebrootEntry.File> pages = new TreeMap<>();
        for (long i = 0; i < index.errorCount(); i++) {
            pages.put(index.errorStatus(i), index.errorPage(i));
        }
        return pages;
    }

    private WebrootException cutOff() {
        return new WebrootException(Damage.LENGTH, path, "it was cut off since it was opened");
    }

    /// Told of every resource, in the order of the file.
    @FunctionalInterface
    public interface Visitor {
        /// @param path decoded, as in a look-up
        void resource(byte[] path, WebrootEntry entry);
    }

    /// Visits every resource.
    ///
    /// @throws WebrootException if the index contradicts itself
    public void visit(Visitor visitor) {
        long end = index.records().byteSize();
        try {
            for (long record = 0; record < end; record += index.recordBytes(record)) {
                visitor.resource(index.pathOf(record), index.entry(record));
            }
        } catch (IndexOutOfBoundsException e) {
            throw index.contradiction("a record leads out of it: " + e.getMessage());
        }
    }

    /// Takes a reference.
    ///
    /// @return false if the webroot has been closed: look it up anew
    public boolean retain() {
        int held = references.get();
        while (held > 0) {
            if (references.compareAndSet(held, held + 1)) {
                return true;
            }
            held = references.get();
        }
        return false;
    }

    /// Gives a reference back; the last one closes the file and unmaps its index.
    public void release() {
        int left = references.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException(path + " is closed");
        }
        if (left == 0) {
            arena.close();
            // close(2): the descriptor is gone whatever the answer is.
            long ignored = kernel.call(Syscall.CLOSE, fd);
        }
    }

    /// Gives the opener's reference back.
    @Override
    public void close() {
        release();
    }

    public boolean isOpen() {
        return references.get() > 0;
    }

    public String path() {
        return path;
    }

    /// What bodies are read from, at their offsets. Stays this object's.
    public int fd() {
        return fd;
    }

    public long fileBytes() {
        return header.fileBytes();
    }

    public long resourceCount() {
        return header.resources();
    }

    public long bodyCount() {
        return header.bodies();
    }

    public long indexBytes() {
        return header.indexBytes();
    }

    /// SHA-256 of the index, in hexadecimal: two webroots with the same one have the same content.
    public String identity() {
        return header.identity();
    }

    Index index() {
        return index;
    }

    Header header() {
        return header;
    }

    Kernel kernel() {
        return kernel;
    }
}
