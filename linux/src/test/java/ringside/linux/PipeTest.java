package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Pipes, held descriptors and worker limits: what a splice on a ring needs around it.
class PipeTest {

    private static final int PAGE_BYTES = 4096;

    private final Kernel kernel = new FfmKernel();

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> constantsAreTheHeaders() {
        return CProbe.compare(
                List.of("fcntl.h"),
                Map.of(
                        "F_SETPIPE_SZ", (long) Pipe.F_SETPIPE_SZ,
                        "F_GETPIPE_SZ", (long) Pipe.F_GETPIPE_SZ,
                        "SPLICE_F_NONBLOCK", (long) Pipe.SPLICE_F_NONBLOCK,
                        "SPLICE_F_MORE", (long) Pipe.SPLICE_F_MORE));
    }

    @Test
    void theKernelRoundsUpAndBothEndsDoNotBlock() {
        try (Pipe pipe = Pipe.open(kernel, 3 * PAGE_BYTES);
                Arena arena = Arena.ofConfined()) {
            assertEquals(4 * PAGE_BYTES, pipe.bytes());
            assertEquals(pipe.bytes(), kernel.call(Syscall.FCNTL, pipe.readFd(), Pipe.F_GETPIPE_SZ, 0));
            MemorySegment memory = arena.allocate(5L * PAGE_BYTES);
            assertEquals(-Errno.EAGAIN, kernel.call(Syscall.READ, pipe.readFd(), memory.address(), 1));
            assertEquals(pipe.bytes(), pipe.write(memory.address(), 5 * PAGE_BYTES));
            assertEquals(-Errno.EAGAIN, pipe.write(memory.address(), 1));
            assertEquals(0, pipe.fileBytesMax(pipe.bytes(), 0));
        }
    }

    /// What [Pipe#fileBytesMax] promises fits in one splice, and one byte more doesn't.
    @Test
    void fileBytesMaxIsWhatASpliceMoves() throws IOException {
        assumeTrue(IoUring.probe(kernel) instanceof IoUringSupport.Available, "no io_uring");
        int fd = TestFiles.open(kernel, TestFiles.create(directory, 1 << 20), TestFiles.O_RDONLY);
        try (IoUring ring = new IoUring(kernel, IoUringSetup.oneThread(8));
                Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(PAGE_BYTES + 1);
            for (int headBytes : new int[] {0, 1, PAGE_BYTES, PAGE_BYTES + 1}) {
                for (long offset : new long[] {0, 1, 777, PAGE_BYTES - 1, PAGE_BYTES, 3 * PAGE_BYTES + 5}) {
                    for (int more : new int[] {0, 1}) {
                        try (Pipe pipe = Pipe.open(kernel, 8 * PAGE_BYTES)) {
                            if (headBytes > 0) {
                                assertEquals(headBytes, pipe.write(memory.address(), headBytes));
                            }
                            int most = pipe.fileBytesMax(headBytes, offset);
                            assertTrue(most > 5 * PAGE_BYTES, most + " bytes");
                            assertTrue(ring.prepareSplice(fd, offset, pipe.writeFd(), -1, most + more, 0, 1));
                            assertEquals(most, IoUringTest.single(ring), headBytes + " bytes, then from " + offset);
                        }
                    }
                }
            }
        } finally {
            TestFiles.close(kernel, fd);
        }
    }

    @Test
    void whatIsInThePipeIsThrownAway() {
        OpenFiles files = new OpenFiles(kernel);
        int nullFd = files.open("/dev/null", TestFiles.O_WRONLY);
        try (Pipe pipe = Pipe.open(kernel, 4 * PAGE_BYTES);
                Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(4L * PAGE_BYTES);
            assertTrue(pipe.empty(nullFd), "it is");
            assertEquals(3 * PAGE_BYTES + 1, pipe.write(memory.address(), 3 * PAGE_BYTES + 1));
            assertTrue(pipe.empty(nullFd));
            assertEquals(-Errno.EAGAIN, kernel.call(Syscall.READ, pipe.readFd(), memory.address(), 1));
            assertEquals(7, pipe.write(memory.address(), 7));
            assertFalse(pipe.empty(-1), "nothing to throw it to");
        } finally {
            files.close(nullFd);
        }
    }

    @Test
    void aRefusedSizeIsToldAndNothingIsLeft() throws IOException {
        int[] closed = {0};
        Kernel refusing = new ForwardingKernel(kernel) {
            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                if (call == Syscall.FCNTL) {
                    return -Errno.EPERM;
                }
                closed[0] += call == Syscall.CLOSE ? 1 : 0;
                return super.call(call, a0, a1, a2, a3, a4, a5);
            }
        };
        KernelException refused = assertThrows(KernelException.class, () -> Pipe.open(refusing, 1 << 20));
        assertTrue(String.valueOf(refused.getMessage()).contains("pipe-max-size"), refused.getMessage());
        assertEquals(2, closed[0]);
        KernelException huge = assertThrows(KernelException.class, () -> Pipe.open(kernel, -1));
        assertEquals(Errno.EINVAL, huge.errno().number());
    }

    @Test
    void aHeldDescriptorOutlivesItsModel() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(1);
            Pipe pipe = Pipe.open(kernel, PAGE_BYTES);
            HeldDescriptor held = HeldDescriptor.of(kernel, HeldDescriptor.duplicate(kernel, pipe.writeFd()));
            HeldDescriptor.dontBlock(kernel, held.fd(), "a pipe");
            pipe.close();
            pipe.close();
            assertEquals(-Errno.EPIPE, kernel.call(Syscall.WRITE, held.fd(), memory.address(), 1), "still open");
            held.close();
            held.close();
            assertEquals(-Errno.EBADF, kernel.call(Syscall.WRITE, held.fd(), memory.address(), 1));
        }
        assertEquals(-Errno.EBADF, HeldDescriptor.duplicate(kernel, -1));
        assertThrows(IllegalArgumentException.class, () -> HeldDescriptor.of(kernel, -Errno.EMFILE));
    }

    @Test
    void workersCanBeLimited() {
        assumeTrue(IoUring.probe(kernel) instanceof IoUringSupport.Available, "no io_uring");
        try (IoUring ring = new IoUring(kernel, IoUringSetup.plain(4))) {
            IoWorkers before = IoWorkers.limit(kernel, ring, 0, 3);
            assertTrue(before.unbounded() > 0, before.toString());
            assertEquals(new IoWorkers(before.bounded(), 3), IoWorkers.limit(kernel, ring, 0, before.unbounded()));
        }
        assertThrows(IllegalArgumentException.class, () -> new IoWorkers(-1, 0));
    }
}
