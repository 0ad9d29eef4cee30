package ringside.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import ringside.content.ContentRoot;
import ringside.engines.Availability;

/// A static web server over one directory, or one webroot: HTTP/1.1 on a transport, its files moved by an engine.
///
/// Started by [#start(ServerConfig)]; ended by [#drain(Duration)] or [#close()], from any thread but an event
/// loop's.
public final class HttpServer implements AutoCloseable {

    private static final int SWEEP_SECONDS = 5;

    private final ServerLoops loops;
    private final ContentRoot root;
    private final CoarseClock clock;
    private final @Nullable AccessLog accessLog;
    private final List<Channel> listeners = new ArrayList<>();
    private final Runnable sweeper = this::sweepSometimes;
    private long sweptSecond;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean draining;
    /// Guarded by the sweeper; once it is false no task is given to the loops any more.
    private boolean sweeping = true;

    private HttpServer(ServerLoops loops, ContentRoot root, CoarseClock clock, @Nullable AccessLog accessLog) {
        this.loops = loops;
        this.root = root;
        this.clock = clock;
        this.accessLog = accessLog;
    }

    /// Starts a server and returns when it accepts connections.
    ///
    /// @throws UnsupportedOperationException when transport or engine can't run here: the message says why
    ///     and what would help
    /// @throws ringside.content.webroot.WebrootException when the root is a file that is no webroot, or a
    ///     damaged one
    /// @throws ringside.linux.KernelException when the root can't be opened, or the engine or a CPU isn't to be
    ///     had
    /// @throws IOException when the address can't be listened on
    public static HttpServer start(ServerConfig config) throws IOException {
        return start(config, SystemClock.get(), channel -> {}, new FileOutputStream(FileDescriptor.out));
    }

    /// @param wiretap sees each accepted channel before the connection's handler is added
    /// @param accessLines gets them if the configuration says so; not closed
    static HttpServer start(ServerConfig config, CoarseClock clock, Consumer<Channel> wiretap, OutputStream accessLines)
            throws IOException {
        return start(config, clock, wiretap, accessLines, null);
    }

    /// @param routes a route for each event loop; null for none
    static HttpServer start(
            ServerConfig config,
            CoarseClock clock,
            Consumer<Channel> wiretap,
            OutputStream accessLines,
            @Nullable Supplier<Route> routes)
            throws IOException {
        require(
                "engine " + config.engine().name() + " on " + config.transport().id(),
                config.engine().engine().probe(config.kernel(), config.transport()));
        ContentRoot root = Roots.open(config);
        AccessLog accessLog = config.accessLog() ? new AccessLog(accessLines) : null;
        HttpServer server = null;
        try {
            server = new HttpServer(ServerLoops.open(config, root, clock, accessLog, routes), root, clock, accessLog);
            server.loops.listen(config, server.listeners, server.new Connections(wiretap));
            clock.everySecond(server.sweeper);
            return server;
        } catch (Throwable e) {
            if (server != null) {
                server.close();
            } else {
                root.close();
                if (accessLog != null) {
                    accessLog.close();
                }
            }
            throw e;
        }
    }

    private static void require(String what, Availability availability) {
        if (availability instanceof Availability.Unavailable(String reason, String remedy)) {
            throw new UnsupportedOperationException(what + " can't run here: " + reason + ". " + remedy);
        }
    }

    /// The port that is listened on.
    public int port() {
        return address().getPort();
    }

    /// The address that is listened on, with the port taken if 0 was asked for.
    public InetSocketAddress address() {
        return (InetSocketAddress) listeners.getFirst().localAddress();
    }

    public ServerCounters counters() {
        return loops.counters();
    }

    /// Of each event loop.
    List<ServerCounters> countersByLoop() {
        return loops.countersByLoop();
    }

    /// Stops accepting, closes idle connections, lets answers under way finish, and after `timeout` cuts off the
    /// rest. Then everything is closed. Timeouts stay in force meanwhile; who has only begun a request, or was
    /// refused and stays, is not waited for.
    ///
    /// @return connections that were cut off at the end; 0 if the server is closed, or being closed, already
    public int drain(Duration timeout) {
        if (!closed.compareAndSet(false, true)) {
            return 0;
        }
        for (Channel listener : listeners) {
            listener.close().syncUninterruptibly();
        }
        draining = true;
        CompletableFuture<Void> emptied = loops.drain();
        try {
            emptied.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // The rest is cut off below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an event loop failed to drain", e.getCause());
        }
        clock.noLonger(sweeper);
        synchronized (sweeper) {
            sweeping = false;
        }
        int cut = loops.close(emptied);
        root.close();
        if (accessLog != null) {
            accessLog.close();
        }
        return cut;
    }

    /// Cuts off every connection and closes everything.
    @Override
    public void close() {
        drain(Duration.ZERO);
    }

    /// Has every loop close what has waited for too long, and returns when they have.
    void sweepNow() {
        loops.sweep().join();
    }

    private void sweepSometimes() {
        long second = clock.tick().second;
        synchronized (sweeper) {
            if (sweeping && (draining || second - sweptSecond >= SWEEP_SECONDS)) {
                sweptSecond = second;
                loops.sweep();
            }
        }
    }

    /// Gives each accepted channel its connection.
    @ChannelHandler.Sharable
    private final class Connections extends ChannelInitializer<Channel> {

        private final Consumer<Channel> wiretap;

        Connections(Consumer<Channel> wiretap) {
            this.wiretap = wiretap;
        }

        @Override
        protected void initChannel(Channel channel) {
            wiretap.accept(channel);
            channel.pipeline().addLast(new HttpConnection(loops.of(channel.eventLoop())));
        }
    }
}
