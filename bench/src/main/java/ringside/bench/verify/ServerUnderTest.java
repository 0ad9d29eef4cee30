package ringside.bench.verify;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.Kernel;
import ringside.server.HttpServer;
import ringside.server.ServerConfig;

/// A server within this process, so that what it leaves behind can be counted.
interface ServerUnderTest {

    /// Starts one for an engine on a transport over a directory.
    @FunctionalInterface
    interface Starter {
        ServerUnderTest start(ChosenEngine engine, Transport transport, Path root) throws IOException;
    }

    int port();

    /// Ends it.
    ///
    /// @return connections that were still there after `timeout`
    int drain(Duration timeout);

    /// Unexpected exceptions so far.
    long defects();

    /// What its engine has counted so far, by name.
    default Map<String, Long> engineCounts() {
        return Map.of();
    }

    /// Ringside's own: two event loops, and a cache of open files that is too small for the tree, so that files
    /// are opened and closed all the time.
    static Starter ringside(Kernel kernel) {
        return (engine, transport, root) -> {
            HttpServer server = HttpServer.start(ServerConfig.of(root, engine, transport, kernel)
                    .withBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .withThreads(2)
                    .withCacheEntries(6));
            return new ServerUnderTest() {
                @Override
                public int port() {
                    return server.port();
                }

                @Override
                public int drain(Duration timeout) {
                    return server.drain(timeout);
                }

                @Override
                public long defects() {
                    return server.counters().defects();
                }

                @Override
                public Map<String, Long> engineCounts() {
                    return server.engineCounts();
                }
            };
        };
    }
}
