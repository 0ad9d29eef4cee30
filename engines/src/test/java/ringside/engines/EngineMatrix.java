package ringside.engines;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;

/// Every engine of the registry on every transport, a file for them to serve, and the count of what they leave
/// behind.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EngineMatrix {

    static final Kernel KERNEL = new FfmKernel();

    private static final int FILE_BYTES = 600_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    final Leaks leaks = new Leaks();

    @SuppressWarnings("NullAway.Init")
    PatternFile file;

    static Stream<Arguments> pairs() {
        return pairs(engine -> true);
    }

    /// Of engines that can be asked for reads without a connection.
    static Stream<Arguments> readingPairs() {
        return pairs(ReadingEngine.class::isInstance);
    }

    static Stream<String> names() {
        return Engines.ALL.stream().map(engine -> engine.spec().name());
    }

    private static Stream<Arguments> pairs(Predicate<Engine> condition) {
        return Engines.ALL.stream()
                .filter(condition)
                .flatMap(engine -> Arrays.stream(Transport.values())
                        .map(transport -> Arguments.of(engine.spec().name(), transport)));
    }

    /// Once through, so that what the JDK and the transports open once and keep is open.
    @BeforeAll
    void warmUp() throws Exception {
        file = PatternFile.full(directory.resolve("file"), FILE_BYTES);
        for (Transport transport : Transport.values()) {
            if (transport.probe().isAvailable()) {
                try (RangeServer server = server(ChosenEngine.parse("blocking"), transport, KERNEL)) {
                    new FaultTraffic(file, 1, 1000, 1).run(server, Set.of());
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

    final RangeServer server(ChosenEngine chosen, Transport transport, Kernel kernel) throws Exception {
        return new RangeServer(chosen, transport, kernel, file, 16 << 10);
    }

    static void assumeAvailable(String engine, Transport transport) {
        if (Engines.byName(engine).probe(KERNEL, transport)
                instanceof Availability.Unavailable(String reason, String remedy)) {
            Assumptions.abort(engine + " on " + transport.id() + ": " + reason + " " + remedy);
        }
    }
}
