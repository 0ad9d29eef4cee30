package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DontCacheTest {

    private static final Kernel KERNEL = new FfmKernel();

    @TempDir
    private Path directory;

    @Test
    void aFlagThatNoKernelKnowsIsToldFromOneThatThisKnows() {
        assertEquals(0, DontCache.probe(KERNEL, PositionedReads.RWF_HIPRI));
        assertEquals(-Errno.EOPNOTSUPP, DontCache.probe(KERNEL, 1 << 30));
    }

    @Test
    void whatHidesTheCallIsSaid() {
        Kernel without = FaultyKernel.builder(KERNEL, 1)
                .fail(Syscall.PREADV2, Errno.ENOSYS, 1)
                .build();
        assertEquals(-Errno.ENOSYS, DontCache.probe(without));
    }

    /// What a read with the flag brought into the cache is gone after it; what was there before stays.
    @Test
    void leavesNothingInTheCacheThatWasNotThere() throws IOException {
        int fileBytes = 1 << 20;
        Path path = directory.resolve("file");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(fileBytes));
            file.force(true);
        }
        assumeTrue(DontCache.probe(KERNEL) == 0, "the kernel has no RWF_DONTCACHE");
        PageResidency residency = new PageResidency(KERNEL);
        OpenFiles files = new OpenFiles(KERNEL);
        int fd = files.open(path.toString(), OpenFiles.O_RDONLY);
        try (Arena arena = Arena.ofConfined()) {
            PositionedReads reads = new PositionedReads(KERNEL, arena);
            long address = arena.allocate(fileBytes).address();
            long first = reads.preadv2(fd, address, 1, 0, PositionedReads.RWF_DONTCACHE);
            assumeTrue(first != -Errno.EOPNOTSUPP, "the file system here has no RWF_DONTCACHE");
            assumeTrue(residency.evict(fd).isProven(), "the file can't be evicted here");
            assertEquals(fileBytes, reads.preadv2(fd, address, fileBytes, 0, PositionedReads.RWF_DONTCACHE));
            assertTrue(residency.measure(fd).isCold(), residency.measure(fd).toString());
            residency.warm(fd);
            assertEquals(fileBytes, reads.preadv2(fd, address, fileBytes, 0, PositionedReads.RWF_DONTCACHE));
            assertTrue(residency.measure(fd).isHot(), residency.measure(fd).toString());
        } finally {
            files.close(fd);
        }
    }
}
