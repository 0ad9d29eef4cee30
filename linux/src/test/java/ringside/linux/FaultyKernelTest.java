package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyKernelTest {

    private final Kernel kernel = new FfmKernel();

    @TempDir
    Path directory;

    @Test
    void theSameSeedAndSequenceGiveTheSameFaults() {
        long seed = new Random().nextLong();
        FaultyKernel one = evenlyFaulty(seed);
        FaultyKernel two = evenlyFaulty(seed);
        long[] first = new long[2_000];
        long[] second = new long[2_000];
        for (int i = 0; i < first.length; i++) {
            first[i] = one.call(Syscall.GETPID);
            // Another call in between has a sequence of its own.
            two.call(Syscall.GETEUID);
            second[i] = two.call(Syscall.GETPID);
        }
        assertArrayEquals(first, second, "seed " + seed);
        FaultyKernel other = evenlyFaulty(seed + 1);
        for (int i = 0; i < second.length; i++) {
            second[i] = other.call(Syscall.GETPID);
        }
        assertFalse(Arrays.equals(first, second), "seed " + seed + " and the next give the same faults");
        assertEquals(seed, one.seed());
        assertTrue(one.toString().contains(Long.toString(seed)), one.toString());
    }

    @Test
    void faultsAreAsFrequentAsAskedAndCounted() {
        FaultyKernel faulty = FaultyKernel.builder(kernel, 42)
                .fail(Syscall.GETPID, Errno.EINTR, 0.25)
                .fail(Syscall.GETPID, Errno.ENOSPC, 0.5)
                .build();
        long pid = kernel.call(Syscall.GETPID);
        int interrupted = 0;
        int full = 0;
        int calls = 20_000;
        for (int i = 0; i < calls; i++) {
            long result = faulty.call(Syscall.GETPID);
            assertTrue(result == pid || result == -Errno.EINTR || result == -Errno.ENOSPC);
            interrupted += result == -Errno.EINTR ? 1 : 0;
            full += result == -Errno.ENOSPC ? 1 : 0;
        }
        // Five standard deviations of a binomial: sqrt(20,000 × 1/4 × 3/4) = 61, sqrt(20,000 × 1/2 × 1/2) = 71.
        assertEquals(5_000, interrupted, 306);
        assertEquals(10_000, full, 354);
        assertEquals(calls, faulty.calls(Syscall.GETPID));
        assertEquals(interrupted, faulty.injected(Syscall.GETPID, Errno.EINTR));
        assertEquals(full, faulty.injected(Syscall.GETPID, Errno.ENOSPC));
        assertEquals(interrupted + full, faulty.injected(Syscall.GETPID));
        assertEquals(0, faulty.injected(Syscall.READ));
        assertTrue(faulty.toString().contains(interrupted + " EINTR"), faulty.toString());
    }

    @Test
    void aReaderThatHandlesShortAndInterruptedGetsEveryByte() throws IOException {
        long seed = new Random().nextLong();
        byte[] content = new byte[100_000];
        new Random(seed).nextBytes(content);
        Path path = Files.write(directory.resolve("file"), content);
        FaultyKernel faulty = FaultyKernel.builder(kernel, seed)
                .shorten(Syscall.PREAD64, 0.5)
                .fail(Syscall.PREAD64, Errno.EINTR, 0.3)
                .shorten(Syscall.PREADV2, 0.5)
                .fail(Syscall.PREADV2, Errno.EINTR, 0.3)
                .build();
        int fd = new OpenFiles(faulty).open(path.toString(), OpenFiles.O_RDONLY);
        for (boolean vectored : new boolean[] {false, true}) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = arena.allocate(content.length);
                PositionedReads reads = new PositionedReads(faulty, arena);
                long offset = 0;
                while (offset < content.length) {
                    long address = memory.address() + offset;
                    long length = Math.min(8192, content.length - offset);
                    long read = vectored
                            ? reads.preadv2(fd, address, length, offset, 0)
                            : reads.pread(fd, address, length, offset);
                    assertTrue(read > 0 && read <= length, faulty.toString());
                    offset += read;
                }
                assertArrayEquals(content, memory.toArray(ValueLayout.JAVA_BYTE), faulty.toString());
            }
        }
        for (Syscall call : new Syscall[] {Syscall.PREAD64, Syscall.PREADV2}) {
            assertTrue(faulty.shortened(call) > 0, faulty.toString());
            assertTrue(faulty.injected(call, Errno.EINTR) > 0, faulty.toString());
        }
        assertEquals(0, kernel.call(Syscall.CLOSE, fd));
    }

    @Test
    void aStormOfInterruptionsEnds() {
        FaultyKernel faulty = FaultyKernel.builder(kernel, 1)
                .fail(Syscall.PREAD64, Errno.EINTR, 1)
                .build();
        try (Arena arena = Arena.ofConfined()) {
            assertEquals(-Errno.EINTR, new PositionedReads(faulty, arena).pread(0, 0, 1, 0));
        }
        assertEquals(Interruptions.RESTARTS_MAX + 1, faulty.calls(Syscall.PREAD64));
    }

    @Test
    void oneByteIsNeverCutToNone() {
        FaultyKernel faulty =
                FaultyKernel.builder(kernel, 1).shorten(Syscall.READ, 1).build();
        int zero = new OpenFiles(kernel).open("/dev/zero", OpenFiles.O_RDONLY);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(2);
            for (int i = 0; i < 100; i++) {
                assertEquals(1, faulty.call(Syscall.READ, zero, memory.address(), 1));
                assertEquals(1, faulty.call(Syscall.READ, zero, memory.address(), 2));
            }
        }
        assertEquals(100, faulty.shortened(Syscall.READ));
        assertEquals(0, kernel.call(Syscall.CLOSE, zero));
    }

    @Test
    void aFailedCloseHasClosed() {
        FaultyKernel faulty = FaultyKernel.builder(kernel, 1)
                .fail(Syscall.CLOSE, Errno.EINTR, 1)
                .build();
        OpenFiles files = new OpenFiles(faulty);
        int low = files.open("/dev/null", OpenFiles.O_RDONLY);
        // A number that no other thread of the JVM will be given meanwhile: F_DUPFD_CLOEXEC from 900 up.
        int fd = (int) kernel.call(Syscall.FCNTL, low, 1030, 900);
        assertEquals(0, kernel.call(Syscall.CLOSE, low));
        assertEquals(-Errno.EINTR, files.close(fd));
        assertEquals(-Errno.EBADF, kernel.call(Syscall.CLOSE, fd));
    }

    @Test
    void threadsShareTheCounts() throws Exception {
        FaultyKernel faulty = evenlyFaulty(3);
        FutureTask<Long> other = new FutureTask<>(() -> failures(faulty));
        Thread.ofPlatform().start(other);
        long sum = failures(faulty) + other.get();
        assertEquals(20_000, faulty.calls(Syscall.GETPID));
        assertEquals(sum, faulty.injected(Syscall.GETPID));
    }

    @Test
    void aTableThatMakesNoSenseIsRefused() {
        var builder = FaultyKernel.builder(kernel, 1);
        assertThrows(IllegalArgumentException.class, () -> builder.shorten(Syscall.GETPID, 0.1));
        assertThrows(IllegalArgumentException.class, () -> builder.fail(Syscall.READ, -4, 0.1));
        assertThrows(IllegalArgumentException.class, () -> builder.fail(Syscall.READ, 0, 0.1));
        assertThrows(IllegalArgumentException.class, () -> builder.fail(Syscall.READ, 4, 1.1));
        assertThrows(IllegalArgumentException.class, () -> builder.fail(Syscall.READ, 4, Double.NaN));
        builder.fail(Syscall.READ, Errno.EIO, 0.6);
        assertThrows(IllegalArgumentException.class, () -> builder.fail(Syscall.READ, Errno.EINTR, 0.6));
    }

    private static long failures(Kernel faulty) {
        long failures = 0;
        for (int i = 0; i < 10_000; i++) {
            failures += faulty.call(Syscall.GETPID) < 0 ? 1 : 0;
        }
        return failures;
    }

    private FaultyKernel evenlyFaulty(long seed) {
        return FaultyKernel.builder(kernel, seed)
                .fail(Syscall.GETPID, Errno.EAGAIN, 0.5)
                .fail(Syscall.GETEUID, Errno.EINTR, 0.5)
                .build();
    }
}
