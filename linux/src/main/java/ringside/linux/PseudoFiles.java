package ringside.linux;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// Reads the small text files of `/proc` and `/sys`, whose sizes are unknown before they are read, and keeps
/// the kernel's reason where they can't be read. Any thread.
public final class PseudoFiles {

    /// One read takes most of them in one piece, which is also what makes them consistent.
    private static final int CHUNK_BYTES = 16 * 1024;

    private static final int BYTES_MAX = 16 << 20;

    private final Kernel kernel;
    private final OpenFiles files;

    public PseudoFiles(Kernel kernel) {
        this.kernel = kernel;
        this.files = new OpenFiles(kernel);
    }

    /// The text of `path`; bytes that are no UTF-8 (the name of a process may be anything) read as U+FFFD.
    public Reading<String> read(String path) {
        long fd = files.tryOpenAt(OpenFiles.AT_FDCWD, path, OpenFiles.O_RDONLY, 0);
        if (fd < 0) {
            return missing(Syscall.OPENAT, path, fd);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment chunk = arena.allocate(CHUNK_BYTES);
            ByteArrayOutputStream text = new ByteArrayOutputStream(1024);
            while (text.size() < BYTES_MAX) {
                long read = Interruptions.restart(kernel, Syscall.READ, fd, chunk.address(), CHUNK_BYTES, 0);
                if (read < 0) {
                    return missing(Syscall.READ, path, read);
                }
                if (read == 0) {
                    return new Reading.Measured<>(text.toString(StandardCharsets.UTF_8));
                }
                text.writeBytes(chunk.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE));
            }
            return new Reading.Unmeasurable<>(path + " is longer than " + BYTES_MAX + " bytes, which no file of "
                    + "the kernel's should be: read it yourself");
        } finally {
            files.close((int) fd);
        }
    }

    /// The text of `directory/name`, where `directory` belongs to a process or thread and goes when that ends.
    ///
    /// @param what what to call it: `process 12`
    Reading<String> readOfProcess(String directory, String name, String what) {
        Reading<String> text = read(directory + "/" + name);
        if (text.isMeasured() || exists(directory)) {
            return text instanceof Reading.Vanished<String> ? new Reading.Vanished<>(what) : text;
        }
        return new Reading.Vanished<>(what);
    }

    private boolean exists(String directory) {
        long fd = files.tryOpenAt(OpenFiles.AT_FDCWD, directory, OpenFiles.O_PATH | OpenFiles.O_DIRECTORY, 0);
        if (fd >= 0) {
            files.close((int) fd);
        }
        return fd != -Errno.ENOENT && fd != -Errno.ESRCH;
    }

    private static <T> Reading<T> missing(Syscall call, String path, long result) {
        if (result == -Errno.ESRCH) {
            return new Reading.Vanished<>(path);
        }
        return new Reading.Unmeasurable<>(KernelException.describe(call, path, result));
    }
}
