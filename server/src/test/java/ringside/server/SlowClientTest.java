package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.engines.Availability;
import ringside.engines.ChosenEngine;
import ringside.engines.Engine;
import ringside.engines.Engines;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;

/// A client may be slow for as long as it takes something; one that takes nothing is cut off in time. Whoever moves
/// the bytes: Netty, or an engine past it.
class SlowClientTest {

    private static final int ROUNDS = 6;
    private static final int ROUND_BYTES = 1 << 20;
    private static final int ROUND_SECONDS = 25;

    @TempDir
    Path directory;

    static Stream<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (Engine engine : Engines.ALL) {
            for (Transport transport : Transport.values()) {
                pairs.add(Arguments.of(engine.spec().name(), transport));
            }
        }
        return pairs.stream();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void slowIsFineAndStuckIsNot(String engine, Transport transport) throws IOException {
        ChosenEngine chosen = ChosenEngine.parse(engine);
        if (transport.probe().isAvailable()
                && chosen.engine().probe(new FfmKernel(), transport)
                        instanceof Availability.Unavailable(String reason, String remedy)) {
            assumeTrue(false, engine + " on " + transport.id() + ": " + reason + ". " + remedy);
        }
        try (TestServer server = new TestServer(
                        transport,
                        directory,
                        config -> ServerConfig.of(config.root(), chosen, config.transport(), config.kernel())
                                .withBind(config.bind())
                                .withThreads(1),
                        channel -> {});
                RawClient client = new RawClient(server.server.port(), 4 << 10)) {
            client.send("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
            InputStream in = client.socket().getInputStream();
            for (int round = 0; round < ROUNDS; round++) {
                assertEquals(ROUND_BYTES, in.readNBytes(ROUND_BYTES).length, "round " + round);
                server.clock.advance(ROUND_SECONDS);
                server.server.sweepNow();
                assertEquals(0, server.server.counters().timeouts(), "slow, but not stuck: round " + round);
            }
            // More than the socket's buffer takes by itself.
            client.send("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
            int sweeps = 0;
            while (server.server.counters().timeouts() == 0) {
                assertTrue(++sweeps < 6, "a client that takes nothing isn't cut off");
                LockSupport.parkNanos(20_000_000);
                server.clock.advance(61);
                server.server.sweepNow();
            }
        }
    }
}
