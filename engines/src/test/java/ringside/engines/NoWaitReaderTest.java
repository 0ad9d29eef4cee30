package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.FaultyKernel;
import ringside.linux.FfmKernel;
import ringside.linux.FileAdvice;
import ringside.linux.Kernel;
import ringside.linux.PageResidency;
import ringside.linux.PositionedReads;
import ringside.linux.Syscall;

/// Hits stay on the loop, misses go to the pool: with pages that are proven to be in the page cache or out of it.
@Timeout(60)
class NoWaitReaderTest {

    private static final Kernel KERNEL = new FfmKernel();
    private static final int FILE_BYTES = 1 << 20;

    @TempDir
    private Path directory;

    private Path path = Path.of("");
    private byte[] content = new byte[0];

    @BeforeEach
    void writeFile() throws IOException {
        content = new byte[FILE_BYTES];
        new Random(42).nextBytes(content);
        path = directory.resolve("file");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(content));
            file.force(true);
        }
    }

    private static NoWaitReader open(LoopFixture fixture) {
        ChosenEngine engine = ChosenEngine.parse("nowait");
        return (NoWaitReader)
                fixture.on(() -> ((ReadingEngine) engine.engine()).openReader(fixture.context(), engine.options()));
    }

    private static List<Long> counts(LoopFixture fixture, NoWaitReader reader) {
        return fixture.on(() -> List.of(reader.hits(), reader.misses(), reader.refusals()));
    }

    private void read(LoopFixture fixture, FileReader reader, OpenFile file, int offset, int lengthBytes) {
        assertArrayEquals(
                Arrays.copyOfRange(content, offset, offset + lengthBytes),
                LoopFixture.await(fixture.on(() -> LoopFixture.readFully(reader, file, offset, lengthBytes))));
    }

    private static void end(LoopFixture fixture, FileReader reader, OpenFile file) {
        fixture.on(() -> {
            file.release();
            reader.close();
            reader.close();
            return "closed";
        });
        assertEquals(0, fixture.buffersBytes());
    }

    @ParameterizedTest
    @EnumSource
    void whatIsCachedIsReadOnTheLoopAndNothingElse(Transport transport) throws IOException {
        PageResidency residency = new PageResidency(KERNEL);
        try (LoopFixture fixture = new LoopFixture(transport, KERNEL)) {
            OpenFile file = fixture.open(path);
            NoWaitReader reader = open(fixture);
            missOnce(fixture, reader, file);
            residency.warm(file.fd());
            List<Long> before = counts(fixture, reader);
            for (int i = 0; i < 10; i++) {
                read(fixture, reader, file, i * 1000, 100_000);
            }
            List<Long> after = counts(fixture, reader);
            assertEquals(List.of(before.get(0) + 10, before.get(1), 0L), after);
            missOnce(fixture, reader, file);
            end(fixture, reader, file);
        }
    }

    /// Evicts the file and reads it. The kernel starts to read what is missing before it says so (Linux 5.9): a
    /// thread that is held up just then finds it there, and there is no miss. Not five times in a row.
    private void missOnce(LoopFixture fixture, NoWaitReader reader, OpenFile file) {
        PageResidency residency = new PageResidency(KERNEL);
        long before = counts(fixture, reader).get(1);
        long now = before;
        for (int i = 0; i < 5 && now == before; i++) {
            assumeTrue(residency.evict(file.fd()).isProven(), "the file can't be evicted here");
            read(fixture, reader, file, 0, 100_000);
            assumeTrue(counts(fixture, reader).get(2) == 0, "the file system here has no RWF_NOWAIT");
            now = counts(fixture, reader).get(1);
        }
        assertTrue(now > before, "a file that isn't cached was never a miss");
    }

    /// The beginning is cached: a short hit.
    @Test
    void aPartialHitIsShort() throws IOException {
        PageResidency residency = new PageResidency(KERNEL);
        try (LoopFixture fixture = new LoopFixture(Transport.NIO, KERNEL)) {
            OpenFile file = fixture.open(path);
            NoWaitReader reader = open(fixture);
            assertEquals(0, FileAdvice.RANDOM.give(KERNEL, file.fd(), 0, 0)); // else the kernel reads ahead
            assumeTrue(residency.evict(file.fd()).isProven(), "the file can't be evicted here");
            read(fixture, reader, file, 0, 8192);
            assumeTrue(counts(fixture, reader).get(2) == 0, "the file system here has no RWF_NOWAIT");
            long cachedPages = residency.measure(file.fd()).cachedPages();
            assumeTrue(cachedPages == 2, cachedPages + " pages came in with two: read-ahead can't be turned off here");
            long hits = counts(fixture, reader).getFirst();
            CompletableFuture<Integer> answer = new CompletableFuture<>();
            fixture.on(() -> {
                ByteBuf target = reader.allocate(0, 100_000);
                reader.read(file, 0, 100_000, target, result -> {
                    target.release();
                    answer.complete(result);
                });
                return "asked";
            });
            assertEquals(8192, LoopFixture.await(answer));
            assertEquals(hits + 1, counts(fixture, reader).getFirst());
            end(fixture, reader, file);
        }
    }

    /// Asked once a file, and never wrong.
    @Test
    void aFileSystemThatCannotTellIsAskedOnce() throws IOException {
        FaultyKernel kernel = FaultyKernel.builder(KERNEL, 1)
                .fail(Syscall.PREADV2, Errno.EOPNOTSUPP, 1)
                .build();
        try (LoopFixture fixture = new LoopFixture(Transport.NIO, kernel)) {
            OpenFile file = fixture.open(path);
            OpenFile other = fixture.open(path);
            NoWaitReader reader = open(fixture);
            for (int i = 0; i < 5; i++) {
                read(fixture, reader, file, i, 50_000);
                read(fixture, reader, other, i, 50_000);
            }
            assertEquals(2, kernel.calls(Syscall.PREADV2));
            assertEquals(List.of(0L, 0L, 2L), counts(fixture, reader));
            fixture.on(() -> {
                other.release();
                return "released";
            });
            end(fixture, reader, file);
        }
    }

    @Test
    void tmpfsIsReadByThePool() throws IOException {
        Path shared = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(shared), "no tmpfs at /dev/shm");
        Path copy = Files.write(Files.createTempFile(shared, "ringside", ".test"), content);
        try (LoopFixture fixture = new LoopFixture(Transport.NIO, KERNEL)) {
            OpenFile file = fixture.open(copy);
            NoWaitReader reader = open(fixture);
            read(fixture, reader, file, 0, FILE_BYTES);
            read(fixture, reader, file, 77, 77);
            List<Long> counts = counts(fixture, reader);
            assertTrue(counts.get(2) == 1 || counts.get(0) == 2, "hits, misses, refusals: " + counts);
            end(fixture, reader, file);
        } finally {
            Files.delete(copy);
        }
    }

    @Test
    void theProbeAsksTheKernel() {
        Engine engine = new NowaitEngine();
        Kernel without = FaultyKernel.builder(KERNEL, 1)
                .fail(Syscall.PREADV2, Errno.ENOSYS, 1)
                .build();
        assertTrue(
                engine.probe(without, Transport.NIO) instanceof Availability.Unavailable(String reason, String remedy)
                        && reason.contains("ENOSYS")
                        && remedy.contains("offload"));
        assumeTrue(
                engine.probe(KERNEL, Transport.NIO).isAvailable(),
                "RWF_NOWAIT, flag " + PositionedReads.RWF_NOWAIT + ", isn't to be had here");
    }
}
