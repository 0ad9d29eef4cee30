package ringside.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.linux.Errno;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.Syscall;

class FileCacheTest {

    /// Counts what goes through it, and can run out of descriptors.
    private static final class CountingKernel implements Kernel {
        private final Kernel kernel = new FfmKernel();
        int opens;
        int statuses;
        boolean outOfDescriptors;

        @Override
        public String name() {
            return "counting";
        }

        @Override
        public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
            if (call == Syscall.OPENAT2) {
                opens++;
                if (outOfDescriptors) {
                    return -Errno.EMFILE;
                }
            } else if (call == Syscall.STATX) {
                statuses++;
            } else if (call == Syscall.CLOSE) {
                outOfDescriptors = false;
            }
            return kernel.call(call, a0, a1, a2, a3, a4, a5);
        }
    }

    @TempDir
    Path directory;

    private final CountingKernel kernel = new CountingKernel();
    private DirectoryRoot root = DirectoryRoot.open(kernel, Path.of("/"));

    @BeforeEach
    void openRoot() {
        root.close();
        // Files never settle, so that none is looked at anew for a better tag.
        root = DirectoryRoot.open(kernel, directory, InstantSource.fixed(Instant.EPOCH), false);
    }

    @AfterEach
    void closeRoot() {
        root.close();
    }

    private static Resource find(FileCache cache, String path, long second) {
        byte[] octets = ("??" + path + "??").getBytes(StandardCharsets.UTF_8);
        return cache.find(octets, 2, octets.length - 2, second);
    }

    private static ServedFile file(FileCache cache, String path, long second) {
        return assertInstanceOf(ServedFile.class, find(cache, path, second));
    }

    @Test
    void hitMakesNoSystemCallInTheSameSecondAndOneLookInTheNext() throws IOException {
        Files.writeString(directory.resolve("a"), "1");
        try (FileCache cache = new FileCache(root, 10)) {
            ServedFile first = file(cache, "/a", 1);
            int opens = kernel.opens;
            int statuses = kernel.statuses;
            assertSame(first, file(cache, "/a", 1));
            assertEquals(statuses, kernel.statuses);
            assertEquals(opens, kernel.opens);
            assertSame(first, file(cache, "/a", 2));
            assertSame(first, file(cache, "/a", 2));
            assertEquals(statuses + 1, kernel.statuses);
            assertEquals(opens + 1, kernel.opens);
        }
    }

    @Test
    void aChangedFileIsOpenedAnewAndTheOldOneLivesWithItsReader() throws IOException {
        Files.writeString(directory.resolve("a"), "1");
        try (FileCache cache = new FileCache(root, 10)) {
            ServedFile first = file(cache, "/a", 1);
            first.file().retain();
            Files.writeString(directory.resolve("a"), "longer");
            ServedFile second = file(cache, "/a", 2);
            assertNotSame(first, second);
            assertEquals(6, second.lengthBytes());
            assertTrue(first.file().isOpen());
            first.file().release();
            assertFalse(first.file().isOpen());
        }
    }

    @Test
    void leastRecentlyUsedGoesFirst() throws IOException {
        for (String name : new String[] {"a", "b", "c"}) {
            Files.writeString(directory.resolve(name), name);
        }
        try (FileCache cache = new FileCache(root, 2)) {
            ServedFile a = file(cache, "/a", 1);
            ServedFile b = file(cache, "/b", 1);
            assertSame(a, file(cache, "/a", 2));
            ServedFile c = file(cache, "/c", 2);
            assertEquals(2, cache.size());
            assertFalse(b.file().isOpen());
            assertSame(a, file(cache, "/a", 2));
            assertSame(c, file(cache, "/c", 2));
        }
    }

    @Test
    void absencesAreKeptForTheSecondAndPushNothingOut() throws IOException {
        Files.writeString(directory.resolve("a"), "a");
        try (FileCache cache = new FileCache(root, 1)) {
            ServedFile a = file(cache, "/a", 1);
            for (int i = 0; i < 1_000; i++) {
                assertInstanceOf(Resource.Absent.class, find(cache, "/absent" + i, 1));
            }
            assertSame(a, file(cache, "/a", 1));
            int opens = kernel.opens;
            assertInstanceOf(Resource.Absent.class, find(cache, "/absent999", 1));
            assertEquals(opens, kernel.opens, "kept");
            assertInstanceOf(Resource.Absent.class, find(cache, "/absent0", 1));
            assertEquals(opens + 1, kernel.opens, "pushed out by later ones");
            assertInstanceOf(Resource.Absent.class, find(cache, "/absent999", 2));
            assertEquals(opens + 2, kernel.opens, "kept for a second only");
        }
    }

    @Test
    void shortageOfDescriptorsLetsHalfTheCacheGo() throws IOException {
        for (int i = 0; i < 5; i++) {
            Files.writeString(directory.resolve("f" + i), "x");
        }
        try (FileCache cache = new FileCache(root, 10)) {
            kernel.outOfDescriptors = true;
            Resource.Failed failed = assertInstanceOf(Resource.Failed.class, find(cache, "/f4", 1));
            assertEquals(Errno.EMFILE, failed.errno().number());
            kernel.outOfDescriptors = false;
            for (int i = 0; i < 4; i++) {
                file(cache, "/f" + i, 1);
            }
            kernel.outOfDescriptors = true;
            file(cache, "/f4", 1);
            assertEquals(3, cache.size());
        }
    }

    @Test
    void manyFilesComeAndGoWithoutALeak() throws IOException {
        for (int i = 0; i < 200; i++) {
            Files.writeString(directory.resolve("file-with-a-longer-name-" + i), "x");
        }
        long before = descriptors();
        try (FileCache cache = new FileCache(root, 16)) {
            for (int i = 0; i < 2_000; i++) {
                int n = i * 31 % 200;
                file(cache, "/file-with-a-longer-name-" + n, i / 50);
            }
            assertEquals(16, cache.size());
            assertEquals(before + 16, descriptors());
        }
        assertEquals(before, descriptors());
    }

    @Test
    void aFileThatMovedOutAndLeftALinkToItselfIsRefused() throws IOException {
        Path inside = Files.createDirectory(directory.resolve("inside"));
        Path file = Files.writeString(inside.resolve("a"), "1");
        try (DirectoryRoot served = DirectoryRoot.open(kernel, inside);
                FileCache cache = new FileCache(served, 10)) {
            file(cache, "/a", 1);
            Path outside = Files.move(file, directory.resolve("b"));
            Files.createSymbolicLink(file, outside);
            assertInstanceOf(Resource.Absent.class, find(cache, "/a", 2));
            assertEquals(0, cache.size());
        }
    }

    @Test
    void aDirectoryThatMovedOutAndLeftALinkToItselfIsRefused() throws IOException {
        Path inside = Files.createDirectory(directory.resolve("inside"));
        Path parent = Files.createDirectory(inside.resolve("parent"));
        Files.writeString(parent.resolve("a"), "1");
        try (DirectoryRoot served = DirectoryRoot.open(kernel, inside);
                FileCache cache = new FileCache(served, 10)) {
            file(cache, "/parent/a", 1);
            Path outside = Files.move(parent, directory.resolve("elsewhere"));
            Files.createSymbolicLink(parent, outside);
            assertInstanceOf(Resource.Absent.class, find(cache, "/parent/a", 2), "the file's status is the same");
        }
    }

    @Test
    void aRewriteThatRestoresTheTimeIsNoticed() throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("a"), "1");
        try (FileCache cache = new FileCache(root, 10)) {
            ServedFile first = file(cache, "/a", 1);
            FileTime modified = Files.getLastModifiedTime(file);
            // The file system's time goes in steps of some milliseconds.
            Thread.sleep(20);
            Files.writeString(file, "2");
            Files.setLastModifiedTime(file, modified);
            ServedFile second = file(cache, "/a", 2);
            assertNotSame(first, second);
            assertEquals(first.version().modifiedNanos(), second.version().modifiedNanos());
        }
    }

    @Test
    void aNameThatIsNoUtf8IsAbsentAndKeptAsSuch() {
        byte[] path = {'/', (byte) 0xfc};
        try (FileCache cache = new FileCache(root, 10)) {
            Resource first = cache.find(path, 0, path.length, 1);
            assertInstanceOf(Resource.Absent.class, first);
            assertSame(first, cache.find(path, 0, path.length, 1));
            assertInstanceOf(Resource.Absent.class, find(cache, "/\ufffd", 1));
        }
    }

    @Test
    void whatKeepsEveryRequestFromBeingServedIsSaidAtTheStart() {
        for (int errno : new int[] {Errno.ENOSYS, Errno.EPERM, Errno.EACCES}) {
            Kernel refusing = new Kernel() {
                @Override
                public String name() {
                    return "refusing";
                }

                @Override
                public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                    return call == Syscall.OPENAT2 ? -errno : kernel.call(call, a0, a1, a2, a3, a4, a5);
                }
            };
            KernelException e = assertThrows(KernelException.class, () -> DirectoryRoot.open(refusing, directory));
            assertEquals(errno, e.errno().number());
        }
    }

    @Test
    void rootMustBeADirectoryThatIsThere() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        KernelException missing =
                assertThrows(KernelException.class, () -> DirectoryRoot.open(kernel, directory.resolve("absent")));
        assertEquals(Errno.ENOENT, missing.errno().number());
        KernelException noDirectory = assertThrows(KernelException.class, () -> DirectoryRoot.open(kernel, file));
        assertEquals(Errno.ENOTDIR, noDirectory.errno().number());
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
