package ringside.bench.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.bench.result.Ledger;
import ringside.bench.result.Ledger.Source;
import ringside.bench.result.Measured;
import ringside.linux.Errno;
import ringside.linux.FfmKernel;
import ringside.linux.FileAdvice;
import ringside.linux.Kernel;
import ringside.linux.OpenFiles;
import ringside.linux.Reading;
import ringside.linux.Syscall;

/// The ledger of this very process.
class LedgerMeterTest {

    private static final int READS = 512;
    private static final int BYTES = 4096;

    private final Kernel kernel = new FfmKernel();
    private final long self = ProcessHandle.current().pid();

    @TempDir
    Path directory;

    @Test
    void readsAreCountedByNameAndDivided() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[BYTES]);
        LedgerCounts counts;
        try (LedgerMeter meter = LedgerMeter.start(kernel, self)) {
            read(file, READS, 0);
            counts = meter.stop();
        }
        Ledger ledger = counts.over(READS);
        assumeTrue(
                ledger.perRequest(Ledger.SYSTEM_CALLS).isKnown(),
                () -> ledger.perRequest(Ledger.SYSTEM_CALLS).toString());
        assertEquals(Measured.of(1), ledger.perRequest("pread64"));
        assertEquals(Measured.of(0), ledger.perRequest("splice"));
        assertFalse(ledger.perRequest("no such call").isKnown());
        double named = ledger.entries().stream()
                .filter(Ledger.Entry::isPartOfCalls)
                .mapToDouble(entry -> entry.count().orElse(-1))
                .sum();
        double all = ledger.entry(Ledger.SYSTEM_CALLS).orElseThrow().count().orElse(-1);
        assertTrue(named >= all, named + " of " + all);
        assertTrue(counts.seconds() > 0);
        assertEquals(counts.seconds(), ledger.seconds());
        assertEquals(READS, ledger.requests());
        assertEquals(
                Source.SOFTWARE,
                ledger.entry(Ledger.CONTEXT_SWITCHES).orElseThrow().source());
        // At a rate each count is divided by its own time: twice the rate is half a count for each.
        double slow = counts.atRate(1000).perRequest("pread64").orElse(-1);
        double fast = counts.atRate(2000).perRequest("pread64").orElse(-1);
        assertTrue(fast > 0 && Math.abs(slow / fast - 2) < 1e-9, slow + " and " + fast);
    }

    @Test
    void bytesOfTheDeviceAreThoseThatWereNotInTheCache() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[READS * BYTES]);
        OpenFiles files = new OpenFiles(kernel);
        int fd = files.open(file.toString(), OpenFiles.O_RDONLY);
        try (LedgerMeter meter = LedgerMeter.attach(kernel, self)) {
            assertEquals(0, kernel.call(Syscall.FDATASYNC, fd));
            FileAdvice.DONTNEED.give(kernel, fd, 0, 0);
            meter.begin();
            read(file, READS, BYTES);
            Ledger ledger = meter.stop().over(1);
            double bytes = ledger.perRequest(Ledger.DEVICE_BYTES).orElse(-1);
            assumeTrue(bytes != 0, "this file system keeps all in memory");
            assertTrue(bytes >= READS * BYTES, bytes + " bytes");
            assertTrue(ledger.perRequest("disk bytes read, all processes").orElse(-1) >= bytes);
            if (ledger.perRequest(Ledger.PAGE_CACHE_INSERTS) instanceof Measured.Value(double inserts)) {
                assertTrue(inserts >= 1, inserts + " inserts");
            }
        } finally {
            files.close(fd);
        }
    }

    @Test
    void withoutPermissionItSaysWhyAndTakesWhatProcKnows() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[BYTES]);
        long before = descriptors();
        try (LedgerMeter meter = LedgerMeter.start(refusing(Errno.EACCES), self)) {
            read(file, READS, 0);
            Ledger ledger = meter.stop().over(READS);
            Ledger.Entry calls = ledger.entry(Ledger.SYSTEM_CALLS).orElseThrow();
            assertTrue(
                    calls.count() instanceof Measured.Unmeasurable(String why)
                            && why.contains("perf_event_paranoid")
                            && why.contains("Run as root"),
                    calls::toString);
            assertFalse(ledger.perRequest("pread64").isKnown());
            assertFalse(ledger.perRequest(Ledger.PUNTS).isKnown());
            assertTrue(ledger.callsWatched().isEmpty());
            assertTrue(ledger.perRequest("read and its kin").orElse(0) >= 1);
            Ledger.Entry switches = ledger.entry(Ledger.CONTEXT_SWITCHES).orElseThrow();
            assertEquals(Source.PROC, switches.source());
            assertTrue(switches.count().isKnown(), switches::toString);
            assertTrue(ledger.perRequest(Ledger.MINOR_FAULTS).isKnown());
        }
        assertEquals(before, descriptors());
    }

    @Test
    void aRefusalOfTheSystemCallNamesTheContainer() {
        try (LedgerMeter meter = LedgerMeter.start(refusing(Errno.ENOSYS), self)) {
            Ledger ledger = meter.stop().over(1);
            assertTrue(
                    ledger.perRequest(Ledger.PUNTS) instanceof Measured.Unmeasurable(String why)
                            && why.contains("container"),
                    ledger::toString);
        }
    }

    @Test
    void nothingCanBeDividedByNothing() {
        try (LedgerMeter meter = LedgerMeter.attach(kernel, self)) {
            assertThrows(IllegalStateException.class, meter::stop);
            meter.begin();
            LedgerCounts counts = meter.stop();
            assertThrows(IllegalArgumentException.class, () -> counts.over(0));
            assertThrows(IllegalArgumentException.class, () -> counts.atRate(Double.NaN));
        }
    }

    private Kernel refusing(int errno) {
        return new Kernel() {
            @Override
            public String name() {
                return "refusing";
            }

            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                return call == Syscall.PERF_EVENT_OPEN ? -errno : kernel.call(call, a0, a1, a2, a3, a4, a5);
            }
        };
    }

    private void read(Path path, int times, long stepBytes) {
        OpenFiles files = new OpenFiles(kernel);
        int fd = files.open(path.toString(), OpenFiles.O_RDONLY);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BYTES);
            for (int i = 0; i < times; i++) {
                assertEquals(BYTES, kernel.call(Syscall.PREAD64, fd, buffer.address(), BYTES, i * stepBytes));
            }
        } finally {
            files.close(fd);
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> list = Files.list(Path.of("/proc/self/fd"))) {
            return list.count();
        }
    }

    /// 200 answers that allocate a thousand bytes each, whatever the generator says of its rate.
    @Test
    void whatAServerSaysIsDividedByItsOwnAnswers() {
        Iterator<ServerCounts> said = List.of(
                        new ServerCounts(new TreeMap<>(), 100, 5_000, 1_000_000_000L),
                        new ServerCounts(new TreeMap<>(Map.of("ring reads", 400L)), 300, 205_000, 3_000_000_000L))
                .iterator();
        LedgerCounts counts;
        try (LedgerMeter meter = LedgerMeter.attach(kernel, self, () -> new Reading.Measured<>(said.next()))) {
            meter.begin();
            counts = meter.stop();
        }
        Ledger ledger = counts.byOwnAnswers().orElseThrow();
        assertEquals(1000, ledger.perRequest(Ledger.ALLOCATED_BYTES).orElse(-1), 1e-6);
        assertEquals(2, ledger.perRequest("ring reads").orElse(-1), 1e-9);
        assertEquals(
                Source.JVM, ledger.entry(Ledger.ALLOCATED_BYTES).orElseThrow().source());
    }

    @Test
    void whoIsNotAskedHasNoAnswersOfItsOwn() {
        try (LedgerMeter meter = LedgerMeter.start(kernel, self)) {
            assertEquals(Optional.empty(), meter.stop().byOwnAnswers());
        }
    }
}
