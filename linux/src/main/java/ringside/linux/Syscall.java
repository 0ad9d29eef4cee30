package ringside.linux;

/// The system calls that ringside makes itself, with their numbers on x86-64 (`asm/unistd_64.h`).
///
/// The numbers from 424 up are the same on every architecture; the older ones are not, which is why ringside's own
/// engines say "unavailable" elsewhere ([#SUPPORTED]) instead of calling something else.
public enum Syscall {
    READ(0),
    WRITE(1),
    CLOSE(3),
    POLL(7),
    LSEEK(8),
    MMAP(9),
    MUNMAP(11),
    IOCTL(16),
    PREAD64(17),
    PWRITE64(18),
    MINCORE(27),
    MADVISE(28),
    GETPID(39),
    SENDFILE(40),
    SENDTO(44),
    SHUTDOWN(48),
    SOCKETPAIR(53),
    GETSOCKOPT(55),
    KILL(62),
    FCNTL(72),
    FSYNC(74),
    FDATASYNC(75),
    FTRUNCATE(77),
    GETEUID(107),
    SETPRIORITY(141),
    MOUNT(165),
    GETTID(186),
    SCHED_SETAFFINITY(203),
    SCHED_GETAFFINITY(204),
    IO_SETUP(206),
    IO_DESTROY(207),
    IO_GETEVENTS(208),
    IO_SUBMIT(209),
    IO_CANCEL(210),
    GETDENTS64(217),
    FADVISE64(221),
    CLOCK_GETTIME(228),
    INOTIFY_ADD_WATCH(254),
    INOTIFY_RM_WATCH(255),
    OPENAT(257),
    UNLINKAT(263),
    LINKAT(265),
    READLINKAT(267),
    SPLICE(275),
    EVENTFD2(290),
    PIPE2(293),
    INOTIFY_INIT1(294),
    PERF_EVENT_OPEN(298),
    SYNCFS(306),
    RENAMEAT2(316),
    PREADV2(327),
    STATX(332),
    IO_URING_SETUP(425),
    IO_URING_ENTER(426),
    IO_URING_REGISTER(427),
    OPENAT2(437),
    FACCESSAT2(439),
    CACHESTAT(451);

    /// Whether the numbers in this table are those of the machine we run on.
    public static final boolean SUPPORTED = System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64");

    private final int number;

    Syscall(int number) {
        this.number = number;
    }

    /// The number that goes into the register.
    public int number() {
        return number;
    }

    /// The name as the man pages have it: `preadv2`.
    public String manName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
