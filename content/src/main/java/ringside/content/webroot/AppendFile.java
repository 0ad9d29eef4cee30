package ringside.content.webroot;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ringside.linux.Errno;
import ringside.linux.FileNames;
import ringside.linux.FileWrites;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.OpenFiles;
import ringside.linux.Syscall;

/// A file without a name that is written from its start to its end, through one buffer: what a build spills,
/// and its result until [#publish(String)] gives it its name. It is gone when it is closed unpublished,
/// however the process ends; only on file systems without `O_TMPFILE` a killed process leaves the result's
/// temporary file behind, which the next build of the same name replaces.
///
/// One thread. Linux files are zero where nothing was written, which pads for nothing.
final class AppendFile implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 20;
    private static final int PERMISSIONS = 0666;

    private final Kernel kernel;
    private final FileWrites writes;
    private final String object;
    private final MemorySegment buffer;
    private final PositionedFile reads;
    private final FileNames names;
    private final int dirFd;
    private final int fd;
    /// Empty while the file has none.
    private String temporaryName;
    /// Offset in the file of the buffer's start.
    private long flushed;
    private int buffered;

    private AppendFile(Kernel kernel, Arena arena, int dirFd, int fd, String temporaryName, String object) {
        this.kernel = kernel;
        this.dirFd = dirFd;
        this.temporaryName = temporaryName;
        this.names = new FileNames(kernel);
        this.writes = new FileWrites(kernel);
        this.object = object;
        this.fd = fd;
        this.buffer = arena.allocate(BUFFER_BYTES, Layout.PAGE_BYTES);
        this.reads = new PositionedFile(kernel, arena, fd, object);
    }

    /// A file that is to get a name.
    ///
    /// @param arena for the buffer; must outlive this
    /// @param dirFd where its name is to be; stays open as long as this
    /// @param name for messages, and for the temporary name that some file systems need
    /// @throws KernelException if it can't be made
    static AppendFile create(Kernel kernel, Arena arena, int dirFd, String name) {
        long opened = new FileNames(kernel).tryOpenNameless(dirFd, PERMISSIONS);
        if (opened >= 0) {
            return new AppendFile(kernel, arena, dirFd, (int) opened, "", name);
        }
        if (!isWithoutNameless(opened)) {
            throw KernelException.of(Syscall.OPENAT, name, opened);
        }
        String temporary = temporaryName(name);
        long ignored = new FileNames(kernel).tryUnlink(dirFd, temporary);
        int flags = OpenFiles.O_RDWR | OpenFiles.O_CREAT | OpenFiles.O_EXCL;
        int fd = new OpenFiles(kernel).openAt(dirFd, temporary, flags, PERMISSIONS);
        return new AppendFile(kernel, arena, dirFd, fd, temporary, name);
    }

    /// A file that never gets a name.
    static AppendFile spill(Kernel kernel, Arena arena, int dirFd, String name) {
        AppendFile file = create(kernel, arena, dirFd, name);
        file.removeTemporaryName();
        return file;
    }

    private static boolean isWithoutNameless(long result) {
        return result == -Errno.EOPNOTSUPP || result == -Errno.EISDIR || result == -Errno.EINVAL;
    }

    private static String temporaryName(String name) {
        return "." + name + ".ringside";
    }

    int fd() {
        return fd;
    }

    String object() {
        return object;
    }

    /// Where the next byte goes.
    long position() {
        return flushed + buffered;
    }

    /// Appends, and keeps nothing of `bytes`.
    void append(MemorySegment bytes) {
        long length = bytes.byteSize();
        if (length > BUFFER_BYTES - buffered) {
            flush();
            if (length >= BUFFER_BYTES) {
                writes.writeAll(fd, bytes.address(), length, flushed, object);
                flushed += length;
                return;
            }
        }
        MemorySegment.copy(bytes, 0, buffer, buffered, length);
        buffered += (int) length;
    }

    void append(byte[] bytes, int from, int length) {
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, room(1));
            MemorySegment.copy(bytes, from + done, buffer, Layout.U8, buffered, part);
            buffered += part;
            done += part;
        }
    }

    void append(byte[] bytes) {
        append(bytes, 0, bytes.length);
    }

    void append32(int value) {
        room(Integer.BYTES);
        buffer.set(Layout.U32, buffered, value);
        buffered += Integer.BYTES;
    }

    void append64(long value) {
        room(Long.BYTES);
        buffer.set(Layout.U64, buffered, value);
        buffered += Long.BYTES;
    }

    /// Appends zeros up to a multiple of `bytes`.
    void align(int bytes) {
        int zeros = (int) (Layout.align(position(), bytes) - position());
        room(zeros);
        buffer.asSlice(buffered, zeros).fill((byte) 0);
        buffered += zeros;
    }

    /// Leaves a hole of so many bytes: zeros that take no space.
    void skip(long bytes) {
        flush();
        flushed += bytes;
    }

    /// Takes back what was appended from `position` on.
    void rewind(long position) {
        if (position >= flushed) {
            buffered = (int) (position - flushed);
            return;
        }
        buffered = 0;
        flushed = position;
        writes.truncate(fd, position, object);
    }

    /// Reads back what was appended.
    void read(MemorySegment target, long offset) {
        if (offset + target.byteSize() > flushed) {
            flush();
        }
        if (offset + target.byteSize() > flushed) {
            throw new IllegalArgumentException(object + ": no " + target.byteSize() + " bytes at " + offset);
        }
        // Where the file ends in a hole it is shorter than that yet.
        target.asSlice(reads.fill(target, offset)).fill((byte) 0);
    }

    void flush() {
        writes.writeAll(fd, buffer.address(), buffered, flushed, object);
        flushed += buffered;
        buffered = 0;
    }

    /// Overwrites what was appended, and has the whole file reach the device.
    void patchAndSync(byte[] bytes, long offset) {
        flush();
        writes.truncate(fd, flushed, object); // a hole at the end has no length yet
        MemorySegment.copy(bytes, 0, buffer, Layout.U8, 0, bytes.length);
        writes.writeAll(fd, buffer.address(), bytes.length, offset, object);
        writes.sync(fd, object);
    }

    /// Gives the file its name; what had it before is replaced in the same instant. Returns when that is on
    /// the device.
    ///
    /// @param name in the directory that this was made in
    void publish(String name) {
        if (temporaryName.isEmpty()) {
            // linkat(2) replaces nothing, rename(2) does.
            String temporary = temporaryName(name);
            long linked = names.tryLink(fd, dirFd, temporary);
            if (linked == -Errno.EEXIST) {
                long ignored = names.tryUnlink(dirFd, temporary);
                linked = names.tryLink(fd, dirFd, temporary);
            }
            KernelException.check(Syscall.LINKAT, name, linked);
            temporaryName = temporary;
        }
        names.rename(dirFd, temporaryName, name);
        temporaryName = "";
        writes.sync(dirFd, "the directory of " + name);
    }

    private void removeTemporaryName() {
        if (!temporaryName.isEmpty()) {
            long ignored = names.tryUnlink(dirFd, temporaryName);
            temporaryName = "";
        }
    }

    private int room(int needed) {
        if (BUFFER_BYTES - buffered < needed) {
            flush();
        }
        return BUFFER_BYTES - buffered;
    }

    @Override
    public void close() {
        removeTemporaryName();
        new OpenFiles(kernel).close(fd);
    }
}
