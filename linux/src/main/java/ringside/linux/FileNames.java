package ringside.linux;

import java.lang.foreign.Arena;

/// Gives, changes and takes names of files: linkat(2), renameat2(2) (Linux 3.15), unlinkat(2), and files
/// without a name, `O_TMPFILE` (Linux 3.11).
///
/// Any thread; control plane.
public final class FileNames {

    /// `O_TMPFILE` of `asm-generic/fcntl.h`, which includes `O_DIRECTORY`.
    static final int O_TMPFILE = 0x40_0000 | OpenFiles.O_DIRECTORY;
    /// `linux/fcntl.h`
    static final int AT_SYMLINK_FOLLOW = 0x400;

    private final Kernel kernel;
    private final OpenFiles files;

    public FileNames(Kernel kernel) {
        this.kernel = kernel;
        this.files = new OpenFiles(kernel);
    }

    /// Opens a new file without a name for reading and writing, on the file system of the directory `dirFd`.
    /// It is gone with its descriptor, however the process ends, unless [#tryLink(int, int, String)] gives it
    /// a name.
    ///
    /// @param mode permissions, from which the umask is taken
    /// @return the descriptor, or the negated errno: −EOPNOTSUPP where the file system can't, −EISDIR where the
    ///     kernel can't
    public long tryOpenNameless(int dirFd, int mode) {
        return files.tryOpenAt(dirFd, ".", O_TMPFILE | OpenFiles.O_RDWR, mode);
    }

    /// Gives an open file of [#tryOpenNameless(int, int)] its name. `/proc` must be mounted.
    ///
    /// @return 0, or the negated errno: −EEXIST if the name is taken
    public long tryLink(int fd, int dirFd, String name) {
        try (Arena arena = Arena.ofConfined()) {
            long from = PathBytes.encode("/proc/self/fd/" + fd, arena).address();
            PathBytes.check(name);
            long to = PathBytes.encode(name, arena).address();
            return Interruptions.restart(
                    kernel, Syscall.LINKAT, OpenFiles.AT_FDCWD, from, dirFd, to, AT_SYMLINK_FOLLOW, 0);
        }
    }

    /// Renames within a directory. What had the name `to` before loses it in the same instant: there is no
    /// moment at which the name is missing.
    ///
    /// @throws KernelException if the kernel refuses
    public void rename(int dirFd, String from, String to) {
        PathBytes.check(from);
        PathBytes.check(to);
        try (Arena arena = Arena.ofConfined()) {
            long result = Interruptions.restart(
                    kernel,
                    Syscall.RENAMEAT2,
                    dirFd,
                    PathBytes.encode(from, arena).address(),
                    dirFd,
                    PathBytes.encode(to, arena).address(),
                    0,
                    0);
            KernelException.check(Syscall.RENAMEAT2, to, result);
        }
    }

    /// Takes a name away.
    ///
    /// @return 0, or the negated errno: −ENOENT if there is none
    public long tryUnlink(int dirFd, String name) {
        PathBytes.check(name);
        try (Arena arena = Arena.ofConfined()) {
            return Interruptions.restart(
                    kernel,
                    Syscall.UNLINKAT,
                    dirFd,
                    PathBytes.encode(name, arena).address(),
                    0,
                    0);
        }
    }
}
