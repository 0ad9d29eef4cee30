package ringside.content.webroot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.linux.Errno;
import ringside.linux.FaultyKernel;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.Syscall;

/// Whatever ends a build early leaves the old webroot or the new one, and nothing else.
class CrashTest {

    private static final List<Syscall> CALLS = List.of(
            Syscall.PWRITE64,
            Syscall.PREAD64,
            Syscall.OPENAT,
            Syscall.OPENAT2,
            Syscall.STATX,
            Syscall.GETDENTS64,
            Syscall.FSYNC,
            Syscall.LINKAT,
            Syscall.RENAMEAT2,
            Syscall.FTRUNCATE,
            Syscall.MMAP);

    @TempDir
    private Path directory = Path.of("");

    private Path root = Path.of("");
    private Path output = Path.of("");
    private byte[] old = {};
    private byte[] replacement = {};

    @BeforeEach
    void oldAndNew() throws IOException {
        Path oldRoot = Files.createDirectory(directory.resolve("old"));
        Trees.write(oldRoot, "a.txt", "old");
        root = Files.createDirectory(directory.resolve("root"));
        for (int i = 0; i < 40; i++) {
            Trees.write(root, "d" + i % 4 + "/" + i + ".txt", "new " + i);
        }
        byte[] big = new byte[3 << 20];
        new Random(1).nextBytes(big);
        Trees.write(root, "big.bin", big);
        Path out = Files.createDirectory(directory.resolve("out"));
        output = out.resolve("w");
        Trees.pack(root, output, plan -> plan);
        replacement = Files.readAllBytes(output);
        Trees.pack(oldRoot, output, plan -> plan);
        old = Files.readAllBytes(output);
    }

    private void build(Kernel kernel) {
        new WebrootBuild(kernel, BuildPlan.builder(root, output).build(), BuildObserver.NONE).run();
    }

    private boolean isReplaced(String message) throws IOException {
        byte[] now = Files.readAllBytes(output);
        boolean replaced = now.length == replacement.length;
        assertArrayEquals(replaced ? replacement : old, now, message);
        try (Stream<Path> names = Files.list(output.getParent())) {
            assertEquals(List.of(output), names.toList(), message);
        }
        return replaced;
    }

    @Test
    void failingCallsLeaveOneOfBoth() throws IOException {
        long seed = System.nanoTime();
        int failed = 0;
        for (int round = 0; round < 120; round++) {
            Syscall call = CALLS.get(round % CALLS.size());
            double probability = round < 40 ? 1 : 0.02 + round % 5 * 0.1;
            FaultyKernel faulty = FaultyKernel.builder(new FfmKernel(), seed + round)
                    .fail(call, round % 2 == 0 ? Errno.EIO : Errno.ENOSPC, probability)
                    .build();
            Files.write(output, old);
            boolean threw = false;
            try {
                build(faulty);
            } catch (KernelException e) {
                threw = true;
                failed++;
            }
            boolean replaced = isReplaced(faulty.toString());
            // The last fsync, of the directory, comes after the rename.
            assertTrue(replaced != threw || call == Syscall.FSYNC, faulty::toString);
        }
        assertTrue(failed > 20, failed + " failed, seed " + seed);
    }

    @Test
    void shortAndInterruptedCallsChangeNothing() throws IOException {
        long seed = System.nanoTime();
        FaultyKernel.Builder faults = FaultyKernel.builder(new FfmKernel(), seed);
        for (Syscall call : List.of(Syscall.PWRITE64, Syscall.PREAD64)) {
            faults.shorten(call, 0.4).fail(call, Errno.EINTR, 0.2);
        }
        for (Syscall call : List.of(Syscall.OPENAT, Syscall.OPENAT2, Syscall.STATX, Syscall.FSYNC)) {
            faults.fail(call, Errno.EINTR, 0.3);
        }
        FaultyKernel faulty = faults.fail(Syscall.LINKAT, Errno.EEXIST, 0).build();
        build(faulty);
        assertTrue(isReplaced(faulty.toString()), faulty::toString);
    }

    @Test
    void aStoppedBuildLeavesTheOldOne() throws IOException {
        Random random = new Random();
        for (int round = 0; round < 10; round++) {
            int stopAt = random.nextInt(41);
            WebrootBuild[] build = new WebrootBuild[1];
            build[0] = new WebrootBuild(
                    new FfmKernel(), BuildPlan.builder(root, output).build(), new BuildObserver() {
                        @Override
                        public void progress(long files, long readBytes) {
                            if (files >= stopAt) {
                                build[0].stop();
                            }
                        }
                    });
            assertThrows(CancellationException.class, build[0]::run);
            assertFalse(isReplaced("stopped at file " + stopAt));
        }
    }

    @Test
    void aKilledBuildLeavesOneOfBoth() throws Exception {
        Random random = new Random();
        for (int round = 0; round < 6; round++) {
            Files.write(output, old);
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            BuildMain.class.getName(),
                            root.toString(),
                            output.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertEquals('>', child.getInputStream().read());
            boolean ended = child.waitFor(random.nextInt(400), TimeUnit.MILLISECONDS);
            child.destroyForcibly().waitFor();
            boolean replaced = isReplaced("round " + round);
            assertTrue(replaced || !ended, "it ended and replaced nothing");
        }
    }

    @Test
    void aFileThatKeepsChangingIsRefused() throws IOException {
        Path big = root.resolve("big.bin");
        for (boolean grow : new boolean[] {true, false}) {
            WebrootBuild build = new WebrootBuild(
                    new FfmKernel(), BuildPlan.builder(root, output).build(), new BuildObserver() {
                        @Override
                        public void progress(long files, long readBytes) {
                            try (RandomAccessFile file = new RandomAccessFile(big.toFile(), "rw")) {
                                file.setLength(file.length() + (grow ? 100 : -100_000));
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        }
                    });
            BuildException e = assertThrows(BuildException.class, build::run);
            assertTrue(e.toString().contains("big.bin was changed while it was read"), e::toString);
            assertFalse(isReplaced("changing"));
        }
    }

    @Test
    void aFileThatChangedOnceIsReadAgain() throws IOException {
        Path big = root.resolve("big.bin");
        boolean[] done = new boolean[1];
        new WebrootBuild(new FfmKernel(), BuildPlan.builder(root, output).build(), new BuildObserver() {
                    @Override
                    public void progress(long files, long readBytes) {
                        if (!done[0] && readBytes > 1 << 20) {
                            done[0] = true;
                            Trees.write(root, "big.bin", "short now");
                        }
                    }
                })
                .run();
        assertTrue(done[0] && Files.size(big) == 9);
        try (Webroot webroot = Webroot.open(Trees.KERNEL, output, Webroot.Verify.BODIES)) {
            assertEquals("short now", Trees.text(webroot, "/big.bin"));
        }
    }

    @Test
    void aTransferKeepsAReplacedWebrootOpen() throws IOException {
        Webroot first = Webroot.open(Trees.KERNEL, output);
        Body body = Trees.file(first, "/a.txt").body();
        assertTrue(first.retain());
        build(new FfmKernel());
        first.close();
        assertTrue(first.isOpen());
        Path same = Path.of("/proc/self/fd/" + first.fd());
        byte[] bytes = new byte[(int) body.lengthBytes()];
        try (RandomAccessFile file = new RandomAccessFile(same.toFile(), "r")) {
            file.seek(body.offset());
            file.readFully(bytes);
        }
        assertEquals("old", new String(bytes, StandardCharsets.UTF_8));
        first.release();
        assertFalse(first.isOpen());
        assertFalse(first.retain());
        assertThrows(IllegalStateException.class, first::release);
    }
}
