package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.content.OpenFile;
import ringside.linux.DontCache;
import ringside.linux.Errno;
import ringside.linux.FaultyKernel;
import ringside.linux.FfmKernel;
import ringside.linux.FileAdvice;
import ringside.linux.Kernel;
import ringside.linux.PageResidency;
import ringside.linux.PositionedReads;
import ringside.linux.Residency;
import ringside.linux.Syscall;

/// What the options do to the page cache, and to the calls, in every engine that has them.
@Timeout(60)
class FileReadOptionsTest {

    private static final Kernel KERNEL = new FfmKernel();
    private static final int FILE_BYTES = 1 << 20;

    @TempDir
    private Path directory;

    private Path path = Path.of("");
    private byte[] content = new byte[0];

    static Stream<ReadingEngine> engines() {
        return Engines.ALL.stream()
                .filter(engine -> engine.spec().options().contains(FileReadOptions.FADVISE)
                        && engine.spec().options().contains(FileReadOptions.DONTCACHE))
                .map(ReadingEngine.class::cast)
                .filter(engine -> engine.probe(KERNEL, Transport.NIO).isAvailable());
    }

    /// Keeps what it was advised.
    private record Advised(Kernel kernel, List<Long> given) implements Kernel {
        @Override
        public String name() {
            return "advised";
        }

        @Override
        public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
            if (call == Syscall.FADVISE64) {
                given.add(a3);
            }
            return kernel.call(call, a0, a1, a2, a3, a4, a5);
        }
    }

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

    private static FileReader open(LoopFixture fixture, ReadingEngine engine, String options) {
        return fixture.on(() -> engine.openReader(fixture.context(), EngineOptions.parse(engine.spec(), options)));
    }

    private byte[] readAll(LoopFixture fixture, FileReader reader, OpenFile file) {
        return LoopFixture.await(fixture.on(() -> LoopFixture.readFully(reader, file, 0, FILE_BYTES)));
    }

    private static void end(LoopFixture fixture, FileReader reader, OpenFile file) {
        fixture.on(() -> {
            file.release();
            reader.close();
            return "closed";
        });
        assertEquals(0, fixture.buffersBytes());
    }

    @ParameterizedTest
    @MethodSource("engines")
    void adviceIsGivenOnceForEachOpenFile(ReadingEngine engine) throws IOException {
        for (String words : List.of("normal", "sequential", "random", "noreuse", "willneed")) {
            Advised kernel = new Advised(KERNEL, Collections.synchronizedList(new ArrayList<>()));
            try (LoopFixture fixture = new LoopFixture(Transport.NIO, kernel)) {
                FileReader reader = open(fixture, engine, "fadvise=" + words);
                OpenFile first = fixture.open(path);
                OpenFile second = fixture.open(path);
                for (int i = 0; i < 3; i++) {
                    assertArrayEquals(content, readAll(fixture, reader, first));
                }
                assertArrayEquals(content, readAll(fixture, reader, second));
                long number = FileAdvice.valueOf(words.toUpperCase(java.util.Locale.ROOT))
                        .number();
                assertEquals(words.equals("normal") ? List.of() : List.of(number, number), kernel.given());
                fixture.on(() -> {
                    second.release();
                    return "released";
                });
                end(fixture, reader, first);
            }
        }
    }

    /// Advice is a wish: a file system that doesn't take it serves the file.
    @ParameterizedTest
    @MethodSource("engines")
    void adviceThatIsRefusedIsNoError(ReadingEngine engine) throws IOException {
        Kernel kernel = FaultyKernel.builder(KERNEL, 1)
                .fail(Syscall.FADVISE64, Errno.EINVAL, 1)
                .build();
        try (LoopFixture fixture = new LoopFixture(Transport.NIO, kernel)) {
            FileReader reader = open(fixture, engine, "fadvise=random");
            OpenFile file = fixture.open(path);
            assertArrayEquals(content, readAll(fixture, reader, file));
            end(fixture, reader, file);
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void readsWithDontCacheLeaveNothingInTheCache(ReadingEngine engine) throws IOException {
        assumeTrue(DontCache.probe(KERNEL) == 0, "the kernel has no RWF_DONTCACHE");
        PageResidency residency = new PageResidency(KERNEL);
        try (LoopFixture fixture = new LoopFixture(Transport.NIO, KERNEL)) {
            OpenFile file = fixture.open(path);
            assumeTrue(knowsDontCache(file), "the file system here has no RWF_DONTCACHE");
            for (String dontCache : List.of("off", "on")) {
                FileReader reader = open(fixture, engine, "dontcache=" + dontCache);
                assumeTrue(residency.evict(file.fd()).isProven(), "the file can't be evicted here");
                assertArrayEquals(content, readAll(fixture, reader, file));
                Residency left = residency.measure(file.fd());
                assertTrue(dontCache.equals("on") ? left.isCold() : left.isHot(), dontCache + ": " + left);
                fixture.on(() -> {
                    reader.close();
                    return "closed";
                });
            }
            fixture.on(() -> {
                file.release();
                return "released";
            });
        }
    }

    private static boolean knowsDontCache(OpenFile file) {
        try (var arena = java.lang.foreign.Arena.ofConfined()) {
            long address = arena.allocate(1).address();
            return new PositionedReads(KERNEL, arena).preadv2(file.fd(), address, 1, 0, PositionedReads.RWF_DONTCACHE)
                    == 1;
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aKernelWithoutDontCacheIsSaidSoAtTheOpening(ReadingEngine engine) {
        Kernel kernel = FaultyKernel.builder(KERNEL, 1)
                .fail(Syscall.PREADV2, Errno.EOPNOTSUPP, 1)
                .build();
        try (LoopFixture fixture = new LoopFixture(Transport.NIO, kernel)) {
            CompletionException thrown =
                    assertThrows(CompletionException.class, () -> open(fixture, engine, "dontcache=on"));
            assertTrue(thrown.getCause() instanceof UnsupportedOperationException, thrown.toString());
            assertTrue(thrown.toString().contains("6.14"), thrown.toString());
            String loop = fixture.on(() -> Thread.currentThread().getName());
            assertTrue(Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().endsWith(" of " + loop)));
        }
    }

    /// The kernel knows it, the file system doesn't: an error, never a read that is cached all the same.
    @ParameterizedTest
    @MethodSource("engines")
    void aFileSystemWithoutDontCacheIsAnError(ReadingEngine engine) throws IOException {
        assumeTrue(DontCache.probe(KERNEL) == 0, "the kernel has no RWF_DONTCACHE");
        Path shared = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(shared), "no tmpfs at /dev/shm");
        Path copy = Files.write(Files.createTempFile(shared, "ringside", ".test"), content);
        try (LoopFixture fixture = new LoopFixture(Transport.NIO, KERNEL)) {
            OpenFile file = fixture.open(copy);
            assumeTrue(!knowsDontCache(file), "tmpfs has RWF_DONTCACHE here");
            FileReader reader = open(fixture, engine, "dontcache=on");
            CompletableFuture<Integer> answer = new CompletableFuture<>();
            fixture.on(() -> {
                ByteBuf target = reader.allocate(0, 10);
                reader.read(file, 0, 10, target, result -> {
                    target.release();
                    answer.complete(result);
                });
                return "asked";
            });
            assertEquals(-Errno.EOPNOTSUPP, LoopFixture.await(answer));
            end(fixture, reader, file);
        } finally {
            Files.delete(copy);
        }
    }
}
