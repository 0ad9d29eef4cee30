package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.linux.Errno;
import ringside.linux.FaultyKernel;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// What the contract asks, with options and kernels that make a queue full, or buffers scarce, or calls fail.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class QueuedEnginesOverSocketsTest {

    private static final Kernel KERNEL = new FfmKernel();
    private static final int FILE_BYTES = 300_000;
    private static final int CONNECTIONS = 20;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    private final Leaks leaks = new Leaks();

    static Stream<Arguments> configurations() {
        return Stream.of(
                        "uring:queue-depth=1,chunk-bytes=16k",
                        "uring:registered=on,queue-depth=3,chunk-bytes=16k",
                        "uring:sqpoll=on,sqpoll-idle-ms=1,queue-depth=3,chunk-bytes=16k",
                        "uring-direct:queue-depth=3,chunk-bytes=16k",
                        "linux-aio:queue-depth=3,chunk-bytes=16k",
                        "direct:queue-depth=1,chunk-bytes=16k")
                .flatMap(engine -> Arrays.stream(Transport.values()).map(transport -> Arguments.of(engine, transport)));
    }

    /// So that what the JDK and the transports open once and keep is open.
    @BeforeAll
    void warmUp() throws Exception {
        for (Transport transport : Transport.values()) {
            if (transport.probe().isAvailable()) {
                serve(ChosenEngine.parse("blocking"), transport, KERNEL);
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

    @ParameterizedTest
    @MethodSource("configurations")
    void manyConnectionsShareAShortQueue(String engine, Transport transport) throws Exception {
        serve(ChosenEngine.parse(engine), transport, KERNEL);
    }

    /// On the loop's own ring Netty makes the calls, not our kernel.
    static Stream<Arguments> configurationsWithCalls() {
        return configurations()
                .filter(pair -> !(((String) pair.get()[0]).startsWith("uring") && pair.get()[1] == Transport.IO_URING))
                // A poll thread is entered for now and then only: OwnRingKindsTest.
                .filter(pair -> !((String) pair.get()[0]).contains("sqpoll"));
    }

    @ParameterizedTest
    @MethodSource("configurationsWithCalls")
    void callsThatFailCostTimeOnly(String engine, Transport transport) throws Exception {
        FaultyKernel kernel = FaultyKernel.builder(KERNEL, 7)
                .fail(Syscall.IO_URING_ENTER, Errno.EINTR, 0.1)
                .fail(Syscall.IO_URING_ENTER, Errno.EAGAIN, 0.1)
                .fail(Syscall.IO_SUBMIT, Errno.EAGAIN, 0.1)
                .fail(Syscall.IO_SUBMIT, Errno.EINTR, 0.1)
                .build();
        serve(ChosenEngine.parse(engine), transport, kernel);
        assertTrue(
                kernel.injected(engine.startsWith("uring") ? Syscall.IO_URING_ENTER : Syscall.IO_SUBMIT) > 0,
                "no call failed: " + kernel);
    }

    private void serve(ChosenEngine chosen, Transport transport, Kernel kernel) throws Exception {
        if (chosen.engine().probe(KERNEL, transport)
                instanceof Availability.Unavailable(String reason, String remedy)) {
            Assumptions.abort(chosen.name() + " on " + transport.id() + ": " + reason + " " + remedy);
        }
        PatternFile file = PatternFile.full(directory.resolve("file"), FILE_BYTES);
        try (RangeServer server = new RangeServer(chosen, transport, kernel, file, 16 << 10)) {
            RangeClient[] clients = new RangeClient[CONNECTIONS];
            for (int i = 0; i < CONNECTIONS; i++) {
                clients[i] = i % 2 == 0 ? server.client() : server.slowClient();
                clients[i].request(i, FILE_BYTES - 1000);
            }
            // Some of those that have a read in the queue go away.
            for (int i = 0; i < CONNECTIONS; i += 5) {
                clients[i].reset();
            }
            for (int i = CONNECTIONS - 1; i >= 0; i--) {
                if (i % 5 != 0) {
                    clients[i].expect(file, i, FILE_BYTES - 1000);
                    clients[i].close();
                }
            }
            var statuses = server.awaitStatuses(CONNECTIONS - CONNECTIONS / 5);
            assertTrue(
                    Collections.frequency(statuses, Transfer.DONE) >= CONNECTIONS - CONNECTIONS / 5,
                    statuses + " " + kernel);
            assertEquals(
                    0,
                    statuses.stream()
                            .filter(status -> status == Transfer.SHRANK)
                            .count());
        }
    }
}
