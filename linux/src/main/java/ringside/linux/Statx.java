package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// Reads the status of files: statx(2) (Linux 4.11).
///
/// Owns one `struct statx` and one path buffer, so that asking again and again allocates nothing: ask with
/// [#tryPath(int, String, int)] or [#tryDescriptor(int)], then read the fields, which hold until the next
/// question. One thread at a time; the memory lives as long as the arena.
public final class Statx {

    // linux/fcntl.h
    public static final int AT_SYMLINK_NOFOLLOW = 0x100;
    public static final int AT_EMPTY_PATH = 0x1000;

    // linux/stat.h
    static final int STATX_BASIC_STATS = 0x7ff;
    static final int STATX_MNT_ID = 0x1000;
    static final int STATX_DIOALIGN = 0x2000;

    /// `struct statx`, `linux/stat.h`; the tail (from the kernel's version on) is left to the kernel.
    static final StructLayout STATX = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("stx_mask"),
            ValueLayout.JAVA_INT.withName("stx_blksize"),
            ValueLayout.JAVA_LONG.withName("stx_attributes"),
            ValueLayout.JAVA_INT.withName("stx_nlink"),
            ValueLayout.JAVA_INT.withName("stx_uid"),
            ValueLayout.JAVA_INT.withName("stx_gid"),
            ValueLayout.JAVA_SHORT.withName("stx_mode"),
            MemoryLayout.paddingLayout(2),
            ValueLayout.JAVA_LONG.withName("stx_ino"),
            ValueLayout.JAVA_LONG.withName("stx_size"),
            ValueLayout.JAVA_LONG.withName("stx_blocks"),
            ValueLayout.JAVA_LONG.withName("stx_attributes_mask"),
            timestamp("stx_atime"),
            timestamp("stx_btime"),
            timestamp("stx_ctime"),
            timestamp("stx_mtime"),
            ValueLayout.JAVA_INT.withName("stx_rdev_major"),
            ValueLayout.JAVA_INT.withName("stx_rdev_minor"),
            ValueLayout.JAVA_INT.withName("stx_dev_major"),
            ValueLayout.JAVA_INT.withName("stx_dev_minor"),
            ValueLayout.JAVA_LONG.withName("stx_mnt_id"),
            ValueLayout.JAVA_INT.withName("stx_dio_mem_align"),
            ValueLayout.JAVA_INT.withName("stx_dio_offset_align"),
            MemoryLayout.paddingLayout(96));

    private static final long MASK = offset("stx_mask");
    private static final long UID = offset("stx_uid");
    private static final long MODE = offset("stx_mode");
    private static final long INO = offset("stx_ino");
    private static final long SIZE = offset("stx_size");
    private static final long BLOCKS = offset("stx_blocks");
    private static final long MTIME_SECONDS = offset("stx_mtime");
    private static final long MTIME_NANOS = MTIME_SECONDS + 8;
    private static final long CTIME_SECONDS = offset("stx_ctime");
    private static final long CTIME_NANOS = CTIME_SECONDS + 8;
    private static final long DEV_MAJOR = offset("stx_dev_major");
    private static final long DEV_MINOR = offset("stx_dev_minor");
    private static final long MNT_ID = offset("stx_mnt_id");
    private static final long DIO_MEM_ALIGN = offset("stx_dio_mem_align");
    private static final long DIO_OFFSET_ALIGN = offset("stx_dio_offset_align");

    private final Kernel kernel;
    private final MemorySegment status;
    private final MemorySegment path;
    private final long emptyPathAddress;

    public Statx(Kernel kernel, Arena arena) {
        this.kernel = kernel;
        this.status = arena.allocate(STATX);
        this.path = arena.allocate(PathBytes.PATH_BYTES_MAX);
        this.emptyPathAddress = arena.allocate(1).address();
    }

    /// Asks about `path` relative to the directory `dirFd` ([OpenFiles#AT_FDCWD] for the working directory).
    ///
    /// @param atFlags 0 or [#AT_SYMLINK_NOFOLLOW]
    /// @return 0, or the negated errno; −EINVAL for a path that no file can have. The fields are valid after a
    ///     0 only.
    public long tryPath(int dirFd, String path, int atFlags) {
        int written = PathBytes.write(path, this.path);
        return written < 0 ? written : ask(dirFd, this.path.address(), atFlags);
    }

    /// Asks about an open file; `O_PATH` is enough.
    ///
    /// @return 0, or the negated errno
    public long tryDescriptor(int fd) {
        return ask(fd, emptyPathAddress, AT_EMPTY_PATH);
    }

    /// @throws KernelException if the kernel refuses
    public FileStatus ofPath(int dirFd, String path) {
        PathBytes.check(path);
        KernelException.check(Syscall.STATX, path, tryPath(dirFd, path, 0));
        return status();
    }

    /// @throws KernelException if the kernel refuses
    public FileStatus ofDescriptor(int fd) {
        KernelException.check(Syscall.STATX, "descriptor " + fd, tryDescriptor(fd));
        return status();
    }

    /// The last answer as a value to keep.
    public FileStatus status() {
        return new FileStatus(
                sizeBytes(),
                mtimeSeconds(),
                mtimeNanos(),
                mode(),
                status.get(ValueLayout.JAVA_INT, UID),
                inode(),
                device(),
                dioMemAlignBytes(),
                dioOffsetAlignBytes());
    }

    public long sizeBytes() {
        return status.get(ValueLayout.JAVA_LONG, SIZE);
    }

    /// What is allocated to the file, in units of 512 bytes.
    public long blocks() {
        return status.get(ValueLayout.JAVA_LONG, BLOCKS);
    }

    public long mtimeSeconds() {
        return status.get(ValueLayout.JAVA_LONG, MTIME_SECONDS);
    }

    public int mtimeNanos() {
        return status.get(ValueLayout.JAVA_INT, MTIME_NANOS);
    }

    /// Last change of the file's inode: of its content, its length, its permissions, its links or its name. Unlike the
    /// time of its content's change nobody can set it back.
    public long ctimeSeconds() {
        return status.get(ValueLayout.JAVA_LONG, CTIME_SECONDS);
    }

    public int ctimeNanos() {
        return status.get(ValueLayout.JAVA_INT, CTIME_NANOS);
    }

    public int mode() {
        return Short.toUnsignedInt(status.get(ValueLayout.JAVA_SHORT, MODE));
    }

    public long inode() {
        return status.get(ValueLayout.JAVA_LONG, INO);
    }

    /// Major number in the upper 32 bits, minor in the lower.
    public long device() {
        return Integer.toUnsignedLong(status.get(ValueLayout.JAVA_INT, DEV_MAJOR)) << 32
                | Integer.toUnsignedLong(status.get(ValueLayout.JAVA_INT, DEV_MINOR));
    }

    /// 0 if the kernel doesn't say.
    public int dioMemAlignBytes() {
        return knowsDirectAlignment() ? status.get(ValueLayout.JAVA_INT, DIO_MEM_ALIGN) : 0;
    }

    /// 0 if the kernel doesn't say.
    public int dioOffsetAlignBytes() {
        return knowsDirectAlignment() ? status.get(ValueLayout.JAVA_INT, DIO_OFFSET_ALIGN) : 0;
    }

    /// The number of the mount that the file is on, as in `/proc/self/mountinfo`; −1 if the kernel doesn't say
    /// (before Linux 5.8).
    public long mountId() {
        boolean told = (status.get(ValueLayout.JAVA_INT, MASK) & STATX_MNT_ID) != 0;
        return told ? status.get(ValueLayout.JAVA_LONG, MNT_ID) : -1;
    }

    private boolean knowsDirectAlignment() {
        return (status.get(ValueLayout.JAVA_INT, MASK) & STATX_DIOALIGN) != 0;
    }

    private long ask(int dirFd, long pathAddress, int atFlags) {
        return Interruptions.restart(
                kernel,
                Syscall.STATX,
                dirFd,
                pathAddress,
                atFlags,
                STATX_BASIC_STATS | STATX_MNT_ID | STATX_DIOALIGN,
                status.address(),
                0);
    }

    private static StructLayout timestamp(String name) {
        return MemoryLayout.structLayout(
                        ValueLayout.JAVA_LONG.withName("tv_sec"),
                        ValueLayout.JAVA_INT.withName("tv_nsec"),
                        MemoryLayout.paddingLayout(4))
                .withName(name);
    }

    private static long offset(String field) {
        return STATX.byteOffset(MemoryLayout.PathElement.groupElement(field));
    }
}
