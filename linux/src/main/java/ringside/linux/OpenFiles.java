package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// Opens and closes descriptors: openat(2), openat2(2) (Linux 5.6), close(2).
///
/// Any thread. Every method has two forms: `open…` throws [KernelException] with a remedy, for control paths;
/// `tryOpen…` answers the descriptor or the negated errno, for paths that a client chose. Descriptors belong to
/// the caller, who gives them back with [#close(int)]. Every descriptor is opened with `O_CLOEXEC`, since the
/// processes that ringside starts must not inherit any.
///
/// Opening a FIFO for reading waits for a writer unless `O_NONBLOCK` is given: give it for any path that is not
/// known to be a regular file.
public final class OpenFiles {

    /// For a directory descriptor: relative paths start from the working directory (`fcntl.h`).
    public static final int AT_FDCWD = -100;

    // asm-generic/fcntl.h, x86-64.
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_TRUNC = 0x200;
    public static final int O_APPEND = 0x400;
    public static final int O_NONBLOCK = 0x800;
    /// Past the page cache; memory, offset and length must be aligned as [FileStatus] says.
    public static final int O_DIRECT = 0x4000;
    public static final int O_DIRECTORY = 0x1_0000;
    public static final int O_NOFOLLOW = 0x2_0000;
    public static final int O_NOATIME = 0x4_0000;
    public static final int O_CLOEXEC = 0x8_0000;
    /// Names a file without opening it: good for [Statx] and as a directory to start from, not for reading.
    public static final int O_PATH = 0x20_0000;

    // linux/openat2.h
    public static final long RESOLVE_NO_XDEV = 0x01;
    public static final long RESOLVE_NO_MAGICLINKS = 0x02;
    public static final long RESOLVE_NO_SYMLINKS = 0x04;
    public static final long RESOLVE_BENEATH = 0x08;
    public static final long RESOLVE_IN_ROOT = 0x10;
    public static final long RESOLVE_CACHED = 0x20;

    /// `struct open_how`, `linux/openat2.h`.
    static final StructLayout OPEN_HOW = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("flags"),
            ValueLayout.JAVA_LONG.withName("mode"),
            ValueLayout.JAVA_LONG.withName("resolve"));

    /// openat2(2) answers EAGAIN when a rename raced with a look at `..`; the man page says to try again.
    private static final int RACES_MAX = 64;

    private final Kernel kernel;

    public OpenFiles(Kernel kernel) {
        this.kernel = kernel;
    }

    /// Opens `path`, relative to the working directory unless absolute.
    ///
    /// @return the descriptor
    /// @throws KernelException if the kernel refuses
    public int open(String path, int flags) {
        return openAt(AT_FDCWD, path, flags, 0);
    }

    /// Opens `path` relative to the directory `dirFd`. Symbolic links and `..` may lead anywhere: for paths
    /// from outside use [#openBeneath(int, String, int)].
    ///
    /// @param mode permissions for `O_CREAT`, otherwise 0
    public int openAt(int dirFd, String path, int flags, int mode) {
        PathBytes.check(path);
        return (int) KernelException.check(Syscall.OPENAT, path, tryOpenAt(dirFd, path, flags, mode));
    }

    /// As [#openAt(int, String, int, int)].
    ///
    /// @return the descriptor, or the negated errno; −EINVAL for a path with a NUL or broken UTF-16
    public long tryOpenAt(int dirFd, String path, int flags, int mode) {
        if (!PathBytes.refusal(path).isEmpty()) {
            return -Errno.EINVAL;
        }
        try (Arena arena = Arena.ofConfined()) {
            long address = PathBytes.encode(path, arena).address();
            return Interruptions.restart(kernel, Syscall.OPENAT, dirFd, address, flags | O_CLOEXEC, mode);
        }
    }

    /// Opens `path` relative to the directory `dirFd`, refusing whatever leads out of it: `..`, absolute paths,
    /// absolute symbolic links and magic links of `/proc` (`RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS`).
    ///
    /// @throws KernelException EXDEV for an escape, ENOSYS before Linux 5.6
    public int openBeneath(int dirFd, String path, int flags) {
        PathBytes.check(path);
        return (int) KernelException.check(Syscall.OPENAT2, path, tryOpenBeneath(dirFd, path, flags));
    }

    /// As [#openBeneath(int, String, int)].
    ///
    /// @return the descriptor, or the negated errno: −EXDEV for an escape, −EINVAL for a path that no file can
    ///     have
    public long tryOpenBeneath(int dirFd, String path, int flags) {
        return tryOpenResolving(dirFd, path, flags, 0, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
    }

    /// openat2(2) with a chosen `resolve` mask.
    ///
    /// @param mode permissions for `O_CREAT`, otherwise 0: openat2 refuses what it would ignore
    /// @return the descriptor, or the negated errno; with `RESOLVE_CACHED` −EAGAIN is an answer and not tried
    ///     again
    public long tryOpenResolving(int dirFd, String path, int flags, int mode, long resolve) {
        if (!PathBytes.refusal(path).isEmpty()) {
            return -Errno.EINVAL;
        }
        try (Arena arena = Arena.ofConfined()) {
            long address = PathBytes.encode(path, arena).address();
            MemorySegment how = arena.allocate(OPEN_HOW);
            how.set(ValueLayout.JAVA_LONG, 0, (flags | O_CLOEXEC) & 0xFFFF_FFFFL);
            how.set(ValueLayout.JAVA_LONG, 8, mode);
            how.set(ValueLayout.JAVA_LONG, 16, resolve);
            int races = (resolve & RESOLVE_CACHED) != 0 ? 0 : RACES_MAX;
            long result;
            do {
                result = Interruptions.restart(
                        kernel, Syscall.OPENAT2, dirFd, address, how.address(), OPEN_HOW.byteSize());
            } while (result == -Errno.EAGAIN && races-- > 0);
            return result;
        }
    }

    /// Gives a descriptor back. Not tried again after EINTR or EIO: the descriptor is gone then too (close(2)).
    ///
    /// @return 0, or the negated errno; −EBADF is a defect of the caller
    public long close(int fd) {
        return kernel.call(Syscall.CLOSE, fd);
    }
}
