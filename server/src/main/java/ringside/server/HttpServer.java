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
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import ringside.content.hosts.HostDirectory;
import ringside.content.hosts.HostObserver;
import ringside.engines.Availability;

/// A static web server over one directory, one webroot, or a directory of virtual hosts: HTTP/1.1 on a transport, its
/// files moved by an engine.
///
/// Started by [#start(ServerConfig)]; ended by [#drain(Duration)] or [#close()], from any thread but an event
/// loop's.
public final class HttpServer implements AutoCloseable {

    private static final int SWEEP_SECONDS = 5;

    private final ServerLoops loops;
    private final ServerContent content;
    private final CoarseClock clock;
    private final @Nullable AccessLog accessLog;
    private final List<Channel> listeners = new ArrayList<>();
    private final Runnable sweeper = this::sweepSometimes;
    private long sweptSecond;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean draining;
    /// Guarded by the sweeper; once it is false no task is given to the loops any more.
    private boolean sweeping = true;

    private HttpServer(ServerLoops loops, ServerContent content, CoarseClock clock, @Nullable AccessLog accessLog) {
        this.loops = loops;
        this.content = content;
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

    /// Starts a server of virtual hosts: the root of the configuration is the directory that names them (see
    /// [HostDirectory]). What changes there is served from then on.
    ///
    /// @param observer is told of what is served, and of what can't be
    /// @throws UnsupportedOperationException as [#start(ServerConfig)]
    /// @throws ringside.linux.KernelException when the directory can't be read, inotify isn't to be had, or as
    ///     [#start(ServerConfig)]
    /// @throws IOException when the address can't be listened on
    public static HttpServer startHosts(ServerConfig config, HostObserver observer) throws IOException {
        return start(
                config,
                () -> ServerContent.ofHosts(config, observer),
                SystemClock.get(),
                channel -> {},
                new FileOutputStream(FileDescriptor.out),
                null);
    }

    /// @param wiretap sees each accepted channel before the connection's handler is added
    /// @param accessLines gets them if the configuration says so; not closed
    static HttpServer start(ServerConfig config, CoarseClock clock, Consumer<Channel> wiretap, OutputStream accessLines)
            throws IOException {
        return start(config, () -> ServerContent.ofRoot(config, clock), clock, wiretap, accessLines, null);
    }

    /// @param routes a route for each event loop; null for none
    static HttpServer start(
            ServerConfig config,
            CoarseClock clock,
            Consumer<Channel> wiretap,
            OutputStream accessLines,
            @Nullable Supplier<Route> routes)
            throws IOException {
        return start(config, () -> ServerContent.ofRoot(config, clock), clock, wiretap, accessLines, routes);
    }

    /// @param opening opens what is served
    /// @param routes a route for each event loop; null for none
    static HttpServer start(
            ServerConfig config,
            Supplier<ServerContent> opening,
            CoarseClock clock,
            Consumer<Channel> wiretap,
            OutputStream accessLines,
            @Nullable Supplier<Route> routes)
            throws IOException {
        require(
                "engine " + config.engine().name() + " on " + config.transport().id(),
                config.engine().engine().probe(config.kernel(), config.transport()));
        ServerContent content = opening.get();
        AccessLog accessLog = config.accessLog() ? new AccessLog(accessLines) : null;
        HttpServer server = null;
        try {
            ServerLoops loops = ServerLoops.open(config, content.table(), clock, accessLog, routes);
            server = new HttpServer(loops, content, clock, accessLog);
            server.loops.listen(config, server.listeners, server.new Connections(wiretap));
            content.follow(loops);
            clock.everySecond(server.sweeper);
            return server;
        } catch (Throwable e) {
            if (server != null) {
                server.close();
            } else {
                content.close();
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

    /// What the engine has counted since the start that nothing else shows, by name: sends without a copy, say. Asks
    /// the event loops, and waits for their answer.
    ///
    /// @throws java.util.concurrent.RejectedExecutionException when the server has been closed
    public SortedMap<String, Long> engineCounts() {
        return loops.engineCounts();
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
        content.stop();
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
        content.close();
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
