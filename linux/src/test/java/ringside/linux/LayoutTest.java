package ringside.linux;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Holds the constants and layouts that are written by hand against the machine's headers.
class LayoutTest {

    @TestFactory
    Stream<DynamicTest> openHow() {
        Map<String, Long> ours = struct("struct open_how", OpenFiles.OPEN_HOW, "flags", "mode", "resolve");
        ours.put("RESOLVE_NO_XDEV", OpenFiles.RESOLVE_NO_XDEV);
        ours.put("RESOLVE_NO_MAGICLINKS", OpenFiles.RESOLVE_NO_MAGICLINKS);
        ours.put("RESOLVE_NO_SYMLINKS", OpenFiles.RESOLVE_NO_SYMLINKS);
        ours.put("RESOLVE_BENEATH", OpenFiles.RESOLVE_BENEATH);
        ours.put("RESOLVE_IN_ROOT", OpenFiles.RESOLVE_IN_ROOT);
        ours.put("RESOLVE_CACHED", OpenFiles.RESOLVE_CACHED);
        return CProbe.compare(List.of("linux/openat2.h"), ours);
    }

    @TestFactory
    Stream<DynamicTest> openFlagsAndAdvice() {
        Map<String, Long> ours = new HashMap<>();
        ours.put("AT_FDCWD", (long) OpenFiles.AT_FDCWD);
        ours.put("O_RDONLY", (long) OpenFiles.O_RDONLY);
        ours.put("O_WRONLY", (long) OpenFiles.O_WRONLY);
        ours.put("O_RDWR", (long) OpenFiles.O_RDWR);
        ours.put("O_CREAT", (long) OpenFiles.O_CREAT);
        ours.put("O_EXCL", (long) OpenFiles.O_EXCL);
        ours.put("O_TRUNC", (long) OpenFiles.O_TRUNC);
        ours.put("O_APPEND", (long) OpenFiles.O_APPEND);
        ours.put("O_NONBLOCK", (long) OpenFiles.O_NONBLOCK);
        ours.put("O_DIRECT", (long) OpenFiles.O_DIRECT);
        ours.put("O_DIRECTORY", (long) OpenFiles.O_DIRECTORY);
        ours.put("O_NOFOLLOW", (long) OpenFiles.O_NOFOLLOW);
        ours.put("O_NOATIME", (long) OpenFiles.O_NOATIME);
        ours.put("O_CLOEXEC", (long) OpenFiles.O_CLOEXEC);
        ours.put("O_PATH", (long) OpenFiles.O_PATH);
        ours.put("AT_SYMLINK_NOFOLLOW", (long) Statx.AT_SYMLINK_NOFOLLOW);
        ours.put("AT_EMPTY_PATH", (long) Statx.AT_EMPTY_PATH);
        ours.put("AT_EACCESS", (long) PageResidency.AT_EACCESS);
        ours.put("W_OK", (long) PageResidency.W_OK);
        for (FileAdvice advice : FileAdvice.values()) {
            ours.put("POSIX_FADV_" + advice, (long) advice.number());
        }
        return CProbe.compare(List.of("fcntl.h", "unistd.h"), ours);
    }

    @TestFactory
    Stream<DynamicTest> statx() {
        Map<String, Long> ours = struct(
                "struct statx",
                Statx.STATX,
                "stx_mask",
                "stx_blksize",
                "stx_attributes",
                "stx_nlink",
                "stx_uid",
                "stx_gid",
                "stx_mode",
                "stx_ino",
                "stx_size",
                "stx_blocks",
                "stx_attributes_mask",
                "stx_atime",
                "stx_btime",
                "stx_ctime",
                "stx_mtime",
                "stx_rdev_major",
                "stx_rdev_minor",
                "stx_dev_major",
                "stx_dev_minor",
                "stx_mnt_id",
                "stx_dio_mem_align",
                "stx_dio_offset_align");
        ours.put("offsetof(struct statx_timestamp, tv_nsec)", 8L);
        ours.put("STATX_BASIC_STATS", (long) Statx.STATX_BASIC_STATS);
        ours.put("STATX_DIOALIGN", (long) Statx.STATX_DIOALIGN);
        ours.put("STATX_MNT_ID", (long) Statx.STATX_MNT_ID);
        return CProbe.compare(List.of("linux/stat.h"), ours);
    }

    @TestFactory
    Stream<DynamicTest> fileKinds() {
        return CProbe.compare(
                List.of("sys/stat.h"),
                Map.of(
                        "S_IFMT", (long) FileKind.S_IFMT,
                        "S_IFREG", (long) FileKind.REGULAR.formatBits(),
                        "S_IFDIR", (long) FileKind.DIRECTORY.formatBits(),
                        "S_IFLNK", (long) FileKind.SYMBOLIC_LINK.formatBits(),
                        "S_IFCHR", (long) FileKind.CHARACTER_DEVICE.formatBits(),
                        "S_IFBLK", (long) FileKind.BLOCK_DEVICE.formatBits(),
                        "S_IFIFO", (long) FileKind.FIFO.formatBits(),
                        "S_IFSOCK", (long) FileKind.SOCKET.formatBits()));
    }

    @TestFactory
    Stream<DynamicTest> reads() {
        Map<String, Long> ours = struct("struct iovec", PositionedReads.IOVEC, "iov_base", "iov_len");
        ours.put("RWF_HIPRI", (long) PositionedReads.RWF_HIPRI);
        ours.put("RWF_NOWAIT", (long) PositionedReads.RWF_NOWAIT);
        ours.put("RWF_DONTCACHE", (long) PositionedReads.RWF_DONTCACHE);
        return CProbe.compare(List.of("linux/fs.h", "linux/uio.h"), ours);
    }

    @TestFactory
    Stream<DynamicTest> sends() {
        return CProbe.compare(
                List.of("sys/socket.h"),
                Map.of(
                        "MSG_DONTWAIT", (long) SocketSend.MSG_DONTWAIT,
                        "MSG_NOSIGNAL", (long) SocketSend.MSG_NOSIGNAL,
                        "MSG_MORE", (long) SocketSend.MSG_MORE));
    }

    @TestFactory
    Stream<DynamicTest> pageCache() {
        Map<String, Long> ours = struct("struct cachestat_range", PageResidency.CACHESTAT_RANGE, "off", "len");
        ours.putAll(struct(
                "struct cachestat",
                PageResidency.CACHESTAT,
                "nr_cache",
                "nr_dirty",
                "nr_writeback",
                "nr_evicted",
                "nr_recently_evicted"));
        ours.put("PROT_READ", (long) PageResidency.PROT_READ);
        ours.put("MAP_SHARED", (long) PageResidency.MAP_SHARED);
        ours.put("PROT_READ | PROT_WRITE", IoUringMemory.PROT_READ_WRITE);
        ours.put("MAP_SHARED | MAP_POPULATE", IoUringMemory.MAP_SHARED_POPULATE);
        return CProbe.compare(List.of("sys/mman.h", "linux/mman.h"), ours);
    }

    /// The kernel's `struct termios`, which is shorter than glibc's.
    @TestFactory
    Stream<DynamicTest> terminal() {
        return CProbe.compare(
                List.of("asm/ioctls.h", "asm/termbits.h", "asm/termios.h"),
                Map.of(
                        "TCGETS",
                        Terminal.TCGETS,
                        "TIOCGWINSZ",
                        Terminal.TIOCGWINSZ,
                        "sizeof(struct winsize)",
                        Terminal.WINSIZE_BYTES,
                        "offsetof(struct winsize, ws_col)",
                        Terminal.WINSIZE_COLUMNS,
                        "sizeof(struct termios) <= " + Terminal.TERMIOS_BYTES,
                        1L));
    }

    @TestFactory
    Stream<DynamicTest> auxiliaryVector() {
        return CProbe.compare(List.of("linux/auxvec.h"), Map.of("AT_CLKTCK", SystemStat.AT_CLKTCK));
    }

    @TestFactory
    Stream<DynamicTest> pollEvents() {
        return CProbe.compare(List.of("poll.h"), Map.of("POLLIN", (long) EventFd.POLLIN));
    }

    @TestFactory
    Stream<DynamicTest> pollTable() {
        return CProbe.compare(List.of("poll.h"), struct("struct pollfd", Poll.POLLFD, "fd", "events", "revents"));
    }

    @TestFactory
    Stream<DynamicTest> inotifyEvent() {
        return CProbe.compare(
                List.of("sys/inotify.h"), struct("struct inotify_event", Inotify.EVENT, "wd", "mask", "cookie", "len"));
    }

    private static Map<String, Long> struct(String type, MemoryLayout layout, String... fields) {
        Map<String, Long> ours = new HashMap<>();
        ours.put("sizeof(" + type + ")", layout.byteSize());
        for (String field : fields) {
            ours.put("offsetof(" + type + ", " + field + ")", layout.byteOffset(PathElement.groupElement(field)));
        }
        return ours;
    }
}
