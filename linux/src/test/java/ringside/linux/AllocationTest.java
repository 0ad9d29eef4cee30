package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A read costs no memory once the code is compiled. Until then the interpreter boxes the arguments of method
/// handles, so rounds are repeated until one allocates nothing.
class AllocationTest {

    private static final int READS_PER_ROUND = 10_000;
    private static final int ROUNDS_MAX = 60;
    private static final int READ_BYTES = 512;

    private final Kernel kernel = new FfmKernel();

    @TempDir
    Path directory;

    private long bytesRead;

    @Test
    void readsOnARing() throws IOException {
        assumeTrue(IoUring.probe(kernel) instanceof IoUringSupport.Available, "there is no io_uring here");
        int fd = TestFiles.open(kernel, TestFiles.create(directory, 65_536), TestFiles.O_RDONLY);
        IoUring.CompletionHandler handler = (userData, result, flags) -> bytesRead += result;
        try (Arena arena = Arena.ofConfined();
                IoUring ring = new IoUring(kernel, IoUringSetup.oneThread(8))) {
            long address = arena.allocate(READ_BYTES).address();
            assertSettlesAtNothing(() -> {
                for (int i = 0; i < READS_PER_ROUND; i++) {
                    ring.prepareRead(fd, address, READ_BYTES, i, i);
                    ring.submitAndWait(1);
                    ring.reap(handler);
                }
            });
        }
        TestFiles.close(kernel, fd);
    }

    @ParameterizedTest
    @EnumSource
    void readsWithLinuxAio(LinuxAio.Reap reap) throws IOException {
        int fd = TestFiles.open(kernel, TestFiles.create(directory, 65_536), TestFiles.O_RDONLY);
        LinuxAio.CompletionHandler handler = (slot, result) -> bytesRead += result;
        try (Arena arena = Arena.ofConfined();
                LinuxAio aio = new LinuxAio(kernel, 8, reap)) {
            MemorySegment buffer = arena.allocate(READ_BYTES);
            assertSettlesAtNothing(() -> {
                for (int i = 0; i < READS_PER_ROUND; i++) {
                    aio.prepareRead(aio.acquireSlot(), fd, buffer.address(), READ_BYTES, i);
                    aio.submit();
                    aio.reap(1, handler);
                }
            });
        }
        TestFiles.close(kernel, fd);
    }

    private void assertSettlesAtNothing(Runnable round) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = -1;
        int rounds = 0;
        while (allocated != 0 && rounds < ROUNDS_MAX) {
            long before = threads.getCurrentThreadAllocatedBytes();
            round.run();
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
            rounds++;
        }
        assertEquals((long) rounds * READS_PER_ROUND * READ_BYTES, bytesRead);
        long last = allocated;
        assertTrue(last == 0, () -> "the last round of " + READS_PER_ROUND + " reads allocated " + last + " bytes");
    }
}
