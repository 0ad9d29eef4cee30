package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// Reads from a file at an offset: pread(2), and preadv2(2) with its flags (Linux 4.6).
///
/// Owns one `struct iovec`; one thread at a time; the memory lives as long as the arena. Data path: nothing is
/// allocated and nothing thrown, every method answers the bytes read (0 at the end of the file, fewer than
/// asked for is ordinary) or the negated errno. The target memory belongs to the caller throughout.
public final class PositionedReads {

    // linux/fs.h
    /// Poll for completion; O_DIRECT only, and only on devices with poll queues.
    public static final int RWF_HIPRI = 0x01;
    /// Answer −EAGAIN instead of waiting for the device (Linux 4.14).
    public static final int RWF_NOWAIT = 0x08;
    /// Drop from the page cache what this read brought into it (Linux 6.14; −EOPNOTSUPP before).
    public static final int RWF_DONTCACHE = 0x80;

    /// `struct iovec`, `linux/uio.h`.
    static final StructLayout IOVEC = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("iov_base"), ValueLayout.JAVA_LONG.withName("iov_len"));

    private final Kernel kernel;
    private final MemorySegment iovec;

    public PositionedReads(Kernel kernel, Arena arena) {
        this.kernel = kernel;
        this.iovec = arena.allocate(IOVEC);
    }

    /// @param address where the bytes go
    /// @return bytes read, or the negated errno
    public long pread(int fd, long address, long length, long offset) {
        return Interruptions.restart(kernel, Syscall.PREAD64, fd, address, length, offset);
    }

    /// [#pread], or [#preadv2] where there are flags: it costs a little more.
    ///
    /// @param rwfFlags 0 for none
    /// @return bytes read, or the negated errno
    public long read(int fd, long address, long length, long offset, int rwfFlags) {
        return rwfFlags == 0 ? pread(fd, address, length, offset) : preadv2(fd, address, length, offset, rwfFlags);
    }

    /// @param rwfFlags [#RWF_NOWAIT], [#RWF_DONTCACHE] and the like; −EOPNOTSUPP if the kernel or the file
    ///     system doesn't know one
    /// @return bytes read, or the negated errno; with `RWF_NOWAIT` −EAGAIN when nothing of the range is cached
    public long preadv2(int fd, long address, long length, long offset, int rwfFlags) {
        iovec.set(ValueLayout.JAVA_LONG, 0, address);
        iovec.set(ValueLayout.JAVA_LONG, 8, length);
        // The offset comes in two words of a long each; on 64 bits the kernel takes all of it from the first.
        return Interruptions.restart(kernel, Syscall.PREADV2, fd, iovec.address(), 1, offset, 0, rwfFlags);
    }
}
