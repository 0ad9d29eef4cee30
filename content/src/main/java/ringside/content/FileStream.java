package ringside.content;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ringside.linux.Errno;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.PositionedReads;
import ringside.linux.Syscall;

/// Reads an open file front to back (pread(2)), for who makes something of it or doesn't know its length.
///
/// Waits for the file: not for an event loop. One thread at a time. Has a descriptor of its own.
public final class FileStream implements AutoCloseable {

    private final Kernel kernel;
    private final String path;
    private final int fd;
    private long position;
    private boolean closed;

    /// @param path for messages
    /// @param fd owned by this from now on
    /// @param position where to start
    FileStream(Kernel kernel, String path, int fd, long position) {
        this.kernel = kernel;
        this.path = path;
        this.fd = fd;
        this.position = position;
    }

    /// Reads what comes next.
    ///
    /// @return how many bytes, from the start of `target`: as many as there is room for, but at the end of the
    ///     file; 0 after that. Nothing to read now, of a file that would have to be waited for, is an end too.
    /// @throws KernelException if the kernel refuses
    public int read(byte[] target) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment room = arena.allocate(target.length);
            PositionedReads reads = new PositionedReads(kernel, arena);
            int done = 0;
            while (done < target.length) {
                long read = reads.pread(fd, room.address() + done, target.length - done, position);
                if (read == 0 || read == -Errno.EAGAIN) {
                    break;
                }
                KernelException.check(Syscall.PREAD64, path, read);
                done += (int) read;
                position += read;
            }
            MemorySegment.copy(room, ValueLayout.JAVA_BYTE, 0, target, 0, done);
            return done;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            // close(2): the descriptor is gone whatever the answer is.
            long ignored = kernel.call(Syscall.CLOSE, fd);
        }
    }
}
