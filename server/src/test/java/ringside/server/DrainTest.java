package ringside.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.engines.Transport;

/// The end of a server.
class DrainTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void finishesWhatIsUnderWayAndRefusesWhatIsNew(Transport transport)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (TestServer server = new TestServer(transport, directory);
                RawClient idle = server.client();
                RawClient busy = new RawClient(server.server.port(), 4 << 10)) {
            int port = server.server.port();
            assertEquals(200, idle.get("/small.txt").status());
            busy.send("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
            busy.send("GET /small.txt HTTP/1.1\r\nHost: test\r\n\r\n");
            while (server.server.counters().answers() < 2) {
                Thread.onSpinWait();
            }
            CompletableFuture<Integer> drained =
                    CompletableFuture.supplyAsync(() -> server.server.drain(Duration.ofSeconds(30)));
            assertTrue(idle.atEnd(), "an idle connection is closed");
            assertThrows(IOException.class, () -> new RawClient(port).close());
            assertArrayEquals(TestServer.BIG, busy.read().body());
            Response last = busy.read();
            assertArrayEquals(TestServer.SMALL, last.body());
            assertEquals("close", last.field("Connection"));
            assertTrue(busy.atEnd());
            assertEquals(0, drained.get(10, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @EnumSource
    void cutsOffTheRestAfterTheDeadline(Transport transport) throws IOException {
        try (TestServer server = new TestServer(transport, directory);
                RawClient stuck = new RawClient(server.server.port(), 4 << 10)) {
            stuck.send("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
            while (server.server.counters().answers() < 1) {
                Thread.onSpinWait();
            }
            assertEquals(1, server.server.drain(Duration.ofMillis(50)));
            assertThrows(IOException.class, stuck::read);
        }
    }
}
