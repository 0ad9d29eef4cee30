package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.FaultyKernel;
import ringside.linux.FfmKernel;
import ringside.linux.FileAdvice;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.OpenFiles;
import ringside.linux.Syscall;

/// What the engines with a queue to the kernel must hold beyond the contract of all engines: lines, alignment,
/// faults.
class QueuedReadersTest {

    private static final Kernel KERNEL = new FfmKernel();
    private static final int FILE_BYTES = (1 << 20) + 4096 + 13;

    @TempDir
    private Path directory;

    private Path path = Path.of("");
    private byte[] content = new byte[0];

    static Stream<Arguments> pairs() {
        return Stream.of(new UringEngine(), new LinuxAioEngine(), new DirectEngine(), new UringDirectEngine())
                .flatMap(engine -> Arrays.stream(Transport.values()).map(transport -> Arguments.of(engine, transport)));
    }

    /// Those whose queue is their own, and is entered by system calls through our kernel.
    static Stream<Arguments> ownQueues() {
        return pairs().filter(pair -> !isRing(pair) || pair.get()[1] != Transport.IO_URING);
    }

    static Stream<Arguments> directPairs() {
        return pairs().filter(pair -> isDirect((ReadingEngine) pair.get()[0]));
    }

    private static boolean isRing(Arguments pair) {
        return pair.get()[0] instanceof UringEngine || pair.get()[0] instanceof UringDirectEngine;
    }

    private static boolean isDirect(ReadingEngine engine) {
        return engine instanceof DirectEngine || engine instanceof UringDirectEngine;
    }

    @BeforeEach
    void writeFile() throws IOException {
        content = new byte[FILE_BYTES];
        new Random(42).nextBytes(content);
        path = directory.resolve("file");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(content));
            file.force(true); // dirty pages can't be evicted
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void randomRangesArriveByteForByte(ReadingEngine engine, Transport transport) throws IOException {
        readMany(engine, transport, KERNEL, "", 400);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aQueueOfOneServesMany(ReadingEngine engine, Transport transport) throws IOException {
        readMany(engine, transport, KERNEL, "queue-depth=1", 200);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everyOffsetWithinABlockIsRight(ReadingEngine engine, Transport transport) throws IOException {
        runnable(engine, transport);
        try (LoopFixture fixture = new LoopFixture(transport, KERNEL)) {
            OpenFile file = fixture.open(path);
            FileReader reader =
                    fixture.on(() -> engine.openReader(fixture.context(), EngineOptions.defaults(engine.spec())));
            for (int offset : new int[] {0, 1, 2, 511, 512, 513, 4095, 4096, 4097, FILE_BYTES - 1, FILE_BYTES}) {
                for (int length : new int[] {1, 2, 511, 512, 513, 4095, 4096, 4097, 65536}) {
                    byte[] read =
                            LoopFixture.await(fixture.on(() -> LoopFixture.readFully(reader, file, offset, length)));
                    int end = Math.min(FILE_BYTES, offset + length);
                    assertArrayEquals(Arrays.copyOfRange(content, offset, end), read, offset + "+" + length);
                }
            }
            close(fixture, reader, file);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void nothingStaysOpenOrAllocated(ReadingEngine engine, Transport transport) throws IOException {
        runnable(engine, transport);
        try (LoopFixture fixture = new LoopFixture(transport, KERNEL)) {
            long before = LoopFixture.descriptors();
            for (int i = 0; i < 3; i++) {
                FileReader reader =
                        fixture.on(() -> engine.openReader(fixture.context(), EngineOptions.defaults(engine.spec())));
                OpenFile file = fixture.open(path);
                LoopFixture.await(fixture.on(() -> LoopFixture.readFully(reader, file, 5, 100_000)));
                assertTrue(LoopFixture.descriptors() > before, "the file, at least, is open");
                close(fixture, reader, file);
            }
            assertEquals(before, LoopFixture.descriptors());
            assertEquals(0, fixture.buffersBytes());
            assertTrue(
                    Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().startsWith("completions of ")),
                    "a watching thread is left");
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aCancelledTransferEndsWhenItsReadDoes(ReadingEngine engine, Transport transport) throws IOException {
        runnable(engine, transport);
        // Registered buffers aren't the allocator's, which counts.
        String plain = engine instanceof UringDirectEngine ? ",registered=off" : "";
        try (LoopFixture fixture = new LoopFixture(transport, KERNEL)) {
            LoopEngine opened = fixture.on(
                    () -> engine.open(fixture.context(), EngineOptions.parse(engine.spec(), "queue-depth=2" + plain)));
            OpenFile file = fixture.open(path);
            evict(file);
            List<CompletableFuture<Integer>> ends = new ArrayList<>();
            long heldAfterCancel = fixture.on(() -> {
                EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
                ChannelHandlerContext ctx = channel.pipeline().firstContext();
                ByteBuf head = Unpooled.buffer().writeInt(7);
                for (int i = 0; i < 8; i++) {
                    CompletableFuture<Integer> end = new CompletableFuture<>();
                    Transfer transfer = opened.newTransfer(ctx, (status, headWritten) -> end.complete(status));
                    transfer.start(head, file, i * 1000L, 200_000);
                    transfer.cancel();
                    assertTrue(!end.isDone(), "ended with its read in flight");
                    ends.add(end);
                }
                head.release();
                return fixture.buffersBytes();
            });
            assertTrue(heldAfterCancel >= 8 * 200_000L, "buffers of reads in flight were released");
            for (CompletableFuture<Integer> end : ends) {
                assertEquals(Transfer.CANCELLED, LoopFixture.await(end));
            }
            fixture.on(() -> {
                file.release();
                opened.close();
                return "closed";
            });
            assertEquals(0, fixture.buffersBytes());
        }
    }

    /// Before Linux 6.1 the kernel doesn't say how O_DIRECT must be aligned.
    @ParameterizedTest
    @MethodSource("directPairs")
    void directReadsWorkWhereTheAlignmentIsUnknown(ReadingEngine engine, Transport transport) throws IOException {
        Kernel kernel = FaultyKernel.builder(KERNEL, 1)
                .fail(Syscall.STATX, Errno.ENOSYS, 1)
                .build();
        readMany(engine, transport, kernel, "", 50);
    }

    @ParameterizedTest
    @MethodSource("directPairs")
    void aFileSystemWithoutDirectReadsSaysSo(ReadingEngine engine, Transport transport) throws IOException {
        runnable(engine, transport);
        try (LoopFixture openable = new LoopFixture(transport, KERNEL);
                LoopFixture fixture = new LoopFixture(
                        transport,
                        FaultyKernel.builder(KERNEL, 1)
                                .fail(Syscall.OPENAT, Errno.EINVAL, 1)
                                .build())) {
            OpenFile file = openable.open(path);
            FileReader reader =
                    fixture.on(() -> engine.openReader(fixture.context(), EngineOptions.defaults(engine.spec())));
            CompletableFuture<Integer> answer = new CompletableFuture<>();
            fixture.on(() -> {
                ByteBuf target = reader.allocate(0, 100);
                reader.read(file, 0, 100, target, answer::complete);
                target.release();
                return "asked";
            });
            assertEquals(-Errno.EINVAL, LoopFixture.await(answer));
            close(fixture, reader, file);
        }
    }

    @ParameterizedTest
    @EnumSource
    void registeredBuffersAreReadIntoAndComeBack(Transport transport) throws IOException {
        ReadingEngine engine = new UringEngine();
        String options = "registered=on,queue-depth=4,chunk-bytes=96k";
        readMany(engine, transport, KERNEL, options, 200);
        try (LoopFixture fixture = new LoopFixture(transport, KERNEL)) {
            OpenFile file = fixture.open(path);
            // Opened twice: the first has to leave the loop's ring as it was.
            for (int round = 0; round < 2; round++) {
                FileReader reader = fixture.on(
                        () -> engine.openReader(fixture.context(), EngineOptions.parse(engine.spec(), options)));
                List<ByteBuf> held = fixture.on(() -> {
                    List<ByteBuf> all = new ArrayList<>();
                    for (int i = 0; i < 5; i++) {
                        all.add(reader.allocate(100, 96 << 10));
                    }
                    return all;
                });
                for (int i = 0; i < 5; i++) {
                    ByteBuf target = held.get(i);
                    int offset = 1000 * i + 1;
                    CompletableFuture<Integer> answer = new CompletableFuture<>();
                    fixture.on(() -> {
                        target.writeZero(100);
                        reader.read(file, offset, 90_000, target, answer::complete);
                        return "asked";
                    });
                    assertEquals(90_000, LoopFixture.await(answer));
                    byte[] read = new byte[90_000];
                    target.getBytes(100, read);
                    assertArrayEquals(Arrays.copyOfRange(content, offset, offset + 90_000), read);
                }
                // Four are registered, the fifth is an ordinary one.
                assertEquals(4, fixture.on(() -> fixedReads(reader)));
                long address = held.getFirst().memoryAddress();
                held.getFirst().release(); // from another thread
                assertEquals(address, fixture.on(() -> {
                    ByteBuf again = reader.allocate(0, 1);
                    long itsAddress = again.memoryAddress();
                    again.release();
                    return itsAddress;
                }));
                fixture.on(() -> {
                    held.subList(1, 5).forEach(ByteBuf::release);
                    reader.close();
                    return "closed";
                });
            }
            fixture.on(() -> {
                file.release();
                return "closed";
            });
            assertEquals(0, fixture.buffersBytes());
        }
    }

    @ParameterizedTest
    @EnumSource
    void buffersThatAreRefusedAreSaidSo(Transport transport) throws IOException {
        Kernel kernel = FaultyKernel.builder(KERNEL, 1)
                .fail(Syscall.IO_URING_REGISTER, Errno.ENOMEM, 1)
                .build();
        ReadingEngine engine = new UringEngine();
        runnable(engine, transport);
        try (LoopFixture fixture = new LoopFixture(transport, kernel)) {
            long before = LoopFixture.descriptors();
            try {
                fixture.on(() ->
                        engine.openReader(fixture.context(), EngineOptions.parse(engine.spec(), "registered=on")));
                fail("opened without the kernel");
            } catch (CompletionException e) {
                assertTrue(e.toString().contains("ENOMEM") && e.toString().contains("ulimit -l"), e.toString());
            }
            assertEquals(before, LoopFixture.descriptors());
        }
    }

    private static long fixedReads(FileReader reader) {
        return reader instanceof LoopRingReader loopRing
                ? loopRing.fixedReads()
                : ((OwnRingReader) reader).fixedReads();
    }

    @ParameterizedTest
    @MethodSource("ownQueues")
    void faultsOfTheKernelCostTimeOnly(ReadingEngine engine, Transport transport) throws IOException {
        for (long seed = 1; seed <= 5; seed++) {
            FaultyKernel kernel = FaultyKernel.builder(KERNEL, seed)
                    .fail(Syscall.IO_URING_ENTER, Errno.EINTR, 0.2)
                    .fail(Syscall.IO_URING_ENTER, Errno.EAGAIN, 0.2)
                    .fail(Syscall.IO_URING_ENTER, Errno.EBUSY, 0.1)
                    .fail(Syscall.IO_SUBMIT, Errno.EAGAIN, 0.3)
                    .fail(Syscall.IO_SUBMIT, Errno.EINTR, 0.2)
                    .fail(Syscall.IO_GETEVENTS, Errno.EINTR, 0.3)
                    .fail(Syscall.READ, Errno.EINTR, 0.3)
                    .build();
            readMany(engine, transport, kernel, "queue-depth=4", 60);
            assertTrue(
                    kernel.injected(Syscall.IO_URING_ENTER) + kernel.injected(Syscall.IO_SUBMIT) > 0,
                    kernel.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("ownQueues")
    void anErrorThatStaysEndsTheReads(ReadingEngine engine, Transport transport) throws IOException {
        runnable(engine, transport);
        FaultyKernel kernel = FaultyKernel.builder(KERNEL, 1)
                .fail(Syscall.IO_URING_ENTER, Errno.EIO, 1)
                .fail(Syscall.IO_SUBMIT, Errno.EIO, 1)
                .build();
        try (LoopFixture fixture = new LoopFixture(transport, kernel)) {
            OpenFile file = fixture.open(path);
            FileReader reader = fixture.on(
                    () -> engine.openReader(fixture.context(), EngineOptions.parse(engine.spec(), "queue-depth=2")));
            List<CompletableFuture<byte[]>> answers = fixture.on(() -> {
                List<CompletableFuture<byte[]>> all = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    all.add(LoopFixture.readFully(reader, file, i, 1000));
                }
                return all;
            });
            for (CompletableFuture<byte[]> answer : answers) {
                try {
                    LoopFixture.await(answer);
                    fail("read without the kernel");
                } catch (CompletionException e) {
                    assertTrue(String.valueOf(e.getCause()).endsWith("errno " + Errno.EIO), e.toString());
                }
            }
            close(fixture, reader, file);
            assertEquals(0, fixture.buffersBytes());
        }
    }

    /// On nio a thread waits for completions by read(2). When that fails for good, reads end with its error, those
    /// under way with their bytes.
    @ParameterizedTest
    @MethodSource("ownQueues")
    void aWatcherThatDiesIsNotMissedInSilence(ReadingEngine engine, Transport transport) throws IOException {
        Assumptions.assumeTrue(transport == Transport.NIO, "only nio has a watcher");
        runnable(engine, transport);
        FaultyKernel kernel =
                FaultyKernel.builder(KERNEL, 1).fail(Syscall.READ, Errno.EIO, 1).build();
        try (LoopFixture fixture = new LoopFixture(transport, kernel)) {
            OpenFile file = fixture.open(path);
            evict(file);
            FileReader reader = fixture.on(
                    () -> engine.openReader(fixture.context(), EngineOptions.parse(engine.spec(), "queue-depth=2")));
            String failed = "errno " + Errno.EIO;
            for (int i = 0; i < 6; i++) {
                int offset = i * 10_000;
                CompletableFuture<byte[]> answer = fixture.on(() -> LoopFixture.readFully(reader, file, offset, 9_000));
                try {
                    assertArrayEquals(Arrays.copyOfRange(content, offset, offset + 9_000), LoopFixture.await(answer));
                } catch (CompletionException e) {
                    assertTrue(String.valueOf(e.getCause()).endsWith(failed), e.toString());
                }
            }
            long deadline = System.nanoTime() + 10_000_000_000L;
            boolean refused = false;
            while (!refused && System.nanoTime() < deadline) {
                refused = fixture.on(() -> LoopFixture.readFully(reader, file, 0, 10))
                        .handle((bytes, error) ->
                                error != null && String.valueOf(error).endsWith(failed))
                        .get(10, java.util.concurrent.TimeUnit.SECONDS);
            }
            assertTrue(refused, "reads go on without a watcher");
            close(fixture, reader, file);
            assertEquals(0, fixture.buffersBytes());
        } catch (java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException
                | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("ownQueues")
    void aRefusedOpeningLeavesNothing(ReadingEngine engine, Transport transport) throws IOException {
        runnable(engine, transport);
        FaultyKernel kernel = FaultyKernel.builder(KERNEL, 1)
                .fail(Syscall.IO_URING_REGISTER, Errno.ENOMEM, 1)
                .fail(
                        Syscall.EVENTFD2,
                        Errno.EMFILE,
                        engine instanceof UringEngine || engine instanceof UringDirectEngine ? 0 : 1)
                .build();
        try (LoopFixture fixture = new LoopFixture(transport, kernel)) {
            long before = LoopFixture.descriptors();
            try {
                fixture.on(() -> engine.openReader(fixture.context(), EngineOptions.defaults(engine.spec())));
                fail("opened without the kernel");
            } catch (CompletionException e) {
                assertTrue(e.getCause() instanceof KernelException, String.valueOf(e.getCause()));
            }
            assertEquals(before, LoopFixture.descriptors());
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aProbeThatIsRefusedSaysWhatHelps(ReadingEngine engine, Transport transport) {
        Assumptions.assumeTrue(transport.probe().isAvailable(), () -> transport.id() + " can't run here");
        for (int errno : new int[] {Errno.EPERM, Errno.ENOSYS, Errno.ENOMEM, Errno.EAGAIN}) {
            Kernel kernel = FaultyKernel.builder(KERNEL, 1)
                    .fail(Syscall.IO_URING_SETUP, errno, 1)
                    .fail(Syscall.IO_SETUP, errno, 1)
                    .build();
            assertTrue(engine.probe(kernel, transport) instanceof Availability.Unavailable);
        }
    }

    private void readMany(ReadingEngine engine, Transport transport, Kernel kernel, String options, int count)
            throws IOException {
        runnable(engine, transport);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (LoopFixture fixture = new LoopFixture(transport, kernel)) {
            OpenFile file = fixture.open(path);
            evict(file);
            FileReader reader =
                    fixture.on(() -> engine.openReader(fixture.context(), EngineOptions.parse(engine.spec(), options)));
            int[] offsets = random.ints(count, 0, FILE_BYTES).toArray();
            int[] lengths = random.ints(count, 1, 100_000).toArray();
            List<CompletableFuture<byte[]>> answers = fixture.on(() -> {
                List<CompletableFuture<byte[]>> all = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    all.add(LoopFixture.readFully(reader, file, offsets[i], lengths[i]));
                }
                return all;
            });
            for (int i = 0; i < count; i++) {
                int end = Math.min(FILE_BYTES, offsets[i] + lengths[i]);
                assertArrayEquals(
                        Arrays.copyOfRange(content, offsets[i], end),
                        LoopFixture.await(answers.get(i)),
                        "seed " + seed + ", " + kernel + ": " + offsets[i] + "+" + lengths[i]);
            }
            close(fixture, reader, file);
            assertEquals(0, fixture.buffersBytes());
        }
    }

    private static void close(LoopFixture fixture, FileReader reader, OpenFile file) {
        fixture.on(() -> {
            file.release();
            reader.close();
            reader.close();
            return "closed";
        });
        // What closing put on the loop.
        fixture.on(() -> "done");
    }

    private void runnable(ReadingEngine engine, Transport transport) {
        if (engine.probe(KERNEL, transport) instanceof Availability.Unavailable(String reason, String remedy)) {
            Assumptions.abort(engine.spec().name() + " on " + transport.id() + ": " + reason + " " + remedy);
        }
        if (isDirect(engine)) {
            OpenFiles files = new OpenFiles(KERNEL);
            long fd = files.tryOpenAt(OpenFiles.AT_FDCWD, path.toString(), OpenFiles.O_RDONLY | OpenFiles.O_DIRECT, 0);
            Assumptions.assumeTrue(fd >= 0, () -> "the file system of " + directory + " has no O_DIRECT");
            long ignored = files.close((int) fd);
        }
    }

    /// So that reads don't complete while they are submitted, or at least not all.
    private static void evict(OpenFile file) {
        FileAdvice.DONTNEED.give(KERNEL, file.fd(), 0, 0);
    }
}
