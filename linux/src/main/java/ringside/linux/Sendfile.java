package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Has the kernel move bytes from a file to a socket: sendfile(2).
///
/// Owns the 8-byte cell through which the kernel takes the offset, so that the file's own position stays
/// untouched and one descriptor can serve many transfers. One per event loop, one thread at a time; the memory
/// lives as long as the arena.
public final class Sendfile {

    /// The kernel moves at most this many bytes in one call, sendfile(2).
    public static final long BYTES_MAX = 0x7fff_f000L;

    private final Kernel kernel;
    private final MemorySegment offsetCell;

    public Sendfile(Kernel kernel, Arena arena) {
        this.kernel = kernel;
        this.offsetCell = arena.allocate(ValueLayout.JAVA_LONG);
    }

    /// Moves up to `count` bytes that start at `offset`. The kernel cuts `count` to [#BYTES_MAX].
    ///
    /// A file that isn't in the page cache is read on this thread, whether or not the socket blocks.
    ///
    /// @return bytes moved; 0 if the file ends at or before `offset`; the negated errno otherwise, −EAGAIN when
    ///     the socket's buffer is full
    public long send(int socketFd, int fileFd, long offset, long count) {
        offsetCell.set(ValueLayout.JAVA_LONG, 0, offset);
        return Interruptions.restart(kernel, Syscall.SENDFILE, socketFd, fileFd, offsetCell.address(), count);
    }
}
