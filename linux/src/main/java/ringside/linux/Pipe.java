package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A pipe whose both ends are ours, pipe2(2): what splice(2) needs between a file and a socket. Neither end blocks.
///
/// A pipe holds references to pages, one in each of its slots, however few bytes of the page are meant: see
/// [#fileBytesMax]. What is in it stays there until somebody takes it out, or both ends are closed.
///
/// Not thread-safe. [#close()] only when no operation in flight names one of the descriptors: their numbers may
/// belong to another file a moment later.
public final class Pipe implements AutoCloseable {

    // fcntl.h, with _GNU_SOURCE
    public static final int F_SETPIPE_SZ = 1031;
    public static final int F_GETPIPE_SZ = 1032;
    /// Don't wait for the pipe, splice(2).
    public static final int SPLICE_F_NONBLOCK = 2;
    /// More follows at once, splice(2): as `MSG_MORE` of send(2) when the output is a socket.
    public static final int SPLICE_F_MORE = 4;

    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int PAGE_BYTES = 4096;

    private final Kernel kernel;
    private final int readFd;
    private final int writeFd;
    private final int slots;
    private boolean closed;

    private Pipe(Kernel kernel, int readFd, int writeFd, int slots) {
        this.kernel = kernel;
        this.readFd = readFd;
        this.writeFd = writeFd;
        this.slots = slots;
    }

    /// @param bytes the kernel rounds up to a power of two of pages, fcntl(2)
    /// @throws KernelException `EPERM` when `bytes` is more than `/proc/sys/fs/pipe-max-size`, or the user's pipes
    ///     together more than `/proc/sys/fs/pipe-user-pages-soft`, without CAP_SYS_RESOURCE; `EMFILE`, `ENFILE`
    public static Pipe open(Kernel kernel, int bytes) {
        int readFd;
        int writeFd;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            long result = kernel.call(Syscall.PIPE2, ends.address(), O_CLOEXEC | O_NONBLOCK);
            KernelException.check(Syscall.PIPE2, "a new pipe", result);
            readFd = ends.getAtIndex(ValueLayout.JAVA_INT, 0);
            writeFd = ends.getAtIndex(ValueLayout.JAVA_INT, 1);
        }
        long size = kernel.call(Syscall.FCNTL, writeFd, F_SETPIPE_SZ, bytes);
        if (size < 0) {
            close(kernel, readFd, writeFd);
            throw KernelException.of(
                    Syscall.FCNTL,
                    "a pipe of " + bytes + " bytes (limits: /proc/sys/fs/pipe-max-size for one,"
                            + " /proc/sys/fs/pipe-user-pages-soft for all of a user)",
                    size);
        }
        return new Pipe(kernel, readFd, writeFd, Math.toIntExact(size / PAGE_BYTES));
    }

    /// The end to take from.
    public int readFd() {
        return readFd;
    }

    /// The end to put into.
    public int writeFd() {
        return writeFd;
    }

    /// What the kernel made of the size that was asked for.
    public int bytes() {
        return slots * PAGE_BYTES;
    }

    /// How much of a file, from `offset` on, finds room behind `bytesBefore` that were written in one go to the empty
    /// pipe: each page of the file takes a slot, the one that `offset` is in the middle of, too.
    ///
    /// @return at least 0
    public int fileBytesMax(int bytesBefore, long offset) {
        int slotsBefore = (bytesBefore + PAGE_BYTES - 1) / PAGE_BYTES;
        return Math.max(0, (slots - slotsBefore) * PAGE_BYTES - (int) (offset % PAGE_BYTES));
    }

    /// write(2): copies memory into the pipe.
    ///
    /// @return bytes taken, fewer than `lengthBytes` when it is full; the negated errno otherwise, −EAGAIN when it
    ///     takes none
    public long write(long address, int lengthBytes) {
        return Interruptions.restart(kernel, Syscall.WRITE, writeFd, address, lengthBytes, 0);
    }

    /// Throws away what is in the pipe: splice(2) to `/dev/null`, which copies nothing. When no operation in flight
    /// names the pipe.
    ///
    /// @param nullFd `/dev/null`, open for writing
    /// @return whether it is empty now, by the kernel's own word; if not, close it
    public boolean empty(int nullFd) {
        long moved;
        do {
            moved = Interruptions.restart(kernel, Syscall.SPLICE, readFd, 0, nullFd, 0, bytes(), SPLICE_F_NONBLOCK);
        } while (moved > 0);
        // 0 is the end of a pipe that nobody can write to: we can.
        return moved == -Errno.EAGAIN;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            close(kernel, readFd, writeFd);
        }
    }

    private static void close(Kernel kernel, int readFd, int writeFd) {
        try {
            Descriptors.close(kernel, readFd, "pipe");
        } finally {
            Descriptors.close(kernel, writeFd, "pipe");
        }
    }
}
