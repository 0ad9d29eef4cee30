package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import ringside.content.Encoding;
import ringside.engines.LoopEngine;

/// What the connections of one event loop share. Everything here is used on that loop only, the counters
/// excepted.
final class ServerLoop {

    private static final int HEAD_BYTES = 1 << 10;

    final IoEventLoop eventLoop;
    final LoopEngine engine;
    final LoopSites sites;
    final HttpLimits limits;
    final RequestParser parser;
    final PathDecoder pathDecoder;
    private final List<CacheRule> cacheRules;
    private final CoarseClock clock;
    final @Nullable AccessLog accessLog;
    /// What answers before the content does; null if nothing.
    final @Nullable Route route;

    final ContentOptions content;
    /// What is compressed; null if nothing is.
    final @Nullable Compression compression;

    /// To what, the most preferred first.
    final List<Encoding> offered;

    final Workers workers;
    /// Null if there are no applications.
    final @Nullable Upstreams upstreams;

    final AcceptEncoding acceptEncoding = new AcceptEncoding();
    final ByteRanges ranges = new ByteRanges();
    /// For heads that are made for one answer: the next one takes it.
    final ByteBuf head = Unpooled.directBuffer(HEAD_BYTES);
    private final RandomGenerator boundaries = new SecureRandom();
    final LoopCounters counters = new LoopCounters();

    /// The time as it was when the loop last turned to a connection: read from the clock once for all that a
    /// read brought.
    Tick tick;

    private final Set<HttpConnection> connections = new HashSet<>();
    private int transfersUnderWay;
    private @Nullable CompletableFuture<Void> emptied;

    ServerLoop(
            IoEventLoop eventLoop,
            LoopEngine engine,
            LoopSites sites,
            HttpLimits limits,
            List<CacheRule> cacheRules,
            CoarseClock clock,
            @Nullable AccessLog accessLog,
            @Nullable Route route,
            ContentOptions content,
            Workers workers,
            @Nullable Upstreams upstreams) {
        this.eventLoop = eventLoop;
        this.engine = engine;
        this.sites = sites;
        this.limits = limits;
        this.parser = new RequestParser(limits);
        this.pathDecoder = new PathDecoder(limits.targetBytesMax());
        this.cacheRules = cacheRules;
        this.clock = clock;
        this.tick = clock.tick();
        this.accessLog = accessLog;
        this.route = route;
        this.content = content;
        this.compression = content.compression().orElse(null);
        this.offered = content.compression().map(Compression::encodings).orElse(List.of());
        this.workers = workers;
        this.upstreams = upstreams;
    }

    /// What is said about the caching of a file.
    ///
    /// @param path decoded, from `from` to `to`
    CacheRule cacheRule(byte[] path, int from, int to) {
        return cacheRules.isEmpty()
                ? CacheRule.NONE
                : CacheRule.of(cacheRules, new String(path, from, to - from, StandardCharsets.UTF_8));
    }

    /// A line that separates parts, which no file can have been made to contain.
    String boundary() {
        return Long.toHexString(boundaries.nextLong()) + Long.toHexString(boundaries.nextLong());
    }

    /// Reads the clock.
    void turn() {
        tick = clock.tick();
    }

    void add(HttpConnection connection) {
        connections.add(connection);
        LoopCounters.count(counters.connections);
    }

    void remove(HttpConnection connection) {
        connections.remove(connection);
        completeIfEmpty();
    }

    void transferStarts() {
        transfersUnderWay++;
    }

    void transferEnds() {
        transfersUnderWay--;
        completeIfEmpty();
    }

    private void completeIfEmpty() {
        if (emptied != null && transfersUnderWay == 0 && connections.isEmpty()) {
            emptied.complete(null);
        }
    }

    boolean draining() {
        return emptied != null;
    }

    /// Closes what is idle and has the rest close after the answer under way.
    ///
    /// @param emptied completed when the last connection has gone, and the engine has let go of its transfer
    void drain(CompletableFuture<Void> emptied) {
        this.emptied = emptied;
        turn();
        for (HttpConnection connection : List.copyOf(connections)) {
            connection.drain();
        }
        completeIfEmpty();
    }

    /// Closes what has waited for too long.
    void sweep() {
        turn();
        if (upstreams != null) {
            upstreams.sweep(tick.second);
        }
        for (HttpConnection connection : List.copyOf(connections)) {
            connection.sweep(tick.second);
        }
    }

    /// Cuts every connection off.
    ///
    /// @return how many there were
    int cut() {
        List<HttpConnection> rest = List.copyOf(connections);
        for (HttpConnection connection : rest) {
            connection.cut();
        }
        return rest.size();
    }

    /// @param quiet whether no transfer is under way any more; if one hangs in the kernel, its engine is left
    ///     alone: the memory that the kernel writes to must stay
    void close(boolean quiet) {
        if (quiet) {
            engine.close();
        }
        if (upstreams != null) {
            upstreams.close();
        }
        sites.close();
        head.release();
    }
}
