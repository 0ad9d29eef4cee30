package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.linux.Errno;

/// What every engine does, on every transport, when the disk really fails in the middle of a body: the client gets
/// right bytes and a connection that is cut behind them, the next client is served, and nothing is left behind.
@Timeout(120)
final class EngineDiskErrorTest extends EngineMatrix {

    private static final int FILE_BYTES = 600_000;
    private static final int GOOD_BYTES = 256 << 10;

    /// Not the matrix's own, in which a mount would be in the way of other tests.
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path place;

    @SuppressWarnings("NullAway.Init")
    private FailingDisk disk;

    @BeforeAll
    void makeDisk() throws Exception {
        disk = FailingDisk.make(place, FILE_BYTES, GOOD_BYTES);
    }

    @AfterAll
    @SuppressWarnings("ConstantValue") // null when no disk could be made
    void removeDisk() throws Exception {
        if (disk != null) {
            disk.close();
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aBodyIsCutWhereTheDiskFails(String engine, Transport transport) throws Exception {
        assumeAvailable(engine, transport);
        ChosenEngine chosen = ChosenEngine.parse(engine + ":chunk-bytes=64k");
        Set<Integer> errors = Set.of(-Errno.EIO);
        try (RangeServer server = new RangeServer(chosen, transport, KERNEL, disk.file(), 0)) {
            for (int i = 0; i < 2; i++) {
                try (RangeClient client = server.client()) {
                    client.request(i, FILE_BYTES - i);
                    assertNotEquals(RangeClient.Answer.WHOLE, client.answer(disk.file(), i, FILE_BYTES - i, errors));
                }
                try (RangeClient client = server.client()) {
                    client.request(FILE_BYTES - 5000, 5000);
                    assertNotEquals(
                            RangeClient.Answer.WHOLE, client.answer(disk.file(), FILE_BYTES - 5000, 5000, errors));
                }
                try (RangeClient client = server.client()) {
                    client.request(7, 100_000);
                    RangeClient.Answer answer = client.answer(disk.file(), 7, 100_000, errors);
                    // Who loads whole files has none of this one.
                    boolean loads = Engines.byName(engine) instanceof MemoryEngine;
                    assertEquals(loads ? RangeClient.Answer.REFUSED : RangeClient.Answer.WHOLE, answer);
                }
            }
            assertTrue(
                    server.awaitStatuses(6).stream().allMatch(status -> status == Transfer.DONE || status < 0),
                    () -> "no errno");
        }
    }
}
