package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.content.OpenFile;
import ringside.linux.DontCache;
import ringside.linux.Errno;
import ringside.linux.FaultyKernel;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.PageResidency;
import ringside.linux.Syscall;

/// That what a person asks of the page cache reaches it through a queue too: measured by what the cache holds.
@Timeout(60)
class QueuedReadOptionsTest {

    private static final Kernel KERNEL = new FfmKernel();
    private static final int FILE_BYTES = 1 << 20;
    private static final int READ_BYTES = 64 << 10;

    private final FaultyKernel counting = FaultyKernel.builder(KERNEL, 1)
            .fail(Syscall.FADVISE64, Errno.EIO, 0)
            .build();

    @TempDir
    private Path directory;

    static Stream<Arguments> engines() {
        return Stream.of("linux-aio:", "uring:", "uring:registered=on,", "uring:sqpoll=on,")
                .flatMap(engine -> Arrays.stream(Transport.values()).map(transport -> Arguments.of(engine, transport)));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void pagesThatAreNotToBeCachedAreNot(String engine, Transport transport) throws IOException {
        Assumptions.assumeTrue(DontCache.probe(KERNEL) == 0, "RWF_DONTCACHE needs Linux 6.14");
        assertEquals(READ_BYTES / PageResidency.PAGE_BYTES, pages(engine + "dontcache=off", transport, READ_BYTES));
        // What was read ahead stays until it is read itself.
        assertEquals(0, pages(engine + "dontcache=on", transport, READ_BYTES));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void adviceIsGivenOnceForEachFile(String engine, Transport transport) throws IOException {
        assertTrue(pages(engine + "fadvise=normal", transport, FILE_BYTES) > READ_BYTES / PageResidency.PAGE_BYTES);
        assertEquals(0, counting.calls(Syscall.FADVISE64));
        assertEquals(READ_BYTES / PageResidency.PAGE_BYTES, pages(engine + "fadvise=random", transport, FILE_BYTES));
        assertEquals(1, counting.calls(Syscall.FADVISE64));
    }

    /// @return pages of the first `rangeBytes` in the cache when the first [#READ_BYTES] were read twice
    private long pages(String chosen, Transport transport, int rangeBytes) throws IOException {
        ChosenEngine engine = ChosenEngine.parse(chosen);
        if (engine.engine().probe(KERNEL, transport)
                instanceof Availability.Unavailable(String reason, String remedy)) {
            Assumptions.abort(chosen + " on " + transport.id() + ": " + reason + " " + remedy);
        }
        byte[] content = new byte[FILE_BYTES];
        new Random(1).nextBytes(content);
        Path path = directory.resolve("file");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(content));
            file.force(true);
        }
        PageResidency residency = new PageResidency(KERNEL);
        Assumptions.assumeTrue(
                residency.evict(path.toString()).isProven(), "the file system here keeps its files in memory");
        try (LoopFixture fixture = new LoopFixture(transport, counting)) {
            OpenFile file = fixture.open(path);
            FileReader reader =
                    fixture.on(() -> ((ReadingEngine) engine.engine()).openReader(fixture.context(), engine.options()));
            for (int i = 0; i < 2; i++) {
                assertArrayEquals(
                        Arrays.copyOf(content, READ_BYTES),
                        LoopFixture.await(fixture.on(() -> LoopFixture.readFully(reader, file, 0, READ_BYTES))));
            }
            long pages = residency.measure(file.fd(), 0, rangeBytes).cachedPages();
            fixture.on(() -> {
                reader.close();
                file.release();
                return "closed";
            });
            assertEquals(0, fixture.buffersBytes());
            return pages;
        }
    }
}
