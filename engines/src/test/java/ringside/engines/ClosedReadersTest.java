package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.FfmKernel;

/// A reader that is closed answers, and touches nothing that it has given back.
@Timeout(60)
class ClosedReadersTest {

    @TempDir
    private Path directory;

    static Stream<Arguments> readers() {
        return Stream.of("uring", "uring:sqpoll=on", "linux-aio", "direct", "uring-direct")
                .flatMap(engine -> Arrays.stream(Transport.values()).map(transport -> Arguments.of(engine, transport)));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void aReadAfterTheCloseIsCancelled(String chosen, Transport transport) throws IOException {
        FfmKernel kernel = new FfmKernel();
        ChosenEngine engine = ChosenEngine.parse(chosen);
        Availability available = engine.engine().probe(kernel, transport);
        Assumptions.assumeTrue(available.isAvailable(), available::toString);
        Path path = Files.write(directory.resolve("file"), new byte[10_000]);
        try (LoopFixture fixture = new LoopFixture(transport, kernel)) {
            OpenFile file = fixture.open(path);
            FileReader reader =
                    fixture.on(() -> ((ReadingEngine) engine.engine()).openReader(fixture.context(), engine.options()));
            List<Integer> results = new ArrayList<>();
            fixture.on(() -> {
                ByteBuf target = reader.allocate(0, 1000);
                reader.close();
                reader.read(file, 0, 1000, target, results::add);
                target.release();
                file.release();
                return "closed";
            });
            assertEquals(List.of(-Errno.ECANCELED), results);
            assertEquals(0, fixture.buffersBytes());
        }
    }
}
