package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The readers on the real `/proc`.
class ProcessesTest {

    private final Kernel kernel = new FfmKernel();
    private final Processes processes = new Processes(kernel);
    private final int self = (int) ProcessHandle.current().pid();

    @TempDir
    Path directory;

    @Test
    void cpuTimeIsThatOfTheJvmsOwnAccount() {
        long before = processes.cpuNanos(self).orThrow();
        long beforeJvm = cpuNanosOfTheJvm();
        // The JVM counts user and system time in ticks, each rounded down.
        long roundingNanos = 2 * 1_000_000_000 / SystemStat.ticksPerSecond();
        assertTrue(before <= beforeJvm + roundingNanos, before + " before " + beforeJvm);
        long ticksBefore = processes.stat(self).orThrow().cpuTicks();
        burn(60_000_000);
        long after = processes.cpuNanos(self).orThrow();
        assertTrue(after - before >= 60_000_000, after - before + " ns");
        assertTrue(after <= cpuNanosOfTheJvm() + roundingNanos);
        assertTrue(processes.stat(self).orThrow().cpuTicks() - ticksBefore >= 4);
        long nanosPerTick = 1_000_000_000 / SystemStat.ticksPerSecond();
        long ticks = processes.stat(self).orThrow().cpuTicks();
        assertTrue(Math.abs(after / nanosPerTick - ticks) <= 20, after + " ns and " + ticks + " ticks");
    }

    @Test
    void cpuTimeKeepsThreadsThatHaveEndedAndTheSumOfTheLivingDoesNot() throws InterruptedException {
        long before = processes.cpuNanos(self).orThrow();
        Thread worker = Thread.ofPlatform().start(() -> burn(50_000_000));
        worker.join();
        assertTrue(processes.cpuNanos(self).orThrow() - before >= 50_000_000);
        assertTrue(processes.threadRunNanos(self).orThrow()
                <= processes.cpuNanos(self).orThrow());
    }

    @Test
    void aThreadIsFoundByItsNameWithItsOwnTime() throws Exception {
        var burnt = new java.util.concurrent.CountDownLatch(1);
        var looked = new java.util.concurrent.CountDownLatch(1);
        Thread worker = Thread.ofPlatform().name("a) S (b").start(() -> {
            burn(30_000_000);
            burnt.countDown();
            try {
                looked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        burnt.await();
        List<ThreadTimes> threads = processes.threads(self).orThrow();
        looked.countDown();
        worker.join();
        ThreadTimes found = threads.stream()
                .filter(thread -> thread.stat().name().equals("a) S (b"))
                .findFirst()
                .orElseThrow();
        assumeTrue(found.run().isMeasured(), found.run().whyMissing());
        assertTrue(found.run().orThrow().runNanos() >= 30_000_000, found.toString());
        assertTrue(processes.status(self).orThrow().threads() > 1);
    }

    @Test
    void ioCountsWhatIsRead() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[50_000]);
        ProcessIo before = processes.io(self).orThrow();
        assertEquals(50_000, Files.readAllBytes(file).length);
        ProcessIo after = processes.io(self).orThrow();
        assertTrue(
                after.minus(before).readChars() >= 50_000, after.minus(before).toString());
        assertTrue(after.minus(before).readCalls() >= 1);
    }

    @Test
    void memoryIsPlausible() {
        ProcessStatus status = processes.status(self).orThrow();
        long resident = status.residentBytes().orElseThrow();
        assertTrue(resident > 10_000_000, "resident " + resident);
        assertTrue(status.residentBytesMax().orElseThrow() >= resident);
        assertTrue(processes.contextSwitches(self).orThrow() >= status.voluntarySwitches());
    }

    @Test
    void descendantsAreFoundAndThenVanish() throws Exception {
        // A shell starts a shell, which tells its id and waits for the end of its input.
        Process parent = new ProcessBuilder("sh", "-c", "sh -c 'echo $$; read line; exit 0'; exit 0").start();
        int child;
        try (BufferedReader out = parent.inputReader(StandardCharsets.US_ASCII)) {
            child = Integer.parseInt(String.valueOf(out.readLine()));
            List<Integer> found =
                    processes.descendants(self).stream().map(ProcessStat::id).toList();
            assertTrue(found.contains((int) parent.pid()), found.toString());
            assertTrue(found.contains(child), found + " lacks " + child);
            assertTrue(found.indexOf((int) parent.pid()) <= found.indexOf(child));
            parent.getOutputStream().close();
            assertEquals(0, parent.waitFor());
        }
        assertVanished(processes.stat(child), child);
        assertVanished(processes.io(child), child);
        assertVanished(processes.status(child), child);
        assertVanished(processes.cpuNanos(child), child);
        assertVanished(processes.threads(child), child);
        assertVanished(processes.threadRunNanos(child), child);
        assertVanished(processes.contextSwitches(child), child);
        assertTrue(processes.descendants(child).isEmpty());
    }

    @Test
    void aProcessThatEndsWhileItIsWatchedIsNeverAnException() throws Exception {
        for (int round = 0; round < 20; round++) {
            Process brief = new ProcessBuilder("true").start();
            int id = (int) brief.pid();
            for (int look = 0; look < 200; look++) {
                for (Reading<?> reading :
                        List.of(processes.stat(id), processes.io(id), processes.threads(id), processes.cpuNanos(id))) {
                    assertFalse(reading instanceof Reading.Unmeasurable, () -> reading.whyMissing());
                }
            }
            brief.waitFor();
        }
    }

    @Test
    void whatCanNotBeReadSaysWhy() {
        Reading<String> missing = new PseudoFiles(kernel).read("/proc/no-such-file");
        assertInstanceOf(Reading.Unmeasurable.class, missing);
        assertTrue(missing.whyMissing().contains("/proc/no-such-file"), missing.whyMissing());
        assertTrue(missing.whyMissing().contains("ENOENT"), missing.whyMissing());
        FaultyKernel broken = FaultyKernel.builder(kernel, 1)
                .fail(Syscall.READ, Errno.EACCES, 1)
                .fail(Syscall.CLOCK_GETTIME, Errno.EPERM, 1)
                .build();
        String why = new Processes(broken).io(self).whyMissing();
        assertTrue(why.contains("EACCES") && why.contains("/io"), why);
        why = new Processes(broken).cpuNanos(self).whyMissing();
        assertTrue(why.contains("EPERM"), why);
        assertFalse(Machine.read(broken).kernelRelease().isMeasured());
    }

    @Test
    void shortAndInterruptedReadsDoNotChangeWhatIsRead() {
        FaultyKernel faulty = FaultyKernel.builder(kernel, 9)
                .shorten(Syscall.READ, 0.5)
                .fail(Syscall.READ, Errno.EINTR, 0.3)
                .build();
        for (int i = 0; i < 50; i++) {
            assertEquals(
                    new PseudoFiles(kernel).read("/proc/cmdline"),
                    new PseudoFiles(faulty).read("/proc/cmdline"),
                    faulty.toString());
        }
        assertTrue(faulty.shortened(Syscall.READ) > 0, faulty.toString());
    }

    @Test
    void theBusyTimeOfACpuGrowsWithWork() {
        SystemStat before = SystemStat.read(kernel).orThrow();
        burn(160_000_000);
        SystemStat after = SystemStat.read(kernel).orThrow();
        CpuTimes all = after.all().minus(before.all());
        assertTrue(all.busyTicks() >= 4, all.toString());
        CpuSet online = new CpuAffinity(kernel).online();
        assertTrue(after.of(online).minus(before.of(online)).busyTicks() >= 4);
        long elapsedNanos = after.atNanos() - before.atNanos();
        assertTrue(elapsedNanos >= 160_000_000, elapsedNanos + " ns");
        long busyNanos = after.busyNanosSince(before, online);
        // Idle, iowait and steal of each CPU are cut to ticks at the first reading: so much may be taken off in vain.
        long roundingNanos = 3L * online.count() * 1_000_000_000 / SystemStat.ticksPerSecond();
        assertTrue(busyNanos >= 160_000_000 - roundingNanos, busyNanos + " of " + elapsedNanos + " ns, " + all);
        assertTrue(busyNanos <= elapsedNanos * online.count(), busyNanos + " of " + elapsedNanos + " ns");
        assertThrows(IllegalArgumentException.class, () -> before.busyNanosSince(after, online));
        assertTrue(after.contextSwitches() >= before.contextSwitches());
    }

    @Test
    void theMachineIsKnown() throws IOException {
        Machine machine = Machine.read(kernel);
        assertEquals(System.getProperty("os.version"), machine.kernelRelease().orThrow());
        assertEquals(
                Files.readString(Path.of("/proc/cmdline")).strip(),
                machine.commandLine().orThrow());
        assertTrue(machine.memoryBytes().orThrow() > 64 << 20);
        assertEquals(new CpuAffinity(kernel).online(), machine.onlineCpus().orThrow());
        for (Reading<?> fact : List.of(machine.kernelVersion(), machine.cpuModel(), machine.swapBytes())) {
            assertTrue(fact.isMeasured(), fact.whyMissing());
        }
        assertTrue(
                machine.mitigations().containsKey("meltdown"),
                machine.mitigations().toString());
        machine.mitigations().values().forEach(state -> assertTrue(state.isMeasured(), state.whyMissing()));
    }

    @Test
    void theMountOfAPathIsTheJdks() throws IOException {
        Mount mount = Mount.of(kernel, directory.toString()).orThrow();
        assertEquals(Files.getFileStore(directory).type(), mount.fileSystem());
        assertEquals(Files.getFileStore(directory).name(), mount.source());
        assertEquals("proc", Mount.of(kernel, "/proc/self").orThrow().fileSystem());
        assertTrue(Mount.of(kernel, "/no/such/path").whyMissing().contains("ENOENT"));
    }

    @Test
    void pressureIsReadOrSaysWhyNot() {
        for (Pressure.Resource resource : Pressure.Resource.values()) {
            Reading<Pressure> pressure = Pressure.read(kernel, resource);
            assumeTrue(pressure.isMeasured(), pressure.whyMissing());
            assertTrue(pressure.orThrow().some().totalMicros() >= 0);
            assertTrue(pressure.orThrow().some().percent10s() <= 100);
        }
    }

    private void assertVanished(Reading<?> reading, int id) {
        assertInstanceOf(Reading.Vanished.class, reading);
        assertEquals("process " + id + " has ended", reading.whyMissing());
    }

    private static long cpuNanosOfTheJvm() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void burn(long cpuNanos) {
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        while (threads.getCurrentThreadCpuTime() - start < cpuNanos) {
            Thread.onSpinWait();
        }
    }
}
