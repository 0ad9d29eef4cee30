package ringside.bench.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import ringside.bench.trial.Content;
import ringside.engines.ByteSize;

/// What each block of a file must contain, as CRC-32C: a flipped bit never passes (the code finds every burst
/// of up to 32 bits), a wrong block passes once in four billion times.
///
/// The checksums of a generated file are those of its pattern, computed without looking at the file. A
/// foreign file is read through once, by the JDK's own way, before the engine reads it.
final class BlockChecksums {

    /// 64 MiB of checksums.
    static final long BLOCKS_MAX = 16 << 20;

    private static final int CHUNK_BYTES = 1 << 20;

    private final int blockBytes;
    private final int[] crcs;

    private BlockChecksums(long sizeBytes, int blockBytes) {
        requireFew(sizeBytes, blockBytes);
        this.blockBytes = blockBytes;
        this.crcs = new int[(int) (sizeBytes / blockBytes)];
    }

    /// @throws IllegalArgumentException with a message for a person
    static void requireFew(long sizeBytes, int blockBytes) {
        if (sizeBytes / blockBytes > BLOCKS_MAX) {
            throw new IllegalArgumentException("--verify keeps a checksum for each block, of which there are "
                    + sizeBytes / blockBytes + ". Choose --size " + ByteSize.text(BLOCKS_MAX * blockBytes)
                    + " or less, or a larger --block");
        }
    }

    /// @param sizeBytes a multiple of `blockBytes`
    static BlockChecksums ofContent(Content content, long sizeBytes, int blockBytes) {
        return new BlockChecksums(sizeBytes, blockBytes).fill((offset, target) -> {
            content.fill(target, offset);
            target.flip();
        });
    }

    /// @throws IOException when the file can't be read, or ends early
    static BlockChecksums ofFile(Path file, long sizeBytes, int blockBytes) throws IOException {
        BlockChecksums checksums = new BlockChecksums(sizeBytes, blockBytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return checksums.fill((offset, target) -> {
                while (target.hasRemaining()) {
                    if (channel.read(target, offset + target.position()) < 0) {
                        throw new IOException(file + " ends at " + (offset + target.position()) + ", before the "
                                + sizeBytes + " bytes that are to be read: it has shrunk. Choose a file at rest");
                    }
                }
                target.flip();
            });
        }
    }

    /// Whether these are the bytes of `block`.
    ///
    /// @param bytes a whole block; its position moves to its limit
    /// @param crc reset first: the caller's, so that nothing is allocated
    boolean matches(long block, ByteBuffer bytes, CRC32C crc) {
        crc.reset();
        crc.update(bytes);
        return (int) crc.getValue() == crcs[(int) block];
    }

    @FunctionalInterface
    private interface Source<E extends Exception> {
        /// Fills the buffer with the bytes from `offset` on, and flips it.
        void read(long offset, ByteBuffer target) throws E;
    }

    /// Chunk by chunk, a block may span several chunks and a chunk several blocks.
    private <E extends Exception> BlockChecksums fill(Source<E> source) throws E {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
        long sizeBytes = (long) crcs.length * blockBytes;
        CRC32C crc = new CRC32C();
        int block = 0;
        int left = blockBytes;
        for (long offset = 0; offset < sizeBytes; offset += CHUNK_BYTES) {
            chunk.clear().limit((int) Math.min(CHUNK_BYTES, sizeBytes - offset));
            source.read(offset, chunk);
            int end = chunk.limit();
            while (chunk.position() < end) {
                int bytes = Math.min(left, end - chunk.position());
                chunk.limit(chunk.position() + bytes);
                crc.update(chunk);
                chunk.limit(end);
                left -= bytes;
                if (left == 0) {
                    crcs[block++] = (int) crc.getValue();
                    crc.reset();
                    left = blockBytes;
                }
            }
        }
        return this;
    }
}
