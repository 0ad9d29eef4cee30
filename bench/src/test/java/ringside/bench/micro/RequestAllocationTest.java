package ringside.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import ringside.engines.Engines;

/// The request benchmark for a blink, so that it can't rot, and what JMH's GC profiler says of it: a body of 1 MiB may
/// cost a few small objects per chunk, but no memory of its own size.
class RequestAllocationTest {

    /// Handles of pooled buffers, operations of rings and the like, for the four chunks of 1 MiB; far below a chunk.
    private static final double GROWTH_BYTES_MAX = 16 << 10;

    private static final String[] ENGINES =
            Engines.ALL.stream().map(engine -> engine.spec().name()).toArray(String[]::new);

    @Test
    void allocationDoesNotGrowWithTheBody() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(RequestBenchmark.class.getSimpleName())
                        .param("engine", ENGINES)
                        .param("bodyBytes", "1024", "1048576")
                        .addProfiler(GCProfiler.class)
                        .forks(0)
                        .warmupIterations(1)
                        .warmupTime(TimeValue.milliseconds(500))
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(400))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        Map<String, Double> bytesPerRequest = new HashMap<>();
        for (RunResult result : results) {
            bytesPerRequest.put(
                    result.getParams().getParam("engine") + " "
                            + result.getParams().getParam("bodyBytes"),
                    allocatedBytes(result));
        }
        assertEquals(2 * ENGINES.length, bytesPerRequest.size(), "every engine ran at both sizes");
        for (String engine : ENGINES) {
            double small = bytesPerRequest.getOrDefault(engine + " 1024", Double.NaN);
            double large = bytesPerRequest.getOrDefault(engine + " 1048576", Double.NaN);
            System.out.printf("%s: %.0f B per request of 1 KiB, %.0f B of 1 MiB%n", engine, small, large);
            assertTrue(small >= 0 && large >= 0, engine + ": the profiler gave no number");
            assertTrue(
                    large - small < GROWTH_BYTES_MAX,
                    engine + " allocates " + small + " bytes for 1 KiB and " + large + " for 1 MiB");
        }
    }

    private static double allocatedBytes(RunResult result) {
        Result<?> found = result.getSecondaryResults().get("gc.alloc.rate.norm");
        return found == null ? Double.NaN : found.getScore();
    }
}
