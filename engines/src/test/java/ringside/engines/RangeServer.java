package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import ringside.content.OpenFile;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.OpenFiles;

/// One event loop on loopback that serves ranges of one file through an engine: `5 100\n` asks for 100 bytes from
/// offset 5 on, `cancel 5 100\n` for the same and a cancel in the same breath.
///
/// Counts what must be equal or nothing in the end: starts and completions, references, memory.
final class RangeServer implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final MultiThreadIoEventLoopGroup group;
    private final IoEventLoop loop;
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final LoopEngine engine;
    private final OpenFile file;
    private final Channel listening;

    // On the loop only.
    private final List<RangeHandler> connections = new ArrayList<>();
    private final List<Integer> statuses = new ArrayList<>();
    private int starts;
    private long pendingBytesMax;
    private final List<Throwable> defects = new ArrayList<>();

    /// @param sendBufferBytes 0 for the system's default
    RangeServer(ChosenEngine chosen, Transport transport, Kernel kernel, PatternFile served, int sendBufferBytes)
            throws Exception {
        this(chosen, transport, transport.ioHandlers(), kernel, served, sendBufferBytes);
    }

    /// @param handlers of the transport
    /// @param kernel the engine's: the file itself is opened and closed by one without faults
    RangeServer(
            ChosenEngine chosen,
            Transport transport,
            IoHandlerFactory handlers,
            Kernel kernel,
            PatternFile served,
            int sendBufferBytes)
            throws Exception {
        group = new MultiThreadIoEventLoopGroup(1, handlers);
        loop = group.next();
        Kernel faultless = new FfmKernel();
        int fd = new OpenFiles(faultless).open(served.path().toString(), OpenFiles.O_RDONLY);
        file = new OpenFile(faultless, served.path().toString(), fd, served.lengthBytes());
        engine = onLoop(
                () -> chosen.engine().open(new LoopContext(loop, transport, kernel, allocator), chosen.options()));
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannel())
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        RangeHandler handler = new RangeHandler(RangeServer.this, engine, file);
                        connections.add(handler);
                        channel.pipeline().addLast(handler);
                    }
                });
        if (sendBufferBytes > 0) {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, sendBufferBytes);
        }
        listening = bootstrap
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    static String request(long offset, long lengthBytes) {
        return offset + " " + lengthBytes + "\n";
    }

    /// What stands before the body, without its line end.
    static String head(long offset, long lengthBytes) {
        return "range " + offset + " " + lengthBytes;
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    RangeClient client() throws Exception {
        return new RangeClient(port(), 0);
    }

    /// A client with a small receive buffer. With the least one there is, TCP spends its time probing for a
    /// window.
    RangeClient slowClient() throws Exception {
        return new RangeClient(port(), 16 << 10);
    }

    <T> T onLoop(Callable<T> work) throws Exception {
        return Objects.requireNonNull(loop.submit(work).get(20, TimeUnit.SECONDS));
    }

    /// What the engine has counted.
    Map<String, Long> counts() throws Exception {
        return onLoop(engine::counts);
    }

    /// The first connection.
    Channel connection() throws Exception {
        return onLoop(() -> connections.getFirst().channel());
    }

    void started() {
        starts++;
    }

    void ended(int status) {
        statuses.add(status);
    }

    void sawPending(Channel channel) {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        if (outbound != null) {
            pendingBytesMax = Math.max(pendingBytesMax, outbound.totalPendingWriteBytes());
        }
    }

    void sawDefect(Throwable cause) {
        defects.add(cause);
    }

    long pendingBytesMax() throws Exception {
        return onLoop(() -> pendingBytesMax);
    }

    /// The statuses of all transfers so far, when none is under way.
    List<Integer> awaitStatuses(int count) throws Exception {
        awaitEnds(count);
        return onLoop(() -> List.copyOf(statuses));
    }

    private void awaitEnds(int count) {
        await(() -> quietly(() -> statuses.size() >= count && starts == statuses.size()), "every start is ended");
    }

    void cancelAll() throws Exception {
        onLoop(() -> {
            connections.forEach(RangeHandler::cancel);
            return true;
        });
    }

    /// Waits until a transfer is under way and the channel holds bytes that don't get any fewer.
    void awaitStalled() {
        long[] progress = {-1, 0};
        await(
                () -> {
                    long now = quietly(this::stalledAt);
                    boolean same = now >= 0 && now == progress[0];
                    progress[0] = now;
                    progress[1] = same ? progress[1] + 1 : 0;
                    return progress[1] >= 5;
                },
                "the client stalls the server");
    }

    /// @return a number that changes with progress, −1 if nothing is stuck
    private long stalledAt() {
        for (RangeHandler connection : connections) {
            ChannelOutboundBuffer outbound = connection.channel().unsafe().outboundBuffer();
            if (outbound != null && connection.positionPolled() >= 0) {
                return connection.positionPolled();
            }
            if (outbound != null && outbound.size() > 0 && connection.isBusy()) {
                return outbound.currentProgress() + 31 * outbound.totalPendingWriteBytes() + 7L * outbound.size();
            }
        }
        return -1;
    }

    private <T> T quietly(Callable<T> work) {
        try {
            return onLoop(work);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("waited in vain until " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /// Ends everything and checks that nothing is left.
    @Override
    public void close() {
        listening.close().syncUninterruptibly();
        await(
                () -> quietly(
                        () -> connections.stream().noneMatch(c -> c.channel().isOpen())),
                "clients have gone");
        awaitEnds(0);
        boolean open = quietly(() -> {
            file.release();
            boolean stillOpen = file.isOpen();
            engine.close();
            engine.close();
            return stillOpen;
        });
        assertEquals(List.of(), quietly(() -> List.copyOf(defects)), "exceptions that no network explains");
        int ends = quietly(() -> statuses.size() - starts);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        assertEquals(0, ends, "completions beyond one a start");
        assertTrue(!open, "somebody kept a reference to the file");
        assertEquals(0, allocator.metric().usedDirectMemory(), "direct memory kept");
        assertEquals(0, allocator.metric().usedHeapMemory(), "heap memory kept");
    }
}
