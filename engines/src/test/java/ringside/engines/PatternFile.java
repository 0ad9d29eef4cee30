package ringside.engines;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/// A file whose every byte says where it belongs: bytes from a wrong offset don't pass for right ones.
///
/// @param islands ranges that were written; the rest is a hole and reads as zeros
record PatternFile(Path path, long lengthBytes, List<Island> islands) {

    record Island(long from, long to) {}

    /// The first bytes of every full file, made once: looking at millions of bytes is most of what tests do.
    private static final byte[] FRONT = pattern(0, (8 << 20) + 1);

    static PatternFile full(Path path, int lengthBytes) throws IOException {
        Files.write(path, lengthBytes <= FRONT.length ? Arrays.copyOf(FRONT, lengthBytes) : pattern(0, lengthBytes));
        return new PatternFile(path, lengthBytes, List.of(new Island(0, lengthBytes)));
    }

    /// @param centres offsets around which `radius` bytes either side are written
    static PatternFile sparse(Path path, long lengthBytes, int radius, long... centres) throws IOException {
        List<Island> islands = new java.util.ArrayList<>();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), lengthBytes - 1);
            for (long centre : centres) {
                Island island = new Island(Math.max(0, centre - radius), Math.min(lengthBytes, centre + radius));
                channel.write(ByteBuffer.wrap(pattern(island.from, (int) (island.to - island.from))), island.from);
                islands.add(island);
            }
        }
        return new PatternFile(path, lengthBytes, List.copyOf(islands));
    }

    /// Compares what was read with what the file holds there.
    ///
    /// @param bytes of which the first `count` were read from `position` on
    /// @return the first index at which they differ, −1 if there is none
    int mismatch(byte[] bytes, int count, long position) {
        Island first = islands.getFirst();
        if (first.from == 0 && position + count <= Math.min(first.to, FRONT.length)) {
            return Arrays.mismatch(bytes, 0, count, FRONT, (int) position, (int) position + count);
        }
        int i = 0;
        while (i < count && bytes[i] == at(position + i)) {
            i++;
        }
        return i < count ? i : -1;
    }

    byte at(long position) {
        for (Island island : islands) {
            if (position >= island.from && position < island.to) {
                return pattern(position);
            }
        }
        return 0;
    }

    private static byte[] pattern(long position, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            bytes[i] = pattern(position + i);
        }
        return bytes;
    }

    /// Never 0, so that a hole can't pass for a written byte.
    private static byte pattern(long position) {
        long word = (position >>> 3) * 0x9E37_79B9_7F4A_7C15L;
        word ^= word >>> 29;
        return (byte) ((word >>> (8 * (position & 7))) | 1);
    }
}
