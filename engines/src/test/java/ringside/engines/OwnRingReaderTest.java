package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.content.OpenFile;
import ringside.linux.FfmKernel;
import ringside.linux.FileAdvice;
import ringside.linux.IoUringAbi;
import ringside.linux.Kernel;

/// When the ring wakes the loop: never for what the loop reaps anyway, always for the rest.
@Timeout(60)
class OwnRingReaderTest {

    private static final Kernel KERNEL = new FfmKernel();
    private static final int FILE_BYTES = 4 << 20;
    private static final int READS = 3_000;

    @TempDir
    private Path directory;

    private Path path = Path.of("");
    private byte[] content = new byte[0];

    @BeforeEach
    void writeFile() throws IOException {
        Availability available = new UringEngine().probe(KERNEL, Transport.NIO);
        Assumptions.assumeTrue(available.isAvailable(), available::toString);
        content = new byte[FILE_BYTES];
        new Random(7).nextBytes(content);
        path = directory.resolve("file");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(content));
            file.force(true); // dirty pages can't be evicted
        }
    }

    /// On epoll nobody reads the counter, so that it tells how often the ring signalled.
    @Test
    void readsThatTheCacheServesWakeNobody() throws IOException {
        try (LoopFixture fixture = new LoopFixture(Transport.EPOLL, KERNEL)) {
            OpenFile file = fixture.open(path);
            OwnRingReader reader = fixture.on(() -> open(fixture, OwnRing.plain(8)));
            for (int i = 0; i < 200; i++) {
                int offset = i * 4096;
                CompletableFuture<byte[]> first = fixture.on(() -> LoopFixture.readFully(reader, file, offset, 20_000));
                assertArrayEquals(Arrays.copyOfRange(content, offset, offset + 20_000), LoopFixture.await(first));
            }
            assertEquals(0, fixture.on(() -> reader.wakeup().eventFd().drain()));
            close(fixture, reader, file);
        }
    }

    /// A few reads at a time, a part of them not cached, each line starting its next read from its completion: a
    /// wake-up that gets lost stops a line for good when the others have ended.
    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void noWakeUpGetsLost(Transport transport) throws IOException {
        long seed = System.nanoTime();
        try (LoopFixture fixture = new LoopFixture(transport, KERNEL)) {
            OpenFile file = fixture.open(path);
            for (int lines : new int[] {1, 2, 8}) {
                OwnRingReader reader = fixture.on(() -> open(fixture, OwnRing.plain(4)));
                CompletableFuture<?>[] ends = new CompletableFuture<?>[lines];
                for (int i = 0; i < lines; i++) {
                    Line line = new Line(reader, file, new Random(seed + i), READS / lines);
                    ends[i] = line.end;
                    fixture.on(() -> {
                        line.next();
                        return "started";
                    });
                }
                for (CompletableFuture<?> end : ends) {
                    LoopFixture.await(end);
                }
                // On nio the watcher has read the counter.
                long signals = transport == Transport.EPOLL
                        ? fixture.on(() -> reader.wakeup().eventFd().drain())
                        : 1;
                Assumptions.assumeTrue(signals > 0, "evicting has no effect here: every read was inline");
                fixture.on(() -> {
                    reader.close();
                    return "closed";
                });
            }
            fixture.on(() -> {
                file.release();
                return "closed";
            });
            assertEquals(0, fixture.buffersBytes());
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /// Completions that the queue has no room for are kept by the kernel and fetched by the reader: each read is
    /// told, once, with its own bytes.
    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void anOverflownQueueLosesNothing(Transport transport) throws IOException {
        int overflows = 0;
        for (long seed = 1; seed <= 3; seed++) {
            OverflowingKernel kernel = new OverflowingKernel(KERNEL, seed);
            try (LoopFixture fixture = new LoopFixture(transport, kernel)) {
                OpenFile file = fixture.open(path);
                OwnRingReader reader = fixture.on(() -> open(fixture, OwnRing.plain(4)));
                Assumptions.assumeTrue(
                        reader.ring().setup().has(IoUringAbi.IORING_SETUP_DEFER_TASKRUN), "needs Linux 6.1");
                CompletableFuture<?>[] ends = new CompletableFuture<?>[6];
                for (int i = 0; i < ends.length; i++) {
                    Line line = new Line(reader, file, new Random(seed + i), 300);
                    ends[i] = line.end;
                    fixture.on(() -> {
                        line.next();
                        return "started";
                    });
                }
                for (CompletableFuture<?> end : ends) {
                    LoopFixture.await(end);
                }
                overflows += fixture.on(kernel::overflows);
                assertEquals(6 * 300L, fixture.on(() -> reader.ring().completed()), "seed " + seed);
                assertEquals(0, fixture.on(() -> reader.ring().lostCompletions()));
                close(fixture, reader, file);
                assertEquals(0, fixture.buffersBytes());
            }
        }
        // A read that has to wait for the device doesn't complete while the queue looks full.
        assertTrue(overflows > 0, "no overflow by any seed");
    }

    private final class Line {

        private final CompletableFuture<String> end = new CompletableFuture<>();
        private final OwnRingReader reader;
        private final OpenFile file;
        private final Random random;
        private int left;

        Line(OwnRingReader reader, OpenFile file, Random random, int reads) {
            this.reader = reader;
            this.file = file;
            this.random = random;
            this.left = reads;
        }

        void next() {
            if (left-- == 0) {
                end.complete("all read");
                return;
            }
            int offset = random.nextInt(FILE_BYTES - 16_384);
            int length = 1 + random.nextInt(16_384);
            if (random.nextInt(4) == 0) {
                // The whole file: a folio can be large, and one that is covered in part stays.
                FileAdvice.DONTNEED.give(KERNEL, file.fd(), 0, 0);
            }
            ByteBuf target = reader.allocate(0, length);
            reader.read(file, offset, length, target, result -> {
                byte[] read = new byte[target.readableBytes()];
                target.readBytes(read);
                target.release();
                if (result > 0 && Arrays.equals(content, offset, offset + result, read, 0, read.length)) {
                    next();
                } else {
                    end.completeExceptionally(new IllegalStateException("answered " + result + " at " + offset));
                }
            });
        }
    }

    private static OwnRingReader open(LoopFixture fixture, OwnRing kind) {
        FileReadOptions options = FileReadOptions.of(KERNEL, EngineOptions.defaults(new UringEngine().spec()));
        return OwnRingReader.open(fixture.context(), new BufferedAccess(options), kind, null);
    }

    private static void close(LoopFixture fixture, FileReader reader, OpenFile file) {
        fixture.on(() -> {
            file.release();
            reader.close();
            return "closed";
        });
    }
}
