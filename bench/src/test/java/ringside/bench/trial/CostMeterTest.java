package ringside.bench.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import ringside.linux.CpuAffinity;
import ringside.linux.CpuSet;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.Reading;

@Timeout(60)
class CostMeterTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory = Path.of("");

    private final Kernel kernel = new FfmKernel();
    private final CpuAffinity affinity = new CpuAffinity(kernel);

    @Test
    void aSecondOfCpuTimeIsASecondOfCpuTime() throws Exception {
        CpuSet available = affinity.get();
        Assumptions.assumeTrue(available.count() > 1, "with one CPU no core is the server's own");
        CpuSet cpus = CpuSet.of(available.toArray()[available.count() - 1]);
        Path go = directory.resolve("go");
        try (Children children = new Children(affinity);
                Child child = children.start("spinner", spinner(go), cpus)) {
            assertEquals(
                    "ready", child.nextLine(PATIENCE, "ready").orElseThrow().text());
            CostMeter meter =
                    new CostMeter(kernel, child.pid(), ProcessHandle.current().pid(), cpus);
            meter.prepare();
            meter.begin();
            long beginNanos = System.nanoTime();
            Files.createFile(go);
            child.nextLine(PATIENCE, "spun");
            CostMeter.Rates rates = meter.end();
            double seconds = (System.nanoTime() - beginNanos) / 1e9;
            assertEquals(1e9, rates.serverNanos().orThrow() * seconds, 0.05e9);
            // The core has worked at least as long, to its granularity, and no longer than time went by.
            double busyNanos = rates.coreBusyNanos().orThrow();
            assertTrue(busyNanos + rates.coreErrorNanos() >= rates.serverNanos().orThrow() * 0.99, rates::toString);
            assertTrue(busyNanos <= 1e9 + rates.coreErrorNanos(), rates::toString);
            // The loop was compiled, by threads of the same process.
            double jvmNanos = rates.jvmNanos().orThrow();
            assertTrue(jvmNanos >= 0 && jvmNanos < rates.serverNanos().orThrow() / 2, rates::toString);
            assertTrue(rates.generatorNanos().isMeasured());
        }
    }

    @Test
    void aProcessThatEndsWithinTheWindowIsUnmeasurable() throws Exception {
        try (Children children = new Children(affinity);
                Child child = children.start("sleep", List.of("sleep", "60"), CpuSet.of())) {
            CostMeter meter =
                    new CostMeter(kernel, child.pid(), ProcessHandle.current().pid(), CpuSet.of());
            meter.prepare();
            meter.begin();
            child.kill();
            CostMeter.Rates rates = meter.end();
            assertTrue(
                    rates.serverNanos() instanceof Reading.Unmeasurable<Double>(String why)
                            && why.endsWith("has ended within the window"),
                    rates::toString);
            assertFalse(rates.coreBusyNanos().isMeasured());
            assertFalse(rates.jvmNanos().isMeasured());
        }
    }

    @Test
    void aMasterThatStartsNewWorkersIsKilledWithThem() throws Exception {
        String mark = "7" + ProcessHandle.current().pid() + "1";
        try (Children children = new Children(affinity)) {
            Child child = children.start(
                    "master",
                    List.of("sh", "-c", "while :; do sleep " + mark + " & echo up; wait $!; done"),
                    CpuSet.of());
            assertEquals("up", child.nextLine(PATIENCE, "up").orElseThrow().text());
            child.kill();
            assertEquals(0, children.livingCount());
        }
        assertEquals(
                List.of(),
                ProcessHandle.allProcesses()
                        .filter(p -> p.info().commandLine().orElse("").contains(mark))
                        .map(p -> p.info().commandLine().orElse(""))
                        .toList());
    }

    private static List<String> spinner(Path go) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Spinner.class.getName(),
                go.toString(),
                "1000000000");
    }
}
