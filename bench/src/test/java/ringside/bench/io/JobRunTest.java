package ringside.bench.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.bench.result.HlogFile;
import ringside.bench.result.Measured;
import ringside.engines.Availability;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;

/// Real reads, for the blink of an eye.
@Timeout(60)
class JobRunTest {

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"memory", "blocking", "aio", "uring", "uring:registered=on", "direct"})
    void everyReadIsCountedTimedAndVerified(String engine) throws IOException, InterruptedException {
        List<String> phases = new ArrayList<>();
        ReadResult result = run(available(engine, Jobs.shape(8, true)), phases);
        assertEquals("", result.failure());
        assertEquals(List.of("ramping", "measuring", "measured"), phases);
        assertTrue(result.reads() > 0, result::toString);
        assertEquals(4096 * result.reads(), result.bytes());
        assertTrue(result.verified() >= result.reads(), result::toString);
        assertEquals(0, result.mismatches());
        assertTrue(result.seconds() >= 0.3, result::toString);
        assertTrue(result.latency().p50Micros().isKnown(), result::toString);
        assertTrue(result.threadMicrosPerRead().isKnown(), result::toString);
        boolean within = engine.equals("blocking") || engine.equals("memory");
        assertEquals(within ? 1 : 8, result.underWayMax());
    }

    @Test
    void systemCallsAreCountedByName() throws IOException, InterruptedException {
        ReadResult result = run(available("blocking", Jobs.shape(1, false)), new ArrayList<>());
        // A read that begins in the ramp and ends in the window is one more or one less.
        assertEquals(1, result.systemCallsPerRead().getOrDefault("pread64", 0.0), 2.0 / (double) result.reads());
        assertEquals(Measured.of(1), result.residencyBefore());
    }

    @ParameterizedTest
    @CsvSource({
        "uring:registered=on, fixed reads",
        "uring, ring reads",
        "nowait, reads that didn't wait",
        "mmap, windows mapped"
    })
    void anEngineTellsWhatItHasCounted(String engine, String name) throws IOException, InterruptedException {
        ReadResult result = run(available(engine, Jobs.shape(4, false)), new ArrayList<>());
        long least = engine.equals("mmap") ? 1 : result.reads();
        assertTrue(result.engineCounts().getOrDefault(name, 0L) >= least, result::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"blocking", "uring", "direct"})
    void aFlippedBitIsFound(String engine) throws IOException, InterruptedException {
        ReadJob job = available(engine, Jobs.shape(4, true));
        try (FileChannel channel = FileChannel.open(job.file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, 123_456);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 0x10)}), 123_456);
        }
        ReadResult result = run(job, new ArrayList<>());
        assertTrue(result.mismatches() > 0 && result.mismatches() < result.verified(), result::toString);
        assertTrue(result.failure().contains("the first at offset 122880"), result::failure);
    }

    @Test
    void aForeignFileIsHeldAgainstItsOwnBytes() throws IOException, InterruptedException {
        Path file = Files.write(directory.resolve("foreign"), new byte[Jobs.FILE_BYTES]);
        ReadJob job = Jobs.shape(4, true)
                .job(ChosenEngine.parse("blocking"), file, Jobs.FILE_BYTES, OptionalLong.empty(), Optional.empty());
        ReadResult right = run(job, new ArrayList<>());
        assertEquals("", right.failure());
        ReadJob asGenerated = Jobs.shape(4, true)
                .job(ChosenEngine.parse("blocking"), file, Jobs.FILE_BYTES, OptionalLong.of(1), Optional.empty());
        ReadResult wrong = run(asGenerated, new ArrayList<>());
        assertEquals(wrong.verified(), wrong.mismatches());
    }

    @ParameterizedTest
    @ValueSource(strings = {"blocking", "uring"})
    void aFileThatEndsEarlyEndsTheReads(String engine) throws IOException, InterruptedException {
        ReadJob job = available(engine, Jobs.shape(4, false));
        try (FileChannel channel = FileChannel.open(job.file(), StandardOpenOption.WRITE)) {
            channel.truncate(8192 + 100);
        }
        ReadResult result = run(withoutCache(job), new ArrayList<>());
        assertTrue(result.failure().contains("it has shrunk"), result::failure);
    }

    @ParameterizedTest
    @ValueSource(strings = {"blocking", "uring"})
    void anOpenLoopKeepsItsRate(String engine) throws IOException, InterruptedException {
        ReadResult result = run(available(engine, Jobs.atRate(500)), new ArrayList<>());
        assertEquals("", result.failure());
        // Reads that start late are made up for: the count holds even on a busy machine, but for the last ones.
        assertEquals(500 * result.seconds(), (double) result.reads(), 60, result::toString);
        assertTrue(result.startLag().p50Micros().isKnown(), result::toString);
        assertTrue(result.seconds() >= 0.3, result::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rand", "seq"})
    void aColdFileIsReadOnceAndEndsTheWindow(String pattern) throws IOException, InterruptedException {
        ReadJob job = available("uring", Jobs.cold(ReadPattern.byId(pattern)));
        Optional<String> kept = keptInMemory(job.file());
        assumeTrue(kept.isEmpty(), () -> "the file can't be evicted here: " + kept.orElse(""));
        ReadResult result = run(job, new ArrayList<>());
        assertEquals("", result.failure());
        assertEquals(Measured.of(0), result.residencyBefore());
        assertEquals(Jobs.FILE_BYTES / 4096, result.verified());
        assertTrue(result.seconds() < 20, result::toString);
    }

    @Test
    void theHistogramLogHasEveryRead() throws IOException, InterruptedException {
        Path log = directory.resolve("reads.hlog");
        ReadJob generated = available("blocking", Jobs.shape(1, false));
        ReadJob job = Jobs.shape(1, false)
                .job(
                        ChosenEngine.parse("blocking"),
                        generated.file(),
                        Jobs.FILE_BYTES,
                        OptionalLong.empty(),
                        Optional.of(log));
        ReadResult result = run(job, new ArrayList<>());
        assertEquals(result.reads(), HlogFile.read(log, HlogFile.SERVICE).getTotalCount());
    }

    @Test
    void aGeneratedFileGoesAwayAndAFailedOneToo() throws IOException {
        Path made;
        try (GeneratedFile file = GeneratedFile.create(directory, 5000, 1, () -> {})) {
            made = file.path();
            assertEquals(5000, Files.size(made));
        }
        assertFalse(Files.exists(made));
        try {
            GeneratedFile.create(directory, 5000, 1, () -> {
                throw new IllegalStateException("ended");
            });
        } catch (IllegalStateException e) {
            assertEquals("ended", e.getMessage());
        }
        try (var left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    /// The page cache's state is prepared for the whole area, which a truncated file doesn't have any more:
    /// cold reads don't ask for that.
    private static ReadJob withoutCache(ReadJob job) {
        return Jobs.job(job.engine().name(), Jobs.cold(ReadPattern.RANDOM), job.file());
    }

    private ReadJob available(String engine, ReadShape shape) throws IOException {
        ChosenEngine chosen = ChosenEngine.parse(engine);
        Availability availability = chosen.engine().probe(new FfmKernel(), Transport.preferred());
        assumeTrue(availability.isAvailable(), () -> engine + ": " + availability);
        GeneratedFile file = GeneratedFile.create(directory, Jobs.FILE_BYTES, Jobs.SEED, () -> {});
        return Jobs.job(engine, shape, file.path());
    }

    private static Optional<String> keptInMemory(Path file) {
        try (FilePages pages = new FilePages(new FfmKernel(), file, Jobs.FILE_BYTES)) {
            pages.prepare(CacheState.COLD);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static ReadResult run(ReadJob job, List<String> phases) throws IOException, InterruptedException {
        return new JobRun(job, new FfmKernel(), new JobRun.Phases() {
                    @Override
                    public void ramping() {
                        phases.add("ramping");
                    }

                    @Override
                    public void measuring() {
                        phases.add("measuring");
                    }

                    @Override
                    public void measured() {
                        phases.add("measured");
                    }
                })
                .run();
    }
}
