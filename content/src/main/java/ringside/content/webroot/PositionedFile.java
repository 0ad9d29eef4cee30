package ringside.content.webroot;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.PositionedReads;
import ringside.linux.Syscall;

/// Reads whole ranges of an open file into memory. One thread at a time; the memory lives as long as the arena.
final class PositionedFile {

    private final PositionedReads reads;
    private final int fd;
    private final String path;

    PositionedFile(Kernel kernel, Arena arena, int fd, String path) {
        this.reads = new PositionedReads(kernel, arena);
        this.fd = fd;
        this.path = path;
    }

    /// Fills `target` from `offset` on.
    ///
    /// @return bytes read: fewer than it has room for at the end of the file only
    /// @throws KernelException if the kernel refuses
    long fill(MemorySegment target, long offset) {
        long done = 0;
        while (done < target.byteSize()) {
            long read = reads.pread(fd, target.address() + done, target.byteSize() - done, offset + done);
            KernelException.check(Syscall.PREAD64, path, read);
            if (read == 0) {
                break;
            }
            done += read;
        }
        return done;
    }
}
