package ringside.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import ringside.content.hosts.HostTable;
import ringside.engines.LoopContext;
import ringside.engines.Transport;
import ringside.linux.CpuAffinity;
import ringside.linux.CpuSet;
import ringside.linux.Kernel;

/// The event loops of a server: their threads, and what listens on them.
final class ServerLoops {

    private static final int BACKLOG = 4096;
    private static final long STOP_SECONDS_MAX = 10;

    private final EventLoopGroup group;
    private final List<ServerLoop> loops;
    private final Workers workers;

    private ServerLoops(EventLoopGroup group, List<ServerLoop> loops, Workers workers) {
        this.group = group;
        this.loops = loops;
        this.workers = workers;
    }

    /// @param routes a route for each event loop, made on it; null for none
    static ServerLoops open(
            ServerConfig config,
            HostTable hosts,
            CoarseClock clock,
            @Nullable AccessLog accessLog,
            @Nullable Supplier<Route> routes) {
        EventLoopGroup group = config.transport()
                .openLoops(
                        config.threads(),
                        new DefaultThreadFactory("ringside-loop"),
                        config.transport().ioHandlers());
        List<ServerLoop> loops = new ArrayList<>();
        ServerLoops opened = new ServerLoops(group, loops, new Workers(config.threads()));
        try {
            int[] cpus = config.cpus().map(CpuSet::toArray).orElseGet(() -> new int[0]);
            for (EventExecutor executor : group) {
                IoEventLoop eventLoop = (IoEventLoop) executor;
                int index = loops.size();
                loops.add(on(eventLoop, () -> {
                    if (cpus.length > 0) {
                        pin(config.kernel(), cpus[index]);
                    }
                    return opened.openLoop(config, eventLoop, hosts, clock, accessLog, routes);
                }));
            }
            return opened;
        } catch (Throwable e) {
            opened.close(opened.drain());
            throw e;
        }
    }

    private static void pin(Kernel kernel, int cpu) {
        try {
            new CpuAffinity(kernel).set(CpuSet.of(cpu));
        } catch (IllegalArgumentException e) {
            throw new UnsupportedOperationException("can't pin an event loop: " + e.getMessage(), e);
        }
    }

    private ServerLoop openLoop(
            ServerConfig config,
            IoEventLoop eventLoop,
            HostTable hosts,
            CoarseClock clock,
            @Nullable AccessLog accessLog,
            @Nullable Supplier<Route> routes) {
        LoopContext context = new LoopContext(eventLoop, config.transport(), config.kernel(), ByteBufAllocator.DEFAULT);
        return new ServerLoop(
                eventLoop,
                config.engine().engine().open(context, config.engine().options()),
                new LoopSites(hosts, config.cacheEntries()),
                config.limits(),
                config.cacheRules(),
                clock,
                accessLog,
                routes == null ? null : routes.get(),
                config.content(),
                workers,
                config.upstreams().rules().isEmpty()
                        ? null
                        : new Upstreams(
                                config.upstreams(), config.threads(), eventLoop, config.transport(), config.limits()));
    }

    /// Listens: on every loop by itself where the kernel can share a port out (SO_REUSEPORT, socket(7)), else on
    /// the first for all.
    ///
    /// @param listeners gets the channels
    void listen(ServerConfig config, List<Channel> listeners, ChannelHandler connections) throws IOException {
        InetSocketAddress address = config.bind();
        boolean shared = loops.size() > 1 && config.transport() != Transport.NIO;
        int count = shared ? loops.size() : 1;
        if (shared && address.getPort() != 0) {
            probe(address);
        }
        for (int i = 0; i < count; i++) {
            EventLoop acceptor = loops.get(i).eventLoop;
            ServerBootstrap bootstrap = new ServerBootstrap()
                    .group(acceptor, shared ? acceptor : group)
                    .channel(config.transport().serverChannel())
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    // A write that fails ends the output only: HttpConnection lingers for the input.
                    .childOption(ChannelOption.AUTO_CLOSE, false)
                    .childHandler(connections);
            switch (config.transport()) {
                case NIO -> {}
                case EPOLL -> bootstrap.option(EpollChannelOption.SO_REUSEPORT, shared);
                case IO_URING -> bootstrap.option(IoUringChannelOption.SO_REUSEPORT, shared);
            }
            ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw cannotListen(address, bound.cause());
            }
            listeners.add(bound.channel());
            address = (InetSocketAddress) bound.channel().localAddress();
        }
    }

    /// Who shares a port out would share another server's too, and notice nothing: binds without sharing first.
    private static void probe(InetSocketAddress address) throws IOException {
        try (ServerSocket alone = new ServerSocket()) {
            alone.setReuseAddress(true);
            alone.bind(address, 1);
        } catch (IOException e) {
            throw cannotListen(address, e);
        }
    }

    private static IOException cannotListen(InetSocketAddress address, Throwable cause) {
        String reason = String.valueOf(cause.getMessage());
        String remedy = reason.contains("in use")
                ? "Choose another port (0 takes a free one), or stop the other server."
                : "Choose an address of this machine and a port that this user may listen on.";
        BindException failure = new BindException("cannot listen on "
                + address.getAddress().getHostAddress() + ":" + address.getPort() + ": " + reason + ". " + remedy);
        failure.initCause(cause);
        return failure;
    }

    ServerLoop of(EventLoop eventLoop) {
        for (ServerLoop loop : loops) {
            if (loop.eventLoop.equals(eventLoop)) {
                return loop;
            }
        }
        throw new IllegalStateException("a channel on an event loop of somebody else's");
    }

    /// Of each loop.
    List<ServerCounters> countersByLoop() {
        return loops.stream().map(loop -> loop.counters.snapshot()).toList();
    }

    ServerCounters counters() {
        ServerCounters sum = ServerCounters.ZERO;
        for (ServerLoop loop : loops) {
            sum = sum.plus(loop.counters.snapshot());
        }
        return sum;
    }

    /// What the engine has counted, all loops together: [ringside.engines.LoopEngine#counts()].
    SortedMap<String, Long> engineCounts() {
        SortedMap<String, Long> sum = new TreeMap<>();
        for (ServerLoop loop : loops) {
            on(loop.eventLoop, loop.engine::counts).forEach((name, count) -> sum.merge(name, count, Long::sum));
        }
        return sum;
    }

    /// @return completed when no connection is left
    CompletableFuture<Void> drain() {
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        for (ServerLoop loop : loops) {
            CompletableFuture<Void> future = new CompletableFuture<>();
            futures.add(future);
            loop.eventLoop.execute(() -> loop.drain(future));
        }
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new));
    }

    /// @return completed when every loop has swept
    CompletableFuture<Void> sweep() {
        return onEach(ServerLoop::sweep);
    }

    /// Gives every loop another table of hosts.
    ///
    /// @return completed when every loop has it, and no store of a site that it doesn't name
    CompletableFuture<Void> adopt(HostTable hosts) {
        return onEach(loop -> loop.sites.adopt(hosts));
    }

    /// Cuts off what is left, closes what the loops own and stops their threads.
    ///
    /// @param emptied from [#drain()]
    /// @return connections that were cut off
    int close(CompletableFuture<Void> emptied) {
        int cut = 0;
        for (ServerLoop loop : loops) {
            cut += on(loop.eventLoop, loop::cut);
        }
        // A transfer that was cancelled may still wait for the kernel, and its engine can't be closed before.
        boolean quiet = emptied.handle((done, failure) -> failure == null)
                .completeOnTimeout(false, STOP_SECONDS_MAX, TimeUnit.SECONDS)
                .join();
        for (ServerLoop loop : loops) {
            on(loop.eventLoop, () -> {
                loop.close(quiet);
                return true;
            });
        }
        workers.close();
        group.shutdownGracefully(0, STOP_SECONDS_MAX, TimeUnit.SECONDS).syncUninterruptibly();
        return cut;
    }

    private CompletableFuture<Void> onEach(Consumer<ServerLoop> task) {
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (ServerLoop loop : loops) {
            done.add(CompletableFuture.runAsync(() -> task.accept(loop), loop.eventLoop));
        }
        return CompletableFuture.allOf(done.toArray(CompletableFuture[]::new));
    }

    /// Runs `task` on `eventLoop` and waits for it; what it throws is thrown.
    private static <T> T on(EventLoop eventLoop, Callable<T> task) {
        return eventLoop.submit(task).syncUninterruptibly().getNow();
    }
}
