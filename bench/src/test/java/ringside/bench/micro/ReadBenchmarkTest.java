package ringside.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import ringside.engines.Engine;
import ringside.engines.Engines;
import ringside.engines.ReadingEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;

/// The benchmarks of one read and of one system call for a blink, so that they can't rot.
class ReadBenchmarkTest {

    @Test
    void everyReadingEngineReads() throws RunnerException {
        String[] engines = reading().stream()
                .filter(engine ->
                        engine.probe(new FfmKernel(), Transport.preferred()).isAvailable())
                .map(engine -> engine.spec().name())
                .toArray(String[]::new);
        Collection<RunResult> results = run(
                ReadBenchmark.class,
                new OptionsBuilder()
                        .param("engine", engines)
                        .param("transport", Transport.preferred().id()));
        assertEquals(2 * engines.length, results.size(), "every engine ran with both blocks");
    }

    @Test
    void itsListIsTheRegistrys() throws NoSuchFieldException {
        Param listed = ReadBenchmark.class.getField("engine").getAnnotation(Param.class);
        assertEquals(
                reading().stream().map(engine -> engine.spec().name()).toList(),
                Arrays.asList(listed.value()),
                "name every reading engine in the @Param of ReadBenchmark.engine, in the order of Engines.ALL");
    }

    @Test
    void oneSystemCallGoesThreeWays() throws RunnerException {
        assertEquals(3, run(SystemCallWayBenchmark.class, new OptionsBuilder()).size());
    }

    private static List<Engine> reading() {
        return Engines.ALL.stream().filter(ReadingEngine.class::isInstance).toList();
    }

    private static Collection<RunResult> run(
            Class<?> benchmark, org.openjdk.jmh.runner.options.ChainedOptionsBuilder options) throws RunnerException {
        Collection<RunResult> results = new Runner(options.include(benchmark.getSimpleName())
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(30))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        for (RunResult result : results) {
            assertTrue(result.getPrimaryResult().getScore() > 0, result::toString);
        }
        return results;
    }
}
