package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads, sendfile and send, on real files and a real pair of sockets.
class TransferTest {

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SIZE = 300_001;

    private final Kernel kernel = new FfmKernel();
    private final OpenFiles files = new OpenFiles(kernel);
    private final Arena arena = Arena.ofConfined();
    private final PositionedReads reads = new PositionedReads(kernel, arena);
    private final Sendfile sendfile = new Sendfile(kernel, arena);
    private final byte[] content = new byte[SIZE];
    private final MemorySegment memory = arena.allocate(SIZE + 1);

    @TempDir
    Path directory;

    private int file;
    private int near;
    private int far;

    @BeforeEach
    void open() throws IOException {
        new Random(11).nextBytes(content);
        Path path = directory.resolve("file");
        Files.write(path, content);
        file = files.open(path.toString(), OpenFiles.O_RDONLY);
        MemorySegment pair = arena.allocate(8);
        assertEquals(0, kernel.call(Syscall.SOCKETPAIR, AF_UNIX, SOCK_STREAM, 0, pair.address()));
        near = pair.get(ValueLayout.JAVA_INT, 0);
        far = pair.get(ValueLayout.JAVA_INT, 4);
    }

    @AfterEach
    void close() {
        files.close(file);
        files.close(near);
        files.close(far);
        arena.close();
    }

    @Test
    void preadReadsAtItsOffsetAndStopsAtTheEnd() {
        assertEquals(SIZE - 5, reads.pread(file, memory.address(), SIZE, 5));
        assertBytes(5, SIZE - 5);
        assertEquals(0, reads.pread(file, memory.address(), SIZE, SIZE));
        assertEquals(-Errno.EINVAL, reads.pread(file, memory.address(), SIZE, -1));
        assertEquals(-Errno.EBADF, reads.pread(-1, memory.address(), SIZE, 0));
    }

    @Test
    void preadv2ReadsBeyondFourGibibytes() throws IOException {
        long offset = (1L << 32) + 7;
        try (FileChannel sparse = FileChannel.open(directory.resolve("file"), StandardOpenOption.WRITE)) {
            sparse.write(ByteBuffer.wrap(content, 0, 1000), offset);
        }
        assertEquals(1000, reads.preadv2(file, memory.address(), SIZE, offset, 0));
        assertBytes(0, 1000);
    }

    @Test
    void nowaitReadsWhatIsCachedAndRefusesWhatIsNot() {
        PageResidency pages = new PageResidency(kernel);
        assertTrue(pages.warm(file).isHot());
        long cached = reads.preadv2(file, memory.address(), 4096, 0, PositionedReads.RWF_NOWAIT);
        assumeTrue(cached != -Errno.EOPNOTSUPP, "the file system has no RWF_NOWAIT");
        assertEquals(4096, cached);
        assertBytes(0, 4096);
        assumeTrue(pages.evict(file).isProven(), "the file system keeps the pages (tmpfs?)");
        assertEquals(-Errno.EAGAIN, reads.preadv2(file, memory.address(), 4096, 0, PositionedReads.RWF_NOWAIT));
    }

    @Test
    void dontcacheLeavesTheCacheAsItWas() {
        PageResidency pages = new PageResidency(kernel);
        assumeTrue(pages.evict(file).isProven(), "the file system keeps the pages (tmpfs?)");
        long read = reads.preadv2(file, memory.address(), SIZE, 0, PositionedReads.RWF_DONTCACHE);
        assumeTrue(read != -Errno.EOPNOTSUPP, "RWF_DONTCACHE needs Linux 6.14 and a file system that has it");
        assertEquals(SIZE, read);
        assertBytes(0, SIZE);
        assertTrue(pages.measure(file).share() < 0.5, () -> "still cached: " + pages.measure(file));
    }

    @Test
    void sendfileMovesFromTheOffsetAndLeavesTheFilesPositionAlone() {
        assertEquals(10_000, sendfile.send(near, file, 123, 10_000));
        assertEquals(10_000, receive(10_000));
        assertBytes(123, 10_000);
        assertEquals(1, kernel.call(Syscall.READ, file, memory.address(), 1));
        assertEquals(content[0], memory.get(ValueLayout.JAVA_BYTE, 0));
        assertEquals(11, sendfile.send(near, file, SIZE - 11, 10_000));
        assertEquals(0, sendfile.send(near, file, SIZE, 10_000));
        assertEquals(-Errno.EBADF, sendfile.send(near, -1, 0, 1));
    }

    @Test
    void sendWithoutWaitingStopsAtAFullBuffer() {
        MemorySegment.copy(content, 0, memory, ValueLayout.JAVA_BYTE, 0, SIZE);
        long sent = 0;
        long result = 0;
        for (int i = 0; i < 10_000 && result >= 0; i++) {
            sent += result;
            long length = Math.min(4096, SIZE - sent % SIZE);
            result = SocketSend.send(
                    kernel,
                    near,
                    memory.address() + sent % SIZE,
                    length,
                    SocketSend.MSG_DONTWAIT | SocketSend.MSG_MORE);
        }
        assertEquals(-Errno.EAGAIN, result);
        assertTrue(sent > 0);
        long got = receive((int) Math.min(sent, 10_000));
        assertBytes(0, (int) got);
    }

    @Test
    void sendToAPeerThatWentIsAValueAndNoSignal() {
        files.close(far);
        assertEquals(-Errno.EPIPE, SocketSend.send(kernel, near, memory.address(), 10, 0));
        far = -1;
    }

    @Test
    void adviceOnAPipeIsRefusedAndOnAFileTaken() {
        for (FileAdvice advice : FileAdvice.values()) {
            assertEquals(0, advice.give(kernel, file, 0, 0), advice.name());
        }
        assertEquals(-Errno.EBADF, FileAdvice.RANDOM.give(kernel, -1, 0, 0));
        assertEquals(0, kernel.call(Syscall.PIPE2, memory.address(), 0));
        int readEnd = memory.get(ValueLayout.JAVA_INT, 0);
        int writeEnd = memory.get(ValueLayout.JAVA_INT, 4);
        try {
            for (FileAdvice advice : FileAdvice.values()) {
                assertEquals(-Errno.ESPIPE, advice.give(kernel, readEnd, 0, 0), advice.name());
            }
        } finally {
            assertEquals(0, kernel.call(Syscall.CLOSE, readEnd));
            assertEquals(0, kernel.call(Syscall.CLOSE, writeEnd));
        }
    }

    private long receive(int length) {
        long got = 0;
        while (got < length) {
            long read = kernel.call(Syscall.READ, far, memory.address() + got, length - got);
            assertTrue(read > 0, "read answered " + read);
            got += read;
        }
        return got;
    }

    private void assertBytes(int offset, int length) {
        assertEquals(
                ByteBuffer.wrap(content, offset, length),
                memory.asSlice(0, length).asByteBuffer());
    }
}
