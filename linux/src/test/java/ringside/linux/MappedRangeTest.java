package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedRangeTest {

    private static final Kernel KERNEL = new FfmKernel();
    private static final int FILE_BYTES = 40 * PageResidency.PAGE_BYTES + 100;
    /// Enough for every tier of the compiler.
    private static final int COPIES = 30_000;

    @TempDir
    private Path directory;

    private byte[] content = new byte[0];

    private Path file() throws IOException {
        content = new byte[FILE_BYTES];
        new Random(1).nextBytes(content);
        return Files.write(directory.resolve("file"), content);
    }

    private static MappedRange map(Path path, long offset, long lengthBytes, boolean populate) {
        OpenFiles files = new OpenFiles(KERNEL);
        int fd = files.open(path.toString(), OpenFiles.O_RDONLY);
        try {
            long address = MappedRange.tryMap(KERNEL, fd, offset, lengthBytes, populate);
            return MappedRange.of(KERNEL, KernelException.check(Syscall.MMAP, path.toString(), address), lengthBytes);
        } finally {
            files.close(fd);
        }
    }

    @Test
    void bytesAreTheFilesByteForByte() throws IOException {
        Path path = file();
        Random random = new Random(2);
        for (boolean populate : new boolean[] {false, true}) {
            try (MappedRange range = map(path, 4096, FILE_BYTES - 4096, populate);
                    Arena arena = Arena.ofConfined()) {
                MemorySegment target = arena.allocate(FILE_BYTES);
                for (MemoryAdvice advice : MemoryAdvice.values()) {
                    assertEquals(0, range.advise(advice), advice.name());
                    for (int i = 0; i < 200; i++) {
                        int from = random.nextInt(FILE_BYTES - 4096);
                        int bytes = random.nextInt(FILE_BYTES - 4096 - from + 1);
                        assertEquals(bytes, range.copy(from, target.address(), bytes));
                        assertArrayEquals(
                                Arrays.copyOfRange(content, 4096 + from, 4096 + from + bytes),
                                target.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE));
                    }
                }
                assertThrows(IllegalArgumentException.class, () -> range.copy(FILE_BYTES - 4096, target.address(), 1));
            }
        }
    }

    /// A fault is the answer of the copy that met it, whatever the compiler has made of that, and not an error that
    /// comes up later somewhere else. Between two faults there is a copy that must be as good as ever.
    @Test
    void aTruncatedFileFaultsInTheCopyAndNowhereElse() throws IOException {
        Path path = file();
        int pagesLeft = 10;
        int bytesLeft = pagesLeft * PageResidency.PAGE_BYTES;
        try (MappedRange range = map(path, 0, FILE_BYTES, true);
                Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            MemorySegment target = arena.allocate(FILE_BYTES);
            channel.truncate(bytesLeft - 7);
            Random random = new Random(3);
            for (int i = 0; i < COPIES; i++) {
                // Short copies are loads of the compiled code itself, longer ones a call of a stub.
                int bytes = 1 + random.nextInt(i % 2 == 0 ? 60 : 20_000);
                int from = bytesLeft - random.nextInt(bytes) + random.nextInt(2) * 4096;
                assertEquals(-Errno.EFAULT, range.copy(from, target.address(), bytes), from + "+" + bytes);
                assertEquals(100, range.copy(i % 1000, target.address(), 100));
                assertEquals(content[i % 1000 + 99], target.get(ValueLayout.JAVA_BYTE, 99));
            }
            // Within the last page the rest is zeros, and nothing tells.
            assertEquals(7, range.copy(bytesLeft - 7, target.address(), 7));
            assertArrayEquals(new byte[7], target.asSlice(0, 7).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void whatTheKernelRefusesIsAnAnswer() throws IOException {
        Path path = file();
        OpenFiles files = new OpenFiles(KERNEL);
        int fd = files.open(path.toString(), OpenFiles.O_RDONLY);
        try {
            assertEquals(-Errno.EINVAL, MappedRange.tryMap(KERNEL, fd, 1, 100, false));
            assertEquals(-Errno.ENOMEM, MappedRange.tryMap(KERNEL, fd, 0, 1L << 60, false));
            assertEquals(FILE_BYTES, FileSize.tryOf(KERNEL, fd));
        } finally {
            files.close(fd);
        }
        assertEquals(-Errno.EBADF, FileSize.tryOf(KERNEL, fd));
    }

    @Test
    void closingGivesTheMemoryBack() throws IOException {
        Path path = file();
        MappedRange range = map(path, 0, FILE_BYTES, false);
        assertTrue(maps(path));
        range.close();
        range.close();
        assertTrue(!maps(path));
        assertThrows(IllegalArgumentException.class, () -> range.copy(0, 0, 1));
    }

    private static boolean maps(Path path) throws IOException {
        return Files.readString(Path.of("/proc/self/maps")).contains(path.toString());
    }
}
