package ringside.engines;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A file whose every byte says where it belongs: bytes from a wrong offset don't pass for right ones.
///
/// @param islands ranges that were written; the rest is a hole and reads as zeros
record PatternFile(Path path, long lengthBytes, List<Island> islands) {

    record Island(long from, long to) {}

    static PatternFile full(Path path, int lengthBytes) throws IOException {
        byte[] bytes = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            bytes[i] = pattern(i);
        }
        Files.write(path, bytes);
        return new PatternFile(path, lengthBytes, List.of(new Island(0, lengthBytes)));
    }

    /// @param centres offsets around which `radius` bytes either side are written
    static PatternFile sparse(Path path, long lengthBytes, int radius, long... centres) throws IOException {
        List<Island> islands = new java.util.ArrayList<>();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), lengthBytes - 1);
            for (long centre : centres) {
                Island island = new Island(Math.max(0, centre - radius), Math.min(lengthBytes, centre + radius));
                ByteBuffer bytes = ByteBuffer.allocate((int) (island.to - island.from));
                for (long position = island.from; position < island.to; position++) {
                    bytes.put(pattern(position));
                }
                channel.write(bytes.flip(), island.from);
                islands.add(island);
            }
        }
        return new PatternFile(path, lengthBytes, List.copyOf(islands));
    }

    byte at(long position) {
        for (Island island : islands) {
            if (position >= island.from && position < island.to) {
                return pattern(position);
            }
        }
        return 0;
    }

    /// Never 0, so that a hole can't pass for a written byte.
    private static byte pattern(long position) {
        long word = (position >>> 3) * 0x9E37_79B9_7F4A_7C15L;
        word ^= word >>> 29;
        return (byte) ((word >>> (8 * (position & 7))) | 1);
    }
}
