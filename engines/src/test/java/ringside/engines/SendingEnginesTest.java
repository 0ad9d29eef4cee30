package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.OpenFiles;
import ringside.linux.Pipe;
import ringside.linux.Syscall;

/// What engines that put operations on a socket must keep apart: one connection's bytes from another's, buffers that
/// the kernel still sends from, and clients that stall from those that don't.
@Timeout(120)
class SendingEnginesTest {

    private static final int FILE_BYTES = 2 << 20;
    private static final int CLIENTS = 6;
    private static final int REQUESTS = 20;

    @TempDir
    private Path directory;

    private final Kernel kernel = new FfmKernel();
    private final Leaks leaks = new Leaks();

    @BeforeEach
    void rememberDescriptors() throws Exception {
        // What a transport opens once and keeps is open from here on.
        PatternFile file = PatternFile.full(directory.resolve("warm-up"), 10);
        for (Transport transport : Transport.values()) {
            if (transport.probe().isAvailable()) {
                new RangeServer(ChosenEngine.parse("blocking"), transport, kernel, file, 0).close();
            }
        }
        leaks.remember();
    }

    @AfterEach
    void noDescriptorIsLeft() throws IOException {
        leaks.check();
    }

    /// With the least of what they have a few of.
    static Stream<Arguments> scarce() {
        return Stream.of(
                Arguments.of("uring-splice:pipes=1,pipe-bytes=64k", Transport.EPOLL),
                Arguments.of("uring-splice:pipes=2,pipe-bytes=4k", Transport.EPOLL),
                Arguments.of("uring-splice:pipes=1,pipe-bytes=64k,workers=1", Transport.IO_URING),
                Arguments.of("uring-zc:buffers=2,chunk-bytes=64k,zero-copy-threshold=0", Transport.EPOLL),
                Arguments.of("uring-zc:buffers=3,chunk-bytes=4k,zero-copy-threshold=0,registered=off", Transport.EPOLL),
                Arguments.of("uring-zc:buffers=2,chunk-bytes=64k,zero-copy-threshold=0", Transport.IO_URING));
    }

    @ParameterizedTest
    @MethodSource("scarce")
    void alteredOperationsCostTimeAndNotBytes(String chosen, Transport transport) throws Exception {
        ChosenEngine engine = available(chosen, transport);
        PatternFile file = PatternFile.full(directory.resolve("file"), FILE_BYTES);
        for (long seed = 1; seed <= 2; seed++) {
            SendAlteringKernel altering = new SendAlteringKernel(kernel, seed);
            try {
                traffic(engine, transport, altering, file, seed);
            } catch (AssertionError | CompletionException e) {
                throw new AssertionError(altering.toString(), e);
            }
            // The event loop's own ring isn't ours to alter.
            boolean onOurs = transport == Transport.EPOLL || chosen.startsWith("uring-splice");
            assertTrue(!onOurs || altering.wasBusy(chosen.startsWith("uring-splice")), altering.toString());
        }
    }

    /// Completions that the queue has no room for are kept by the kernel and fetched.
    @ParameterizedTest
    @MethodSource("scarce")
    void anOverflownQueueLosesNothing(String chosen, Transport transport) throws Exception {
        assumeTrue(transport == Transport.EPOLL || chosen.startsWith("uring-splice"), "the event loop's own ring");
        ChosenEngine engine = available(chosen, transport);
        PatternFile file = PatternFile.full(directory.resolve("file"), FILE_BYTES);
        int overflows = 0;
        for (long seed = 1; seed <= 3 && overflows == 0; seed++) {
            OverflowingKernel overflowing = new OverflowingKernel(kernel, seed);
            traffic(engine, transport, overflowing, file, seed);
            overflows = overflowing.overflows();
        }
        // A splice runs on a worker, and doesn't complete while the queue looks full.
        assertTrue(overflows > 0 || chosen.startsWith("uring-splice"), "no overflow by any seed");
    }

    @ParameterizedTest
    @MethodSource("scarce")
    void cutTransfersLeaveNothingForOthers(String chosen, Transport transport) throws Exception {
        ChosenEngine engine = available(chosen, transport);
        PatternFile file = PatternFile.full(directory.resolve("file"), FILE_BYTES);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (RangeServer server = new RangeServer(engine, transport, kernel, file, 16 << 10)) {
            for (int i = 0; i < 15; i++) {
                RangeClient cut = server.slowClient();
                int offset = random.nextInt(1000);
                cut.request(offset, FILE_BYTES - offset);
                switch (random.nextInt(3)) {
                    case 0 -> {
                        assertEquals(RangeServer.head(offset, FILE_BYTES - offset), cut.line());
                        cut.body(file, offset, random.nextInt(200_000));
                        cut.reset();
                    }
                    case 1 -> cut.reset();
                    default -> {
                        server.awaitStalled();
                        server.cancelAll();
                        cut.close();
                    }
                }
                try (RangeClient next = server.client()) {
                    int from = random.nextInt(FILE_BYTES / 2);
                    next.request(from, 300_000);
                    next.expect(file, from, 300_000);
                }
            }
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    @ParameterizedTest
    @MethodSource("scarce")
    void clientsThatStallKeepNobodyWaiting(String chosen, Transport transport) throws Exception {
        ChosenEngine engine = available(chosen, transport);
        PatternFile file = PatternFile.full(directory.resolve("file"), FILE_BYTES);
        try (RangeServer server = new RangeServer(engine, transport, kernel, file, 16 << 10)) {
            List<RangeClient> stalled = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                RangeClient slow = server.slowClient();
                // The second answer's head waits in a full socket, too.
                slow.request(i, 20_000L + i);
                slow.request(i, FILE_BYTES - i);
                stalled.add(slow);
                server.awaitStalled();
            }
            try (RangeClient other = server.client()) {
                for (int i = 0; i < 5; i++) {
                    other.request(i, 400_000);
                    other.expect(file, i, 400_000);
                }
            }
            for (int i = 4; i >= 0; i--) {
                try (RangeClient slow = stalled.get(i)) {
                    slow.expect(file, i, 20_000L + i);
                    slow.expect(file, i, FILE_BYTES - i);
                }
            }
        }
    }

    /// Clients that ask, abort and come again on new connections, whose descriptors get the numbers of the old ones.
    private static void traffic(ChosenEngine engine, Transport transport, Kernel kernel, PatternFile file, long seed)
            throws Exception {
        try (RangeServer server = new RangeServer(engine, transport, kernel, file, 64 << 10);
                var threads = Executors.newFixedThreadPool(CLIENTS)) {
            List<CompletableFuture<String>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(seed * 31 + i);
                clients.add(CompletableFuture.supplyAsync(() -> quietly(() -> ask(server, file, random)), threads));
            }
            for (CompletableFuture<String> client : clients) {
                assertEquals("served", client.join());
            }
        }
    }

    private static String ask(RangeServer server, PatternFile file, Random random) throws Exception {
        for (int i = 0; i < REQUESTS; i++) {
            RangeClient client = random.nextBoolean() ? server.client() : server.slowClient();
            int offset = random.nextInt(FILE_BYTES / 2);
            int length = random.nextInt(random.nextBoolean() ? 5000 : 400_000);
            client.request(offset, length);
            if (random.nextInt(4) == 0) {
                client.reset();
                continue;
            }
            client.request(7, 3000);
            client.expect(file, offset, length);
            client.expect(file, 7, 3000);
            client.close();
        }
        return "served";
    }

    private static <T> T quietly(Callable<T> work) {
        try {
            return work.call();
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void aKernelThatGivesNoMorePipesIsCopedWith() throws Exception {
        ChosenEngine engine = available("uring-splice:pipes=8", Transport.EPOLL);
        PatternFile file = PatternFile.full(directory.resolve("file"), FILE_BYTES);
        int[] made = {0};
        Kernel stingy = refusing(Syscall.PIPE2, Errno.EMFILE, () -> ++made[0] > 1);
        traffic(engine, Transport.EPOLL, stingy, file, 5);
        assertTrue(made[0] > 1, made[0] + " pipes");
    }

    @Test
    void aPipeThatCannotBeSoLargeIsRefusedAtTheStart() {
        ChosenEngine engine = available("uring-splice", Transport.EPOLL);
        Kernel refusing = new RefusingKernel(kernel);
        try (LoopFixture fixture = new LoopFixture(Transport.EPOLL, refusing)) {
            CompletionException failed = assertThrows(
                    CompletionException.class,
                    () -> fixture.on(() -> engine.engine().open(fixture.context(), engine.options())));
            assertTrue(failed.getCause() instanceof KernelException, failed.toString());
            assertTrue(failed.toString().contains("/proc/sys/fs/pipe-max-size"), failed.toString());
        }
    }

    /// Buffers that were handed to the socket stay the kernel's until it says so; on loopback it copies when the packet
    /// leaves, and what the peer has no room for doesn't leave.
    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "IO_URING"})
    void aBufferIsInStockAfterItsNotification(Transport transport) throws Exception {
        available("uring-zc", transport);
        PatternFile file = PatternFile.full(directory.resolve("file"), FILE_BYTES);
        try (Sent sent = new Sent(transport, file, new ZeroCopyLoop.Settings(32 << 10, 8, 6, 0, true))) {
            sent.start(5, 160_000);
            RangeServer.await(() -> sent.statuses().equals(List.of(Transfer.DONE)), "the socket has taken all");
            long held = sent.loop(ZeroCopyLoop::kernelHolds);
            assertTrue(held > 0, "the kernel holds nothing, though the client has no room");
            assertEquals(8 - held, sent.loop(ZeroCopyLoop::inStock));
            assertEquals(160_000, sent.client.body(file, 5, 160_000));
            RangeServer.await(() -> sent.loop(ZeroCopyLoop::inStock) == 8, "all buffers are in stock again");
            assertEquals(0, sent.loop(ZeroCopyLoop::kernelHolds));
            long zeroCopies = sent.loop(loop -> loop.counts.zeroCopySends);
            assertTrue(zeroCopies >= 5, zeroCopies + " SEND_ZCs");
            assertEquals(zeroCopies, sent.loop(loop -> loop.counts.copied), "copied, since it is loopback");
            assertEquals(zeroCopies, sent.loop(loop -> loop.counts().getOrDefault("zero-copy sends that copied", -1L)));
        }
    }

    @Test
    void memoryThatTheKernelSendsFromOutlivesTheEngine() throws Exception {
        available("uring-zc", Transport.IO_URING);
        PatternFile file = PatternFile.full(directory.resolve("file"), FILE_BYTES);
        try (Sent sent = new Sent(Transport.IO_URING, file, new ZeroCopyLoop.Settings(32 << 10, 8, 6, 0, true))) {
            sent.start(0, 160_000);
            RangeServer.await(() -> sent.statuses().equals(List.of(Transfer.DONE)), "the socket has taken all");
            assertTrue(sent.loop(ZeroCopyLoop::kernelHolds) > 0);
            int lingering = ZeroCopyLoop.lingering();
            sent.server.onLoop(() -> {
                sent.zeroCopy.close();
                return "closed";
            });
            assertEquals(lingering + 1, ZeroCopyLoop.lingering());
            assertEquals(160_000, sent.client.body(file, 0, 160_000));
            RangeServer.await(() -> ZeroCopyLoop.lingering() == lingering, "the kernel is done with the memory");
        }
    }

    @Test
    void belowTheThresholdSendsArePlain() throws Exception {
        available("uring-zc", Transport.EPOLL);
        PatternFile file = PatternFile.full(directory.resolve("file"), FILE_BYTES);
        ZeroCopyLoop.Settings settings = new ZeroCopyLoop.Settings(32 << 10, 8, 6, 20_000, false);
        try (Sent sent = new Sent(Transport.EPOLL, file, settings)) {
            sent.start(0, 19_999);
            assertEquals(19_999, sent.client.body(file, 0, 19_999));
            assertEquals(0, sent.loop(loop -> loop.counts.zeroCopySends));
            assertEquals(1, sent.loop(loop -> loop.counts.plainSends));
            sent.start(0, 20_000);
            assertEquals(20_000, sent.client.body(file, 0, 20_000));
            assertEquals(1, sent.loop(loop -> loop.counts.zeroCopySends));
            assertEquals(0, sent.loop(loop -> loop.counts.fixedReads));
        }
    }

    private ChosenEngine available(String chosen, Transport transport) {
        ChosenEngine engine = ChosenEngine.parse(chosen);
        Availability found = engine.engine().probe(kernel, transport);
        assumeTrue(found.isAvailable(), found::toString);
        return engine;
    }

    private Kernel refusing(Syscall refused, int errno, BooleanSupplier when) {
        return new Kernel() {
            @Override
            public String name() {
                return "refusing";
            }

            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                return call == refused && when.getAsBoolean() ? -errno : kernel.call(call, a0, a1, a2, a3, a4, a5);
            }
        };
    }

    /// As for a user whose pipes may not be so large.
    private record RefusingKernel(Kernel beneath) implements Kernel {
        @Override
        public String name() {
            return "refusing";
        }

        @Override
        public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
            return call == Syscall.FCNTL && a1 == Pipe.F_SETPIPE_SZ
                    ? -Errno.EPERM
                    : beneath.call(call, a0, a1, a2, a3, a4, a5);
        }
    }

    /// A loop's zero-copy engine in our hands, and a slow client of it.
    private static final class Sent implements AutoCloseable {

        final RangeServer server;
        final RangeClient client;
        final ZeroCopyLoop zeroCopy;
        private final OpenFile file;
        private final Transfer transfer;
        private final List<Integer> statuses = new ArrayList<>();

        Sent(Transport transport, PatternFile pattern, ZeroCopyLoop.Settings settings) throws Exception {
            FfmKernel kernel = new FfmKernel();
            server = new RangeServer(ChosenEngine.parse("blocking"), transport, kernel, pattern, 0);
            client = server.slowClient();
            client.request(0, 1);
            client.expect(pattern, 0, 1);
            Channel connection = server.connection();
            ChannelHandlerContext ctx = connection.pipeline().lastContext();
            int fd = new OpenFiles(kernel).open(pattern.path().toString(), OpenFiles.O_RDONLY);
            file = new OpenFile(kernel, pattern.path().toString(), fd, pattern.lengthBytes());
            zeroCopy = server.onLoop(() -> new ZeroCopyLoop(
                    new LoopContext((IoEventLoop) connection.eventLoop(), transport, kernel, ctx.alloc()), settings));
            transfer = server.onLoop(() -> zeroCopy.newTransfer(ctx, (status, headWritten) -> statuses.add(status)));
        }

        void start(long offset, long lengthBytes) throws Exception {
            server.onLoop(() -> {
                ByteBuf none = Unpooled.EMPTY_BUFFER;
                transfer.start(none, file, offset, lengthBytes);
                return "started";
            });
        }

        List<Integer> statuses() {
            return quietly(() -> server.onLoop(() -> List.copyOf(statuses)));
        }

        long loop(ToLongFunction<ZeroCopyLoop> question) {
            return quietly(() -> server.onLoop(() -> question.applyAsLong(zeroCopy)));
        }

        @Override
        public void close() {
            quietly(() -> {
                client.close();
                return "closed";
            });
            RangeServer.await(() -> quietly(() -> !server.connection().isOpen()), "the connection has ended");
            quietly(() -> server.onLoop(() -> {
                file.release();
                zeroCopy.close();
                return "closed";
            }));
            server.close();
        }
    }
}
