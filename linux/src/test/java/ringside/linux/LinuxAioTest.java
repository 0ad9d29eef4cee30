package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinuxAioTest {

    private static final int BLOCK = TestFiles.BLOCK_BYTES;
    private static final int FILE_BYTES = 1 << 20;

    private final Kernel kernel = new FfmKernel();

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void bufferedReadsBringTheRightBytesAtEachDepth(LinuxAio.Reap reap) throws IOException {
        int fd = TestFiles.open(kernel, TestFiles.create(directory, FILE_BYTES), TestFiles.O_RDONLY);
        for (int depth : new int[] {1, 2, 3, 8, 200}) {
            readAtDepth(reap, fd, depth, 1000, 1);
        }
        TestFiles.close(kernel, fd);
    }

    @ParameterizedTest
    @EnumSource
    void directReadsBringTheRightBytesAtEachDepth(LinuxAio.Reap reap) throws IOException {
        int fd = TestFiles.openDirect(kernel, TestFiles.create(directory, FILE_BYTES));
        for (int depth : new int[] {1, 2, 3, 8, 64}) {
            readAtDepth(reap, fd, depth, BLOCK, BLOCK);
        }
        TestFiles.close(kernel, fd);
    }

    /// Enough rounds for the mapped ring, which has more entries than the depth, to wrap.
    private void readAtDepth(LinuxAio.Reap reap, int fd, int depth, int lengthBytes, int alignment) {
        long seed = depth;
        Random random = new Random(seed);
        int rounds = 1 + 600 / depth;
        try (Arena arena = Arena.ofConfined();
                LinuxAio aio = new LinuxAio(kernel, depth, reap)) {
            assertEquals(reap == LinuxAio.Reap.MAPPED_RING, aio.reapsMappedRing());
            MemorySegment buffers = arena.allocate((long) depth * BLOCK, BLOCK);
            long[] offsets = new long[depth];
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < depth; i++) {
                    int slot = aio.acquireSlot();
                    offsets[slot] = (long) random.nextInt((FILE_BYTES - lengthBytes) / alignment) * alignment;
                    aio.prepareRead(slot, fd, buffers.address() + (long) slot * BLOCK, lengthBytes, offsets[slot]);
                }
                submitAll(aio);
                LinuxAio.CompletionHandler check = (slot, result) -> {
                    assertEquals(lengthBytes, result, "seed " + seed);
                    TestFiles.assertContent(buffers.asSlice((long) slot * BLOCK), lengthBytes, offsets[slot]);
                };
                int reaped = 0;
                while (reaped < depth) {
                    int count = aio.reap(1, check);
                    assertTrue(count > 0, () -> "reap: " + count);
                    reaped += count;
                }
                assertEquals(depth, reaped);
                assertEquals(0, aio.inFlight());
                assertEquals(0, aio.reap(check));
            }
        }
    }

    @Test
    void allSlotsTakenIsAValueAndASlotIsFreeInItsHandler() throws IOException {
        int fd = TestFiles.open(kernel, TestFiles.create(directory, FILE_BYTES), TestFiles.O_RDONLY);
        try (Arena arena = Arena.ofConfined();
                LinuxAio aio = new LinuxAio(kernel, 2)) {
            MemorySegment buffer = arena.allocate(BLOCK);
            int first = aio.acquireSlot();
            int second = aio.acquireSlot();
            assertEquals(List.of(0, 1), List.of(first, second));
            assertEquals(-1, aio.acquireSlot());
            aio.releaseSlot(second);
            assertEquals(second, aio.acquireSlot());
            aio.prepareRead(first, fd, buffer.address(), 100, 0);
            assertEquals(1, aio.submit());
            List<Integer> acquired = new ArrayList<>();
            assertEquals(1, aio.reap(1, (slot, result) -> acquired.add(aio.acquireSlot())));
            assertEquals(List.of(first), acquired);
            assertEquals(-1, aio.acquireSlot());
        }
        TestFiles.close(kernel, fd);
    }

    @Test
    void shortReadAtTheEndIsAResultAndPastItIsZero() throws IOException {
        int fd = TestFiles.openDirect(kernel, TestFiles.create(directory, BLOCK + 700));
        try (Arena arena = Arena.ofConfined();
                LinuxAio aio = new LinuxAio(kernel, 1)) {
            MemorySegment buffer = arena.allocate(BLOCK, BLOCK);
            assertEquals(700, single(aio, fd, buffer, BLOCK));
            TestFiles.assertContent(buffer, 700, BLOCK);
            assertEquals(0, single(aio, fd, buffer, 2L * BLOCK));
        }
        TestFiles.close(kernel, fd);
    }

    @Test
    void aReadThatTheKernelRefusesStaysPreparedAndCanBeWithdrawn() throws IOException {
        int fd = TestFiles.open(kernel, TestFiles.create(directory, FILE_BYTES), TestFiles.O_RDONLY);
        try (Arena arena = Arena.ofConfined();
                LinuxAio aio = new LinuxAio(kernel, 3)) {
            MemorySegment buffer = arena.allocate(BLOCK);
            int good = aio.acquireSlot();
            int bad = aio.acquireSlot();
            int last = aio.acquireSlot();
            aio.prepareRead(good, fd, buffer.address(), 10, 0);
            aio.prepareRead(bad, 1_000_000, buffer.address(), 10, 0);
            aio.prepareRead(last, fd, buffer.address(), 10, 7);
            assertEquals(1, aio.submit());
            assertEquals(2, aio.prepared());
            assertEquals(-Errno.EBADF, aio.submit());
            assertEquals(2, aio.prepared());
            assertEquals(bad, aio.withdrawFirst());
            assertEquals(1, aio.submit());
            List<Integer> slots = new ArrayList<>();
            assertEquals(2, aio.reap(2, (slot, result) -> {
                assertEquals(10, result);
                slots.add(slot);
            }));
            Collections.sort(slots);
            assertEquals(List.of(good, last), slots);
            aio.releaseSlot(bad);
        }
        TestFiles.close(kernel, fd);
    }

    /// No file read can be cancelled on the kernels so far: what counts is that the answer comes through and
    /// that the completion still does.
    @Test
    void cancelAnswersWhatTheKernelSays() throws IOException {
        int fd = TestFiles.openDirect(kernel, TestFiles.create(directory, FILE_BYTES));
        try (Arena arena = Arena.ofConfined();
                LinuxAio aio = new LinuxAio(kernel, 1)) {
            MemorySegment buffer = arena.allocate(BLOCK, BLOCK);
            int slot = aio.acquireSlot();
            aio.prepareRead(slot, fd, buffer.address(), BLOCK, 0);
            assertEquals(1, aio.submit());
            int answer = aio.cancel(slot);
            assertTrue(answer == -Errno.EINVAL || answer == -Errno.EINPROGRESS, () -> "io_cancel: " + answer);
            assertEquals(1, aio.reap(1, (completed, result) -> assertEquals(slot, completed)));
            assertThrows(IllegalStateException.class, () -> aio.cancel(slot));
        }
        TestFiles.close(kernel, fd);
    }

    @ParameterizedTest
    @EnumSource
    void theEventFdCountsCompletions(LinuxAio.Reap reap) throws IOException {
        int fd = TestFiles.openDirect(kernel, TestFiles.create(directory, FILE_BYTES));
        try (Arena arena = Arena.ofConfined();
                EventFd eventFd = new EventFd(kernel, EventFd.Mode.BLOCKING);
                LinuxAio aio = new LinuxAio(kernel, 4, reap)) {
            aio.notifyThrough(eventFd);
            MemorySegment buffers = arena.allocate(4L * BLOCK, BLOCK);
            for (int i = 0; i < 4; i++) {
                aio.prepareRead(aio.acquireSlot(), fd, buffers.address() + (long) i * BLOCK, BLOCK, 0);
            }
            submitAll(aio);
            long signalled = 0;
            int reaped = 0;
            while (signalled < 4) {
                signalled += eventFd.drain();
                reaped += aio.reap((slot, result) -> assertEquals(BLOCK, result));
            }
            assertEquals(4, signalled);
            assertEquals(4, reaped);
        }
        TestFiles.close(kernel, fd);
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerThatThrowsLosesNothing(LinuxAio.Reap reap) throws IOException {
        int fd = TestFiles.open(kernel, TestFiles.create(directory, FILE_BYTES), TestFiles.O_RDONLY);
        try (Arena arena = Arena.ofConfined();
                LinuxAio aio = new LinuxAio(kernel, 3, reap)) {
            MemorySegment buffer = arena.allocate(BLOCK);
            for (int i = 0; i < 3; i++) {
                aio.prepareRead(aio.acquireSlot(), fd, buffer.address(), 10, 0);
            }
            submitAll(aio);
            assertThrows(
                    ArithmeticException.class,
                    () -> aio.reap((slot, result) -> {
                        throw new ArithmeticException("on purpose");
                    }));
            assertEquals(2, aio.inFlight());
            assertEquals(2, aio.reap((slot, result) -> {}));
            assertEquals(0, aio.inFlight());
        }
        TestFiles.close(kernel, fd);
    }

    @Test
    void misuseFailsFast() {
        assertThrows(IllegalArgumentException.class, () -> new LinuxAio(kernel, 0).close());
        assertThrows(IllegalArgumentException.class, () -> new LinuxAio(kernel, LinuxAio.DEPTH_MAX + 1).close());
        try (LinuxAio aio = new LinuxAio(kernel, 1)) {
            assertThrows(IllegalStateException.class, () -> aio.prepareRead(0, 0, 0, 0, 0));
            assertThrows(IllegalArgumentException.class, () -> aio.reap(1, (slot, result) -> {}));
            assertThrows(IllegalStateException.class, aio::withdrawFirst);
            assertEquals(0, aio.submit());
        }
    }

    @Test
    void aRefusedContextNamesTheLimit() {
        Kernel full = new ForwardingKernel(kernel) {
            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                return call == Syscall.IO_SETUP ? -Errno.EAGAIN : super.call(call, a0, a1, a2, a3, a4, a5);
            }
        };
        KernelException refused = assertThrows(KernelException.class, () -> new LinuxAio(full, 8).close());
        assertTrue(refused.toString().contains("fs.aio-max-nr"), refused.toString());
    }

    private static long single(LinuxAio aio, int fd, MemorySegment buffer, long offset) {
        aio.prepareRead(aio.acquireSlot(), fd, buffer.address(), BLOCK, offset);
        submitAll(aio);
        long[] only = new long[1];
        assertEquals(1, aio.reap(1, (slot, result) -> only[0] = result));
        return only[0];
    }

    private static void submitAll(LinuxAio aio) {
        while (aio.prepared() > 0) {
            int taken = aio.submit();
            assertTrue(taken > 0, () -> "submit: " + taken);
        }
    }
}
