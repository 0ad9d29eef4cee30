package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.FfmKernel;
import ringside.linux.IoUring;
import ringside.linux.IoUringAbi;
import ringside.linux.IoUringSetup;
import ringside.linux.Kernel;

/// Whose ring the buffers are registered with, and what becomes of results that the loop's ring seldom gives.
@Timeout(60)
class LoopRingReaderTest {

    private static final Kernel KERNEL = new FfmKernel();
    private static final int FILE_BYTES = (1 << 20) + 77;

    @TempDir
    private Path directory;

    private Path path = Path.of("");
    private byte[] content = new byte[0];

    @BeforeEach
    void writeFile() throws IOException {
        Availability available = new UringEngine().probe(KERNEL, Transport.IO_URING);
        Assumptions.assumeTrue(available.isAvailable(), available::toString);
        content = new byte[FILE_BYTES];
        new Random(11).nextBytes(content);
        path = Files.write(directory.resolve("file"), content);
    }

    /// The first loop's ring exists, with a lower descriptor, and isn't started: it would take buffers from any
    /// thread.
    @Test
    void aRingThatIsNotStartedIsNotTakenForTheLoops() throws IOException {
        try (LoopFixture fixture = new LoopFixture(Transport.IO_URING, KERNEL, 2)) {
            OpenFile file = fixture.open(path);
            LoopRingReader reader = fixture.on(() -> new LoopRingReader(
                    fixture.context(), buffered(), 4, new RegisteredBuffers(fixture.context(), 4, 64 << 10)));
            for (int i = 0; i < 20; i++) {
                int offset = i * 10_007;
                assertArrayEquals(
                        Arrays.copyOfRange(content, offset, offset + 60_000),
                        LoopFixture.await(fixture.on(() -> LoopFixture.readFully(reader, file, offset, 60_000))));
            }
            assertTrue(fixture.on(reader::fixedReads) >= 20);
            assertEquals(0, fixture.on(reader::fixedRefused));
            close(fixture, reader, file);
        }
    }

    @Test
    void aSecondRingThatTakesBuffersIsAReasonToRefuse() throws IOException {
        // Without a single issuer a ring takes registrations from any thread.
        try (LoopFixture fixture = new LoopFixture(Transport.IO_URING, KERNEL);
                IoUring other = new IoUring(KERNEL, IoUringSetup.plain(8))) {
            try {
                fixture.on(() -> new LoopRingReader(
                        fixture.context(), buffered(), 4, new RegisteredBuffers(fixture.context(), 4, 64 << 10)));
                fail("opened with two rings to choose from");
            } catch (CompletionException e) {
                assertTrue(e.getCause() instanceof UnsupportedOperationException, e.toString());
                assertTrue(e.toString().contains("run with registered=off"), e.toString());
            }
            // Neither kept the buffers.
            fixture.on(() -> {
                ByteBuf buffer = fixture.context().allocator().directBuffer(4096);
                other.registerBuffers(new long[] {buffer.memoryAddress()}, new long[] {4096});
                other.unregisterBuffers();
                buffer.release();
                return "registered";
            });
        }
        try (LoopFixture fixture = new LoopFixture(Transport.IO_URING, KERNEL)) {
            OpenFile file = fixture.open(path);
            LoopRingReader reader = fixture.on(() -> new LoopRingReader(
                    fixture.context(), buffered(), 4, new RegisteredBuffers(fixture.context(), 4, 64 << 10)));
            close(fixture, reader, file);
        }
    }

    @Test
    void interruptedAndShortReadsCostTimeOnly() throws IOException {
        for (long seed = 1; seed <= 3; seed++) {
            try (LoopFixture fixture = new LoopFixture(Transport.IO_URING, KERNEL)) {
                Altering altering = new Altering(seed, false);
                OpenFile file = fixture.open(path);
                LoopRingReader reader =
                        fixture.on(() -> new LoopRingReader(fixture.context(), buffered(), 4, null, altering::around));
                Random random = new Random(seed);
                List<CompletableFuture<byte[]>> answers = new ArrayList<>();
                int[] offsets = random.ints(150, 0, FILE_BYTES).toArray();
                for (int offset : offsets) {
                    answers.add(fixture.on(() -> LoopFixture.readFully(reader, file, offset, 50_000)));
                }
                for (int i = 0; i < offsets.length; i++) {
                    assertArrayEquals(
                            Arrays.copyOfRange(content, offsets[i], Math.min(FILE_BYTES, offsets[i] + 50_000)),
                            LoopFixture.await(answers.get(i)),
                            "seed " + seed);
                }
                assertTrue(altering.altered > 50, altering.altered + " altered, seed " + seed);
                close(fixture, reader, file);
                assertEquals(0, fixture.buffersBytes());
            }
        }
    }

    @Test
    void errorsEndTheReadAndAreNeverHidden() throws IOException {
        try (LoopFixture fixture = new LoopFixture(Transport.IO_URING, KERNEL)) {
            Altering altering = new Altering(1, true);
            OpenFile file = fixture.open(path);
            LoopRingReader reader = fixture.on(() -> new LoopRingReader(
                    fixture.context(),
                    buffered(),
                    2,
                    new RegisteredBuffers(fixture.context(), 2, 64 << 10),
                    altering::around));
            List<Integer> results = new ArrayList<>();
            CompletableFuture<String> all = new CompletableFuture<>();
            fixture.on(() -> {
                for (int i = 0; i < 5; i++) {
                    ByteBuf target = reader.allocate(0, 1000);
                    reader.read(file, i, 1000, target, result -> {
                        results.add(result);
                        assertEquals(0, target.readableBytes());
                        target.release();
                        if (results.size() == 5) {
                            all.complete("answered");
                        }
                    });
                }
                return "asked";
            });
            LoopFixture.await(all);
            assertEquals(List.of(-Errno.EFAULT, -Errno.EFAULT, -Errno.EFAULT, -Errno.EFAULT, -Errno.EFAULT), results);
            assertEquals(2, fixture.on(reader::fixedRefused), "the others had ordinary buffers");
            close(fixture, reader, file);
            assertEquals(0, fixture.buffersBytes());
        }
    }

    /// Each read is told once, those in flight at the closing too, and those that were interrupted just then.
    @Test
    void closingWithReadsUnderWayTellsEachOnce() throws IOException {
        for (long seed = 1; seed <= 3; seed++) {
            try (LoopFixture fixture = new LoopFixture(Transport.IO_URING, KERNEL)) {
                Altering altering = new Altering(seed, false);
                OpenFile file = fixture.open(path);
                LoopRingReader reader =
                        fixture.on(() -> new LoopRingReader(fixture.context(), buffered(), 4, null, altering::around));
                int[] told = new int[12];
                CompletableFuture<String> all = new CompletableFuture<>();
                fixture.on(() -> {
                    int[] count = new int[1];
                    for (int i = 0; i < told.length; i++) {
                        int index = i;
                        ByteBuf target = reader.allocate(0, 5000);
                        reader.read(file, i, 5000, target, result -> {
                            told[index]++;
                            target.release();
                            assertTrue(result > 0 || result == -Errno.ECANCELED, "answered " + result);
                            if (++count[0] == told.length) {
                                all.complete("told");
                            }
                        });
                    }
                    reader.close();
                    return "closed";
                });
                LoopFixture.await(all);
                fixture.on(() -> {
                    file.release();
                    return "closed";
                });
                for (int times : told) {
                    assertEquals(1, times, "seed " + seed);
                }
                assertEquals(0, fixture.buffersBytes());
            }
        }
    }

    /// Stands between the loop and the reader. What it says happened could have: a read that was interrupted has
    /// left no trace, a short one has put more into the buffer than it says.
    private static final class Altering {

        private final Random random;
        private final boolean failing;
        private int altered;

        Altering(long seed, boolean failing) {
            this.random = new Random(seed);
            this.failing = failing;
        }

        IoUringIoHandle around(LoopRingReader reader) {
            return new IoUringIoHandle() {
                @Override
                public void handle(IoRegistration registration, IoEvent event) {
                    IoUringIoEvent completion = (IoUringIoEvent) event;
                    reader.completed(completion.opcode(), (int) completion.userData(), alter(completion));
                }

                @Override
                public void close() {
                    reader.close();
                }
            };
        }

        private int alter(IoUringIoEvent completion) {
            assertTrue(completion.opcode() == IoUringAbi.IORING_OP_READ
                    || completion.opcode() == IoUringAbi.IORING_OP_READ_FIXED);
            if (failing) {
                altered++;
                return -Errno.EFAULT;
            }
            return switch (random.nextInt(4)) {
                case 0 -> {
                    altered++;
                    yield -Errno.EINTR;
                }
                case 1 -> {
                    altered++;
                    yield completion.res() > 1 ? completion.res() / 2 : completion.res();
                }
                default -> completion.res();
            };
        }
    }

    private static FileAccess buffered() {
        return new BufferedAccess(FileReadOptions.of(KERNEL, EngineOptions.defaults(new UringEngine().spec())));
    }

    private static void close(LoopFixture fixture, FileReader reader, OpenFile file) {
        fixture.on(() -> {
            file.release();
            reader.close();
            reader.close();
            return "closed";
        });
    }
}
