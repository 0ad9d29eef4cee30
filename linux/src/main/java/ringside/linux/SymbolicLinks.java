package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// Reads where symbolic links lead: readlinkat(2).
///
/// Owns one buffer; one thread at a time; the memory lives as long as the arena.
public final class SymbolicLinks {

    private final Kernel kernel;
    private final MemorySegment target;

    public SymbolicLinks(Kernel kernel, Arena arena) {
        this.kernel = kernel;
        this.target = arena.allocate(PathBytes.PATH_BYTES_MAX);
    }

    /// Asks where the link at `path` leads. What it says is then at [#target(long)].
    ///
    /// @return the length of the target in bytes, or the negated errno: −EINVAL if it isn't a link, or a path that
    ///     no file can have
    public long tryRead(int dirFd, String path) {
        if (!PathBytes.refusal(path).isEmpty()) {
            return -Errno.EINVAL;
        }
        try (Arena arena = Arena.ofConfined()) {
            long length = Interruptions.restart(
                    kernel,
                    Syscall.READLINKAT,
                    dirFd,
                    PathBytes.encode(path, arena).address(),
                    target.address(),
                    target.byteSize());
            // Linux has no longer one; what filled the buffer may have been cut.
            return length == target.byteSize() ? -Errno.ENAMETOOLONG : length;
        }
    }

    /// What the link said that was read last: relative to the link's own directory unless it starts with `/`.
    ///
    /// @param lengthBytes from [#tryRead(int, String)]
    public String target(long lengthBytes) {
        return new String(target.asSlice(0, lengthBytes).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }
}
