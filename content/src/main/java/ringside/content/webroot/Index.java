package ringside.content.webroot;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import ringside.content.Encoding;
import ringside.content.webroot.Layout.Section;

/// Finds paths in the index of a webroot. Reads nothing but the segment, every access checked against its
/// bounds, every loop bounded: whatever the bytes are, the worst is a [WebrootException].
///
/// ```
///  path ─► hash ─► bucket: 12 tags of 8 bits │ overflow │ 12 references ─► record: directory, name, body …
///                     └─ overflow set: the next bucket                     the path is its directory's + its name
/// ```
///
/// Any thread.
final class Index {

    static final long NONE = -1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;

    private final String path;
    private final Header header;
    private final MemorySegment buckets;
    private final MemorySegment records;
    private final MemorySegment bodies;
    private final MemorySegment variants;
    private final MemorySegment errors;
    private final MemorySegment texts;
    private final long bucketCount;
    private final long seed;

    /// @param bytes the index: [Header#indexBytes()] of it
    Index(String path, Header header, MemorySegment bytes) {
        this.path = path;
        this.header = header;
        this.buckets = section(bytes, Section.BUCKETS);
        this.records = section(bytes, Section.RECORDS);
        this.bodies = section(bytes, Section.BODIES);
        this.variants = section(bytes, Section.VARIANTS);
        this.errors = section(bytes, Section.ERRORS);
        this.texts = section(bytes, Section.TEXTS);
        this.bucketCount = header.bucketCount();
        this.seed = header.hashSeed();
    }

    /// For a writer, who has no more than this of an index yet.
    Index(String path, long seed, MemorySegment buckets, MemorySegment records, MemorySegment texts) {
        this.path = path;
        this.header = Header.NONE;
        this.buckets = buckets;
        this.records = records;
        this.bodies = MemorySegment.NULL;
        this.variants = MemorySegment.NULL;
        this.errors = MemorySegment.NULL;
        this.texts = texts;
        this.bucketCount = buckets.byteSize() / Layout.BUCKET_BYTES;
        this.seed = seed;
    }

    private MemorySegment section(MemorySegment bytes, Section section) {
        return bytes.asSlice(header.offset(section) - header.indexOffset(), header.length(section));
    }

    /// @return where the record of the path is, or [#NONE]. Allocates nothing.
    long find(byte[] octets, int from, int to) {
        long hash = PathHash.of(octets, from, to, seed);
        long pattern = PathHash.tag(hash) * ONES;
        long bucket = PathHash.bucket(hash, bucketCount);
        for (long probes = 0; probes < bucketCount; probes++) {
            long at = bucket * Layout.BUCKET_BYTES;
            long found = matching(at, buckets.get(Layout.U64, at), 0, pattern, octets, from, to);
            if (found == NONE) {
                // Four tags; the upper half can't match, since a tag is never 0.
                long last = Layout.unsigned(buckets.get(Layout.U32, at + Long.BYTES));
                found = matching(at, last, Long.BYTES, pattern, octets, from, to);
            }
            if (found != NONE) {
                return found;
            }
            if (buckets.get(Layout.U8, at + Layout.BUCKET_OVERFLOW) == 0) {
                return NONE;
            }
            bucket = bucket + 1 == bucketCount ? 0 : bucket + 1;
        }
        return NONE;
    }

    private long matching(long at, long tags, int slot, long pattern, byte[] octets, int from, int to) {
        long differing = tags ^ pattern;
        // A high bit for each byte that is 0, and maybe for one above such a byte, which the comparison sorts out.
        for (long hits = differing - ONES & ~differing & HIGHS; hits != 0; hits &= hits - 1) {
            int i = slot + Long.numberOfTrailingZeros(hits) / Byte.SIZE;
            if (i >= Layout.BUCKET_SLOTS) {
                return NONE;
            }
            int reference = buckets.get(Layout.U32, at + Layout.BUCKET_REFERENCES + (long) i * Integer.BYTES);
            long record = recordAt(reference);
            // An empty slot comes up where the tag looked for is 1 and the slot below matched.
            if (reference != 0 && isPath(record, octets, from, to)) {
                return record;
            }
        }
        return NONE;
    }

    /// What a slot's reference, which isn't 0, refers to: 1 is the first record.
    static long recordAt(int reference) {
        return (Layout.unsigned(reference) - 1) * Layout.UNIT_BYTES;
    }

    private boolean isPath(long record, byte[] octets, int from, int to) {
        int nameBytes = nameBytes(record);
        long directory = textAt(records.get(Layout.U32, record + Layout.RECORD_DIRECTORY));
        int directoryBytes = texts.get(Layout.U32, directory + Layout.TEXT_LENGTH);
        return nameBytes <= to - from
                && to - from - nameBytes == directoryBytes
                && equal(records, record + Layout.RECORD_NAME, octets, to - nameBytes, nameBytes)
                && equal(texts, directory + Layout.TEXT_CONTENT, octets, from, directoryBytes);
    }

    private static boolean equal(MemorySegment segment, long at, byte[] octets, int from, int length) {
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (segment.get(Layout.U64, at + i) != (long) LONGS.get(octets, from + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (segment.get(Layout.U8, at + i) != octets[from + i]) {
                return false;
            }
        }
        return true;
    }

    static long textAt(int reference) {
        return Layout.unsigned(reference) * Layout.UNIT_BYTES;
    }

    int nameBytes(long record) {
        return Byte.toUnsignedInt(records.get(Layout.U8, record + Layout.RECORD_NAME_BYTES));
    }

    int kind(long record) {
        return records.get(Layout.U8, record + Layout.RECORD_KIND) & Layout.KIND_MASK;
    }

    int encodings(long record) {
        return Byte.toUnsignedInt(records.get(Layout.U8, record + Layout.RECORD_KIND)) >>> Layout.ENCODINGS_SHIFT;
    }

    int status(long record) {
        return Short.toUnsignedInt(records.get(Layout.U16, record + Layout.RECORD_STATUS));
    }

    long mtimeSeconds(long record) {
        return records.get(Layout.U64, record + Layout.RECORD_MTIME);
    }

    int field(long record, int offset) {
        return records.get(Layout.U32, record + offset);
    }

    long recordBytes(long record) {
        return Layout.recordBytes(nameBytes(record));
    }

    /// The path of a record, as bytes: its directory's, then its name.
    byte[] pathOf(long record) {
        byte[] directory = text(records.get(Layout.U32, record + Layout.RECORD_DIRECTORY));
        int nameBytes = nameBytes(record);
        byte[] whole = Arrays.copyOf(directory, directory.length + nameBytes);
        MemorySegment.copy(records, Layout.U8, record + Layout.RECORD_NAME, whole, directory.length, nameBytes);
        return whole;
    }

    /// As [#pathOf(long)], into an array that is long enough for any path.
    ///
    /// @return its length
    int copyPath(long record, byte[] target) {
        long directory = textAt(records.get(Layout.U32, record + Layout.RECORD_DIRECTORY));
        int directoryBytes = texts.get(Layout.U32, directory + Layout.TEXT_LENGTH);
        int nameBytes = nameBytes(record);
        MemorySegment.copy(texts, Layout.U8, directory + Layout.TEXT_CONTENT, target, 0, directoryBytes);
        MemorySegment.copy(records, Layout.U8, record + Layout.RECORD_NAME, target, directoryBytes, nameBytes);
        return directoryBytes + nameBytes;
    }

    byte[] text(int reference) {
        long at = textAt(reference);
        long length = Layout.unsigned(texts.get(Layout.U32, at + Layout.TEXT_LENGTH));
        return texts.asSlice(at + Layout.TEXT_CONTENT, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private String ascii(int reference) {
        return new String(text(reference), StandardCharsets.ISO_8859_1);
    }

    /// @throws WebrootException for a body that isn't one
    Body body(int id) {
        long number = Layout.unsigned(id);
        if (number >= header.bodies()) {
            throw contradiction("body " + number + " of " + header.bodies());
        }
        long at = number * Layout.BODY_BYTES;
        long offset = bodies.get(Layout.U64, at + Layout.BODY_OFFSET);
        long length = bodies.get(Layout.U64, at + Layout.BODY_LENGTH);
        long end = header.bodiesEnd();
        if (offset < Layout.HEADER_BYTES || offset > end || length < 0 || length > end - offset) {
            throw contradiction("body " + number + " has " + length + " bytes at " + offset + ", they end at " + end);
        }
        return Body.of(
                number,
                offset,
                length,
                bodies.asSlice(at + Layout.BODY_SHA256, Layout.SHA256_BYTES).toArray(ValueLayout.JAVA_BYTE));
    }

    int variantBody(long index) {
        return variants.get(Layout.U32, index * Layout.VARIANT_BYTES);
    }

    /// @throws WebrootException if the record makes no sense
    WebrootEntry entry(long record) {
        try {
            return switch (kind(record)) {
                case Layout.KIND_FILE ->
                    new WebrootEntry.File(
                            body(field(record, Layout.RECORD_BODY)),
                            ascii(field(record, Layout.RECORD_TEXT)),
                            mtimeSeconds(record),
                            variantsOf(record));
                case Layout.KIND_REDIRECT ->
                    new WebrootEntry.Redirect(status(record), ascii(field(record, Layout.RECORD_TEXT)));
                case Layout.KIND_SLASH -> new WebrootEntry.SlashMissing();
                case Layout.KIND_FORBIDDEN -> new WebrootEntry.Forbidden();
                default -> throw contradiction("the record at " + record + " is of kind " + kind(record));
            };
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw contradiction("the record at " + record + ": " + e.getMessage());
        }
    }

    Map<Encoding, Body> variantsOf(long record) {
        int encodings = encodings(record);
        if (encodings == 0) {
            return Map.of();
        }
        long index = Layout.unsigned(field(record, Layout.RECORD_VARIANTS));
        Map<Encoding, Body> found = new EnumMap<>(Encoding.class);
        for (Encoding encoding : Encoding.values()) {
            if ((encodings & encoding.bit()) != 0) {
                found.put(encoding, body(variantBody(index++)));
            }
        }
        return found;
    }

    long errorCount() {
        return errors.byteSize() / Layout.ERROR_BYTES;
    }

    int errorStatus(long index) {
        return errors.get(Layout.U32, index * Layout.ERROR_BYTES + Layout.ERROR_STATUS);
    }

    int errorField(long index, int offset) {
        return errors.get(Layout.U32, index * Layout.ERROR_BYTES + offset);
    }

    WebrootEntry.File errorPage(long index) {
        try {
            return new WebrootEntry.File(
                    body(errorField(index, Layout.ERROR_BODY)),
                    ascii(errorField(index, Layout.ERROR_TEXT)),
                    0,
                    Map.of());
        } catch (IndexOutOfBoundsException e) {
            throw contradiction("error page " + index + ": " + e.getMessage());
        }
    }

    WebrootException contradiction(String detail) {
        return new WebrootException(Damage.STRUCTURE, path, detail);
    }

    Header header() {
        return header;
    }

    MemorySegment buckets() {
        return buckets;
    }

    MemorySegment records() {
        return records;
    }

    MemorySegment texts() {
        return texts;
    }

    MemorySegment variantTable() {
        return variants;
    }

    MemorySegment errorTable() {
        return errors;
    }
}
