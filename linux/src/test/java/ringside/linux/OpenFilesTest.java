package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {

    private static final int F_DUPFD_CLOEXEC = 1030;

    private final Kernel kernel = new FfmKernel();
    private final OpenFiles files = new OpenFiles(kernel);
    private final Arena arena = Arena.ofConfined();
    private final Statx statx = new Statx(kernel, arena);

    @TempDir
    Path directory;

    private Path root;
    private int rootFd;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
        Files.createDirectory(root.resolve("sub"));
        Files.writeString(root.resolve("sub/inside"), "inside");
        Files.writeString(directory.resolve("outside"), "outside");
        rootFd = files.open(root.toString(), OpenFiles.O_PATH | OpenFiles.O_DIRECTORY);
    }

    @AfterEach
    void closeRoot() {
        assertEquals(0, files.close(rootFd));
        arena.close();
    }

    @Test
    void whatIsBeneathOpens() throws IOException {
        Files.createSymbolicLink(root.resolve("link"), Path.of("sub/inside"));
        Files.createSymbolicLink(root.resolve("sub/up"), Path.of("../sub/inside"));
        for (String path : new String[] {"sub/inside", "link", "sub/up", "sub/../sub/inside", "./sub//inside"}) {
            assertEquals("inside", contentBeneath(path), path);
        }
    }

    @Test
    void whatLeadsOutIsRefused() throws IOException {
        Files.createSymbolicLink(root.resolve("out"), Path.of("../outside"));
        Files.createSymbolicLink(root.resolve("absolute"), directory.resolve("outside"));
        Files.createSymbolicLink(root.resolve("absolute-inside"), root.resolve("sub/inside"));
        Files.createSymbolicLink(root.resolve("sub/chain"), Path.of("../out"));
        Files.createSymbolicLink(root.resolve("updir"), Path.of(".."));
        for (String path : new String[] {
            "..",
            "../outside",
            "sub/../../outside",
            "out",
            "absolute",
            "absolute-inside",
            "sub/chain",
            "updir/outside",
            "/etc/passwd"
        }) {
            assertEquals(-Errno.EXDEV, files.tryOpenBeneath(rootFd, path, OpenFiles.O_RDONLY), path);
        }
        KernelException escape =
                assertThrows(KernelException.class, () -> files.openBeneath(rootFd, "../outside", OpenFiles.O_RDONLY));
        assertEquals(Errno.EXDEV, escape.errno().number());
        assertTrue(String.valueOf(escape.getMessage()).contains("../outside"), escape.getMessage());
    }

    @Test
    void aMagicLinkIsRefusedEvenWhereItPointsInside() {
        int proc = files.open("/proc/self", OpenFiles.O_PATH | OpenFiles.O_DIRECTORY);
        long result = files.tryOpenBeneath(proc, "exe", OpenFiles.O_RDONLY);
        assertEquals(0, files.close(proc));
        assertTrue(result == -Errno.ELOOP || result == -Errno.EXDEV, "answered " + result);
    }

    @Test
    void aPathThatNoFileCanHaveIsRefusedBeforeTheKernelSeesAPartOfIt() {
        for (String path : new String[] {"sub/inside\0.png", "\0", "a\uD800b", "\uDC00", "x\uD83D"}) {
            assertEquals(-Errno.EINVAL, files.tryOpenBeneath(rootFd, path, 0));
            assertEquals(-Errno.EINVAL, files.tryOpenAt(rootFd, path, 0, 0));
            assertEquals(-Errno.EINVAL, statx.tryPath(rootFd, path, 0));
            assertThrows(IllegalArgumentException.class, () -> files.openBeneath(rootFd, path, 0));
            assertThrows(IllegalArgumentException.class, () -> statx.ofPath(rootFd, path));
        }
    }

    @Test
    void namesBeyondAsciiAreUtf8() {
        String name = "grün-日本-\uD83D\uDE00";
        int fd = files.openAt(rootFd, name, OpenFiles.O_CREAT | OpenFiles.O_EXCL | OpenFiles.O_WRONLY, 0644);
        assertEquals(0, files.close(fd));
        assertEquals(0, statx.tryPath(rootFd, name, 0));
        assertEquals("", contentBeneath(name));
    }

    @Test
    void pathsTooLongAreTheKernelsError() {
        String name = "n".repeat(300);
        assertEquals(-Errno.ENAMETOOLONG, files.tryOpenBeneath(rootFd, name, 0));
        assertEquals(-Errno.ENAMETOOLONG, statx.tryPath(rootFd, name, 0));
        assertEquals(-Errno.ENAMETOOLONG, statx.tryPath(rootFd, "d/".repeat(3000), 0));
        assertEquals(-Errno.ENAMETOOLONG, statx.tryPath(rootFd, "é".repeat(2048), 0));
    }

    @Test
    void descriptorsAreNotInherited() throws IOException {
        int fd = files.openBeneath(rootFd, "sub/inside", OpenFiles.O_RDONLY);
        String info = Files.readString(Path.of("/proc/self/fdinfo/" + fd));
        assertEquals(0, files.close(fd));
        String flags = info.lines()
                .filter(line -> line.startsWith("flags:"))
                .findFirst()
                .orElseThrow();
        assertTrue(
                (Integer.parseInt(flags.substring(6).strip(), 8) & OpenFiles.O_CLOEXEC) != 0, "no O_CLOEXEC: " + flags);
    }

    @Test
    void aClosedDescriptorIsClosed() {
        int low = files.openBeneath(rootFd, "sub/inside", OpenFiles.O_RDONLY);
        // A number that no other thread of the JVM will be given meanwhile.
        int fd = (int) kernel.call(Syscall.FCNTL, low, F_DUPFD_CLOEXEC, 900);
        assertTrue(fd >= 900, "fcntl answered " + fd);
        assertEquals(0, files.close(low));
        assertEquals(0, files.close(fd));
        assertEquals(-Errno.EBADF, files.close(fd));
    }

    @Test
    void statusIsWhatTheJdkSays() throws IOException {
        Path file = root.resolve("sub/inside");
        Map<String, Object> jdk = Files.readAttributes(file, "unix:ino,size,mode,dev,uid");
        var mtime = Files.getLastModifiedTime(file).toInstant();
        int fd = files.openBeneath(rootFd, "sub/inside", OpenFiles.O_RDONLY);
        FileStatus byFd = statx.ofDescriptor(fd);
        FileStatus byPath = statx.ofPath(rootFd, "sub/inside");
        files.close(fd);
        assertEquals(byFd, byPath);
        assertEquals(jdk.get("ino"), byFd.inode());
        assertEquals(jdk.get("size"), byFd.sizeBytes());
        assertEquals(jdk.get("mode"), byFd.mode());
        assertEquals(jdk.get("uid"), byFd.userId());
        assertEquals(mtime, byFd.modified());
        long dev = Long.parseLong(String.valueOf(jdk.get("dev")));
        // makedev(3): 12 + 20 bits each, interleaved.
        assertEquals((int) (((dev >>> 8) & 0xfff) | ((dev >>> 32) & ~0xfffL)), byFd.deviceMajor());
        assertEquals((int) ((dev & 0xff) | ((dev >>> 12) & ~0xffL)), byFd.deviceMinor());
        assertTrue(byFd.isRegular());
        assertTrue(statx.ofDescriptor(rootFd).isDirectory());
    }

    @Test
    void kindsAreTold() throws IOException {
        Files.createSymbolicLink(root.resolve("link"), Path.of("nowhere"));
        assertEquals(0, statx.tryPath(rootFd, "link", Statx.AT_SYMLINK_NOFOLLOW));
        assertEquals(FileKind.SYMBOLIC_LINK, statx.status().kind());
        assertEquals(-Errno.ENOENT, statx.tryPath(rootFd, "link", 0));
        assertEquals(
                FileKind.CHARACTER_DEVICE,
                statx.ofPath(OpenFiles.AT_FDCWD, "/dev/null").kind());
        assertTrue(Files.exists(root.resolve("link"), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void anOffsetAndMemoryAlignedAsTheKernelSaysReadDirectly() throws IOException {
        byte[] content = new byte[64 * 1024];
        new java.util.Random(7).nextBytes(content);
        Files.write(root.resolve("direct"), content);
        FileStatus status = statx.ofPath(rootFd, "direct");
        assumeTrue(status.knowsDirectAlignment(), "the kernel or file system doesn't tell the O_DIRECT alignment");
        long fd = files.tryOpenBeneath(rootFd, "direct", OpenFiles.O_RDONLY | OpenFiles.O_DIRECT);
        assertTrue(fd >= 0, "O_DIRECT open answered " + fd);
        var memory = arena.allocate(content.length, Math.max(4096, status.dioMemAlignBytes()));
        PositionedReads reads = new PositionedReads(kernel, arena);
        int align = status.dioOffsetAlignBytes();
        assertEquals(content.length - align, reads.pread((int) fd, memory.address(), content.length, align));
        assertEquals(
                java.nio.ByteBuffer.wrap(content, align, content.length - align),
                memory.asSlice(0, content.length - align).asByteBuffer());
        if (align > 1) {
            assertEquals(-Errno.EINVAL, reads.pread((int) fd, memory.address(), content.length, 1));
        }
        files.close((int) fd);
    }

    private String contentBeneath(String path) {
        int fd = files.openBeneath(rootFd, path, OpenFiles.O_RDONLY);
        try {
            var memory = arena.allocate(64);
            long read = new PositionedReads(kernel, arena).pread(fd, memory.address(), 64, 0);
            assertTrue(read >= 0, "pread answered " + read);
            return new String(
                    memory.asSlice(0, read).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        } finally {
            files.close(fd);
        }
    }
}
