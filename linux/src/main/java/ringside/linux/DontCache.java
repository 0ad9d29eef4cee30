package ringside.linux;

import java.lang.foreign.Arena;

/// Asks the kernel whether it knows [PositionedReads#RWF_DONTCACHE] (Linux 6.14), whatever file system the file to
/// be read is on.
///
/// A plain read with the flag can't tell: preadv2(2) answers EOPNOTSUPP both to a kernel that doesn't know it and
/// to a file system that doesn't do it. So it is asked for together with `RWF_APPEND` and `RWF_NOAPPEND`, which
/// exclude each other: a kernel that knows all three answers EINVAL, and looks at the file system only after that
/// (`kiocb_set_rw_flags`, `include/linux/fs.h`).
public final class DontCache {

    // linux/fs.h
    private static final int RWF_APPEND = 0x10;
    /// Linux 6.9.
    private static final int RWF_NOAPPEND = 0x20;

    private static final String READABLE = "/dev/zero";

    private DontCache() {}

    /// @return 0 if the kernel knows the flag, or the negated errno that says otherwise: −EOPNOTSUPP before Linux
    ///     6.14, −ENOSYS or −EPERM where a seccomp filter hides preadv2(2)
    public static int probe(Kernel kernel) {
        return probe(kernel, PositionedReads.RWF_DONTCACHE);
    }

    static int probe(Kernel kernel, int flag) {
        OpenFiles files = new OpenFiles(kernel);
        long fd = files.tryOpenAt(OpenFiles.AT_FDCWD, READABLE, OpenFiles.O_RDONLY, 0);
        if (fd < 0) {
            return (int) fd;
        }
        try (Arena arena = Arena.ofConfined()) {
            long result = new PositionedReads(kernel, arena)
                    .preadv2((int) fd, arena.allocate(1).address(), 1, 0, flag | RWF_APPEND | RWF_NOAPPEND);
            // A kernel that reads has seen no contradiction, and so doesn't know the flags.
            return result == -Errno.EINVAL ? 0 : result >= 0 ? -Errno.EOPNOTSUPP : (int) result;
        } finally {
            long ignored = files.close((int) fd);
        }
    }
}
