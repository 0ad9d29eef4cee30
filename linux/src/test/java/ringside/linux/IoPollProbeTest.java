package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static ringside.linux.IoUringTest.reapAll;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IoPollProbeTest {

    private static final long TIMEOUT_NANOS = 500_000_000;

    private final Kernel kernel = new FfmKernel();

    @TempDir
    Path directory;

    /// Where the probe says that polling works, reads by polling must bring the right bytes.
    @Test
    void polledReadsWorkWhereTheProbeSaysSo() throws IOException {
        int fd = TestFiles.openDirect(kernel, TestFiles.create(directory, 1 << 20));
        IoPollSupport support = IoPollSupport.probe(kernel, fd, TestFiles.BLOCK_BYTES, TIMEOUT_NANOS);
        if (support instanceof IoPollSupport.Unavailable unavailable) {
            assertFalse(unavailable.remedy().isBlank());
            TestFiles.close(kernel, fd);
            assumeTrue(false, unavailable.reason());
        }
        IoUringSetup polled = IoUringSetup.plain(4).with(IoUringAbi.IORING_SETUP_IOPOLL);
        try (Arena arena = Arena.ofConfined();
                IoUring ring = new IoUring(kernel, polled)) {
            MemorySegment buffer = arena.allocate(TestFiles.BLOCK_BYTES, TestFiles.BLOCK_BYTES);
            assertTrue(ring.prepareRead(fd, buffer.address(), TestFiles.BLOCK_BYTES, 8192, 1));
            assertEquals(1, ring.submitAndWait(1));
            reapAll(ring, 1, (userData, result, flags) -> assertEquals(TestFiles.BLOCK_BYTES, result));
            TestFiles.assertContent(buffer, TestFiles.BLOCK_BYTES, 8192);
        }
        TestFiles.close(kernel, fd);
    }

    @Test
    void oneDeviceWithPollQueuesIsEnough() throws IOException {
        Path devices = Files.createDirectories(directory.resolve("block"));
        assertFalse(IoPollSupport.mayWork(devices), "there are no devices");
        for (String device : new String[] {"vda", "vdb"}) {
            Path queue = Files.createDirectories(devices.resolve(device).resolve("queue"));
            Files.writeString(queue.resolve("io_poll"), "0\n");
        }
        assertFalse(IoPollSupport.mayWork(devices));
        Files.writeString(devices.resolve("vdb/queue/io_poll"), "1\n");
        assertTrue(IoPollSupport.mayWork(devices));
        assertTrue(IoPollSupport.mayWork(directory.resolve("absent")), "what can't be read may be");
    }

    @Test
    void aReadThatNeverCompletesEndsInTime() {
        Kernel silent = new ForwardingKernel(kernel) {
            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                return call == Syscall.IO_URING_ENTER ? 0 : super.call(call, a0, a1, a2, a3, a4, a5);
            }
        };
        assertEquals(Errno.ETIME, refusal(silent));
    }

    @Test
    void aRefusedRingIsAnAnswer() {
        Kernel refusing = new ForwardingKernel(kernel) {
            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                return call == Syscall.IO_URING_SETUP ? -Errno.EINVAL : super.call(call, a0, a1, a2, a3, a4, a5);
            }
        };
        assertEquals(Errno.EINVAL, refusal(refusing));
    }

    @Test
    void aBadDescriptorIsAnAnswer() {
        assertEquals(Errno.EBADF, refusal(kernel));
    }

    private static int refusal(Kernel kernel) {
        IoPollSupport support = IoPollSupport.probe(kernel, 1_000_000, TestFiles.BLOCK_BYTES, 20_000_000);
        return ((IoPollSupport.Unavailable) support).errno().number();
    }
}
