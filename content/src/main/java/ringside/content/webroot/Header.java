package ringside.content.webroot;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import ringside.content.webroot.Layout.Section;

/// The first bytes of a webroot: how long it is, where its index is, and the checksums of the index's sections.
///
/// @param bodiesEnd after the last byte of the last body
/// @param identity SHA-256 of the whole index, which has the digests of all bodies in it, in hexadecimal
/// @param parts the sections of the index, in their order
record Header(
        long fileBytes,
        long indexOffset,
        long indexBytes,
        long resources,
        long bodies,
        long hashSeed,
        long bodiesEnd,
        String identity,
        List<Part> parts) {

    /// A section.
    ///
    /// @param offset from the start of the file
    /// @param lengthBytes without the padding after it
    /// @param checksum CRC-32C, with the padding after it
    record Part(long offset, long lengthBytes, int checksum) {
        static final Part NONE = new Part(0, 0, 0);
    }

    /// Of an index that is being written.
    static final Header NONE = new Header(0, 0, 0, 0, 0, 0, 0, "", Collections.nCopies(Section.COUNT, Part.NONE));

    /// @param bytes the first [Layout#HEADER_BYTES] of the file, or all of it if it is shorter
    /// @throws WebrootException if they are no header, or a damaged one
    static Header parse(MemorySegment bytes, String path) {
        if (bytes.byteSize() < Layout.HEADER_BYTES || bytes.get(Layout.U64, Layout.HEADER_MAGIC) != Layout.MAGIC) {
            throw new WebrootException(Damage.NOT_A_WEBROOT, path, "it doesn't begin as one");
        }
        int version = bytes.get(Layout.U32, Layout.HEADER_VERSION);
        if (bytes.get(Layout.U32, Layout.HEADER_CRC32C) != checksum(bytes)) {
            // A newer version may have its checksum elsewhere, and a flipped bit may look like a newer version.
            throw version == Layout.VERSION
                    ? new WebrootException(Damage.HEADER, path, "its checksum is wrong")
                    : unknown(version, path);
        }
        if (version != Layout.VERSION) {
            throw unknown(version, path);
        }
        List<Part> parts = new ArrayList<>();
        for (Section section : Section.values()) {
            int at = section.headerOffset();
            parts.add(new Part(
                    bytes.get(Layout.U64, at + Layout.SECTION_OFFSET),
                    bytes.get(Layout.U64, at + Layout.SECTION_LENGTH),
                    bytes.get(Layout.U32, at + Layout.SECTION_CRC32C)));
            boolean isInPlace = bytes.get(Layout.U32, at + Layout.SECTION_KIND) == section.place() + 1;
            require(isInPlace, path, section + " is not in its place");
        }
        Header header = new Header(
                bytes.get(Layout.U64, Layout.HEADER_FILE_BYTES),
                bytes.get(Layout.U64, Layout.HEADER_INDEX_OFFSET),
                bytes.get(Layout.U64, Layout.HEADER_INDEX_BYTES),
                bytes.get(Layout.U64, Layout.HEADER_RESOURCES),
                bytes.get(Layout.U64, Layout.HEADER_BODIES),
                bytes.get(Layout.U64, Layout.HEADER_HASH_SEED),
                bytes.get(Layout.U64, Layout.HEADER_BODIES_END),
                HexFormat.of()
                        .formatHex(bytes.asSlice(Layout.HEADER_INDEX_SHA256, Layout.SHA256_BYTES)
                                .toArray(ValueLayout.JAVA_BYTE)),
                List.copyOf(parts));
        boolean reservedIsZero = bytes.get(Layout.U64, Layout.HEADER_RESERVED) == 0
                && bytes.get(Layout.U32, Layout.HEADER_RESERVED_TAIL) == 0;
        require(reservedIsZero, path, "what is reserved isn't zero");
        header.requireSense(bytes.get(Layout.U32, Layout.HEADER_LENGTH), path);
        return header;
    }

    private static WebrootException unknown(int version, String path) {
        return new WebrootException(
                Damage.NOT_A_WEBROOT, path, "its version is " + version + ", and " + Layout.VERSION + " is known");
    }

    private static void require(boolean holds, String path, String otherwise) {
        if (!holds) {
            throw new WebrootException(Damage.STRUCTURE, path, otherwise);
        }
    }

    private void requireSense(int headerBytes, String path) {
        require(headerBytes == Layout.HEADER_BYTES, path, "its header has " + headerBytes + " bytes");
        require(
                fileBytes > 0 && fileBytes <= Layout.FILE_BYTES_MAX && indexOffset % Layout.PAGE_BYTES == 0,
                path,
                "its index is at " + indexOffset + " of " + fileBytes + " bytes");
        require(
                bodiesEnd >= Layout.HEADER_BYTES && indexOffset == Layout.align(bodiesEnd, Layout.PAGE_BYTES),
                path,
                "its bodies end at " + bodiesEnd + ", its index is at " + indexOffset);
        require(
                indexBytes > 0 && indexBytes == fileBytes - indexOffset,
                path,
                "its index has " + indexBytes + " bytes of " + fileBytes);
        long at = indexOffset;
        for (Section section : Section.values()) {
            long length = length(section);
            require(
                    offset(section) == at && length >= 0 && length <= fileBytes - at,
                    path,
                    section + " has " + length + " bytes at " + offset(section));
            at = Layout.align(at + length, Layout.SECTION_ALIGN_BYTES);
        }
        require(at == fileBytes, path, "its sections end at " + at + " of " + fileBytes + " bytes");
        long buckets = length(Section.BUCKETS);
        require(
                buckets > 0 && buckets % Layout.BUCKET_BYTES == 0,
                path,
                "its table has " + buckets + " bytes, no number of buckets");
        require(
                bodies >= 0 && bodies <= 0xFFFF_FFFFL && length(Section.BODIES) == bodies * Layout.BODY_BYTES,
                path,
                bodies + " bodies in " + length(Section.BODIES) + " bytes");
        require(
                resources >= 0 && resources <= length(Section.RECORDS) / Layout.RECORD_BYTES_MIN,
                path,
                resources + " resources in " + length(Section.RECORDS) + " bytes");
    }

    long offset(Section section) {
        return parts.get(section.place()).offset();
    }

    long length(Section section) {
        return parts.get(section.place()).lengthBytes();
    }

    int checksum(Section section) {
        return parts.get(section.place()).checksum();
    }

    long bucketCount() {
        return length(Section.BUCKETS) / Layout.BUCKET_BYTES;
    }

    /// Where a section ends with its padding.
    long end(Section section) {
        return Layout.align(offset(section) + length(section), Layout.SECTION_ALIGN_BYTES);
    }

    /// @return [Layout#HEADER_BYTES] bytes
    byte[] serialise() {
        byte[] array = new byte[Layout.HEADER_BYTES];
        MemorySegment bytes = MemorySegment.ofArray(array);
        bytes.set(Layout.U64, Layout.HEADER_MAGIC, Layout.MAGIC);
        bytes.set(Layout.U32, Layout.HEADER_VERSION, Layout.VERSION);
        bytes.set(Layout.U32, Layout.HEADER_LENGTH, Layout.HEADER_BYTES);
        bytes.set(Layout.U64, Layout.HEADER_FILE_BYTES, fileBytes);
        bytes.set(Layout.U64, Layout.HEADER_INDEX_OFFSET, indexOffset);
        bytes.set(Layout.U64, Layout.HEADER_INDEX_BYTES, indexBytes);
        bytes.set(Layout.U64, Layout.HEADER_RESOURCES, resources);
        bytes.set(Layout.U64, Layout.HEADER_BODIES, bodies);
        bytes.set(Layout.U64, Layout.HEADER_HASH_SEED, hashSeed);
        bytes.set(Layout.U64, Layout.HEADER_BODIES_END, bodiesEnd);
        System.arraycopy(HexFormat.of().parseHex(identity), 0, array, Layout.HEADER_INDEX_SHA256, Layout.SHA256_BYTES);
        for (Section section : Section.values()) {
            int at = section.headerOffset();
            bytes.set(Layout.U64, at + Layout.SECTION_OFFSET, offset(section));
            bytes.set(Layout.U64, at + Layout.SECTION_LENGTH, length(section));
            bytes.set(Layout.U32, at + Layout.SECTION_CRC32C, checksum(section));
            bytes.set(Layout.U32, at + Layout.SECTION_KIND, section.place() + 1);
        }
        bytes.set(Layout.U32, Layout.HEADER_CRC32C, checksum(bytes));
        return array;
    }

    private static int checksum(MemorySegment bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.asSlice(0, Layout.HEADER_CRC32C).toArray(ValueLayout.JAVA_BYTE));
        return (int) crc.getValue();
    }
}
