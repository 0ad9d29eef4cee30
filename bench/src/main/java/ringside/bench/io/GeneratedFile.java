package ringside.bench.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import ringside.bench.trial.Content;

/// A file made for reading, and deleted afterwards. Its bytes are known from their position and the seed alone
/// ([Content]).
final class GeneratedFile implements AutoCloseable {

    private static final int CHUNK_BYTES = 1 << 20;

    private final Path path;

    private GeneratedFile(Path path) {
        this.path = path;
    }

    /// What a file of this seed contains, whatever its length.
    static Content content(long seed) {
        return new Content(seed, 0, 0);
    }

    /// @param requireOpen throws when the work is to be broken off; asked before each chunk
    /// @throws IOException a sentence, when there is no room or no permission; nothing stays behind then
    static GeneratedFile create(Path directory, long sizeBytes, long seed, Runnable requireOpen) throws IOException {
        requireSpace(directory, sizeBytes);
        Path path = Files.createTempFile(directory, "ringside-io-", ".bin");
        boolean written = false;
        try {
            write(path, sizeBytes, content(seed), requireOpen);
            written = true;
            return new GeneratedFile(path);
        } finally {
            if (!written) {
                Files.deleteIfExists(path);
            }
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }

    private static void requireSpace(Path directory, long sizeBytes) throws IOException {
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw new IOException("no file can be made in " + directory
                    + ": name a directory that you may write to with --dir, or a file to read with --file");
        }
        long usable = Files.getFileStore(directory).getUsableSpace();
        // A tenth stays free: file systems get slow, and others fail, when they run full.
        if (sizeBytes > usable - usable / 10) {
            throw new IOException(("a file of %,d MiB is needed, but only %,d MiB are free in %s: choose a smaller"
                            + " --size, or another --dir")
                    .formatted(sizeBytes >> 20, usable >> 20, directory));
        }
    }

    private static void write(Path path, long sizeBytes, Content content, Runnable requireOpen) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            for (long offset = 0; offset < sizeBytes; offset += CHUNK_BYTES) {
                requireOpen.run();
                chunk.clear().limit((int) Math.min(CHUNK_BYTES, sizeBytes - offset));
                content.fill(chunk, offset);
                chunk.flip();
                while (chunk.hasRemaining()) {
                    channel.write(chunk);
                }
            }
            // On the device before anything is measured: what is written back meanwhile would cost the reads.
            channel.force(true);
        }
    }
}
