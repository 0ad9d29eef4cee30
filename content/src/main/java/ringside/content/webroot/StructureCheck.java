package ringside.content.webroot;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import ringside.content.Encoding;
import ringside.content.webroot.Layout.Section;

/// Looks through an index whose checksums are right for what contradicts the rest: every reference leads to
/// something, everything is referred to, nothing overlaps, and every path is found where the table of buckets
/// says.
final class StructureCheck {

    private static final int STATUS_ERROR_MIN = 400;
    private static final int STATUS_ERROR_MAX = 599;

    private final Index index;
    private final Header header;
    private final Findings findings;
    private final BitSet recordStarts = new BitSet();
    private final BitSet textStarts = new BitSet();
    private final BitSet textsUsed = new BitSet();
    private final BitSet bodiesUsed = new BitSet();
    private final BitSet variantsUsed = new BitSet();

    StructureCheck(Index index, Findings findings) {
        this.index = index;
        this.header = index.header();
        this.findings = findings;
    }

    void run() {
        try {
            texts();
            records();
            buckets();
            bodies();
            errors();
            used();
        } catch (WebrootException e) {
            findings.add(e);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            findings.add(Damage.STRUCTURE, "something leads out of the index: " + e.getMessage());
        }
    }

    private void texts() {
        MemorySegment texts = index.texts();
        textsUsed.set(0); // what "no text" refers to
        long at = 0;
        while (at < texts.byteSize()) {
            long length = Layout.unsigned(texts.get(Layout.U32, at));
            if (!findings.require(length <= Layout.TEXT_BYTES_MAX, "a text is too long", at)) {
                return;
            }
            textStarts.set((int) (at / Layout.UNIT_BYTES));
            long end = at + Layout.textBytes((int) length);
            requireZero(texts, at + Layout.TEXT_CONTENT + length, end, "a text's padding isn't zero");
            at = end;
        }
        findings.require(at == texts.byteSize(), "the texts end elsewhere", at);
        boolean firstIsEmpty = texts.byteSize() > 0 && texts.get(Layout.U32, 0) == 0;
        findings.require(firstIsEmpty, "the first text isn't empty", 0);
    }

    private void records() {
        MemorySegment records = index.records();
        long count = 0;
        long at = 0;
        while (at < records.byteSize()) {
            long end = at + index.recordBytes(at);
            requireZero(records, at + Layout.RECORD_NAME + index.nameBytes(at), end, "a record's padding isn't zero");
            recordStarts.set((int) (at / Layout.UNIT_BYTES));
            record(at);
            count++;
            at = end;
        }
        findings.require(at == records.byteSize(), "the records end elsewhere", at);
        findings.require(count == header.resources(), "the header counts " + header.resources() + " records", count);
    }

    private void record(long record) {
        int kind = index.kind(record);
        int status = index.status(record);
        boolean statusFits = switch (kind) {
            case Layout.KIND_FILE -> status == 200;
            case Layout.KIND_REDIRECT -> WebrootEntry.Redirect.isStatus(status);
            case Layout.KIND_SLASH -> status == 301;
            case Layout.KIND_FORBIDDEN -> status == 403;
            default -> false;
        };
        findings.require(statusFits, "a record of kind " + kind + " has status " + status, record);
        int directory = index.field(record, Layout.RECORD_DIRECTORY);
        if (!text(directory, record) || !text(index.field(record, Layout.RECORD_TEXT), record)) {
            return;
        }
        path(record, index.text(directory).length);
        if (kind == Layout.KIND_FILE) {
            file(record);
        } else {
            boolean bare = index.encodings(record) == 0
                    && index.field(record, Layout.RECORD_BODY) == 0
                    && index.field(record, Layout.RECORD_VARIANTS) == 0
                    && index.mtimeSeconds(record) == 0;
            findings.require(bare, "a record without a body has fields of one", record);
        }
    }

    private boolean text(int reference, long record) {
        boolean isText = reference >= 0 && textStarts.get(reference);
        if (isText) {
            textsUsed.set(reference);
        }
        return findings.require(isText, "a record refers to no text", record);
    }

    private void path(long record, int directoryBytes) {
        byte[] path = index.pathOf(record);
        boolean wellFormed = directoryBytes > 0 && path[0] == '/' && path[directoryBytes - 1] == '/';
        for (int i = 0; i < path.length; i++) {
            wellFormed &= path[i] != 0 && (i < directoryBytes || path[i] != '/');
        }
        findings.require(wellFormed, "a path isn't one", record);
        findings.require(index.find(path, 0, path.length) == record, "a look-up doesn't find its record", record);
    }

    private void file(long record) {
        Body body = index.body(index.field(record, Layout.RECORD_BODY));
        bodiesUsed.set((int) body.id());
        int encodings = index.encodings(record);
        long variant = Layout.unsigned(index.field(record, Layout.RECORD_VARIANTS));
        findings.require(encodings >>> Encoding.values().length == 0, "an encoding is unknown", record);
        findings.require(encodings != 0 || variant == 0, "there are no variants to refer to", record);
        for (Body compressed : index.variantsOf(record).values()) {
            variantsUsed.set((int) variant++);
            bodiesUsed.set((int) compressed.id());
            findings.require(compressed.lengthBytes() < body.lengthBytes(), "a variant isn't smaller", record);
        }
    }

    private void buckets() {
        MemorySegment buckets = index.buckets();
        BitSet referred = new BitSet();
        for (long at = 0; at < buckets.byteSize(); at += Layout.BUCKET_BYTES) {
            int overflow = buckets.get(Layout.U8, at + Layout.BUCKET_OVERFLOW);
            findings.require(overflow == 0 || overflow == 1, "an overflow mark is neither set nor clear", at);
            requireZero(buckets, at + Layout.BUCKET_OVERFLOW + 1, at + Layout.BUCKET_REFERENCES, "reserved isn't zero");
            for (int slot = 0; slot < Layout.BUCKET_SLOTS; slot++) {
                int tag = buckets.get(Layout.U8, at + slot);
                int reference = buckets.get(Layout.U32, at + Layout.BUCKET_REFERENCES + (long) slot * Integer.BYTES);
                if (reference == 0 || tag == 0) {
                    findings.require(reference == 0 && tag == 0, "a slot is half empty", at);
                    continue;
                }
                int unit = reference - 1;
                if (findings.require(unit >= 0 && recordStarts.get(unit), "a slot refers to no record", at)) {
                    findings.require(!referred.get(unit), "two slots refer to one record", at);
                    referred.set(unit);
                }
            }
        }
        findings.require(
                referred.cardinality() == recordStarts.cardinality(),
                "records that no slot refers to",
                recordStarts.cardinality() - referred.cardinality());
    }

    /// Bodies stand in the order of their numbers, which makes overlaps and gaps the same question.
    private void bodies() {
        long end = Layout.HEADER_BYTES;
        for (int id = 0; id < header.bodies(); id++) {
            Body body = index.body(id);
            int align = body.lengthBytes() < Layout.PAGE_BYTES ? Layout.SMALL_BODY_ALIGN_BYTES : Layout.PAGE_BYTES;
            findings.require(body.offset() % align == 0, "a body isn't aligned", id);
            findings.require(body.offset() >= end, "a body overlaps the one before", id);
            findings.require(
                    body.offset() - end < 2 * Layout.PAGE_BYTES, "a body stands far behind the one before", id);
            end = body.offset() + body.lengthBytes();
        }
        findings.require(end == header.bodiesEnd(), "the bodies end elsewhere", end);
    }

    private void errors() {
        int before = STATUS_ERROR_MIN - 1;
        findings.require(
                header.length(Section.ERRORS) % Layout.ERROR_BYTES == 0,
                "the error pages end elsewhere",
                header.length(Section.ERRORS));
        for (long i = 0; i < index.errorCount(); i++) {
            int status = index.errorStatus(i);
            findings.require(status > before && status <= STATUS_ERROR_MAX, "an error page's status", status);
            before = status;
            bodiesUsed.set(
                    (int) index.body(index.errorField(i, Layout.ERROR_BODY)).id());
            text(index.errorField(i, Layout.ERROR_TEXT), i);
            findings.require(index.errorField(i, Layout.ERROR_RESERVED) == 0, "reserved isn't zero", i);
        }
    }

    private void used() {
        findings.require(
                bodiesUsed.cardinality() == header.bodies(),
                "bodies that nothing refers to",
                header.bodies() - bodiesUsed.cardinality());
        findings.require(
                textsUsed.cardinality() == textStarts.cardinality(),
                "texts that nothing refers to",
                textStarts.cardinality() - textsUsed.cardinality());
        long variants = header.length(Section.VARIANTS) / Layout.VARIANT_BYTES;
        findings.require(
                variantsUsed.cardinality() == variants && header.length(Section.VARIANTS) % Layout.VARIANT_BYTES == 0,
                "variants that nothing refers to",
                variants - variantsUsed.cardinality());
    }

    private void requireZero(MemorySegment segment, long from, long to, String otherwise) {
        for (long at = from; at < to; at++) {
            if (segment.get(Layout.U8, at) != 0) {
                findings.require(false, otherwise, at);
                return;
            }
        }
    }
}
