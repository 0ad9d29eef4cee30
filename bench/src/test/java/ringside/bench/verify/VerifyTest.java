package ringside.bench.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;

/// That it runs, that what is right is called right, and that it sees what is wrong.
@Timeout(120)
class VerifyTest {

    private static final Kernel KERNEL = new FfmKernel();
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final List<Transport> TWO = List.of(Transport.NIO, Transport.preferred());
    private static final List<Transport> ONE = List.of(Transport.preferred());

    @TempDir
    Path directory;

    private VerifyResult run(
            String engines,
            List<Transport> transports,
            boolean mutate,
            ServerUnderTest.Starter starter,
            Duration patience)
            throws IOException, InterruptedException {
        long seed = new Random().nextInt(1_000_000);
        VerifyPlan plan = new VerifyPlan(
                ChosenEngine.parseList(engines), transports, SECOND, 8, seed, mutate, directory, patience);
        return new Verify(plan, KERNEL, starter, new Silent()).run();
    }

    private static PairResult.Checked checked(PairResult pair) {
        return assertInstanceOf(PairResult.Checked.class, pair.outcome());
    }

    @Test
    void whatIsRightIsCalledRight() throws IOException, InterruptedException {
        VerifyResult result =
                run("nowait,aio:threads=2", TWO, false, ServerUnderTest.ringside(KERNEL), Duration.ofSeconds(10));
        String table = new VerifyTable(false).render(result);
        assertTrue(result.isGood(), table);
        assertEquals(2 * TWO.size(), result.pairs().size());
        for (PairResult pair : result.pairs()) {
            Counts counts = checked(pair).counts();
            assertTrue(counts.responses() > 0 && counts.bodyBytes() > 0, table);
        }
        assertTrue(table.contains("aio:threads=2"), table);
        assertTrue(table.contains("nowait on nio counted: "), table);
        JsonNode json = new ObjectMapper().readTree(VerifyJson.of(result));
        assertTrue(json.get("good").asBoolean(), json::toString);
        assertEquals(result.pairs().size(), json.get("pairs").size());
        JsonNode counted = json.get("pairs").get(0).get("engineCounts");
        assertTrue(counted.get("reads that didn't wait").asLong() > 0, counted::toString);
        assertNothingIsLeft();
    }

    @Test
    void filesMayChangeMeanwhile() throws IOException, InterruptedException {
        VerifyResult result =
                run("blocking,sendfile", TWO, true, ServerUnderTest.ringside(KERNEL), Duration.ofSeconds(10));
        assertTrue(result.isGood(), new VerifyTable(false).render(result));
        assertTrue(checked(result.pairs().getFirst()).counts().changes() > 10);
        assertNothingIsLeft();
    }

    @Test
    void aWebrootMayBeReplacedMeanwhile() throws IOException, InterruptedException {
        VerifyPlan plan = new VerifyPlan(
                ChosenEngine.parseList("mmap,sendfile"),
                List.of(Transport.preferred()),
                SECOND,
                8,
                new Random().nextInt(1_000_000),
                false,
                directory,
                12,
                Duration.ofSeconds(10));
        VerifyResult result = new Verify(plan, KERNEL, new Silent()).run();
        String table = new VerifyTable(false).render(result);
        assertTrue(result.isGood(), table);
        assertEquals(2, result.pairs().size());
        assertEquals(12, checked(result.pairs().getFirst()).counts().changes());
        assertTrue(checked(result.pairs().getFirst()).counts().bodyBytes() > 0, table);
        assertTrue(table.contains("12 replacements"), table);
        assertNothingIsLeft();
    }

    /// The only wrong thing is one byte of one file.
    @Test
    void oneWrongByteIsFound() throws IOException, InterruptedException {
        List<Path> spoilt = new ArrayList<>();
        VerifyResult result = run(
                "blocking",
                ONE,
                false,
                (engine, transport, root) -> {
                    // Each tree once: it is served for the warm-up, too, and flipped twice it would be right again.
                    if (!spoilt.contains(root)) {
                        spoilt.add(root);
                        flip(root.resolve("f1048577.bin"), 1_000_003);
                    }
                    return ServerUnderTest.ringside(KERNEL).start(engine, transport, root);
                },
                Duration.ofSeconds(10));
        String table = new VerifyTable(false).render(result);
        assertFalse(result.isGood(), table);
        PairResult.Checked first = checked(result.pairs().getFirst());
        assertTrue(first.found(Finding.Kind.WRONG) > 0, table);
        assertEquals(0, first.found(Finding.Kind.LEAK), table);
        assertTrue(
                first.findings().stream()
                        .allMatch(finding -> finding.what().contains("byte 1000003 is 0x")
                                && finding.what().contains("/f1048577.bin")),
                table);
        assertTrue(table.contains("--seed " + result.plan().seed()), table);
    }

    private static void flip(Path file, long position) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            java.nio.ByteBuffer one = java.nio.ByteBuffer.allocate(1);
            channel.read(one, position);
            channel.write(java.nio.ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}), position);
        }
    }

    /// A server that answers with the right length and the right first half of the body, and then nothing.
    @Test
    void aServerThatStopsInABodyHangs() throws IOException, InterruptedException {
        VerifyResult result = run("blocking", ONE, false, HalfServer::start, Duration.ofMillis(400));
        String table = new VerifyTable(false).render(result);
        assertTrue(checked(result.pairs().getFirst()).found(Finding.Kind.HANG) > 0, table);
        assertEquals(0, checked(result.pairs().getFirst()).found(Finding.Kind.WRONG), table);
        assertTrue(table.contains("nothing came for 0.4 s"), table);
    }

    @Test
    void whatAServerLeavesOpenIsFound() throws IOException, InterruptedException {
        List<InputStream> kept = new ArrayList<>();
        ServerUnderTest.Starter leaking = (engine, transport, root) -> {
            kept.add(Files.newInputStream(root.resolve("f1.bin")));
            return ServerUnderTest.ringside(KERNEL).start(engine, transport, root);
        };
        VerifyResult result = run("blocking", ONE, false, leaking, Duration.ofSeconds(10));
        for (InputStream stream : kept) {
            stream.close();
        }
        PairResult.Checked first = checked(result.pairs().getFirst());
        assertEquals(1, first.found(Finding.Kind.LEAK), first::toString);
        assertTrue(first.findings().getFirst().what().contains("f1.bin"), first::toString);
    }

    /// As where an option asks for what the device hasn't got: nothing is wrong, and nothing is known either.
    /// The first start is the warm-up's.
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void withoutAServerNothingIsRight(int refused) throws IOException, InterruptedException {
        int[] starts = {0};
        ServerUnderTest.Starter refusing = (engine, transport, root) -> {
            if (++starts[0] % refused == 0) {
                throw new UnsupportedOperationException("no such device.");
            }
            return ServerUnderTest.ringside(KERNEL).start(engine, transport, root);
        };
        VerifyResult result = run("blocking", TWO, false, refusing, Duration.ofSeconds(1));
        assertFalse(result.isAnythingChecked());
        assertFalse(result.isGood());
        String table = new VerifyTable(false).render(result);
        assertTrue(table.contains("unavailable: the server doesn't start: no such device"), table);
        assertTrue(table.contains("0 responses of 0 pairs checked byte for byte: nothing is known"), table);
        assertNothingIsLeft();
    }

    @Test
    void bytesAreKnownByPosition() {
        KnownBytes bytes = KnownBytes.of(1, "/a", 0);
        byte[] filled = new byte[1000];
        bytes.fill(filled, 1000, 5);
        for (int from : new int[] {0, 1, 7, 8, 500}) {
            assertEquals(-1, bytes.mismatch(filled, from, 1000, 5 + from));
        }
        for (int at : new int[] {0, 2, 3, 4, 10, 999}) {
            filled[at] ^= 0x10;
            assertEquals(at, bytes.mismatch(filled, 0, 1000, 5));
            filled[at] ^= 0x10;
        }
        assertTrue(bytes.mismatch(filled, 0, 1000, 6) >= 0, "shifted by a byte");
        assertTrue(KnownBytes.of(1, "/a", 1).mismatch(filled, 0, 1000, 5) >= 0, "another version");
    }

    @Test
    void aPlanThatMakesNoSenseIsRefused() {
        List<ChosenEngine> engines = ChosenEngine.parseList("blocking");
        List<Transport> transports = List.of(Transport.NIO);
        for (int connections : new int[] {0, -1, 100_000}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new VerifyPlan(
                            engines, transports, SECOND, connections, 1, false, directory, Duration.ofSeconds(1)));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> new VerifyPlan(
                        engines, transports, Duration.ZERO, 1, 1, false, directory, Duration.ofSeconds(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new VerifyPlan(engines, transports, SECOND, 1, 1, true, directory, 1, SECOND));
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private static final class Silent implements VerifyObserver {
        @Override
        public void planned(VerifyPlan plan, int pairs, Duration estimate) {}

        @Override
        public void progress(int index, int pairs, String label, Counts counts, int found) {}

        @Override
        public void finished(int index, int pairs, PairResult result) {}
    }
}
