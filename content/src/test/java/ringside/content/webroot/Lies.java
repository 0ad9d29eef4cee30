package ringside.content.webroot;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import ringside.content.webroot.Layout.Section;

/// Makes the checksums of a changed index right again.
final class Lies {

    private Lies() {}

    /// @param file changed within its index; its header is overwritten
    static byte[] withRightChecksums(byte[] file, Header header) {
        List<Header.Part> parts = new ArrayList<>();
        for (Section section : Section.values()) {
            CRC32C crc = new CRC32C();
            int offset = (int) header.offset(section);
            crc.update(file, offset, (int) header.end(section) - offset);
            parts.add(new Header.Part(offset, header.length(section), (int) crc.getValue()));
        }
        Digests digests = new Digests();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment index = arena.allocate(header.indexBytes());
            MemorySegment.copy(file, (int) header.indexOffset(), index, Layout.U8, 0, (int) header.indexBytes());
            digests.update(index);
        }
        Header lying = new Header(
                header.fileBytes(),
                header.indexOffset(),
                header.indexBytes(),
                header.resources(),
                header.bodies(),
                header.hashSeed(),
                header.bodiesEnd(),
                HexFormat.of().formatHex(digests.end()),
                parts);
        System.arraycopy(lying.serialise(), 0, file, 0, Layout.HEADER_BYTES);
        return file;
    }
}
