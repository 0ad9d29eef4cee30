package ringside.content.webroot;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;
import ringside.content.webroot.Layout.Section;

/// Compares the sections of an index with the checksums in the header. Read with pread(2), not through the
/// mapping: a file that is cut off meanwhile is then an answer and no `SIGBUS`.
final class IndexChecksums {

    private static final int CHUNK_BYTES = 1 << 20;

    private IndexChecksums() {}

    /// @throws WebrootException for the first section that differs
    static void verify(PositionedFile file, Header header, String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment chunk = arena.allocate(Math.min(CHUNK_BYTES, header.indexBytes()));
            for (Section section : Section.values()) {
                CRC32C crc = new CRC32C();
                long at = header.offset(section);
                long end = header.end(section);
                while (at < end) {
                    MemorySegment part = chunk.asSlice(0, Math.min(chunk.byteSize(), end - at));
                    if (file.fill(part, at) < part.byteSize()) {
                        throw new WebrootException(Damage.LENGTH, path, "it was cut off while it was read");
                    }
                    crc.update(part.asByteBuffer());
                    at += part.byteSize();
                }
                if ((int) crc.getValue() != header.checksum(section)) {
                    throw new WebrootException(Damage.INDEX, path, "the checksum of " + section + " is wrong");
                }
            }
        }
    }
}
