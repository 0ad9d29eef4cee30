package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files whose byte at each offset follows from the offset, opened through the kernel.
final class TestFiles {

    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CLOEXEC = 0x80000;
    static final int O_DIRECT = 0x4000;
    static final int BLOCK_BYTES = 4096;

    private static final int AT_FDCWD = -100;

    private TestFiles() {}

    /// No power of two divides the period, so that a read at a wrong offset shows.
    static byte byteAt(long offset) {
        return (byte) (offset % 251 + offset / 65_521);
    }

    static Path create(Path directory, int sizeBytes) throws IOException {
        byte[] content = new byte[sizeBytes];
        for (int i = 0; i < sizeBytes; i++) {
            content[i] = byteAt(i);
        }
        return Files.write(directory.resolve("file-" + sizeBytes), content);
    }

    static int open(Kernel kernel, Path path, int flags) {
        long result = tryOpen(kernel, path, flags);
        return (int) KernelException.check(Syscall.OPENAT, path.toString(), result);
    }

    /// Skips the test where the file system has no O_DIRECT (tmpfs).
    static int openDirect(Kernel kernel, Path path) {
        long result = tryOpen(kernel, path, O_RDONLY | O_DIRECT);
        assumeTrue(result != -Errno.EINVAL, "the file system of " + path + " refuses O_DIRECT");
        return (int) KernelException.check(Syscall.OPENAT, path.toString(), result);
    }

    static void close(Kernel kernel, int fd) {
        KernelException.check(Syscall.CLOSE, "descriptor " + fd, kernel.call(Syscall.CLOSE, fd));
    }

    static void assertContent(MemorySegment buffer, long lengthBytes, long fileOffset) {
        for (long i = 0; i < lengthBytes; i++) {
            if (buffer.get(ValueLayout.JAVA_BYTE, i) != byteAt(fileOffset + i)) {
                assertEquals(
                        byteAt(fileOffset + i),
                        buffer.get(ValueLayout.JAVA_BYTE, i),
                        "byte " + i + " of the read at " + fileOffset);
            }
        }
    }

    private static long tryOpen(Kernel kernel, Path path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString(), StandardCharsets.UTF_8);
            return kernel.call(Syscall.OPENAT, AT_FDCWD, name.address(), flags | O_CLOEXEC, 0);
        }
    }
}
