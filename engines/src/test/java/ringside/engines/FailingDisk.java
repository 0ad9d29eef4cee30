package ringside.engines;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// A file on a disk of which the end is broken: reading there is `EIO`, from the kernel itself.
///
/// The disk is a loop device (loop(4)) over an image that was cut off when the file system was mounted: its sectors
/// behind the cut can't be read any more. Nothing but a real device reaches engines that the JDK makes the calls for,
/// and the page faults of a mapping.
final class FailingDisk implements AutoCloseable {

    private static final int IMAGE_BYTES = 8 << 20;
    private static final int BLOCK_BYTES = 4096;

    private final Path mountPoint;
    private final String device;
    private final PatternFile file;
    private final long goodBytes;

    private FailingDisk(Path mountPoint, String device, PatternFile file, long goodBytes) {
        this.mountPoint = mountPoint;
        this.device = device;
        this.file = file;
        this.goodBytes = goodBytes;
    }

    /// Makes one, or aborts the test with what it would need.
    ///
    /// @param fileBytes of the file
    /// @param goodBytes of it that can be read, at least; whole blocks
    static FailingDisk make(Path directory, int fileBytes, int goodBytes) throws IOException {
        Path content = Files.createDirectories(directory.resolve("content"));
        PatternFile made = PatternFile.full(content.resolve("file"), fileBytes);
        Path image = directory.resolve("image");
        try (RandomAccessFile empty = new RandomAccessFile(image.toFile(), "rw")) {
            empty.setLength(IMAGE_BYTES);
        }
        run("mke2fs", "-F", "-q", "-t", "ext2", "-b", "" + BLOCK_BYTES, "-d", content.toString(), image.toString());
        String device = run("losetup", "--find", "--show", "--read-only", image.toString());
        Path mountPoint = Files.createDirectories(directory.resolve("disk"));
        boolean mounted = false;
        try {
            run("mount", "-t", "ext2", "-o", "ro", device, mountPoint.toString());
            mounted = true;
            PatternFile onDisk = new PatternFile(mountPoint.resolve("file"), fileBytes, made.islands());
            FailingDisk disk = new FailingDisk(mountPoint, device, onDisk, goodBytes);
            try (RandomAccessFile cut = new RandomAccessFile(image.toFile(), "rw")) {
                cut.setLength(disk.firstBlock() * BLOCK_BYTES + goodBytes);
            }
            return disk;
        } catch (IOException e) {
            if (mounted) {
                run("umount", mountPoint.toString());
                mounted = false;
            }
            throw e;
        } finally {
            if (!mounted) {
                run("losetup", "--detach", device);
            }
        }
    }

    PatternFile file() {
        return file;
    }

    /// What can be read from the front, at least: indirect blocks of the file itself may lie between.
    long goodBytes() {
        return goodBytes;
    }

    /// Where on the disk the file begins.
    private long firstBlock() throws IOException {
        // "   0:        0..      11:        536..       547:     12: "
        for (String line : run("filefrag", "-v", file.path().toString()).split("\n", -1)) {
            String[] words = line.strip().split("[ :.]+", -1);
            if (words.length > 4 && words[0].equals("0") && words[1].equals("0")) {
                return Long.parseLong(words[3]);
            }
        }
        throw new IOException("filefrag doesn't say where " + file.path() + " begins");
    }

    @Override
    public void close() throws IOException {
        run("umount", mountPoint.toString());
        run("losetup", "--detach", device);
    }

    private static String run(String... command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            Assumptions.abort("a disk that fails can't be made: there is no " + command[0]);
            throw e;
        }
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int exitCode = process.onExit().join().exitValue();
        Assumptions.assumeTrue(
                exitCode == 0,
                () -> "a disk that fails can't be made without root and loop devices: " + List.of(command) + " says "
                        + said);
        return said;
    }
}
