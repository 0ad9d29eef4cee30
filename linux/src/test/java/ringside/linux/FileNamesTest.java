package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Names in directories, and files without one: what a file is written with that must appear whole or not at
/// all.
class FileNamesTest {

    private static final int MODE = 0644;

    @TempDir
    private Path directory = Path.of("");

    private final Kernel kernel = new FfmKernel();
    private final OpenFiles files = new OpenFiles(kernel);
    private final FileNames names = new FileNames(kernel);
    private int dirFd = -1;

    @BeforeEach
    void openDirectory() {
        dirFd = files.open(directory.toString(), OpenFiles.O_RDONLY | OpenFiles.O_DIRECTORY);
    }

    @AfterEach
    void closeDirectory() {
        files.close(dirFd);
    }

    private int nameless() {
        long opened = names.tryOpenNameless(dirFd, MODE);
        assumeTrue(opened != -Errno.EOPNOTSUPP, "this file system has no files without a name");
        return (int) KernelException.check(Syscall.OPENAT, directory.toString(), opened);
    }

    private void write(int fd, String text, long offset, Kernel by) {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            new FileWrites(by).writeAll(fd, memory.address(), bytes.length, offset, "test file");
        }
    }

    private long count() throws IOException {
        try (Stream<Path> found = Files.list(directory)) {
            return found.count();
        }
    }

    @Test
    void aFileWithoutANameGetsOneWhenItIsWhole() throws IOException {
        int fd = nameless();
        write(fd, "whole", 0, kernel);
        assertEquals(0, count());
        assertEquals(0, names.tryLink(fd, dirFd, "new"));
        assertEquals(-Errno.EEXIST, names.tryLink(fd, dirFd, "new"));
        Files.writeString(directory.resolve("old"), "old");
        names.rename(dirFd, "new", "old");
        new FileWrites(kernel).sync(dirFd, "directory");
        files.close(fd);
        assertEquals("whole", Files.readString(directory.resolve("old")));
        assertEquals(1, count());
        assertEquals(0, names.tryUnlink(dirFd, "old"));
        assertEquals(-Errno.ENOENT, names.tryUnlink(dirFd, "old"));
        assertThrows(KernelException.class, () -> names.rename(dirFd, "old", "new"));
    }

    @Test
    void interruptedAndShortWritesAreFinished() throws IOException {
        FaultyKernel faulty = FaultyKernel.builder(kernel, 7)
                .fail(Syscall.PWRITE64, Errno.EINTR, 0.3)
                .shorten(Syscall.PWRITE64, 0.6)
                .build();
        int fd = nameless();
        String text = "0123456789".repeat(500);
        write(fd, text, 3, faulty);
        assertTrue(faulty.shortened(Syscall.PWRITE64) > 0, faulty::toString);
        assertEquals(0, names.tryLink(fd, dirFd, "f"));
        files.close(fd);
        assertEquals("\0\0\0" + text, Files.readString(directory.resolve("f")));
    }

    @Test
    void aFullDeviceIsAnError() {
        FaultyKernel full = FaultyKernel.builder(kernel, 1)
                .fail(Syscall.PWRITE64, Errno.ENOSPC, 1)
                .build();
        int fd = nameless();
        KernelException e = assertThrows(KernelException.class, () -> write(fd, "x", 0, full));
        assertEquals(Errno.ENOSPC, e.errno().number());
        files.close(fd);
    }

    @Test
    void mappingShowsTheFile() throws IOException {
        byte[] content = new byte[10_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = TestFiles.byteAt(i);
        }
        Path file = Files.write(directory.resolve("mapped"), content);
        int fd = files.open(file.toString(), OpenFiles.O_RDONLY);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment mapped = FileMapping.readOnly(kernel, arena, fd, 4096, content.length - 4096, "mapped");
            files.close(fd);
            for (int i = 4096; i < content.length; i++) {
                assertEquals(content[i], mapped.get(ValueLayout.JAVA_BYTE, i - 4096));
            }
            assertThrows(
                    RuntimeException.class, () -> mapped.set(ValueLayout.JAVA_BYTE, 0, (byte) 1), "it is read-only");
        }
        assertThrows(
                KernelException.class,
                () -> FileMapping.readOnly(kernel, Arena.global(), -1, 0, 4096, "no descriptor"));
    }

    @Test
    void entriesAreAllNamesWithTheirKinds() throws IOException {
        Files.createDirectory(directory.resolve("d"));
        Files.createSymbolicLink(directory.resolve("l"), Path.of("d"));
        for (int i = 0; i < 3_000; i++) {
            Files.createFile(directory.resolve("a name that is long enough to fill a buffer " + i));
        }
        Map<String, FileKind> found = new TreeMap<>();
        try (Arena arena = Arena.ofConfined()) {
            new DirectoryEntries(kernel, arena)
                    .visit(
                            dirFd,
                            "dir",
                            (name, length, kind) ->
                                    found.put(new String(name, 0, length, StandardCharsets.UTF_8), kind));
        }
        assertEquals(3_002, found.size());
        assertEquals(FileKind.DIRECTORY, found.get("d"));
        assertEquals(FileKind.SYMBOLIC_LINK, found.get("l"));
        assertEquals(FileKind.REGULAR, found.get("a name that is long enough to fill a buffer 2999"));
    }

    @Test
    void namesAreBytes() throws IOException {
        Files.createDirectory(directory.resolve("d"));
        Files.writeString(directory.resolve("d/f"), "x");
        Files.createSymbolicLink(directory.resolve("out"), Path.of(".."));
        try (Arena arena = Arena.ofConfined()) {
            ByteNames byteNames = new ByteNames(kernel, arena);
            byte[] text = "..d/f..out".getBytes(StandardCharsets.US_ASCII);
            int fd = (int) byteNames.tryOpenAt(dirFd, text, 2, 5, OpenFiles.O_RDONLY);
            assertArrayEquals(
                    "x".getBytes(StandardCharsets.US_ASCII), Files.readAllBytes(Path.of("/proc/self/fd/" + fd)));
            files.close(fd);
            fd = (int) byteNames.tryOpenBeneath(dirFd, text, 2, 5, OpenFiles.O_RDONLY);
            assertTrue(fd >= 0);
            files.close(fd);
            assertEquals(-Errno.EXDEV, byteNames.tryOpenBeneath(dirFd, text, 7, 10, OpenFiles.O_RDONLY));
            byte[] long1 = new byte[5_000];
            assertEquals(-Errno.ENAMETOOLONG, byteNames.tryOpenAt(dirFd, long1, 0, long1.length, 0));
        }
    }

    @TestFactory
    Stream<DynamicTest> constants() {
        Map<String, Long> ours = new TreeMap<>();
        ours.put("O_TMPFILE", (long) FileNames.O_TMPFILE);
        ours.put("AT_SYMLINK_FOLLOW", (long) FileNames.AT_SYMLINK_FOLLOW);
        return CProbe.compare(List.of("fcntl.h"), ours);
    }

    @TestFactory
    Stream<DynamicTest> entryLayout() {
        Map<String, Long> ours = new TreeMap<>();
        ours.put("offsetof(struct dirent, d_reclen)", (long) DirectoryEntries.RECLEN);
        ours.put("offsetof(struct dirent, d_type)", (long) DirectoryEntries.TYPE);
        ours.put("offsetof(struct dirent, d_name)", (long) DirectoryEntries.NAME);
        return CProbe.compare(List.of("dirent.h", "stddef.h"), ours);
    }
}
