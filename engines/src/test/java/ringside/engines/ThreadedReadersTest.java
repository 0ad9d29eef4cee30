package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.FaultyKernel;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// What engines that read on other threads must hold beyond the contract of all engines: bounds, batches, and a
/// close that leaves nothing behind whatever is under way.
@Timeout(60)
class ThreadedReadersTest {

    private static final Kernel KERNEL = new FfmKernel();
    private static final int FILE_BYTES = 500_003;

    @TempDir
    private Path directory;

    private Path path = Path.of("");
    private byte[] content = new byte[0];

    static Stream<Arguments> pairs() {
        return Stream.of("offload:pool-threads=2,queue-depth=4", "virtual:queue-depth=4")
                .flatMap(engine -> Arrays.stream(Transport.values()).map(transport -> Arguments.of(engine, transport)));
    }

    @BeforeEach
    void writeFile() throws IOException {
        content = new byte[FILE_BYTES];
        new Random(42).nextBytes(content);
        path = Files.write(directory.resolve("file"), content);
    }

    private static FileReader open(LoopFixture fixture, String chosen) {
        ChosenEngine engine = ChosenEngine.parse(chosen);
        return fixture.on(() -> ((ReadingEngine) engine.engine()).openReader(fixture.context(), engine.options()));
    }

    /// Twelve reads for two threads and four slots: the rest waits, and nobody is refused.
    @ParameterizedTest
    @MethodSource("pairs")
    void aFullQueueIsWaitedFor(String engine, Transport transport) throws IOException {
        GateKernel gate = new GateKernel(KERNEL, Syscall.PREAD64);
        try (LoopFixture fixture = new LoopFixture(transport, gate)) {
            OpenFile file = fixture.open(path);
            FileReader reader = open(fixture, engine);
            List<CompletableFuture<byte[]>> answers = fixture.on(() -> {
                List<CompletableFuture<byte[]>> asked = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    asked.add(LoopFixture.readFully(reader, file, 1000L * i, 30_000));
                }
                return asked;
            });
            await(() -> gate.waiting() > 0, "a read is under way");
            assertEquals(8, fixture.on(() -> waiting(reader)));
            if (reader instanceof PoolReader pool) {
                await(() -> gate.waiting() == 2, "both threads read");
                assertEquals(2, fixture.on(pool::handed));
            }
            assertTrue(answers.stream().noneMatch(CompletableFuture::isDone));
            gate.open();
            for (int i = 0; i < 12; i++) {
                assertArrayEquals(
                        Arrays.copyOfRange(content, 1000 * i, 1000 * i + 30_000), LoopFixture.await(answers.get(i)));
            }
            end(fixture, reader, file);
        }
    }

    /// Closing may find reads under way only by a mistake of the caller; still each is told, once, and nothing of
    /// the kernel's lands in memory that has been given back.
    @ParameterizedTest
    @MethodSource("pairs")
    void closingEndsWhatIsQueuedAndWaitsForWhatIsUnderWay(String engine, Transport transport) throws IOException {
        GateKernel gate = new GateKernel(KERNEL, Syscall.PREAD64);
        try (LoopFixture fixture = new LoopFixture(transport, gate)) {
            OpenFile file = fixture.open(path);
            FileReader reader = open(fixture, engine);
            List<Integer> results = Collections.synchronizedList(new ArrayList<>());
            List<ByteBuf> targets = fixture.on(() -> {
                List<ByteBuf> all = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    ByteBuf target = reader.allocate(0, 1000);
                    all.add(target);
                    reader.read(file, 7, 1000, target, results::add);
                }
                return all;
            });
            await(() -> gate.waiting() > 0, "a read is under way");
            Thread opener = Thread.ofPlatform().start(() -> {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20)); // so that close, most often, has to wait
                gate.open();
            });
            fixture.on(() -> {
                reader.close();
                reader.close();
                return "closed";
            });
            assertEquals(12, results.size());
            long read = results.stream().filter(result -> result == 1000).count();
            assertTrue(read >= 1 && read <= 4, results.toString());
            assertEquals(12 - read, Collections.frequency(results, -Errno.ECANCELED), results.toString());
            for (ByteBuf target : targets) {
                if (target.isReadable()) {
                    byte[] bytes = new byte[1000];
                    target.readBytes(bytes);
                    assertArrayEquals(Arrays.copyOfRange(content, 7, 1007), bytes);
                }
            }
            fixture.on(() -> {
                ByteBuf late = reader.allocate(0, 10);
                reader.read(file, 0, 10, late, results::add);
                late.release();
                targets.forEach(ByteBuf::release);
                return "released";
            });
            assertEquals(-Errno.ECANCELED, results.getLast());
            end(fixture, reader, file);
            opener.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// While the loop is busy, results gather, and come by one turn.
    @Test
    void resultsComeInBatches() throws IOException {
        try (LoopFixture fixture = new LoopFixture(Transport.NIO, KERNEL)) {
            OpenFile file = fixture.open(path);
            PoolReader reader = (PoolReader) open(fixture, "offload:pool-threads=2");
            List<Integer> results = Collections.synchronizedList(new ArrayList<>());
            ByteBuf target = fixture.on(() -> {
                ByteBuf all = reader.allocate(0, 50 * 10);
                for (int i = 0; i < 50; i++) {
                    reader.read(file, 0, 10, all.slice(10 * i, 10).writerIndex(0), results::add);
                }
                await(() -> reader.handed() == 0, "the threads took them");
                return all;
            });
            await(() -> results.size() == 50, "all are told");
            assertEquals(50, Collections.frequency(results, 10));
            // The last ones taken may still have been read when the loop was free again.
            assertTrue(fixture.on(reader::batches) <= 3, fixture.on(reader::batches) + " batches for 50 reads");
            fixture.on(() -> target.release());
            end(fixture, reader, file);
        }
    }

    /// A completion that throws doesn't take the rest of its batch along.
    @Test
    void whatACompletionThrowsIsItsOwn() throws IOException {
        try (LoopFixture fixture = new LoopFixture(Transport.NIO, KERNEL)) {
            OpenFile file = fixture.open(path);
            PoolReader reader = (PoolReader) open(fixture, "offload:pool-threads=1");
            List<Integer> results = Collections.synchronizedList(new ArrayList<>());
            ByteBuf target = fixture.on(() -> {
                ByteBuf all = reader.allocate(0, 20 * 10);
                for (int i = 0; i < 20; i++) {
                    boolean throwing = i == 3;
                    reader.read(file, 0, 10, all.slice(10 * i, 10).writerIndex(0), result -> {
                        results.add(result);
                        if (throwing) {
                            throw new IllegalStateException("thrown on purpose, by a test");
                        }
                    });
                }
                await(() -> reader.handed() == 0, "the thread took them");
                return all;
            });
            await(() -> results.size() == 20, "all are told");
            fixture.on(() -> target.release());
            end(fixture, reader, file);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void interruptionsForEverEndInAnError(String engine, Transport transport) throws IOException {
        Kernel kernel = FaultyKernel.builder(KERNEL, 1)
                .fail(Syscall.PREAD64, Errno.EINTR, 1)
                .build();
        try (LoopFixture fixture = new LoopFixture(transport, kernel)) {
            OpenFile file = fixture.open(path);
            FileReader reader = open(fixture, engine);
            CompletableFuture<Integer> answer = new CompletableFuture<>();
            fixture.on(() -> {
                ByteBuf target = reader.allocate(0, 10);
                reader.read(file, 0, 10, target, result -> {
                    target.release();
                    answer.complete(result);
                });
                return "asked";
            });
            assertEquals(-Errno.EINTR, LoopFixture.await(answer));
            end(fixture, reader, file);
        }
    }

    @Test
    void threadsAreNamedAfterEngineAndLoop() throws IOException {
        try (LoopFixture fixture = new LoopFixture(Transport.NIO, KERNEL)) {
            OpenFile file = fixture.open(path);
            String loop = fixture.on(() -> Thread.currentThread().getName());
            FileReader reader = open(fixture, "offload:pool-threads=3");
            assertEquals(
                    List.of("offload 0 of " + loop, "offload 1 of " + loop, "offload 2 of " + loop), threadsOf(loop));
            end(fixture, reader, file);
            assertEquals(List.of(), threadsOf(loop));
        }
    }

    private static List<String> threadsOf(String loop) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.endsWith(" of " + loop))
                .sorted()
                .toList();
    }

    private static int waiting(FileReader reader) {
        return reader instanceof PoolReader pool ? pool.waiting() : ((VirtualReader) reader).waiting();
    }

    private static void end(LoopFixture fixture, FileReader reader, OpenFile file) {
        fixture.on(() -> {
            reader.close();
            file.release();
            return "closed";
        });
        assertEquals(0, fixture.buffersBytes());
        assertEquals(
                List.of(), threadsOf(fixture.on(() -> Thread.currentThread().getName())));
    }

    private static void await(java.util.function.BooleanSupplier condition, String what) {
        RangeServer.await(condition, what);
    }
}
