package ringside.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import java.io.FileNotFoundException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import ringside.engines.Transport;

/// The connections of one event loop to one application, and the requests that wait for one. On that loop only.
///
/// ```
///   request ──► idle connection? ── yes ──────────────────────► taken ── answer ended ──┐
///                  │ no                                           ▲                      │ may be kept
///                  ├─ fewer than the most are open ── connect ────┤                      ▼
///                  └─ else waits in line ─────────────────────────┴──────────── next in line, or idle
/// ```
final class UpstreamPool {

    /// Each may hold a process of the application's, which another event loop may be in want of.
    private static final int IDLE_SECONDS_MAX = 10;
    private static final int CONNECT_MILLIS_MAX = 10_000;

    private static final System.Logger LOG = System.getLogger(UpstreamPool.class.getName());

    final UpstreamRule rule;
    private final int openMax;
    private final int idleMax;
    private final int waitingMax;
    private final int timeoutSeconds;
    private final Bootstrap bootstrap;
    private final SocketAddress address;

    private final Deque<UpstreamConnection> idle = new ArrayDeque<>();
    private final Deque<UpstreamExchange> waiting = new ArrayDeque<>();
    /// All that wait, or have a connection.
    private final Set<UpstreamExchange> exchanges = new LinkedHashSet<>();
    private int open;
    private boolean reachable = true;
    private long second;

    /// @param loops among which the connections are divided
    /// @throws IllegalArgumentException with a message for a person when the address isn't known
    UpstreamPool(UpstreamRule rule, UpstreamConfig config, int loops, IoEventLoop eventLoop, Transport transport) {
        this.rule = rule;
        this.openMax = Math.max(1, config.connectionsMax() / loops);
        this.idleMax = config.idleMax() == 0 ? 0 : Math.max(1, config.idleMax() / loops);
        this.waitingMax = config.waitingMax();
        this.timeoutSeconds = config.timeoutSeconds();
        this.address = rule.address().socketAddress(transport);
        this.bootstrap = new Bootstrap()
                .group(eventLoop)
                .channel(channel(rule.address(), transport))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new UpstreamConnection(UpstreamPool.this, channel));
                    }
                });
        if (rule.address() instanceof UpstreamAddress.Tcp) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true);
        }
    }

    private static Class<? extends Channel> channel(UpstreamAddress address, Transport transport) {
        return switch (address) {
            case UpstreamAddress.Tcp tcp -> transport.clientChannel();
            case UpstreamAddress.Unix unix ->
                switch (transport) {
                    case NIO -> NioDomainSocketChannel.class;
                    case EPOLL -> EpollDomainSocketChannel.class;
                    case IO_URING -> IoUringDomainSocketChannel.class;
                };
        };
    }

    /// Whether connections are to stay open.
    boolean keeps() {
        return idleMax > 0;
    }

    long second() {
        return second;
    }

    // ---- for the exchanges ----

    /// Gets the exchange a connection, at once or later: [UpstreamExchange#connected], or one of
    /// [UpstreamExchange#unreachable] and [UpstreamExchange#refused].
    void request(UpstreamExchange exchange) {
        exchanges.add(exchange);
        UpstreamConnection connection = idle.pollLast();
        if (connection != null) {
            exchange.connected(connection, true);
        } else if (open < openMax) {
            connect(exchange);
        } else if (waiting.size() < waitingMax) {
            waiting.add(exchange);
        } else {
            exchange.refused();
        }
    }

    /// It has ended, or gives up.
    void forget(UpstreamExchange exchange) {
        exchanges.remove(exchange);
        waiting.remove(exchange);
    }

    /// The connection is free for another request.
    void release(UpstreamConnection connection) {
        UpstreamExchange next = waiting.poll();
        if (next != null) {
            next.connected(connection, true);
        } else if (idle.size() < idleMax) {
            connection.idleSince = second;
            idle.add(connection);
        } else {
            connection.close();
        }
    }

    /// They are as old as one that has just turned out to be closed.
    void closeIdle() {
        for (UpstreamConnection connection : List.copyOf(idle)) {
            connection.close();
        }
        idle.clear();
    }

    // ---- connections ----

    private void connect(UpstreamExchange exchange) {
        open++;
        bootstrap.connect(address).addListener((ChannelFuture connecting) -> {
            if (!connecting.isSuccess()) {
                open--;
                unreachable(exchange, reason(connecting.cause()));
                connectNext();
                return;
            }
            reachable = true;
            UpstreamConnection connection = connecting.channel().pipeline().get(UpstreamConnection.class);
            if (exchanges.contains(exchange)) {
                exchange.connected(connection, false);
            } else {
                release(connection);
            }
        });
    }

    /// Netty's exception for ENOENT has no text.
    private static String reason(Throwable cause) {
        return cause instanceof FileNotFoundException ? "there is no such socket" : String.valueOf(cause.getMessage());
    }

    private void unreachable(UpstreamExchange exchange, String why) {
        if (reachable) {
            reachable = false;
            log(why + ". Is the application running, and may this user connect to it?");
        }
        if (exchanges.contains(exchange)) {
            exchange.unreachable();
        }
    }

    private void connectNext() {
        while (open < openMax && !waiting.isEmpty()) {
            connect(waiting.poll());
        }
    }

    /// It is open no more.
    void closed(UpstreamConnection connection) {
        open--;
        idle.remove(connection);
        connectNext();
    }

    void log(String text) {
        LOG.log(System.Logger.Level.WARNING, "application " + rule.prefix() + " at " + rule.address() + ": " + text);
    }

    /// Called every few seconds: closes what has been idle for long, and ends what has waited for too long.
    void sweep(long now) {
        second = now;
        for (UpstreamConnection connection : List.copyOf(idle)) {
            if (now - connection.idleSince >= IDLE_SECONDS_MAX) {
                connection.close();
            }
        }
        for (UpstreamExchange exchange : List.copyOf(exchanges)) {
            exchange.sweep(now, timeoutSeconds);
        }
    }

    void turn(long now) {
        second = now;
    }

    /// When no request is left.
    void close() {
        closeIdle();
    }
}
