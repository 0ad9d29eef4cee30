package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static ringside.linux.IoUringAbi.IOSQE_ASYNC;
import static ringside.linux.IoUringAbi.IOSQE_FIXED_FILE;
import static ringside.linux.IoUringAbi.IOSQE_IO_LINK;
import static ringside.linux.IoUringTest.reapAll;
import static ringside.linux.IoUringTest.single;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Registered things and the operations other than plain reads, on the real kernel.
class IoUringOperationsTest {

    private static final int BLOCK = TestFiles.BLOCK_BYTES;
    private static final int FILE_BYTES = 1 << 20;
    private static final int POLLIN = 1;

    private final Kernel kernel = new FfmKernel();

    @TempDir
    Path directory;

    @BeforeEach
    void needsIoUring() {
        if (IoUring.probe(kernel) instanceof IoUringSupport.Unavailable unavailable) {
            assumeTrue(false, unavailable.reason());
        }
    }

    @Test
    void registeredBuffersAreReadInto() throws IOException {
        int fd = TestFiles.openDirect(kernel, TestFiles.create(directory, FILE_BYTES));
        try (Arena arena = Arena.ofConfined();
                IoUring ring = new IoUring(kernel, IoUringSetup.oneThread(8))) {
            MemorySegment first = arena.allocate(BLOCK, BLOCK);
            MemorySegment second = arena.allocate(4L * BLOCK, BLOCK);
            ring.registerBuffers(
                    new long[] {first.address(), second.address()}, new long[] {first.byteSize(), second.byteSize()});
            assertTrue(ring.prepareReadFixed(fd, first.address(), BLOCK, 3L * BLOCK, 0, 1));
            assertEquals(BLOCK, single(ring));
            TestFiles.assertContent(first, BLOCK, 3L * BLOCK);
            assertTrue(ring.prepareReadFixed(fd, second.address() + 2L * BLOCK, 2 * BLOCK, 7L * BLOCK, 1, 2));
            assertEquals(2 * BLOCK, single(ring));
            TestFiles.assertContent(second.asSlice(2L * BLOCK), 2L * BLOCK, 7L * BLOCK);
            assertTrue(ring.prepareReadFixed(fd, second.address(), BLOCK, 0, 0, 3));
            assertEquals(-Errno.EFAULT, single(ring), "an address outside of the buffer");
            ring.unregisterBuffers();
            assertTrue(ring.prepareReadFixed(fd, first.address(), BLOCK, 0, 0, 4));
            assertEquals(-Errno.EFAULT, single(ring), "no buffers any more");
            assertThrows(KernelException.class, ring::unregisterBuffers);
            assertThrows(IllegalArgumentException.class, () -> ring.registerBuffers(new long[] {1}, new long[] {1, 2}));
        }
        TestFiles.close(kernel, fd);
    }

    @Test
    void registeredFilesAreReadByIndexAndReplaced() throws IOException {
        int big = TestFiles.open(kernel, TestFiles.create(directory, FILE_BYTES), TestFiles.O_RDONLY);
        int small = TestFiles.open(kernel, TestFiles.create(directory, 100), TestFiles.O_RDONLY);
        try (Arena arena = Arena.ofConfined();
                IoUring ring = new IoUring(kernel, IoUringSetup.oneThread(8))) {
            MemorySegment buffer = arena.allocate(BLOCK);
            ring.registerFiles(new int[] {-1, big, -1});
            TestFiles.close(kernel, big);
            assertEquals(1000, readFixedFile(ring, 1, buffer), "the ring holds the file open");
            assertEquals(-Errno.EBADF, readFixedFile(ring, 2, buffer));
            assertEquals(2, ring.updateFiles(1, new int[] {-1, small}));
            assertEquals(-Errno.EBADF, readFixedFile(ring, 1, buffer));
            assertEquals(100, readFixedFile(ring, 2, buffer));
            assertThrows(KernelException.class, () -> ring.updateFiles(0, new int[] {1_000_000}));
            ring.unregisterFiles();
            assertEquals(-Errno.EBADF, readFixedFile(ring, 2, buffer));
        }
        TestFiles.close(kernel, small);
    }

    private static int readFixedFile(IoUring ring, int index, MemorySegment buffer) {
        assertTrue(ring.prepareRead(index, buffer.address(), 1000, 0, index));
        ring.setLastFlags(IOSQE_FIXED_FILE);
        return single(ring);
    }

    @Test
    void theEventFdTellsOfCompletions() {
        for (IoUringSetup setup : IoUringTest.setups().toList()) {
            try (IoUring ring = new IoUring(kernel, setup);
                    EventFd eventFd = new EventFd(kernel, EventFd.Mode.BLOCKING)) {
                ring.registerEventFd(eventFd, false);
                assertTrue(ring.prepareNop(1));
                ring.setLastFlags(IOSQE_ASYNC);
                assertEquals(1, ring.submit());
                assertTrue(eventFd.drain() >= 1);
                assertEquals(1, ring.reap((userData, result, flags) -> assertEquals(1, userData)), setup.toString());
                ring.unregisterEventFd();
                assertThrows(KernelException.class, ring::unregisterEventFd);
            }
        }
    }

    @Test
    void aMutedEventFdIsSilentAndCompletionsAreThere() {
        for (IoUringSetup setup : new IoUringSetup[] {IoUringSetup.oneThread(8), IoUringSetup.plain(8)}) {
            try (IoUring ring = new IoUring(kernel, setup);
                    EventFd eventFd = new EventFd(kernel, EventFd.Mode.NON_BLOCKING)) {
                ring.registerEventFd(eventFd, false);
                ring.muteEventFd(true);
                assertTrue(ring.prepareNop(1));
                assertEquals(1, ring.submitAndWait(1));
                assertTrue(ring.hasCompletions());
                assertEquals(1, ring.reap((userData, result, flags) -> {}));
                assertFalse(ring.hasCompletions());
                assertEquals(0, eventFd.drain());
                ring.muteEventFd(false);
                assertEquals(0, eventFd.drain(), "unmuting signals nothing afterwards");
                assertTrue(ring.prepareNop(2));
                assertEquals(1, ring.submitAndWait(1));
                assertTrue(eventFd.drain() > 0);
                assertEquals(1, ring.reap((userData, result, flags) -> {}));
            }
        }
    }

    @Test
    void aPollThreadIsNotWokenForNothing() {
        try (IoUring ring = new IoUring(kernel, IoUringSetup.plain(8).withSqPoll(1, -1))) {
            assertTrue(ring.prepareNop(1));
            assertEquals(1, ring.submit());
            while (ring.reap((userData, result, flags) -> {}) == 0) {
                Thread.onSpinWait();
            }
            while (!ring.pollThreadSleeps()) {
                Thread.onSpinWait();
            }
            long enters = ring.enters();
            for (int i = 0; i < 10; i++) {
                assertEquals(0, ring.submit());
            }
            assertEquals(enters, ring.enters());
            assertTrue(ring.prepareNop(2));
            assertEquals(1, ring.submit());
            assertEquals(enters + 1, ring.enters(), "the thread was asleep");
        }
    }

    @Test
    void theAsyncEventFdIsSilentAboutInlineCompletions() {
        try (IoUring ring = new IoUring(kernel, IoUringSetup.plain(4));
                EventFd eventFd = new EventFd(kernel, EventFd.Mode.NON_BLOCKING)) {
            ring.registerEventFd(eventFd, true);
            assertTrue(ring.prepareNop(1));
            assertEquals(0, single(ring));
            assertEquals(0, eventFd.drain());
        }
    }

    @Test
    void pollCompletesWhenTheDescriptorIsReadable() {
        try (IoUring ring = new IoUring(kernel, IoUringSetup.oneThread(4));
                EventFd eventFd = new EventFd(kernel, EventFd.Mode.NON_BLOCKING)) {
            assertTrue(ring.preparePollAdd(eventFd.fd(), POLLIN, 9));
            assertEquals(1, ring.submitAndWait(0));
            assertEquals(0, ring.reap((userData, result, flags) -> {}));
            eventFd.signal();
            reapAll(ring, 1, (userData, result, flags) -> {
                assertEquals(9, userData);
                assertEquals(POLLIN, result & POLLIN);
            });
        }
    }

    @Test
    void cancelledOperationsCompleteSo() {
        try (IoUring ring = new IoUring(kernel, IoUringSetup.oneThread(4));
                EventFd eventFd = new EventFd(kernel, EventFd.Mode.NON_BLOCKING)) {
            assertTrue(ring.preparePollAdd(eventFd.fd(), POLLIN, 9));
            assertEquals(1, ring.submit());
            assertTrue(ring.prepareCancel(9, 10));
            assertEquals(1, ring.submit());
            int[] results = new int[11];
            reapAll(ring, 2, (userData, result, flags) -> results[(int) userData] = result);
            assertEquals(-Errno.ECANCELED, results[9]);
            assertEquals(0, results[10]);
            assertTrue(ring.prepareCancel(77, 11));
            assertEquals(-Errno.ENOENT, single(ring));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4096, 61_440})
    void linkedSplicesCarryTheBytesThroughAPipe(int lengthBytes) throws IOException {
        assertArrayEquals(new int[] {lengthBytes, lengthBytes}, splice(12_345, lengthBytes));
        byte[] written = Files.readAllBytes(directory.resolve("file-0"));
        assertEquals(lengthBytes, written.length);
        TestFiles.assertContent(MemorySegment.ofArray(written), lengthBytes, 12_345);
    }

    /// A pipe of 64 KiB has 16 places of a page each: from the middle of a page it takes 16 pages less that
    /// part.
    @Test
    void aSpliceThatThePipeCutsShortCancelsTheNext() throws IOException {
        assertArrayEquals(new int[] {65_536, 65_536}, splice(8192, 65_536));
        assertArrayEquals(new int[] {65_536 - 57, -Errno.ECANCELED}, splice(12_288 + 57, 65_536));
    }

    private int[] splice(long offset, int lengthBytes) throws IOException {
        int in = TestFiles.open(kernel, TestFiles.create(directory, FILE_BYTES), TestFiles.O_RDONLY);
        int out = TestFiles.open(kernel, TestFiles.create(directory, 0), TestFiles.O_WRONLY);
        int[] results = new int[2];
        try (Arena arena = Arena.ofConfined();
                IoUring ring = new IoUring(kernel, IoUringSetup.oneThread(4))) {
            MemorySegment pipe = arena.allocate(2L * Integer.BYTES, 4);
            KernelException.check(Syscall.PIPE2, "pipe", kernel.call(Syscall.PIPE2, pipe.address(), 0));
            int readEnd = pipe.get(ValueLayout.JAVA_INT, 0);
            int writeEnd = pipe.get(ValueLayout.JAVA_INT, 4);
            assertTrue(ring.prepareSplice(in, offset, writeEnd, -1, lengthBytes, 0, 0));
            ring.setLastFlags(IOSQE_IO_LINK);
            assertTrue(ring.prepareSplice(readEnd, -1, out, 0, lengthBytes, 0, 1));
            assertEquals(2, ring.submit());
            reapAll(ring, 2, (userData, result, flags) -> results[(int) userData] = result);
            TestFiles.close(kernel, readEnd);
            TestFiles.close(kernel, writeEnd);
        }
        TestFiles.close(kernel, in);
        TestFiles.close(kernel, out);
        return results;
    }

    @Test
    void aFailedLinkCancelsTheNext() {
        try (Arena arena = Arena.ofConfined();
                IoUring ring = new IoUring(kernel, IoUringSetup.oneThread(4))) {
            MemorySegment buffer = arena.allocate(16);
            assertTrue(ring.prepareRead(1_000_000, buffer.address(), 16, 0, 0));
            ring.setLastFlags(IOSQE_IO_LINK);
            assertTrue(ring.prepareNop(1));
            assertEquals(2, ring.submit());
            assertThrows(IllegalStateException.class, () -> ring.setLastFlags(0));
            int[] results = new int[2];
            reapAll(ring, 2, (userData, result, flags) -> results[(int) userData] = result);
            assertArrayEquals(new int[] {-Errno.EBADF, -Errno.ECANCELED}, results);
        }
    }

    @Test
    void ringsAreFoundAmongTheDescriptorsAndRegisteredWith() throws IOException {
        int fd = TestFiles.open(kernel, TestFiles.create(directory, FILE_BYTES), TestFiles.O_RDONLY);
        int[] before = IoUringRegister.ringDescriptors();
        try (Arena arena = Arena.ofConfined();
                IoUring ring = new IoUring(kernel, IoUringSetup.plain(4))) {
            int[] during = IoUringRegister.ringDescriptors();
            assertEquals(before.length + 1, during.length);
            assertTrue(Arrays.binarySearch(during, ring.fd()) >= 0);
            MemorySegment buffer = arena.allocate(BLOCK);
            IoUringRegister.registerBuffers(
                    kernel, ring.fd(), new long[] {buffer.address()}, new long[] {buffer.byteSize()});
            assertTrue(ring.prepareReadFixed(fd, buffer.address(), 500, 1, 0, 1));
            assertEquals(500, single(ring));
            TestFiles.assertContent(buffer, 500, 1);
        }
        assertArrayEquals(before, IoUringRegister.ringDescriptors());
        TestFiles.close(kernel, fd);
    }

    @Test
    void aSingleIssuersRingRefusesAnotherThread() throws InterruptedException {
        try (IoUring ring = new IoUring(kernel, IoUringSetup.oneThread(4))) {
            assertTrue(ring.prepareNop(1));
            int[] answer = new int[1];
            Thread other = Thread.ofPlatform().start(() -> answer[0] = ring.submit());
            other.join();
            assertEquals(-Errno.EEXIST, answer[0]);
            assertEquals(0, single(ring), "what was refused stays queued");
        }
    }
}
