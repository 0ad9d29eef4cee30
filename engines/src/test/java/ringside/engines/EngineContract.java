package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.linux.Errno;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.PageResidency;

/// What every engine has to do, on every transport that it says it can run on: right bytes of every range, one
/// completion for each start whatever happens meanwhile, and nothing left behind. What holds when the kernel
/// fails is [EngineFaultsTest], for all of them.
///
/// A subclass names its engine. Pairs that can't run are skipped with the reason that the probe gives.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
abstract class EngineContract {

    private static final int PAGE_BYTES = 4096;
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int BIG_BYTES = 8 << 20;

    /// What a connection can end with that the other side has reset.
    private static final Set<Integer> PEER_HAS_GONE =
            Set.of(Transfer.CANCELLED, -Errno.EPIPE, -Errno.ECONNRESET, -Errno.ECONNABORTED);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    private final String name;
    private final Kernel kernel = new FfmKernel();
    private final Leaks leaks = new Leaks();
    private long files;

    EngineContract(String name) {
        this.name = name;
    }

    /// The largest file that the engine takes.
    long fileBytesMax() {
        return Long.MAX_VALUE;
    }

    /// Whether the engine looks at the file while it serves it. If not, a file that shrinks makes no difference.
    boolean readsWhileServing() {
        return true;
    }

    /// Whether a read is in flight after it was asked for: never finished by the call that asks.
    boolean readsInFlight() {
        return false;
    }

    @BeforeAll
    void warmUp() throws Exception {
        for (Transport transport : Transport.values()) {
            if (unavailable(transport).isEmpty()) {
                PatternFile file = file(100);
                try (RangeServer server = server(transport, file, 0);
                        RangeClient client = server.client()) {
                    client.request(0, 100);
                    client.expect(file, 0, 100);
                }
            }
        }
    }

    @BeforeEach
    void rememberDescriptors() throws IOException {
        leaks.remember();
    }

    @AfterEach
    void noDescriptorIsLeft() throws IOException {
        leaks.check();
    }

    @AfterAll
    void noBufferWasDropped() {
        leaks.checkBuffers();
    }

    @ParameterizedTest
    @EnumSource
    void sizes(Transport transport) throws Exception {
        assumeAvailable(transport);
        for (int size : new int[] {0, 1, PAGE_BYTES - 1, PAGE_BYTES, PAGE_BYTES + 1, CHUNK_BYTES, (1 << 20) + 1}) {
            PatternFile file = file(size);
            try (RangeServer server = server(transport, file, 0);
                    RangeClient client = server.client()) {
                client.request(0, size);
                client.expect(file, 0, size);
                assertEquals(List.of(Transfer.DONE), server.awaitStatuses(1));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void ranges(Transport transport) throws Exception {
        assumeAvailable(transport);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        PatternFile file = file((1 << 20) + 1);
        try (RangeServer server = server(transport, file, 0);
                RangeClient client = server.client()) {
            for (int i = 0; i < 100; i++) {
                long offset = i < 50 ? random.nextInt(1 << 20) : 2L * random.nextInt(CHUNK_BYTES * 4) + 1;
                long length = random.nextLong(file.lengthBytes() - offset + 1);
                client.request(offset, length);
                client.expect(file, offset, length);
            }
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void largeSparseFile(Transport transport) throws Exception {
        assumeAvailable(transport);
        long end = 5L << 30;
        PatternFile file =
                PatternFile.sparse(directory.resolve("sparse-" + files++), end, 100_000, 1L << 31, 1L << 32, end);
        try (RangeServer server = server(transport, file, 0);
                RangeClient client = server.client()) {
            for (long centre : new long[] {1L << 31, 1L << 32, end - 70_000}) {
                for (long before : new long[] {70_000, 4097, 1, 0}) {
                    long length = Math.min(140_001, end - (centre - before));
                    client.request(centre - before, length);
                    if (end > fileBytesMax()) {
                        assertEquals("status " + -Errno.EFBIG, client.line());
                    } else {
                        client.expect(file, centre - before, length);
                    }
                }
            }
        } finally {
            Files.delete(file.path());
        }
    }

    @ParameterizedTest
    @EnumSource
    void pipelinedRequests(Transport transport) throws Exception {
        assumeAvailable(transport);
        PatternFile file = file(300_000);
        try (RangeServer server = server(transport, file, 0);
                RangeClient client = server.client()) {
            for (int round = 0; round < 3; round++) {
                StringBuilder lines = new StringBuilder();
                for (int i = 0; i < 60; i++) {
                    lines.append(RangeServer.request(i * 7L, lengthOf(i)));
                }
                client.send(lines.toString());
                for (int i = 0; i < 60; i++) {
                    client.expect(file, i * 7L, lengthOf(i));
                }
            }
            assertEquals(180, server.awaitStatuses(180).size());
        }
    }

    private static long lengthOf(int request) {
        return switch (request % 5) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> PAGE_BYTES;
            case 3 -> 200_000;
            default -> 1000;
        };
    }

    @ParameterizedTest
    @EnumSource
    void slowReader(Transport transport) throws Exception {
        assumeAvailable(transport);
        PatternFile file = file(BIG_BYTES);
        try (RangeServer server = server(transport, file, 16 << 10);
                RangeClient client = server.slowClient()) {
            client.request(0, BIG_BYTES);
            server.awaitStalled();
            assertEquals(RangeServer.head(0, BIG_BYTES), client.line());
            for (int i = 0; i < 3; i++) {
                assertEquals(300_000, client.body(file, i * 300_000L, 300_000));
                server.awaitStalled();
            }
            assertEquals(BIG_BYTES - 900_000, client.body(file, 900_000, BIG_BYTES - 900_000));
            client.request(5, 1000);
            client.expect(file, 5, 1000);
            assertEquals(List.of(Transfer.DONE, Transfer.DONE), server.awaitStatuses(2));
            if (engine() instanceof ReadingEngine) {
                long most = server.pendingBytesMax();
                assertTrue(most <= 3L * CHUNK_BYTES, most + " bytes waited for a slow client");
                assertTrue(most >= 2L * CHUNK_BYTES, most + " bytes: no chunk was read while another was being sent");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void peerReset(Transport transport) throws Exception {
        assumeAvailable(transport);
        PatternFile file = file(BIG_BYTES);
        try (RangeServer server = server(transport, file, 16 << 10)) {
            for (int i = 0; i < 5; i++) {
                RangeClient client = server.slowClient();
                client.request(i, BIG_BYTES - i);
                client.request(0, 10);
                assertEquals(RangeServer.head(i, BIG_BYTES - i), client.line());
                client.body(file, i, 100_000);
                if (i > 2) {
                    server.awaitStalled();
                }
                client.reset();
                int status = server.awaitStatuses(i + 1).getLast();
                assertTrue(PEER_HAS_GONE.contains(status), "status " + status);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancelMidBody(Transport transport) throws Exception {
        assumeAvailable(transport);
        PatternFile file = file(BIG_BYTES);
        try (RangeServer server = server(transport, file, 16 << 10);
                RangeClient client = server.slowClient()) {
            client.request(0, BIG_BYTES);
            server.awaitStalled();
            server.cancelAll();
            server.cancelAll();
            assertEquals(List.of(Transfer.CANCELLED), server.awaitStatuses(1));
            long read = client.expectCut(file, 0, BIG_BYTES);
            assertTrue(read < BIG_BYTES, read + " bytes");
            client.expectEnd();
        }
    }

    /// A read that is in flight when the cancel comes, for engines that have such a thing; the connection stays
    /// usable when nothing has been written.
    @ParameterizedTest
    @EnumSource
    void cancelAtOnce(Transport transport) throws Exception {
        assumeAvailable(transport);
        PatternFile file = file(CHUNK_BYTES);
        if (readsInFlight()) {
            // From the device, where the file system has one: a read that takes its time.
            new PageResidency(kernel).evict(file.path().toString());
        }
        try (RangeServer server = server(transport, file, 0);
                RangeClient client = server.client()) {
            for (int i = 1; i <= 200; i++) {
                int length = i * 300;
                client.send("cancel " + RangeServer.request(i, length));
                String line = client.line();
                if (line.equals(RangeServer.head(i, length))) {
                    assertEquals(length, client.body(file, i, length));
                } else {
                    assertEquals("status " + Transfer.CANCELLED, line);
                }
            }
            List<Integer> statuses = server.awaitStatuses(200);
            assertEquals(200, statuses.size());
            assertTrue(Set.of(Transfer.DONE, Transfer.CANCELLED).containsAll(statuses), statuses.toString());
            if (readsInFlight()) {
                assertEquals(Transfer.CANCELLED, statuses.getFirst(), "the read was in flight, but not cancelled");
                assertEquals(
                        200,
                        statuses.stream().filter(s -> s == Transfer.CANCELLED).count());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shrinkingFile(Transport transport) throws Exception {
        assumeAvailable(transport);
        PatternFile file = file(BIG_BYTES);
        try (RangeServer server = server(transport, file, 16 << 10);
                RangeClient client = server.slowClient()) {
            client.request(0, BIG_BYTES);
            server.awaitStalled();
            truncate(file, 2 << 20);
            long read = client.expectCut(file, 0, BIG_BYTES);
            int status = server.awaitStatuses(1).getFirst();
            if (readsWhileServing()) {
                // A region of the channel that fails can't always tell why; a read can.
                boolean told = status == Transfer.SHRANK || (status < 0 && !(engine() instanceof ReadingEngine));
                assertTrue(told, "status " + status);
                assertTrue(read < BIG_BYTES, read + " bytes");
                client.expectEnd();
            } else {
                assertEquals(Transfer.DONE, status);
                assertEquals(BIG_BYTES, read);
            }
        }
    }

    /// A range that begins behind the end: nothing of the body exists.
    @ParameterizedTest
    @EnumSource
    void rangeBehindTheEnd(Transport transport) throws Exception {
        assumeAvailable(transport);
        PatternFile file = file(100_000);
        try (RangeServer server = server(transport, file, 0);
                RangeClient client = server.client()) {
            truncate(file, 50_000);
            client.request(70_000, 10_000);
            if (client.line().equals(RangeServer.head(70_000, 10_000))) {
                assertEquals(0, client.body(file, 70_000, 10_000));
                client.expectEnd();
            }
            assertEquals(Transfer.SHRANK, server.awaitStatuses(1).getFirst());
        }
    }

    @ParameterizedTest
    @EnumSource
    void deletedFile(Transport transport) throws Exception {
        assumeAvailable(transport);
        PatternFile file = file(BIG_BYTES);
        try (RangeServer server = server(transport, file, 16 << 10);
                RangeClient client = server.slowClient();
                RangeClient late = server.client()) {
            client.request(0, BIG_BYTES);
            server.awaitStalled();
            Files.delete(file.path());
            client.expect(file, 0, BIG_BYTES);
            late.request(1, 100_000);
            late.expect(file, 1, 100_000);
        }
        PatternFile gone = file(100_000);
        try (RangeServer server = server(transport, gone, 0);
                RangeClient client = server.client()) {
            Files.delete(gone.path());
            client.request(3, 90_000);
            client.expect(gone, 3, 90_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyConnections(Transport transport) throws Exception {
        assumeAvailable(transport);
        PatternFile file = file(300_000);
        try (RangeServer server = server(transport, file, 0)) {
            RangeClient[] clients = new RangeClient[20];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = i % 2 == 0 ? server.client() : server.slowClient();
                clients[i].request(i, 290_000);
            }
            for (int i = clients.length - 1; i >= 0; i--) {
                clients[i].expect(file, i, 290_000);
                clients[i].close();
            }
            assertEquals(clients.length, server.awaitStatuses(clients.length).size());
        }
    }

    final Engine engine() {
        return Engines.byName(name);
    }

    final void assumeAvailable(Transport transport) {
        String reason = unavailable(transport);
        assumeTrue(reason.isEmpty(), reason);
    }

    /// @return why not, or nothing
    private String unavailable(Transport transport) {
        if (engine().probe(kernel, transport) instanceof Availability.Unavailable(String reason, String remedy)) {
            assertNotEquals("", remedy);
            return reason;
        }
        return "";
    }

    final RangeServer server(Transport transport, PatternFile file, int sendBufferBytes) throws Exception {
        return server(transport, kernel, file, sendBufferBytes);
    }

    final RangeServer server(Transport transport, Kernel kernel, PatternFile file, int sendBufferBytes)
            throws Exception {
        ChosenEngine chosen = ChosenEngine.parse(name + ":chunk-bytes=" + CHUNK_BYTES);
        return new RangeServer(chosen, transport, kernel, file, sendBufferBytes);
    }

    final PatternFile file(int lengthBytes) throws IOException {
        return PatternFile.full(directory.resolve("file-" + files++), lengthBytes);
    }

    private static void truncate(PatternFile file, long lengthBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
            channel.truncate(lengthBytes);
        }
    }
}
