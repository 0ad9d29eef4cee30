package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.FaultyKernel;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// Windows come and go, files shrink under their mapping, and the kernel refuses: right bytes or an error, and the
/// process lives.
@Timeout(60)
class MmapReaderTest {

    private static final Kernel KERNEL = new FfmKernel();
    private static final int FILE_BYTES = (1 << 20) + 77;

    @TempDir
    private Path directory;

    private Path path = Path.of("");
    private byte[] content = new byte[0];

    @BeforeEach
    void writeFile() throws IOException {
        content = new byte[FILE_BYTES];
        new Random(42).nextBytes(content);
        for (int i = 0; i < FILE_BYTES; i++) {
            content[i] |= 1; // no zeros: those of a page that was cut can't pass for the file's
        }
        path = Files.write(directory.resolve("file"), content);
    }

    private static MmapReader open(LoopFixture fixture, String options) {
        MmapEngine engine = new MmapEngine();
        return (MmapReader)
                fixture.on(() -> engine.openReader(fixture.context(), EngineOptions.parse(engine.spec(), options)));
    }

    private static byte[] read(LoopFixture fixture, FileReader reader, OpenFile file, int offset, int lengthBytes) {
        return LoopFixture.await(fixture.on(() -> LoopFixture.readFully(reader, file, offset, lengthBytes)));
    }

    private static int result(LoopFixture fixture, FileReader reader, OpenFile file) {
        List<Integer> results = fixture.on(() -> {
            List<Integer> told = new ArrayList<>();
            ByteBuf target = reader.allocate(0, 1000);
            reader.read(file, 0, 1000, target, told::add);
            target.release();
            return told;
        });
        assertEquals(1, results.size());
        return results.getFirst();
    }

    private static void truncate(Path path, long lengthBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(lengthBytes);
        }
    }

    private boolean isMapped() throws IOException {
        return Files.readString(Path.of("/proc/self/maps")).contains(path.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "window-bytes=64k,windows=2",
                "window-bytes=4097,windows=1,advice=random",
                "window-bytes=64k,windows=3,populate=on",
                "advice=sequential",
                "advice=willneed,populate=on"
            })
    void windowsComeAndGoWithinTheirNumber(String options) throws IOException {
        try (LoopFixture fixture = new LoopFixture(Transport.NIO, KERNEL)) {
            MmapReader reader = open(fixture, options);
            OpenFile file = fixture.open(path);
            OpenFile other = fixture.open(path);
            Random random = new Random(7);
            for (int i = 0; i < 200; i++) {
                int offset = random.nextInt(FILE_BYTES);
                int length = 1 + random.nextInt(100_000);
                assertArrayEquals(
                        Arrays.copyOfRange(content, offset, Math.min(FILE_BYTES, offset + length)),
                        read(fixture, reader, i % 3 == 0 ? other : file, offset, length),
                        options + ": " + offset + "+" + length);
                int windows = fixture.on(reader::windowsMapped);
                assertTrue(windows >= 1 && windows <= 3, windows + " windows");
            }
            long mappings = fixture.on(reader::mappings);
            assertTrue(options.contains("windows=") ? mappings > 100 : mappings == 2, mappings + " mappings");
            assertTrue(isMapped());
            fixture.on(() -> {
                file.release();
                other.release();
                return "released";
            });
            assertEquals(0, fixture.on(reader::windowsMapped));
            assertTrue(!isMapped(), "still mapped without its file");
            fixture.on(() -> {
                reader.close();
                return "closed";
            });
            assertEquals(0, fixture.buffersBytes());
        }
    }

    /// Either order of closing is fine.
    @Test
    void aReaderThatIsClosedFirstTakesItsWindowsAlong() throws IOException {
        try (LoopFixture fixture = new LoopFixture(Transport.NIO, KERNEL)) {
            MmapReader reader = open(fixture, "");
            OpenFile file = fixture.open(path);
            read(fixture, reader, file, 0, 100);
            fixture.on(() -> {
                reader.close();
                reader.close();
                return "closed";
            });
            assertTrue(!isMapped(), "still mapped without its reader");
            assertEquals(-Errno.ECANCELED, result(fixture, reader, file));
            fixture.on(() -> {
                file.release();
                return "released";
            });
        }
    }

    @Test
    void aFileThatGrewIsReadToItsNewEnd() throws IOException {
        try (LoopFixture fixture = new LoopFixture(Transport.NIO, KERNEL)) {
            MmapReader reader = open(fixture, "");
            OpenFile file = fixture.open(path);
            assertEquals(FILE_BYTES, read(fixture, reader, file, 0, 2 * FILE_BYTES).length);
            Files.write(path, content, StandardOpenOption.APPEND);
            byte[] all = read(fixture, reader, file, 0, 3 * FILE_BYTES);
            assertEquals(2 * FILE_BYTES, all.length);
            assertArrayEquals(content, Arrays.copyOfRange(all, FILE_BYTES, 2 * FILE_BYTES));
            assertEquals(1, fixture.on(reader::windowsMapped));
            fixture.on(() -> {
                file.release();
                reader.close();
                return "closed";
            });
        }
    }

    /// Down to ends within pages, on their bounds, and to nothing: what is left arrives, and not one zero more.
    @ParameterizedTest
    @EnumSource
    void whatATruncationLeavesArrivesAndNothingElse(Transport transport) throws IOException {
        try (LoopFixture fixture = new LoopFixture(transport, KERNEL)) {
            MmapReader reader = open(fixture, "populate=on");
            OpenFile file = fixture.open(path);
            read(fixture, reader, file, 0, FILE_BYTES);
            for (int left : new int[] {1_000_000, 999_424, 999_000, 500_001, 8192, 8191, 1, 0}) {
                truncate(path, left);
                for (int offset : new int[] {0, 1, 4095, 8000, 400_000, 999_423}) {
                    int end = Math.max(offset, left);
                    assertArrayEquals(
                            Arrays.copyOfRange(content, offset, end),
                            read(fixture, reader, file, offset, FILE_BYTES - offset),
                            left + " bytes left, read from " + offset);
                }
            }
            assertTrue(fixture.on(reader::faults) > 0, "no page was missing");
            fixture.on(() -> {
                file.release();
                reader.close();
                return "closed";
            });
            assertEquals(0, fixture.buffersBytes());
        }
    }

    /// Truncated at any moment of a response, by somebody else: every byte that arrives is the file's.
    @ParameterizedTest
    @EnumSource
    void clientsGetNoByteThatWasNotTheFiles(Transport transport) throws Exception {
        Availability available = transport.probe();
        org.junit.jupiter.api.Assumptions.assumeTrue(available.isAvailable(), available::toString);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int cut = 0;
        for (int round = 0; round < 40; round++) {
            PatternFile file = PatternFile.full(directory.resolve("served-" + round), 1 << 20);
            int left = random.nextInt(1 << 20);
            long waitNanos = random.nextInt(1_000_000);
            try (RangeServer server = new RangeServer(
                            ChosenEngine.parse("mmap:chunk-bytes=64k"), transport, KERNEL, file, 16 << 10);
                    RangeClient client = round % 2 == 0 ? server.client() : server.slowClient()) {
                client.request(0, 1 << 20);
                Thread truncating = Thread.ofPlatform().start(() -> {
                    LockSupport.parkNanos(waitNanos);
                    try {
                        truncate(file.path(), left);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                String line = client.line();
                long read = line.equals(RangeServer.head(0, 1 << 20)) ? client.body(file, 0, 1 << 20) : 0;
                truncating.join();
                int status = server.awaitStatuses(1).getFirst();
                assertTrue(Set.of(Transfer.DONE, Transfer.SHRANK).contains(status), "status " + status);
                assertEquals(status == Transfer.DONE, read == 1 << 20);
                cut += status == Transfer.SHRANK ? 1 : 0;
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ", round " + round + ", " + left + " bytes left", e);
            }
            Files.delete(file.path());
        }
        assertTrue(cut > 0, "seed " + seed + ": no truncation came in time");
    }

    @Test
    void whatTheKernelRefusesIsAnErrorOfTheRead() throws IOException {
        assertEquals(-Errno.ENOMEM, resultWith(Syscall.MMAP, Errno.ENOMEM));
        assertEquals(-Errno.EACCES, resultWith(Syscall.MMAP, Errno.EACCES));
        assertEquals(-Errno.EIO, resultWith(Syscall.LSEEK, Errno.EIO));
        assertEquals(1000, resultWith(Syscall.MADVISE, Errno.EINVAL));
    }

    private int resultWith(Syscall call, int errno) throws IOException {
        Kernel kernel = FaultyKernel.builder(KERNEL, 1).fail(call, errno, 1).build();
        try (LoopFixture fixture = new LoopFixture(Transport.NIO, kernel)) {
            MmapReader reader = open(fixture, "advice=random");
            OpenFile file = fixture.open(path);
            int result = result(fixture, reader, file);
            fixture.on(() -> {
                file.release();
                reader.close();
                return "closed";
            });
            assertEquals(0, fixture.buffersBytes());
            return result;
        }
    }

    /// Other windows make room for one that the kernel has no room for.
    @Test
    void mappingsThatAreRefusedMakeOthersGo() throws IOException {
        long seed = System.nanoTime();
        FaultyKernel kernel = FaultyKernel.builder(KERNEL, seed)
                .fail(Syscall.MMAP, Errno.ENOMEM, 0.3)
                .build();
        try (LoopFixture fixture = new LoopFixture(Transport.NIO, kernel)) {
            MmapReader reader = open(fixture, "window-bytes=32k");
            OpenFile file = fixture.open(path);
            int refused = 0;
            Random random = new Random(seed);
            for (int i = 0; i < 300; i++) {
                int offset = random.nextInt(FILE_BYTES - 1000);
                try {
                    assertArrayEquals(
                            Arrays.copyOfRange(content, offset, offset + 1000),
                            read(fixture, reader, file, offset, 1000));
                } catch (java.util.concurrent.CompletionException e) {
                    assertTrue(e.toString().contains("errno " + Errno.ENOMEM), e.toString());
                    refused++;
                }
            }
            assertTrue(kernel.injected(Syscall.MMAP) > refused && refused < 100, refused + " refused, " + kernel);
            fixture.on(() -> {
                file.release();
                reader.close();
                return "closed";
            });
            assertEquals(0, fixture.buffersBytes());
        }
    }
}
