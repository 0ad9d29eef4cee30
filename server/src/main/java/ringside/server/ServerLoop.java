package ringside.server;

import io.netty.channel.IoEventLoop;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import ringside.content.ContentStore;
import ringside.engines.LoopEngine;

/// What the connections of one event loop share. Everything here is used on that loop only, the counters
/// excepted.
final class ServerLoop {

    final IoEventLoop eventLoop;
    final LoopEngine engine;
    final ContentStore files;
    final HttpLimits limits;
    final RequestParser parser;
    final PathDecoder pathDecoder;
    private final CoarseClock clock;
    final @Nullable AccessLog accessLog;
    /// What answers before the content does; null if nothing.
    final @Nullable Route route;

    final Site site;
    final Workers workers;
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
            ContentStore files,
            HttpLimits limits,
            CoarseClock clock,
            @Nullable AccessLog accessLog,
            @Nullable Route route,
            Site site,
            Workers workers) {
        this.eventLoop = eventLoop;
        this.engine = engine;
        this.files = files;
        this.limits = limits;
        this.parser = new RequestParser(limits);
        this.pathDecoder = new PathDecoder(limits.targetBytesMax());
        this.clock = clock;
        this.tick = clock.tick();
        this.accessLog = accessLog;
        this.route = route;
        this.site = site;
        this.workers = workers;
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
        files.close();
    }
}
