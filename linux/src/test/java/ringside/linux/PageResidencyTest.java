package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.linux.Residency.Method;

class PageResidencyTest {

    private static final int PAGE = PageResidency.PAGE_BYTES;

    private final Kernel kernel = new FfmKernel();

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"CACHESTAT", "MINCORE"})
    void nothingIsCachedAfterEvictionAndEverythingAfterReading(Method method) throws IOException {
        assumeDisk();
        PageResidency pages = pages(method);
        for (int size : new int[] {1, PAGE - 1, PAGE, PAGE + 1, 256 * PAGE, 3_000_001}) {
            Path file = directory.resolve("file-" + size);
            Files.write(file, new byte[size]);
            long totalPages = (size + PAGE - 1L) / PAGE;
            PageResidency.Eviction eviction = pages.evict(file.toString());
            assertEquals(totalPages, eviction.before().cachedPages(), "just written: " + eviction);
            assertTrue(eviction.isProven(), eviction.toString());
            assertEquals(method, eviction.after().method());
            Residency warm = pages.warm(file.toString());
            assertEquals(totalPages, warm.cachedPages());
            assertEquals(totalPages, warm.totalPages());
            assertTrue(warm.isHot());
            assertFalse(warm.isCold());
        }
    }

    @Test
    void dirtyPagesAreToldAndWrittenBackByEviction() throws IOException {
        assumeDisk();
        PageResidency pages = pages(Method.CACHESTAT);
        Path file = directory.resolve("dirty");
        Files.write(file, new byte[64 * PAGE]);
        PageResidency.Eviction eviction = pages.evict(file.toString());
        assertTrue(eviction.before().dirtyPages().orElseThrow() > 0, eviction.toString());
        assertEquals(0, eviction.after().dirtyPages().orElseThrow());
    }

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"CACHESTAT", "MINCORE"})
    void aRangeCountsThePagesThatItTouches(Method method) throws IOException {
        assumeDisk();
        PageResidency pages = pages(method);
        Path file = directory.resolve("range");
        Files.write(file, new byte[8 * PAGE]);
        int fd = new OpenFiles(kernel).open(file.toString(), OpenFiles.O_RDONLY);
        try {
            Residency across = pages.measure(fd, PAGE - 1, 2);
            assertEquals(2, across.totalPages());
            assertEquals(2, across.cachedPages());
            assertEquals(1, pages.measure(fd, 3 * PAGE, PAGE).totalPages());
            assertEquals(8, pages.measure(fd).totalPages());
            assertEquals(Method.EMPTY_RANGE, pages.measure(fd, 5, 0).method());
            assertThrows(IllegalArgumentException.class, () -> pages.measure(fd, -1, 1));
            assertThrows(IllegalArgumentException.class, () -> pages.measure(fd, Long.MAX_VALUE, 2));
        } finally {
            new OpenFiles(kernel).close(fd);
        }
    }

    @Test
    void mincoreGoesThroughASparseFileInWindows() throws IOException {
        assumeDisk();
        Path file = directory.resolve("sparse");
        long size = (2L << 30) + 3 * PAGE;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long page : List.of(0L, (1L << 30) / PAGE, size / PAGE - 1)) {
                channel.write(ByteBuffer.wrap(new byte[] {1}), page * PAGE);
            }
            channel.write(ByteBuffer.wrap(new byte[] {1}), size - 1);
        }
        Residency fallback = pages(Method.MINCORE).measure(file.toString());
        assertEquals(size / PAGE, fallback.totalPages());
        assertEquals(3, fallback.cachedPages());
        assertEquals(Method.MINCORE, fallback.method());
        assertTrue(fallback.dirtyPages().isEmpty());
        Residency cachestat = pages(Method.CACHESTAT).measure(file.toString());
        assertEquals(3, cachestat.cachedPages());
        assertEquals(size / PAGE, cachestat.totalPages());
    }

    @Test
    void anEmptyFileIsColdAndHot() throws IOException {
        Path file = Files.createFile(directory.resolve("empty"));
        PageResidency pages = new PageResidency(kernel);
        assertTrue(pages.evict(file.toString()).isProven());
        assertTrue(pages.warm(file.toString()).isHot());
    }

    @Test
    void mincoreIsNotAskedAboutAFileOfSomebodyElses() throws IOException {
        Path file = directory.resolve("foreign");
        Files.write(file, new byte[PAGE]);
        Kernel stranger = new Kernel() {
            @Override
            public String name() {
                return "stranger";
            }

            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                return switch (call) {
                    case CACHESTAT -> -Errno.ENOSYS;
                    case GETEUID -> 0x7fff_fffe;
                    case FACCESSAT2 -> -Errno.EACCES;
                    default -> kernel.call(call, a0, a1, a2, a3, a4, a5);
                };
            }
        };
        KernelException refused =
                assertThrows(KernelException.class, () -> new PageResidency(stranger).measure(file.toString()));
        assertEquals(Errno.EPERM, refused.errno().number());
        assertEquals(Syscall.MINCORE, refused.call());
        assertTrue(String.valueOf(refused.getMessage()).contains(file.toString()), refused.getMessage());
    }

    @Test
    void aFailedWriteBackIsAnError() throws IOException {
        Path file = directory.resolve("file");
        Files.write(file, new byte[PAGE]);
        FaultyKernel faulty = FaultyKernel.builder(kernel, 5)
                .fail(Syscall.FDATASYNC, Errno.EIO, 1)
                .build();
        KernelException failed =
                assertThrows(KernelException.class, () -> new PageResidency(faulty).evict(file.toString()));
        assertEquals(Errno.EIO, failed.errno().number());
    }

    private PageResidency pages(Method method) throws IOException {
        if (method == Method.MINCORE) {
            return new PageResidency(FaultyKernel.builder(kernel, 1)
                    .fail(Syscall.CACHESTAT, Errno.ENOSYS, 1)
                    .build());
        }
        Path file = directory.resolve("probe");
        Files.write(file, new byte[1]);
        assumeTrue(
                new PageResidency(kernel).measure(file.toString()).method() == Method.CACHESTAT,
                "cachestat(2) needs Linux 6.5");
        return new PageResidency(kernel);
    }

    private void assumeDisk() throws IOException {
        String type = Files.getFileStore(directory).type();
        assumeFalse(
                List.of("tmpfs", "ramfs", "overlay").contains(type),
                "the temporary directory is on " + type + ", which keeps its pages");
    }
}
