package ringside.content.webroot;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import ringside.content.webroot.Layout.Section;
import ringside.linux.FileMapping;
import ringside.linux.Kernel;
import ringside.linux.OpenFiles;

/// Writes the file of a webroot: bodies as they come, the parts of the index into spill files meanwhile, and
/// at the end the index behind the bodies, the header in front, and the name. Heap use doesn't grow with the
/// bodies' bytes, and with their number by some 30 bytes each.
///
/// ```
///   body, body, …   ──► result (no name yet)        ┐
///   records         ──► spill                       │ finish(): table of buckets from records;
///   bodies' digests ──► spill                       ├─ result = header, bodies, buckets, spills;
///   texts, variants ──► spills                      ┘ fsync, name, rename, fsync of the directory
/// ```
///
/// One thread. Whatever stops it before [#finish()] returns leaves the old file, or none.
final class WebrootWriter implements AutoCloseable {

    private static final int CHUNK_BYTES = 1 << 20;

    private final Kernel kernel;
    private final String name;
    private final OpenFiles files;
    private final Arena arena = Arena.ofConfined();
    private final int dirFd;
    private final AppendFile out;
    private final AppendFile records;
    private final AppendFile bodyTable;
    private final AppendFile variants;
    private final AppendFile texts;
    private final BodyStore bodies;
    private final Map<String, Integer> textReferences = new HashMap<>();
    private final Map<Integer, int[]> errorPages = new TreeMap<>();
    private byte[] directory = {};
    private int directoryReference = -1;
    private long recordCount;

    private WebrootWriter(Kernel kernel, int dirFd, String name) {
        this.kernel = kernel;
        this.name = name;
        this.dirFd = dirFd;
        this.files = new OpenFiles(kernel);
        List<AppendFile> opened = new ArrayList<>();
        try {
            opened.add(AppendFile.create(kernel, arena, dirFd, name));
            for (String part : List.of("records", "bodies", "variants", "texts")) {
                opened.add(AppendFile.spill(kernel, arena, dirFd, name + "." + part));
            }
        } finally {
            if (opened.size() < 5) {
                opened.forEach(AppendFile::close);
                arena.close();
                files.close(dirFd);
            }
        }
        this.out = opened.get(0);
        this.records = opened.get(1);
        this.bodyTable = opened.get(2);
        this.variants = opened.get(3);
        this.texts = opened.get(4);
        this.out.append(new byte[Layout.HEADER_BYTES]);
        this.bodies = new BodyStore(out, bodyTable, arena);
        int ignored = text(""); // what a reference of 0 means
    }

    /// @param file what is to be written or replaced; its directory must exist
    /// @throws ringside.linux.KernelException if the directory can't be written
    static WebrootWriter create(Kernel kernel, Path file) {
        Path absolute = file.toAbsolutePath();
        Path parent = absolute.getParent();
        Path last = absolute.getFileName();
        if (parent == null || last == null) {
            throw new BuildException(file + " can't be a webroot: name a file");
        }
        int dirFd = new OpenFiles(kernel).open(parent.toString(), OpenFiles.O_RDONLY | OpenFiles.O_DIRECTORY);
        return new WebrootWriter(kernel, dirFd, last.toString());
    }

    BodyStore bodies() {
        return bodies;
    }

    long recordCount() {
        return recordCount;
    }

    /// Bytes written for bodies so far.
    long position() {
        return out.position();
    }

    /// Reads back what was written as a body.
    void readBody(MemorySegment target, long offset) {
        out.read(target, offset);
    }

    /// A spill file for a caller's own use, on the same file system.
    AppendFile spill(Arena arena, String part) {
        return AppendFile.spill(kernel, arena, dirFd, name + "." + part);
    }

    /// Stores the numbers of the bodies of a resource's compressed forms.
    ///
    /// @param bodyIds in the order of [ringside.content.Encoding]
    /// @return for [#file]
    int variants(int... bodyIds) {
        int index = (int) (variants.position() / Layout.VARIANT_BYTES);
        for (int id : bodyIds) {
            variants.append32(id);
        }
        return index;
    }

    /// @param path in its first `length` bytes
    /// @param encodings bits of those that are at `variants`
    void file(byte[] path, int length, int body, String mediaType, long mtimeSeconds, int encodings, int variants) {
        record(path, length, Layout.KIND_FILE, encodings, 200, text(mediaType), mtimeSeconds, body, variants);
    }

    void redirect(byte[] path, int length, int status, String location) {
        record(path, length, Layout.KIND_REDIRECT, 0, status, text(location), 0, 0, 0);
    }

    void slashMissing(byte[] path, int length) {
        record(path, length, Layout.KIND_SLASH, 0, 301, 0, 0, 0, 0);
    }

    void forbidden(byte[] path, int length) {
        record(path, length, Layout.KIND_FORBIDDEN, 0, 403, 0, 0, 0, 0);
    }

    void errorPage(int status, int body, String mediaType) {
        errorPages.put(status, new int[] {body, text(mediaType)});
    }

    private void record(
            byte[] path,
            int length,
            int kind,
            int encodings,
            int status,
            int text,
            long mtime,
            int body,
            int variants) {
        int split = length;
        while (path[split - 1] != '/') {
            split--;
        }
        if (length - split > Layout.NAME_BYTES_MAX) {
            throw new BuildException("a path's last segment has " + (length - split) + " bytes, and "
                    + Layout.NAME_BYTES_MAX + " is the most: " + new String(path, 0, length, StandardCharsets.UTF_8));
        }
        records.append32(directory(path, split));
        records.append32(text);
        records.append64(mtime);
        records.append32(body);
        records.append32(variants);
        records.append32(status | (kind | encodings << Layout.ENCODINGS_SHIFT) << 16 | (length - split) << 24);
        records.append(path, split, length - split);
        records.align(Layout.UNIT_BYTES);
        recordCount++;
        if (records.position() / Layout.UNIT_BYTES > 0xFFFF_FFF0L
                || texts.position() / Layout.UNIT_BYTES > 0xFFFF_FFF0L) {
            throw new BuildException("the index gets larger than its format has room for: split the tree");
        }
    }

    /// Records come directory by directory: only the last one is remembered.
    private int directory(byte[] path, int length) {
        if (directoryReference < 0 || !Arrays.equals(directory, 0, directory.length, path, 0, length)) {
            directory = Arrays.copyOf(path, length);
            directoryReference = appendText(directory);
        }
        return directoryReference;
    }

    private int text(String text) {
        Integer known = textReferences.get(text);
        if (known == null) {
            known = appendText(text.getBytes(StandardCharsets.ISO_8859_1));
            textReferences.put(text, known);
        }
        return known;
    }

    private int appendText(byte[] bytes) {
        if (bytes.length > Layout.TEXT_BYTES_MAX) {
            throw new BuildException(
                    "a path or a location of " + bytes.length + " bytes: " + Layout.TEXT_BYTES_MAX + " is the most");
        }
        int reference = (int) (texts.position() / Layout.UNIT_BYTES);
        texts.append32(bytes.length);
        texts.append(bytes);
        texts.align(Layout.UNIT_BYTES);
        return reference;
    }

    /// Writes the index and gives the file its name.
    ///
    /// @return the header that it got
    /// @throws BuildException if two records have the same path
    Header finish() {
        long bodiesEnd = bodies.endOffset();
        out.rewind(bodiesEnd);
        out.align(Layout.PAGE_BYTES);
        long indexOffset = out.position();
        records.flush();
        texts.flush();
        long seed = seed();
        MessageDigest sha256 = Digests.sha256();
        List<Header.Part> parts = new ArrayList<>();
        try (Arena working = Arena.ofConfined();
                AppendFile errors = spill(working, "errors")) {
            errorPages.forEach((status, page) -> {
                errors.append32(status);
                errors.append32(page[0]);
                errors.append32(page[1]);
                errors.append32(0);
            });
            errors.flush();
            MemorySegment chunk = working.allocate(CHUNK_BYTES);
            MemorySegment buckets = buckets(working, seed);
            for (Section section : Section.values()) {
                long offset = out.position();
                CRC32C crc = new CRC32C();
                long lengthBytes = switch (section) {
                    case BUCKETS -> copy(buckets, crc, sha256);
                    case RECORDS -> copy(records, chunk, crc, sha256);
                    case BODIES -> copy(bodyTable, chunk, crc, sha256);
                    case VARIANTS -> copy(variants, chunk, crc, sha256);
                    case ERRORS -> copy(errors, chunk, crc, sha256);
                    case TEXTS -> copy(texts, chunk, crc, sha256);
                };
                byte[] padding =
                        new byte[(int) (Layout.align(out.position(), Layout.SECTION_ALIGN_BYTES) - out.position())];
                out.append(padding);
                crc.update(padding);
                sha256.update(padding);
                parts.add(new Header.Part(offset, lengthBytes, (int) crc.getValue()));
            }
        }
        long fileBytes = out.position();
        Header header = new Header(
                fileBytes,
                indexOffset,
                fileBytes - indexOffset,
                recordCount,
                bodies.count(),
                seed,
                bodiesEnd,
                HexFormat.of().formatHex(sha256.digest()),
                List.copyOf(parts));
        out.patchAndSync(header.serialise(), 0);
        out.publish(name);
        return header;
    }

    /// From all of the records, and so from where every body is.
    private long seed() {
        Digests digests = new Digests();
        try (Arena reading = Arena.ofConfined()) {
            MemorySegment chunk = reading.allocate(CHUNK_BYTES);
            long end = records.position();
            for (long at = 0; at < end; at += CHUNK_BYTES) {
                MemorySegment part = chunk.asSlice(0, Math.min(CHUNK_BYTES, end - at));
                records.read(part, at);
                digests.update(part);
            }
        }
        return MemorySegment.ofArray(digests.end()).get(Layout.U64, 0);
    }

    private MemorySegment buckets(Arena working, long seed) {
        BucketTable table = new BucketTable(working, recordCount, seed);
        if (recordCount == 0) {
            return table.segment();
        }
        try (Arena mapping = Arena.ofConfined()) {
            MemorySegment recordBytes =
                    FileMapping.readOnly(kernel, mapping, records.fd(), 0, records.position(), records.object());
            MemorySegment textBytes =
                    FileMapping.readOnly(kernel, mapping, texts.fd(), 0, texts.position(), texts.object());
            Index index = new Index(name, seed, table.segment(), recordBytes, textBytes);
            byte[] path = new byte[Layout.TEXT_BYTES_MAX + Layout.NAME_BYTES_MAX];
            for (long record = 0; record < recordBytes.byteSize(); record += index.recordBytes(record)) {
                int length = index.copyPath(record, path);
                if (index.find(path, 0, length) != Index.NONE) {
                    throw new BuildException("two resources have the path "
                            + new String(path, 0, length, StandardCharsets.UTF_8)
                            + ": a redirect, a mount or a file is in the way of another");
                }
                table.add(path, length, record);
            }
        }
        return table.segment();
    }

    private long copy(AppendFile spill, MemorySegment chunk, CRC32C crc, MessageDigest sha256) {
        spill.flush();
        long end = spill.position();
        for (long at = 0; at < end; at += CHUNK_BYTES) {
            MemorySegment part = chunk.asSlice(0, Math.min(CHUNK_BYTES, end - at));
            spill.read(part, at);
            append(part, crc, sha256);
        }
        return end;
    }

    private long copy(MemorySegment segment, CRC32C crc, MessageDigest sha256) {
        for (long at = 0; at < segment.byteSize(); at += CHUNK_BYTES) {
            append(segment.asSlice(at, Math.min(CHUNK_BYTES, segment.byteSize() - at)), crc, sha256);
        }
        return segment.byteSize();
    }

    private void append(MemorySegment part, CRC32C crc, MessageDigest sha256) {
        out.append(part);
        crc.update(part.asByteBuffer());
        sha256.update(part.asByteBuffer());
    }

    /// Removes what isn't finished.
    @Override
    public void close() {
        for (AppendFile file : List.of(out, records, bodyTable, variants, texts)) {
            file.close();
        }
        arena.close();
        files.close(dirFd);
    }
}
