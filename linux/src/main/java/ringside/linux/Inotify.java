package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// Hears of changes in directories: inotify(7), Linux 2.6.27 for `inotify_init1`.
///
/// ```
///   watch(directory) ─► number                       Listener.event(number, mask, name)
///                          └─► … the kernel's queue … ─► read() ─┤
///                                                    Listener.overflow(): look at everything again
/// ```
///
/// Only what happens on this machine through the file system's own calls is heard of: nothing of what another
/// machine does on a network file system, of `/proc` and `/sys`, or of writes to mapped memory.
///
/// One thread at a time, the closing too. [#fd()] is readable while events wait.
public final class Inotify implements AutoCloseable {

    // sys/inotify.h: what to be told of.
    /// A file's content or length changed.
    public static final int IN_MODIFY = 0x2;
    /// Permissions, times, owner or the count of links changed.
    public static final int IN_ATTRIB = 0x4;
    /// A file that was open for writing was closed.
    public static final int IN_CLOSE_WRITE = 0x8;
    public static final int IN_MOVED_FROM = 0x40;
    public static final int IN_MOVED_TO = 0x80;
    /// A name came to be: by open(2), mkdir(2), link(2), symlink(2), mknod(2).
    public static final int IN_CREATE = 0x100;
    public static final int IN_DELETE = 0x200;
    /// The watched inode itself is gone.
    public static final int IN_DELETE_SELF = 0x400;
    /// The watched inode itself was renamed.
    public static final int IN_MOVE_SELF = 0x800;
    // How to watch.
    /// Refuses (−ENOTDIR) what isn't a directory.
    public static final int IN_ONLYDIR = 0x100_0000;
    /// Refuses (−ELOOP with `IN_ONLYDIR`) to follow a link at the path's end.
    public static final int IN_DONT_FOLLOW = 0x200_0000;
    /// Adds to what an inode that is watched already is watched for.
    public static final int IN_MASK_ADD = 0x2000_0000;
    // What comes unasked.
    public static final int IN_UNMOUNT = 0x2000;
    public static final int IN_Q_OVERFLOW = 0x4000;
    public static final int IN_IGNORED = 0x8000;
    /// The event is about a directory.
    public static final int IN_ISDIR = 0x4000_0000;
    // Of the descriptor.
    public static final int IN_NONBLOCK = 0x800;
    public static final int IN_CLOEXEC = 0x8_0000;

    /// `struct inotify_event`, before its name.
    static final StructLayout EVENT = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("wd"),
            ValueLayout.JAVA_INT.withName("mask"),
            ValueLayout.JAVA_INT.withName("cookie"),
            ValueLayout.JAVA_INT.withName("len"));

    private static final int WATCH = 0;
    private static final int MASK = 4;
    private static final int NAME_BYTES = 12;
    private static final int NAME = 16;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int NAME_BYTES_MAX = 256;

    private final Kernel kernel;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, Integer.BYTES);
    private final byte[] name = new byte[NAME_BYTES_MAX];
    private final int fd;
    private boolean closed;

    /// Told of events, in the order in which they happened.
    public interface Listener {

        /// @param watch from [Inotify#tryWatch]
        /// @param mask what happened, one of `IN_…`, maybe with [Inotify#IN_ISDIR]
        /// @param names holds the name in the watched directory; the array is used again afterwards
        /// @param lengthBytes of the name, which starts at 0; 0 if it is about the directory itself
        void event(int watch, int mask, byte[] names, int lengthBytes);

        /// A watch has ended: taken off, or what it watched was deleted or unmounted. Its number isn't used again
        /// before all others were.
        void ended(int watch);

        /// Events were lost (`fs.inotify.max_queued_events`): all that was known by events is to be looked at
        /// again.
        void overflow();
    }

    /// @throws KernelException when the process, or the user (`fs.inotify.max_user_instances`), has no
    ///     descriptor left
    public Inotify(Kernel kernel) {
        this.kernel = kernel;
        long opened = kernel.call(Syscall.INOTIFY_INIT1, IN_NONBLOCK | IN_CLOEXEC);
        if (opened < 0) {
            arena.close();
        }
        this.fd = (int)
                KernelException.check(Syscall.INOTIFY_INIT1, "a new queue (fs.inotify.max_user_instances)", opened);
    }

    /// To be polled for reading, as [Poll] does.
    public int fd() {
        return fd;
    }

    /// Watches what is at `path` now: the inode, wherever it is moved to afterwards.
    ///
    /// @param mask what to be told of, and how to watch
    /// @return the watch's number; the one it has already if the inode is watched. Or the negated errno: −ENOSPC
    ///     when the user has no watch left (`fs.inotify.max_user_watches`)
    public long tryWatch(String path, int mask) {
        if (!PathBytes.refusal(path).isEmpty()) {
            return -Errno.EINVAL;
        }
        try (Arena name = Arena.ofConfined()) {
            long address = PathBytes.encode(path, name).address();
            return Interruptions.restart(
                    kernel, Syscall.INOTIFY_ADD_WATCH, fd, address, Integer.toUnsignedLong(mask), 0);
        }
    }

    /// Ends a watch. Events of it that wait are still told.
    ///
    /// @return 0, or the negated errno: −EINVAL if it has ended already
    public long tryUnwatch(int watch) {
        return kernel.call(Syscall.INOTIFY_RM_WATCH, fd, watch);
    }

    /// Tells of all events that wait, and returns when none does.
    ///
    /// @return how many there were
    /// @throws KernelException when the queue can't be read
    public int read(Listener listener) {
        int events = 0;
        while (true) {
            long filled = Interruptions.restart(kernel, Syscall.READ, fd, buffer.address(), buffer.byteSize(), 0);
            if (filled == -Errno.EAGAIN) {
                return events;
            }
            KernelException.check(Syscall.READ, "the queue of inotify", filled);
            for (long at = 0; at < filled; events++) {
                at = tell(at, listener);
            }
        }
    }

    /// @return where the next event starts
    private long tell(long at, Listener listener) {
        int watch = buffer.get(ValueLayout.JAVA_INT, at + WATCH);
        int mask = buffer.get(ValueLayout.JAVA_INT, at + MASK);
        int padded = buffer.get(ValueLayout.JAVA_INT, at + NAME_BYTES);
        int length = 0;
        // The name ends in one NUL at least; more of them align what follows.
        while (length < padded && buffer.get(ValueLayout.JAVA_BYTE, at + NAME + length) != 0) {
            name[length] = buffer.get(ValueLayout.JAVA_BYTE, at + NAME + length);
            length++;
        }
        if ((mask & IN_Q_OVERFLOW) != 0) {
            listener.overflow();
        } else if ((mask & IN_IGNORED) != 0) {
            listener.ended(watch);
        } else {
            listener.event(watch, mask, name, length);
        }
        return at + NAME + padded;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                arena.close();
            } finally {
                Descriptors.close(kernel, fd, "inotify");
            }
        }
    }
}
