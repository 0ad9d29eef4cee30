package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
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
import ringside.linux.OpenFiles;

/// Short and failed completions of queues of our own: right bytes or one error, and each read is told once.
@Timeout(60)
class AlteredResultsTest {

    private static final int FILE_BYTES = (1 << 20) + 33;
    private static final int READS = 120;

    @TempDir
    private Path directory;

    static Stream<Arguments> ownQueues() {
        return Stream.of(
                Arguments.of("uring:queue-depth=4", Transport.EPOLL),
                Arguments.of("uring:queue-depth=4", Transport.NIO),
                Arguments.of("uring:queue-depth=4,registered=on", Transport.EPOLL),
                Arguments.of("uring-direct:queue-depth=4", Transport.EPOLL),
                Arguments.of("uring-direct:queue-depth=4,registered=off", Transport.NIO),
                Arguments.of("linux-aio:queue-depth=4", Transport.EPOLL),
                Arguments.of("linux-aio:queue-depth=4", Transport.NIO),
                Arguments.of("linux-aio:queue-depth=4", Transport.IO_URING),
                Arguments.of("direct:queue-depth=4", Transport.EPOLL),
                Arguments.of("direct:queue-depth=4", Transport.NIO),
                Arguments.of("direct:queue-depth=4", Transport.IO_URING));
    }

    @ParameterizedTest
    @MethodSource("ownQueues")
    void everyReadIsToldOnceAndNothingButTheTruth(String chosen, Transport transport) throws IOException {
        byte[] content = new byte[FILE_BYTES];
        new Random(3).nextBytes(content);
        Path path = Files.write(directory.resolve("file"), content);
        ReadingEngine engine = (ReadingEngine) ChosenEngine.parse(chosen).engine();
        runnable(engine, transport, path);
        for (long seed = 1; seed <= 3; seed++) {
            AlteringKernel kernel = new AlteringKernel(new FfmKernel(), seed, 0.1);
            try (LoopFixture fixture = new LoopFixture(transport, kernel)) {
                OpenFile file = fixture.open(path);
                FileReader reader = fixture.on(() -> engine.openReader(
                        fixture.context(), ChosenEngine.parse(chosen).options()));
                int[] told = new int[READS];
                int[] failedAndShort = new int[2];
                Random random = new Random(seed);
                CompletableFuture<String> all = new CompletableFuture<>();
                fixture.on(() -> {
                    int[] left = {READS};
                    for (int i = 0; i < READS; i++) {
                        int index = i;
                        int offset = random.nextInt(FILE_BYTES);
                        int wanted = Math.min(1 + random.nextInt(60_000), FILE_BYTES - offset);
                        ByteBuf target = reader.allocate(0, wanted);
                        reader.read(file, offset, wanted, target, result -> {
                            told[index]++;
                            byte[] read = new byte[target.readableBytes()];
                            target.readBytes(read);
                            target.release();
                            if (result < 0
                                    ? result != -Errno.EBADF || read.length > 0
                                    : result != read.length
                                            || result == 0
                                            || !Arrays.equals(content, offset, offset + result, read, 0, result)) {
                                all.completeExceptionally(new IllegalStateException(
                                        "answered " + result + " for " + offset + "+" + wanted));
                            }
                            failedAndShort[0] += result < 0 ? 1 : 0;
                            failedAndShort[1] += result > 0 && result < wanted ? 1 : 0;
                            if (--left[0] == 0) {
                                all.complete("told");
                            }
                        });
                    }
                    return "asked";
                });
                LoopFixture.await(all);
                fixture.on(() -> {
                    file.release();
                    reader.close();
                    return "closed";
                });
                String run = "seed " + seed + ": " + kernel.failed() + " failed, " + kernel.shortened()
                        + " short, told " + Arrays.toString(failedAndShort);
                assertTrue(kernel.failed() > 0 && kernel.shortened() > 0, run);
                assertTrue(failedAndShort[0] > 0 && failedAndShort[1] > 0, run);
                assertEquals(
                        READS, Arrays.stream(told).filter(times -> times == 1).count(), run);
                assertEquals(0, fixture.buffersBytes());
            }
        }
    }

    private static void runnable(ReadingEngine engine, Transport transport, Path path) {
        FfmKernel kernel = new FfmKernel();
        Availability available = engine.probe(kernel, transport);
        Assumptions.assumeTrue(available.isAvailable(), available::toString);
        if (engine instanceof DirectEngine || engine instanceof UringDirectEngine) {
            OpenFiles files = new OpenFiles(kernel);
            long fd = files.tryOpenAt(OpenFiles.AT_FDCWD, path.toString(), OpenFiles.O_RDONLY | OpenFiles.O_DIRECT, 0);
            Assumptions.assumeTrue(fd >= 0, "the file system here has no O_DIRECT");
            long ignored = files.close((int) fd);
        }
    }
}
