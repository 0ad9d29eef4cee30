package ringside.content.webroot;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Where things stand in a webroot: `docs/webroot-format.md`, in constants. Everything is little-endian.
///
/// ```
///  0         264                                    indexOffset                       fileBytes
///  ├─ header ─┼─ bodies: ≥ 4 KiB at page boundaries ─┼─ index ───────────────────────────┤
///                                                    BUCKETS RECORDS BODIES VARIANTS ERRORS TEXTS
/// ```
final class Layout {

    static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// As in PNG: a high bit, a name, and line ends that a transfer "as text" would change.
    static final long MAGIC = 0x0A1A_0A0D_5257_5289L; // 0x89 'R' 'W' 'R' CR LF SUB LF
    static final int VERSION = 1;

    static final long FILE_BYTES_MAX = 1L << 40;
    static final int PAGE_BYTES = 4096;
    /// Bodies shorter than a page follow each other at multiples of this.
    static final int SMALL_BODY_ALIGN_BYTES = 16;

    // The header.
    static final int HEADER_MAGIC = 0;
    static final int HEADER_VERSION = 8;
    static final int HEADER_LENGTH = 12;
    static final int HEADER_FILE_BYTES = 16;
    static final int HEADER_INDEX_OFFSET = 24;
    static final int HEADER_INDEX_BYTES = 32;
    static final int HEADER_RESOURCES = 40;
    static final int HEADER_BODIES = 48;
    static final int HEADER_HASH_SEED = 56;
    static final int HEADER_BODIES_END = 64;
    static final int HEADER_RESERVED = 72;
    static final int HEADER_INDEX_SHA256 = 80;
    static final int HEADER_SECTIONS = 112;
    static final int HEADER_RESERVED_TAIL = 256;
    static final int HEADER_CRC32C = 260;
    static final int HEADER_BYTES = 264;

    // An entry of the header's table of sections.
    static final int SECTION_OFFSET = 0;
    static final int SECTION_LENGTH = 8;
    static final int SECTION_CRC32C = 16;
    static final int SECTION_KIND = 20;
    static final int SECTION_ENTRY_BYTES = 24;

    static final int SECTION_ALIGN_BYTES = 64;

    /// The parts of the index, in their order.
    enum Section {
        BUCKETS(0),
        RECORDS(1),
        BODIES(2),
        VARIANTS(3),
        ERRORS(4),
        TEXTS(5);

        static final int COUNT = 6;

        private final int place;

        Section(int place) {
            this.place = place;
        }

        /// From 0 on; what the file calls a section's kind is one more.
        int place() {
            return place;
        }

        int headerOffset() {
            return HEADER_SECTIONS + place * SECTION_ENTRY_BYTES;
        }
    }

    // A bucket: a cache line.
    static final int BUCKET_BYTES = 64;
    static final int BUCKET_SLOTS = 12;
    static final int BUCKET_OVERFLOW = 12;
    static final int BUCKET_REFERENCES = 16;
    /// Keys for each hundred slots, at most.
    static final int BUCKET_LOAD_PERCENT = 85;

    // A record; references to records and texts are offsets in units of 8 bytes.
    static final int UNIT_BYTES = 8;
    static final int RECORD_DIRECTORY = 0;
    static final int RECORD_TEXT = 4;
    static final int RECORD_MTIME = 8;
    static final int RECORD_BODY = 16;
    static final int RECORD_VARIANTS = 20;
    static final int RECORD_STATUS = 24;
    static final int RECORD_KIND = 26;
    static final int RECORD_NAME_BYTES = 27;
    static final int RECORD_NAME = 28;
    static final int RECORD_BYTES_MIN = 32;
    static final int NAME_BYTES_MAX = 255;

    /// The lower half of the byte at [#RECORD_KIND].
    static final int KIND_FILE = 1;
    static final int KIND_REDIRECT = 2;
    static final int KIND_SLASH = 3;
    static final int KIND_FORBIDDEN = 4;
    static final int KIND_MASK = 0x0F;
    /// The upper half: a bit for each [ringside.content.Encoding] that is stored.
    static final int ENCODINGS_SHIFT = 4;

    // A body.
    static final int BODY_OFFSET = 0;
    static final int BODY_LENGTH = 8;
    static final int BODY_SHA256 = 16;
    static final int BODY_BYTES = 48;

    static final int SHA256_BYTES = 32;
    static final int VARIANT_BYTES = 4;

    // An error page.
    static final int ERROR_STATUS = 0;
    static final int ERROR_BODY = 4;
    static final int ERROR_TEXT = 8;
    static final int ERROR_RESERVED = 12;
    static final int ERROR_BYTES = 16;

    // A text: a length, then its bytes.
    static final int TEXT_LENGTH = 0;
    static final int TEXT_CONTENT = 4;
    static final int TEXT_BYTES_MAX = 64 << 10;

    private Layout() {}

    static long align(long position, int bytes) {
        return (position + bytes - 1) / bytes * bytes;
    }

    static int recordBytes(int nameBytes) {
        return (int) align(RECORD_NAME + nameBytes, UNIT_BYTES);
    }

    static int textBytes(int contentBytes) {
        return (int) align(TEXT_CONTENT + contentBytes, UNIT_BYTES);
    }

    static long unsigned(int value) {
        return Integer.toUnsignedLong(value);
    }
}
