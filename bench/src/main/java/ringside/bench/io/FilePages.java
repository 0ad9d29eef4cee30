package ringside.bench.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import ringside.bench.result.Measured;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.OpenFiles;
import ringside.linux.PageResidency;

/// Brings the part of a file that is to be read into the page cache, or the file out of it, and measures what
/// is there. Hot pages stay mapped until this is closed: those the kernel gives up last.
final class FilePages implements AutoCloseable {

    private static final int CHUNK_BYTES = 1 << 20;

    private final Kernel kernel;
    private final Path file;
    private final long sizeBytes;
    private final Arena mapping = Arena.ofShared();

    /// @param sizeBytes from the file's start
    FilePages(Kernel kernel, Path file, long sizeBytes) {
        this.kernel = kernel;
        this.file = file;
        this.sizeBytes = sizeBytes;
    }

    /// @return the fraction of the pages that is resident then
    /// @throws IOException a sentence, when the cache can't be brought into that state
    Measured prepare(CacheState state) throws IOException {
        return switch (state) {
            case HOT -> {
                warm();
                Measured share = measure();
                yield proven(share, 1, "isn't all in the page cache after it was read through", "--size");
            }
            case COLD -> {
                new PageResidency(kernel).evict(file.toString());
                yield proven(
                        measure(),
                        0,
                        "stays in the page cache: somebody has it mapped, or the file system keeps everything in"
                                + " memory, as tmpfs does",
                        "a --file");
            }
            case PAST -> {
                // Dirty pages would be written back by the first direct read of each.
                new PageResidency(kernel).evict(file.toString());
                yield measure();
            }
        };
    }

    /// @return the fraction of the pages that is resident now
    Measured measure() {
        OpenFiles files = new OpenFiles(kernel);
        try {
            int fd = files.open(file.toString(), OpenFiles.O_RDONLY);
            try {
                return Measured.of(
                        new PageResidency(kernel).measure(fd, 0, sizeBytes).share());
            } finally {
                files.close(fd);
            }
        } catch (KernelException e) {
            return Measured.unmeasurable(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        mapping.close();
    }

    private void warm() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
            for (long offset = 0; offset < sizeBytes; offset += CHUNK_BYTES) {
                channel.read(chunk.clear(), offset);
            }
            channel.map(FileChannel.MapMode.READ_ONLY, 0, sizeBytes, mapping).load();
        }
    }

    private Measured proven(Measured share, double wanted, String otherwise, String remedy) throws IOException {
        return switch (share) {
            case Measured.Value(double value) when value == wanted -> share;
            case Measured.Value(double value) ->
                throw new IOException("%.1f %% of %s are in the page cache: it %s. Choose another or a smaller %s"
                        .formatted(value * 100, file, otherwise, remedy));
            case Measured.Unmeasurable(String why) ->
                throw new IOException("what the page cache holds of " + file + " can't be measured: " + why);
        };
    }
}
