package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Opens files by names that are bytes, as Linux has them, and not text: for trees whose names nobody
/// promised to be UTF-8, and for many files, since nothing is allocated.
///
/// Owns its buffers; one thread at a time; the memory lives as long as the arena. All descriptors are
/// `O_CLOEXEC` and the caller's: see [OpenFiles#close(int)].
public final class ByteNames {

    private static final int RACES_MAX = 64;

    private final Kernel kernel;
    private final MemorySegment path;
    private final MemorySegment how;

    public ByteNames(Kernel kernel, Arena arena) {
        this.kernel = kernel;
        this.path = arena.allocate(PathBytes.PATH_BYTES_MAX);
        this.how = arena.allocate(OpenFiles.OPEN_HOW);
    }

    /// openat(2).
    ///
    /// @param bytes holds the name from `from` to before `to`, without a NUL
    /// @return the descriptor, or the negated errno
    public long tryOpenAt(int dirFd, byte[] bytes, int from, int to, int flags) {
        if (!write(bytes, from, to)) {
            return -Errno.ENAMETOOLONG;
        }
        return Interruptions.restart(kernel, Syscall.OPENAT, dirFd, path.address(), flags | OpenFiles.O_CLOEXEC, 0);
    }

    /// openat2(2) (Linux 5.6), refusing whatever leads out of the directory `dirFd`, as
    /// [OpenFiles#tryOpenBeneath(int, String, int)].
    ///
    /// @return the descriptor, or the negated errno
    public long tryOpenBeneath(int dirFd, byte[] bytes, int from, int to, int flags) {
        if (!write(bytes, from, to)) {
            return -Errno.ENAMETOOLONG;
        }
        how.set(ValueLayout.JAVA_LONG, 0, (flags | OpenFiles.O_CLOEXEC) & 0xFFFF_FFFFL);
        how.set(ValueLayout.JAVA_LONG, 8, 0);
        how.set(ValueLayout.JAVA_LONG, 16, OpenFiles.RESOLVE_BENEATH | OpenFiles.RESOLVE_NO_MAGICLINKS);
        long result;
        int races = RACES_MAX;
        do {
            result = Interruptions.restart(
                    kernel, Syscall.OPENAT2, dirFd, path.address(), how.address(), OpenFiles.OPEN_HOW.byteSize());
        } while (result == -Errno.EAGAIN && races-- > 0);
        return result;
    }

    private boolean write(byte[] bytes, int from, int to) {
        int lengthBytes = to - from;
        if (lengthBytes >= path.byteSize()) {
            return false;
        }
        MemorySegment.copy(bytes, from, path, ValueLayout.JAVA_BYTE, 0, lengthBytes);
        path.set(ValueLayout.JAVA_BYTE, lengthBytes, (byte) 0);
        return true;
    }
}
