package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static ringside.linux.IoUringAbi.IORING_FEAT_NODROP;
import static ringside.linux.IoUringAbi.IORING_FEAT_SINGLE_MMAP;
import static ringside.linux.IoUringAbi.IORING_OP_NOP;
import static ringside.linux.IoUringAbi.IORING_OP_READ;
import static ringside.linux.IoUringAbi.IORING_SETUP_COOP_TASKRUN;
import static ringside.linux.IoUringAbi.IORING_SETUP_DEFER_TASKRUN;
import static ringside.linux.IoUringAbi.IORING_SETUP_SINGLE_ISSUER;
import static ringside.linux.IoUringAbi.IORING_SETUP_TASKRUN_FLAG;
import static ringside.linux.IoUringAbi.PARAMS_FEATURES;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Queues, reads and overflow on the real kernel, for each kind of ring that an engine would make.
class IoUringTest {

    private static final int FILE_BYTES = 1 << 20;
    private static final int WAIT_NANOS = 2_000_000_000;

    private final Kernel kernel = new FfmKernel();

    @BeforeEach
    void needsIoUring() {
        if (IoUring.probe(kernel) instanceof IoUringSupport.Unavailable unavailable) {
            assumeTrue(false, unavailable.reason());
        }
    }

    static Stream<IoUringSetup> setups() {
        IoUringSetup plain = IoUringSetup.plain(8);
        return Stream.of(
                plain,
                plain.with(IORING_SETUP_COOP_TASKRUN),
                plain.with(IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG),
                plain.with(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN),
                IoUringSetup.oneThread(8),
                IoUringSetup.oneThread(8).with(IORING_SETUP_COOP_TASKRUN).withCqEntries(64),
                plain.withSqPoll(10, -1),
                plain.withSqPoll(10, 0));
    }

    @ParameterizedTest
    @MethodSource("setups")
    void nopsComeBackOnceEach(IoUringSetup setup) {
        try (IoUring ring = new IoUring(kernel, setup)) {
            List<Long> seen = new ArrayList<>();
            for (int round = 0; round < 5; round++) {
                awaitSpace(ring);
                for (int i = 0; i < 8; i++) {
                    assertTrue(ring.prepareNop(100L * round + i));
                }
                assertEquals(8, ring.submit());
                reapAll(ring, 8, (userData, result, flags) -> {
                    assertEquals(0, result);
                    seen.add(userData);
                });
            }
            List<Long> expected = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                expected.add(100L * (i / 8) + i % 8);
            }
            assertEquals(expected, seen);
            awaitSpace(ring);
            assertEquals(40, ring.submitted());
            assertEquals(40, ring.completed());
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void readsBringTheRightBytesAtEachDepth(IoUringSetup setup, @TempDir Path directory) throws IOException {
        int fd = TestFiles.open(kernel, TestFiles.create(directory, FILE_BYTES), TestFiles.O_RDONLY);
        for (int depth = 1; depth <= 8; depth++) {
            readAtDepth(setup, fd, depth, 1000, 1);
        }
        TestFiles.close(kernel, fd);
    }

    @ParameterizedTest
    @MethodSource("setups")
    void directReadsBringTheRightBytesAtEachDepth(IoUringSetup setup, @TempDir Path directory) throws IOException {
        int fd = TestFiles.openDirect(kernel, TestFiles.create(directory, FILE_BYTES));
        for (int depth = 1; depth <= 8; depth++) {
            readAtDepth(setup, fd, depth, TestFiles.BLOCK_BYTES, TestFiles.BLOCK_BYTES);
        }
        TestFiles.close(kernel, fd);
    }

    private void readAtDepth(IoUringSetup setup, int fd, int depth, int lengthBytes, int alignment) {
        long seed = 31L * depth + setup.flags();
        Random random = new Random(seed);
        try (Arena arena = Arena.ofConfined();
                IoUring ring = new IoUring(kernel, setup)) {
            MemorySegment buffers = arena.allocate(8L * TestFiles.BLOCK_BYTES, TestFiles.BLOCK_BYTES);
            long[] offsets = new long[depth];
            for (int round = 0; round < 4; round++) {
                awaitSpace(ring);
                for (int i = 0; i < depth; i++) {
                    offsets[i] = (long) random.nextInt((FILE_BYTES - lengthBytes) / alignment) * alignment;
                    long address = buffers.address() + (long) i * TestFiles.BLOCK_BYTES;
                    assertTrue(ring.prepareRead(fd, address, lengthBytes, offsets[i], i));
                }
                assertEquals(depth, ring.submit());
                reapAll(ring, depth, (userData, result, flags) -> {
                    assertEquals(lengthBytes, result, "seed " + seed);
                    TestFiles.assertContent(
                            buffers.asSlice(userData * TestFiles.BLOCK_BYTES), lengthBytes, offsets[(int) userData]);
                });
            }
        }
    }

    @Test
    void shortReadAtTheEndIsAResultAndPastItIsZero(@TempDir Path directory) throws IOException {
        int fd = TestFiles.open(kernel, TestFiles.create(directory, 5000), TestFiles.O_RDONLY);
        try (Arena arena = Arena.ofConfined();
                IoUring ring = new IoUring(kernel, IoUringSetup.oneThread(4))) {
            MemorySegment buffer = arena.allocate(4096);
            assertTrue(ring.prepareRead(fd, buffer.address(), 4096, 4096, 1));
            assertEquals(5000 - 4096, single(ring));
            TestFiles.assertContent(buffer, 5000 - 4096, 4096);
            assertTrue(ring.prepareRead(fd, buffer.address(), 4096, 5000, 2));
            assertEquals(0, single(ring));
        }
        TestFiles.close(kernel, fd);
    }

    @Test
    void aBadDescriptorIsAResult() {
        try (Arena arena = Arena.ofConfined();
                IoUring ring = new IoUring(kernel, IoUringSetup.plain(4))) {
            MemorySegment buffer = arena.allocate(16);
            assertTrue(ring.prepareRead(1_000_000, buffer.address(), 16, 0, 1));
            assertEquals(-Errno.EBADF, single(ring));
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aFullSubmissionQueueIsAValue(IoUringSetup setup) {
        try (IoUring ring = new IoUring(kernel, setup)) {
            assertEquals(8, ring.sqEntries());
            for (int i = 0; i < 8; i++) {
                assertEquals(8 - i, ring.sqSpaceLeft());
                assertTrue(ring.prepareNop(i));
            }
            assertEquals(0, ring.sqSpaceLeft());
            assertFalse(ring.prepareNop(8));
            assertEquals(8, ring.submit());
            List<Long> seen = new ArrayList<>();
            reapAll(ring, 8, (userData, result, flags) -> seen.add(userData));
            assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L), seen);
            awaitSpace(ring);
            assertEquals(0, ring.droppedSubmissions());
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void anOverflownCompletionQueueLosesNothing(IoUringSetup setup) {
        try (IoUring ring = new IoUring(kernel, setup)) {
            assumeTrue((ring.features() & IORING_FEAT_NODROP) != 0, "needs IORING_FEAT_NODROP (5.5)");
            int count = 3 * ring.cqEntries();
            int taken = 0;
            for (int i = 0; i < count; ) {
                if (ring.prepareNop(i)) {
                    i++;
                }
                if (ring.sqSpaceLeft() == 0 || i == count) {
                    int result = ring.submit();
                    assertTrue(result >= 0, () -> "submit: " + result);
                    taken += result;
                    awaitSpace(ring);
                }
            }
            assertEquals(count, taken);
            boolean[] seen = new boolean[count];
            reapAll(ring, count, (userData, result, flags) -> {
                assertFalse(seen[(int) userData], "twice: " + userData);
                seen[(int) userData] = true;
            });
            assertEquals(count, ring.completed());
            assertEquals(0, ring.reap((userData, result, flags) -> {}));
            assertEquals(0, ring.lostCompletions());
        }
    }

    /// The poll thread takes entries in its own time, and shows completions before it says what it has taken.
    private static void awaitSpace(IoUring ring) {
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (ring.sqSpaceLeft() < ring.sqEntries() && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
        assertEquals(ring.sqEntries(), ring.sqSpaceLeft());
    }

    @Test
    void aHandlerThatThrowsLosesNothing() {
        try (IoUring ring = new IoUring(kernel, IoUringSetup.plain(8))) {
            for (int i = 0; i < 4; i++) {
                assertTrue(ring.prepareNop(i));
            }
            assertEquals(4, ring.submitAndWait(4));
            List<Long> seen = new ArrayList<>();
            assertThrows(
                    IllegalStateException.class,
                    () -> ring.reap((userData, result, flags) -> {
                        seen.add(userData);
                        if (userData == 1) {
                            throw new IllegalStateException("on purpose");
                        }
                    }));
            assertEquals(2, ring.reap((userData, result, flags) -> seen.add(userData)));
            assertEquals(List.of(0L, 1L, 2L, 3L), seen);
        }
    }

    @Test
    void aHandlerMayPrepareSubmitAndReap() {
        try (IoUring ring = new IoUring(kernel, IoUringSetup.oneThread(4))) {
            List<Long> seen = new ArrayList<>();
            assertTrue(ring.prepareNop(0));
            assertTrue(ring.prepareNop(1));
            assertEquals(2, ring.submitAndWait(2));
            int[] nested = new int[1];
            int outer = ring.reap((userData, result, flags) -> {
                seen.add(userData);
                if (userData == 0) {
                    assertTrue(ring.prepareNop(2));
                    assertEquals(1, ring.submitAndWait(1));
                    nested[0] = ring.reap((inner, innerResult, innerFlags) -> seen.add(inner));
                }
            });
            assertEquals(1, outer);
            assertEquals(2, nested[0]);
            assertEquals(List.of(0L, 1L, 2L), seen);
        }
    }

    @Test
    void aWaitEndsInTime() {
        try (IoUring ring = new IoUring(kernel, IoUringSetup.oneThread(4))) {
            long begin = System.nanoTime();
            assertEquals(-Errno.ETIME, ring.submitAndWait(1, 5_000_000));
            assertTrue(System.nanoTime() - begin >= 5_000_000);
            assertEquals(1, ring.enters());
        }
    }

    @Test
    void whatTheKernelDoesNotTakeStaysQueued() {
        int[] calls = {0};
        Kernel reluctant = new ForwardingKernel(kernel) {
            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                if (call != Syscall.IO_URING_ENTER) {
                    return super.call(call, a0, a1, a2, a3, a4, a5);
                }
                return calls[0]++ == 0 ? -Errno.EAGAIN : super.call(call, a0, Math.min(3, a1), a2, a3, a4, a5);
            }
        };
        try (IoUring ring = new IoUring(reluctant, IoUringSetup.plain(8))) {
            for (int i = 0; i < 8; i++) {
                assertTrue(ring.prepareNop(i));
            }
            assertEquals(-Errno.EAGAIN, ring.submit());
            assertEquals(0, ring.sqSpaceLeft());
            assertEquals(3, ring.submit());
            assertEquals(3, ring.sqSpaceLeft());
            assertTrue(ring.prepareNop(8));
            assertEquals(3, ring.submit());
            assertEquals(3, ring.submit());
            assertEquals(0, ring.submit());
            assertEquals(9, ring.submitted());
            List<Long> seen = new ArrayList<>();
            assertEquals(9, ring.reap((userData, result, flags) -> seen.add(userData)));
            assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L), seen);
        }
    }

    @Test
    void whatTheKernelHasNotTakenCanBeTakenBack() {
        boolean[] refusing = {true};
        Kernel kernel = new ForwardingKernel(this.kernel) {
            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                boolean refused = call == Syscall.IO_URING_ENTER && refusing[0];
                return refused ? -Errno.EIO : super.call(call, a0, a1, a2, a3, a4, a5);
            }
        };
        try (IoUring ring = new IoUring(kernel, IoUringSetup.plain(8))) {
            assertTrue(ring.prepareNop(1));
            assertEquals(-Errno.EIO, ring.submit());
            assertTrue(ring.prepareNop(2));
            ring.withdraw();
            assertEquals(8, ring.sqSpaceLeft());
            assertEquals(0, ring.submitted());
            refusing[0] = false;
            assertTrue(ring.prepareNop(3));
            assertEquals(1, ring.submitAndWait(1));
            assertEquals(1, ring.submitted());
            List<Long> seen = new ArrayList<>();
            assertEquals(1, ring.reap((userData, result, flags) -> seen.add(userData)));
            assertEquals(List.of(3L), seen);
        }
    }

    @Test
    void aRefusedEnterIsNotTakenForAnEmptyQueue() {
        Kernel refusing = new ForwardingKernel(kernel) {
            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                return call == Syscall.IO_URING_ENTER ? -Errno.EINTR : super.call(call, a0, a1, a2, a3, a4, a5);
            }
        };
        IoUringSetup deferred = IoUringSetup.plain(4).with(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
        try (IoUring ring = new IoUring(refusing, deferred)) {
            assertEquals(-Errno.EINTR, ring.reap((userData, result, flags) -> {}));
        }
    }

    @Test
    void ringsWithoutSingleMmapWork() {
        Kernel twoMappings = new ForwardingKernel(kernel) {
            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                long result = super.call(call, a0, a1, a2, a3, a4, a5);
                if (call == Syscall.IO_URING_SETUP && result >= 0) {
                    MemorySegment params = params(a1);
                    int features = params.get(ValueLayout.JAVA_INT, PARAMS_FEATURES);
                    params.set(ValueLayout.JAVA_INT, PARAMS_FEATURES, features & ~IORING_FEAT_SINGLE_MMAP);
                }
                return result;
            }
        };
        try (IoUring ring = new IoUring(twoMappings, IoUringSetup.plain(8))) {
            assertEquals(0, ring.features() & IORING_FEAT_SINGLE_MMAP);
            for (int i = 0; i < 50; i++) {
                assertTrue(ring.prepareNop(i));
                assertEquals(0, single(ring));
            }
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment params(long address) {
        return MemorySegment.ofAddress(address).reinterpret(IoUringAbi.PARAMS_BYTES);
    }

    @Test
    void refusedFlagsAreRefusedAndNothingLeaks() {
        int[] before = IoUringRegister.ringDescriptors();
        KernelException refused = assertThrows(
                KernelException.class,
                () -> new IoUring(kernel, IoUringSetup.plain(8).with(IORING_SETUP_DEFER_TASKRUN)).close());
        assertEquals(Errno.EINVAL, refused.errno().number());
        Kernel noMemory = new ForwardingKernel(kernel) {
            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                return call == Syscall.MMAP && a5 != 0 ? -Errno.ENOMEM : super.call(call, a0, a1, a2, a3, a4, a5);
            }
        };
        assertThrows(KernelException.class, () -> new IoUring(noMemory, IoUringSetup.plain(8)).close());
        assertArrayEquals(before, IoUringRegister.ringDescriptors());
    }

    @Test
    void setupIsChecked() {
        assertThrows(IllegalArgumentException.class, () -> IoUringSetup.plain(0));
        assertThrows(IllegalArgumentException.class, () -> IoUringSetup.plain(32_769));
        assertThrows(IllegalArgumentException.class, () -> IoUringSetup.plain(8).withCqEntries(4));
        assertThrows(IllegalArgumentException.class, () -> IoUringSetup.plain(8).with(1 << 11));
        assertThrows(IllegalArgumentException.class, () -> new IoUringSetup(8, 0, 0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new IoUringSetup(8, 0, 0, -1, 5));
    }

    @Test
    void aClosedRingIsRefusedNotMisread() {
        IoUring ring = new IoUring(kernel, IoUringSetup.plain(8));
        ring.close();
        ring.close();
        assertThrows(IllegalStateException.class, () -> ring.prepareNop(1));
        assertThrows(IllegalStateException.class, () -> ring.reap((userData, result, flags) -> {}));
    }

    @Test
    void probeSaysWhatThereIsAndWhyNot() {
        IoUringSupport.Available available = (IoUringSupport.Available) IoUring.probe(kernel);
        assertTrue(available.supports(IORING_OP_NOP));
        assertTrue(available.supports(IORING_OP_READ));
        assertFalse(available.supports(255));
        assertTrue(available.hasFeature(IORING_FEAT_NODROP));
        for (int errno : new int[] {Errno.ENOSYS, Errno.EPERM, Errno.ENOMEM, Errno.EMFILE}) {
            Kernel refusing = new ForwardingKernel(kernel) {
                @Override
                public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                    return call == Syscall.IO_URING_SETUP ? -errno : super.call(call, a0, a1, a2, a3, a4, a5);
                }
            };
            IoUringSupport.Unavailable unavailable = (IoUringSupport.Unavailable) IoUring.probe(refusing);
            assertEquals(errno, unavailable.errno().number());
            assertFalse(unavailable.reason().isBlank());
            assertFalse(unavailable.remedy().isBlank());
        }
    }

    @Test
    void theSysctlIsNamedWhenItIsTheReason() {
        Errno notPermitted = Errno.of(-Errno.EPERM);
        assertTrue(IoUringProbe.refused(notPermitted, "2").reason().contains("kernel.io_uring_disabled=2"));
        assertTrue(IoUringProbe.refused(notPermitted, "1").reason().contains("kernel.io_uring_group"));
        assertTrue(IoUringProbe.refused(notPermitted, "0").reason().contains("seccomp"));
    }

    /// Submits what is prepared, which is one operation, and waits for its result.
    static int single(IoUring ring) {
        assertEquals(1, ring.submit());
        int[] only = new int[1];
        reapAll(ring, 1, (userData, result, flags) -> only[0] = result);
        return only[0];
    }

    /// Waits until `count` completions were handed over; fails when they don't come.
    static void reapAll(IoUring ring, int count, IoUring.CompletionHandler handler) {
        long deadline = System.nanoTime() + 5L * WAIT_NANOS;
        int handled = ring.reap(handler);
        while (handled < count) {
            assertTrue(System.nanoTime() - deadline < 0, "only " + handled + " of " + count + " completions came");
            int result = ring.submitAndWait(1, WAIT_NANOS);
            assertTrue(result >= 0 || result == -Errno.ETIME || result == -Errno.EINTR, () -> "wait: " + result);
            handled += ring.reap(handler);
        }
        assertEquals(count, handled);
    }
}
