package ringside.linux;

/// The error numbers of `asm-generic/errno.h` that ringside can meet, by their symbolic names, each with what to do
/// about it. A number without a constant here keeps its number in [#label()]: it is never mapped to "other".
///
/// @param number positive, as in errno(3)
/// @param label the symbolic name, `ENOENT`, or `errno 4095` for a number not in the table
/// @param meaning half a sentence, lower case
/// @param remedy a sentence for a person
public record Errno(int number, String label, String meaning, String remedy) {

    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int E2BIG = 7;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int ESPIPE = 29;
    public static final int EROFS = 30;
    public static final int EPIPE = 32;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOSYS = 38;
    public static final int ELOOP = 40;
    public static final int ENODATA = 61;
    public static final int ETIME = 62;
    public static final int ENOLINK = 67;
    public static final int EBADMSG = 74;
    public static final int EOVERFLOW = 75;
    public static final int EBADFD = 77;
    public static final int EILSEQ = 84;
    public static final int ENOTSOCK = 88;
    public static final int EOPNOTSUPP = 95;
    public static final int EADDRINUSE = 98;
    public static final int ENETUNREACH = 101;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ENOTCONN = 107;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTUNREACH = 113;
    public static final int EALREADY = 114;
    public static final int EINPROGRESS = 115;
    public static final int ESTALE = 116;
    public static final int EUCLEAN = 117;
    public static final int EREMOTEIO = 121;
    public static final int EDQUOT = 122;
    public static final int ECANCELED = 125;

    private static final Errno[] KNOWN = new Errno[134];

    static {
        know(
                EPERM,
                "EPERM",
                "operation not permitted",
                "Run as root, or give the process the capability that the man page names.");
        know(ENOENT, "ENOENT", "no such file or directory", "Check the path.");
        know(ESRCH, "ESRCH", "no such process or thread", "None: it has ended.");
        know(EINTR, "EINTR", "interrupted by a signal", "Try again.");
        know(EIO, "EIO", "the device failed to read or write", "Look at the kernel's log (dmesg) for the device.");
        know(ENXIO, "ENXIO", "no such device or address", "Check the path.");
        know(
                E2BIG,
                "E2BIG",
                "the argument is too long",
                "Use fewer or shorter arguments, or a kernel that knows the structure's newer fields.");
        know(EBADF, "EBADF", "not an open descriptor", "This is a defect of ringside: please report it.");
        know(EAGAIN, "EAGAIN", "not ready, or a queue is full", "Try again later, or raise the queue depth.");
        know(
                ENOMEM,
                "ENOMEM",
                "out of memory, or over the locked-memory limit",
                "Free memory, or raise the limit (ulimit -l).");
        know(
                EACCES,
                "EACCES",
                "permission denied",
                "Check the permissions of the file and of every directory above it.");
        know(EFAULT, "EFAULT", "bad address", "This is a defect of ringside: please report it.");
        know(EBUSY, "EBUSY", "busy", "Try again when the other user is done.");
        know(EEXIST, "EEXIST", "exists already", "Choose another name, or remove the old one.");
        know(
                EXDEV,
                "EXDEV",
                "the path leads out of the served directory",
                "Serve a directory that contains the target.");
        know(ENODEV, "ENODEV", "no such device", "Check that the kernel has the driver.");
        know(ENOTDIR, "ENOTDIR", "a part of the path is not a directory", "Check the path.");
        know(EISDIR, "EISDIR", "is a directory", "Name a file.");
        know(
                EINVAL,
                "EINVAL",
                "invalid argument, or not supported here",
                "Check the kernel's version against the man page.");
        know(ENFILE, "ENFILE", "the system has too many open files", "Raise fs.file-max (sysctl), or close files.");
        know(
                EMFILE,
                "EMFILE",
                "the process has too many open files",
                "Raise the limit (ulimit -n), or lower the size of the open-file cache.");
        know(EFBIG, "EFBIG", "the file is too big", "Use a smaller file or range.");
        know(ENOSPC, "ENOSPC", "no space left on the device", "Free space.");
        know(ESPIPE, "ESPIPE", "not seekable", "Name a regular file.");
        know(
                EROFS,
                "EROFS",
                "the file system is read-only",
                "Write elsewhere, or, as root, mount it again with write access.");
        know(EPIPE, "EPIPE", "the peer has closed the connection", "None: the peer went away.");
        know(ENAMETOOLONG, "ENAMETOOLONG", "the name is too long", "Use names under 256 bytes and paths under 4096.");
        know(
                ENOSYS,
                "ENOSYS",
                "this kernel has no such system call",
                "Use a kernel that has it: the man page names the first version.");
        know(ELOOP, "ELOOP", "too many symbolic links, or one that isn't allowed", "Check the links in the path.");
        know(ENODATA, "ENODATA", "no data available", "Check that the device or attribute holds any.");
        know(ETIME, "ETIME", "the timer expired", "Allow more time.");
        know(ENOLINK, "ENOLINK", "the link to the server has been severed", "Mount the remote file system again.");
        know(
                EBADMSG,
                "EBADMSG",
                "the data fail their check",
                "The file or its file system is damaged: check it (fsck), restore from a backup.");
        know(EOVERFLOW, "EOVERFLOW", "a value is too large for its type", "Use a smaller range.");
        know(
                EBADFD,
                "EBADFD",
                "the descriptor is in the wrong state",
                "This is a defect of ringside: please report it.");
        know(
                EILSEQ,
                "EILSEQ",
                "an invalid byte sequence, or a checksum that the device refuses",
                "Check the name's encoding; look at the kernel's log (dmesg) for the device.");
        know(ENOTSOCK, "ENOTSOCK", "not a socket", "This is a defect of ringside: please report it.");
        know(
                EOPNOTSUPP,
                "EOPNOTSUPP",
                "not supported by this file system or socket",
                "Use a file system that supports it (ext4, xfs).");
        know(
                EADDRINUSE,
                "EADDRINUSE",
                "the address is in use",
                "Choose another port (--port 0 takes a free one), or stop the other server.");
        know(ENETUNREACH, "ENETUNREACH", "the network is unreachable", "Check the address and the routes (ip route).");
        know(ECONNABORTED, "ECONNABORTED", "the connection was aborted", "None: the peer went away.");
        know(ECONNRESET, "ECONNRESET", "the peer reset the connection", "None: the peer went away.");
        know(ENOBUFS, "ENOBUFS", "no buffer space, or the buffer ring is empty", "Raise the number of buffers.");
        know(ENOTCONN, "ENOTCONN", "not connected", "None: the peer went away.");
        know(ETIMEDOUT, "ETIMEDOUT", "timed out", "Check the peer.");
        know(ECONNREFUSED, "ECONNREFUSED", "nothing listens there", "Start the server, or check host and port.");
        know(
                EHOSTUNREACH,
                "EHOSTUNREACH",
                "the host is unreachable",
                "Check the address, the routes (ip route) and the firewall.");
        know(EALREADY, "EALREADY", "already in progress", "Wait for the first request.");
        know(EINPROGRESS, "EINPROGRESS", "in progress", "Wait for its completion.");
        know(
                ESTALE,
                "ESTALE",
                "the file handle is stale: the file is gone from its server",
                "Open the file again; mount the remote file system again if that fails.");
        know(
                EUCLEAN,
                "EUCLEAN",
                "the file system's structure is damaged",
                "Unmount it and run fsck, then restore what is lost.");
        know(
                EREMOTEIO,
                "EREMOTEIO",
                "the device or remote end failed",
                "Look at the kernel's log (dmesg) for the device.");
        know(EDQUOT, "EDQUOT", "over the disk quota", "Free space, or raise the quota.");
        know(ECANCELED, "ECANCELED", "cancelled", "None: it was asked for.");
    }

    /// @param result what a system call answered: a negated errno, −1 to −4095
    public static Errno of(long result) {
        if (result >= 0 || result < -4095) {
            throw new IllegalArgumentException("not a negated errno: " + result);
        }
        int number = (int) -result;
        Errno known = number < KNOWN.length ? KNOWN[number] : null;
        return known != null
                ? known
                : new Errno(
                        number, "errno " + number, "see errno(3)", "Look the number up with `errno " + number + "`.");
    }

    /// Whether descriptors have run out: closing one may help.
    public boolean isShortage() {
        return number == EMFILE || number == ENFILE;
    }

    private static void know(int number, String label, String meaning, String remedy) {
        KNOWN[number] = new Errno(number, label, meaning, remedy);
    }
}
