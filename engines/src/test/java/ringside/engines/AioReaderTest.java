package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.FaultyKernel;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.OpenFiles;
import ringside.linux.Syscall;

/// Which reads wake the loop, and what becomes of a queue that the kernel doesn't give.
@Timeout(60)
class AioReaderTest {

    private static final Kernel KERNEL = new FfmKernel();
    private static final int FILE_BYTES = 1 << 20;
    private static final int BLOCK_BYTES = 4096;

    @TempDir
    private Path directory;

    private Path path = Path.of("");
    private byte[] content = new byte[0];

    @BeforeEach
    void writeFile() throws IOException {
        Availability available = new LinuxAioEngine().probe(KERNEL, Transport.NIO);
        Assumptions.assumeTrue(available.isAvailable(), available::toString);
        content = new byte[FILE_BYTES];
        new Random(9).nextBytes(content);
        path = directory.resolve("file");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(content));
            file.force(true);
        }
    }

    /// On epoll nobody reads the counter, so that it tells how often reads signalled.
    @Test
    void bufferedReadsWakeNobody() throws IOException {
        try (LoopFixture fixture = new LoopFixture(Transport.EPOLL, KERNEL)) {
            OpenFile file = fixture.open(path);
            AioReader reader = open(fixture, "linux-aio");
            for (int i = 0; i < 100; i++) {
                int offset = i * 5000;
                assertArrayEquals(
                        Arrays.copyOfRange(content, offset, offset + 20_000),
                        LoopFixture.await(fixture.on(() -> LoopFixture.readFully(reader, file, offset, 20_000))));
            }
            assertEquals(0, fixture.on(() -> reader.wakeup().eventFd().drain()));
            close(fixture, reader, file);
        }
    }

    /// A descriptor with O_DIRECT stands for a file system that reads buffered files asynchronously. Of the first reads
    /// nobody hears but who asks; later ones signal.
    @Test
    void readsThatAreLeftInFlightAreAskedForAndThenSignal() throws IOException {
        long fd = new OpenFiles(KERNEL)
                .tryOpenAt(OpenFiles.AT_FDCWD, path.toString(), OpenFiles.O_RDONLY | OpenFiles.O_DIRECT, 0);
        Assumptions.assumeTrue(fd >= 0, () -> "the file system of " + directory + " has no O_DIRECT");
        OpenFile file = new OpenFile(KERNEL, path.toString(), (int) fd, FILE_BYTES);
        try (LoopFixture fixture = new LoopFixture(Transport.EPOLL, KERNEL)) {
            AioReader reader = open(fixture, "linux-aio");
            for (int round = 0; round < 3; round++) {
                List<CompletableFuture<Integer>> answers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    int offset = i * BLOCK_BYTES;
                    answers.add(fixture.on(() -> readAligned(fixture, reader, file, offset)));
                }
                for (CompletableFuture<Integer> answer : answers) {
                    assertEquals(BLOCK_BYTES, LoopFixture.await(answer));
                }
            }
            assertTrue(fixture.on(() -> reader.wakeup().eventFd().drain()) > 0, "reads in flight never signal");
            close(fixture, reader, file);
            assertEquals(0, fixture.buffersBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-aio", "direct"})
    void aQueueThatTheSystemHasNoRoomForIsSaidSo(String engine) throws IOException {
        Kernel kernel = FaultyKernel.builder(KERNEL, 1)
                .fail(Syscall.IO_SETUP, Errno.EAGAIN, 1)
                .build();
        try (LoopFixture fixture = new LoopFixture(Transport.EPOLL, kernel)) {
            long before = LoopFixture.descriptors();
            CompletionException e = assertThrows(CompletionException.class, () -> open(fixture, engine));
            String message = String.valueOf(assertInstanceOf(UnsupportedOperationException.class, e.getCause())
                    .getMessage());
            assertTrue(message.contains("fs.aio-max-nr") && message.contains("sysctl -w"), message);
            assertEquals(before, LoopFixture.descriptors());
        }
    }

    /// Back-pressure while it lasts; an error when it lasts for seconds.
    @Test
    void aQueueThatStaysFullEndsTheReads() throws IOException {
        Kernel kernel = FaultyKernel.builder(KERNEL, 1)
                .fail(Syscall.IO_SUBMIT, Errno.EAGAIN, 1)
                .build();
        try (LoopFixture fixture = new LoopFixture(Transport.EPOLL, kernel)) {
            OpenFile file = fixture.open(path);
            AioReader reader = open(fixture, "linux-aio");
            long begin = System.nanoTime();
            CompletableFuture<byte[]> answer = fixture.on(() -> LoopFixture.readFully(reader, file, 0, 100));
            CompletionException e = assertThrows(CompletionException.class, () -> LoopFixture.await(answer));
            assertTrue(String.valueOf(e.getCause()).endsWith("errno " + Errno.EAGAIN), e.toString());
            assertTrue(System.nanoTime() - begin > 1_000_000_000L, "given up at once");
            close(fixture, reader, file);
            assertEquals(0, fixture.buffersBytes());
        }
    }

    private CompletableFuture<Integer> readAligned(LoopFixture fixture, AioReader reader, OpenFile file, int offset) {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        ByteBuf target = fixture.context().allocator().directBuffer(2 * BLOCK_BYTES);
        int beyond = (int) (target.memoryAddress() % BLOCK_BYTES);
        int landAt = beyond == 0 ? 0 : BLOCK_BYTES - beyond;
        target.setIndex(landAt, landAt);
        reader.read(file, offset, BLOCK_BYTES, target, result -> {
            byte[] read = new byte[target.readableBytes()];
            target.readBytes(read);
            target.release();
            if (result == read.length && Arrays.equals(content, offset, offset + read.length, read, 0, read.length)) {
                answer.complete(result);
            } else {
                answer.completeExceptionally(new IllegalStateException("answered " + result + " at " + offset));
            }
        });
        return answer;
    }

    private static AioReader open(LoopFixture fixture, String chosen) {
        ChosenEngine engine = ChosenEngine.parse(chosen);
        return (AioReader)
                fixture.on(() -> ((ReadingEngine) engine.engine()).openReader(fixture.context(), engine.options()));
    }

    private static void close(LoopFixture fixture, FileReader reader, OpenFile file) {
        fixture.on(() -> {
            file.release();
            reader.close();
            reader.close();
            return "closed";
        });
    }
}
