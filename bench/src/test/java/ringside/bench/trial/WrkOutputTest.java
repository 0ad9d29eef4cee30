package ringside.bench.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Recorded from wrk 4.1.0.
class WrkOutputTest {

    @Test
    void readsAPlainRun() {
        WrkOutput output = WrkOutput.parse("""
            Running 2s test @ http://127.0.0.1:18181/a.bin
              1 threads and 64 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency     7.44ms    2.01ms  35.91ms   89.26%
                Req/Sec     8.70k   803.16     9.86k    75.00%
              17316 requests in 2.00s, 16.92GB read
            Requests/sec:   8648.92
            Transfer/sec:      8.45GB
            """);
        assertEquals(17_316, output.requests());
        assertEquals(2.0, output.seconds());
        assertEquals(8648.92, output.requestsPerSecond());
        assertEquals(16.92 * (1L << 30), output.readBytes());
        assertEquals(Map.of(), output.errors());
    }

    @Test
    void cutBodiesShowInWhatWasRead() {
        WrkOutput output = new WrkOutput(1, 1000, 1.15e6, 1000, Map.of());
        assertEquals(Optional.empty(), WrkGenerator.shortBodies(output, 1024));
        assertTrue(WrkGenerator.shortBodies(output, 2048).orElseThrow().contains("1000 answers"));
    }

    @Test
    void countsErrorsByKind() {
        WrkOutput output = WrkOutput.parse("""
            Running 1m test @ http://127.0.0.1:1/none
              1 threads and 10 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency   102.31us   30.02us   1.01ms   90.02%
                Req/Sec    92.03k     2.00k   95.01k    80.00%
              101 requests in 1.00m, 512B read
              Socket errors: connect 0, read 12, write 0, timeout 3
              Non-2xx or 3xx responses: 101
            Requests/sec:      1.68
            Transfer/sec:      8.53B
            """);
        assertEquals(60, output.seconds());
        assertEquals(512, output.readBytes());
        assertEquals(Map.of("read", 12L, "timeout", 3L, "status", 101L), output.errors());
    }

    @Test
    void refusesWhatIsNotWhole() {
        assertThrows(IllegalArgumentException.class, () -> WrkOutput.parse(""));
        assertThrows(
                IllegalArgumentException.class,
                () -> WrkOutput.parse("unable to connect to 127.0.0.1:1 Connection refused\n"));
        assertThrows(
                IllegalArgumentException.class, () -> WrkOutput.parse("  17316 requests in 2.00s, 16.92GB read\n"));
    }

    @Test
    void readsPortsAndEventsOnlyWhereTheyAre() {
        assertEquals(
                8080, RunningServer.port("listening on http://127.0.0.1:8080").orElseThrow());
        assertEquals(
                true, RunningServer.port("listening on http://127.0.0.1:99999").isEmpty());
        assertEquals(true, RunningServer.port("WARNING: something").isEmpty());
        assertEquals("measuring", RingsideGenerator.event("{\"event\":\"measuring\"}"));
        assertEquals("", RingsideGenerator.event("{\"event\":"));
        assertEquals("", RingsideGenerator.event("measuring"));
    }
}
