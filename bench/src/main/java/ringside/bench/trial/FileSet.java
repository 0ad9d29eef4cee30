package ringside.bench.trial;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import ringside.loadtest.ExpectedBody;

/// The files that a workload asks for, and what they must contain.
///
/// @param root the directory that the server serves
/// @param entries at least one
public record FileSet(Path root, List<Entry> entries) {

    private static final int CHUNK_BYTES = 1 << 20;

    /// One file.
    ///
    /// @param file where it is
    /// @param urlPath how it is asked for: `/16k/00007.bin`, percent-encoded
    /// @param sizeBytes its length
    /// @param crc32c of its content
    public record Entry(Path file, String urlPath, long sizeBytes, long crc32c) {}

    public FileSet {
        entries = List.copyOf(entries);
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("no files under " + root + " to ask for");
        }
    }

    /// Writes `count` files of `sizeBytes` each into `root/directory`. They are not yet on the device then.
    ///
    /// The content repeats in no 4 KiB block of any file of any size (see [Content]).
    ///
    /// @throws IOException when the file system refuses; a full one says so before anything is written
    ///
    /// @param requireOpen throws when the work is to be broken off; asked before each chunk of 1 MiB
    public static FileSet generate(
            Path root, String directory, long sizeBytes, int count, long seed, Runnable requireOpen)
            throws IOException {
        Path target = Files.createDirectories(root.resolve(directory));
        requireSpace(target, sizeBytes, count);
        List<Entry> entries = new ArrayList<>(count);
        ByteBuffer chunk = ByteBuffer.allocateDirect((int) Math.min(CHUNK_BYTES, Math.max(sizeBytes, 1)));
        for (int i = 0; i < count; i++) {
            String name = String.format(Locale.ROOT, "%05d.bin", i);
            Path file = target.resolve(name);
            long crc32c = write(file, sizeBytes, new Content(seed, sizeBytes, i), chunk, requireOpen);
            entries.add(new Entry(file, "/" + directory + "/" + name, sizeBytes, crc32c));
        }
        return new FileSet(root, entries);
    }

    /// Takes the regular files under `root`, in the order of their paths; hidden ones, links and unreadable
    /// ones are left out. Reads them all once for their checksums.
    ///
    /// @param filesMax more than so many are refused
    /// @param requireOpen as in [#generate]
    /// @throws IOException when a file can't be read, or there are none or too many; a sentence
    public static FileSet scan(Path root, int filesMax, Runnable requireOpen) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root)) {
            files = walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .filter(file -> !isHidden(root.relativize(file)) && Files.isReadable(file))
                    .limit(filesMax + 1L)
                    .sorted()
                    .toList();
        } catch (java.io.UncheckedIOException e) {
            throw new IOException(root + " can't be walked: " + e.getMessage(), e);
        }
        if (files.isEmpty()) {
            throw new IOException(root + " holds no readable regular file: name a directory with files to serve");
        }
        if (files.size() > filesMax) {
            throw new IOException(root + " holds more than " + filesMax + " files: name a smaller directory in it");
        }
        List<Entry> entries = new ArrayList<>(files.size());
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
        for (Path file : files) {
            entries.add(read(root, file, chunk, requireOpen));
        }
        return new FileSet(root, entries);
    }

    public long totalBytes() {
        return entries.stream().mapToLong(Entry::sizeBytes).sum();
    }

    /// Mean size, rounded.
    public long meanBytes() {
        return Math.round((double) totalBytes() / entries.size());
    }

    public boolean sizesDiffer() {
        return entries.stream().mapToLong(Entry::sizeBytes).distinct().count() > 1;
    }

    /// What the generator is to hold the answers to, by path.
    public Map<String, ExpectedBody> expectedBodies() {
        Map<String, ExpectedBody> expected = new TreeMap<>();
        for (Entry entry : entries) {
            expected.put(entry.urlPath(), new ExpectedBody(entry.sizeBytes(), entry.crc32c()));
        }
        return expected;
    }

    /// @param base `http://127.0.0.1:8080`
    public List<String> urls(String base) {
        return entries.stream().map(entry -> base + entry.urlPath()).toList();
    }

    /// The bytes that files of this size take on a file system of 4 KiB blocks, with something for their inodes.
    static long diskBytes(long sizeBytes, int count) {
        return count * (Math.ceilDiv(sizeBytes, 4096) * 4096 + 512);
    }

    private static void requireSpace(Path directory, long sizeBytes, int count) throws IOException {
        long needed = diskBytes(sizeBytes, count);
        long usable = Files.getFileStore(directory).getUsableSpace();
        // A tenth stays free: file systems get slow, and others fail, when they run full.
        if (needed > usable - usable / 10) {
            throw new IOException(("the files need %,d MiB, but only %,d MiB are free under %s: ask for smaller --sizes"
                            + " or use a results directory on another file system")
                    .formatted(needed >> 20, usable >> 20, directory));
        }
    }

    private static long write(Path file, long sizeBytes, Content content, ByteBuffer chunk, Runnable requireOpen)
            throws IOException {
        CRC32C crc = new CRC32C();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long offset = 0; offset < sizeBytes; offset += CHUNK_BYTES) {
                requireOpen.run();
                chunk.clear().limit((int) Math.min(CHUNK_BYTES, sizeBytes - offset));
                content.fill(chunk, offset);
                crc.update(chunk.flip());
                chunk.rewind();
                while (chunk.hasRemaining()) {
                    channel.write(chunk);
                }
            }
        } catch (IOException e) {
            throw new IOException(
                    "the file " + file + " of " + sizeBytes + " bytes can't be written: " + e.getMessage()
                            + ". Free space or use another results directory",
                    e);
        }
        return crc.getValue();
    }

    private static Entry read(Path root, Path file, ByteBuffer chunk, Runnable requireOpen) throws IOException {
        CRC32C crc = new CRC32C();
        long sizeBytes = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(chunk.clear()) > 0) {
                requireOpen.run();
                sizeBytes += chunk.position();
                crc.update(chunk.flip());
            }
        }
        try {
            String path = new URI(null, null, "/" + root.relativize(file), null).toASCIIString();
            return new Entry(file, path, sizeBytes, crc.getValue());
        } catch (URISyntaxException e) {
            throw new IOException(file + " has a name that can't be asked for: " + e.getReason(), e);
        }
    }

    private static boolean isHidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }
}
