package ringside.content.webroot;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Writes bodies, each content once: hashes while copying, so that every byte is read once.
///
/// ```
///   room() ─► caller fills ─► filled(n) ─► … ─► end(): the body's number
///     ▲                          │ hash
///     └──────── stage, 1 MiB ◄───┘ full: written behind the last body; taken back if the content was there already
/// ```
///
/// What fits into the stage is compared before it is written. One thread.
final class BodyStore {

    static final int STAGE_BYTES = 1 << 20;

    private final AppendFile out;
    private final AppendFile table;
    private final MemorySegment stage;
    private final MemorySegment zeros;
    private final MemorySegment known;
    private final Digests digests = new Digests();
    private final BodyIds ids = new BodyIds();

    private long start;
    private long written;
    private long staged;
    private long bytesBefore;

    /// @param out positioned behind the header
    BodyStore(AppendFile out, AppendFile table, Arena arena) {
        this.out = out;
        this.table = table;
        this.stage = arena.allocate(STAGE_BYTES, Layout.PAGE_BYTES);
        this.zeros = arena.allocate(STAGE_BYTES, Layout.PAGE_BYTES);
        this.known = arena.allocate(Layout.BODY_BYTES);
    }

    /// Memory for the next bytes of the body: at least one. Valid until [#filled(long)].
    MemorySegment room() {
        return stage.asSlice(staged);
    }

    /// Takes the first `bytes` of [#room()].
    void filled(long bytes) {
        digests.update(stage.asSlice(staged, bytes));
        staged += bytes;
        if (staged == STAGE_BYTES) {
            if (written == 0) {
                out.align(Layout.PAGE_BYTES);
                start = out.position();
            }
            if (stage.mismatch(zeros) < 0) {
                out.skip(STAGE_BYTES);
            } else {
                out.append(stage);
            }
            written += STAGE_BYTES;
            staged = 0;
            requireRoom();
        }
    }

    /// Appends what is in memory already.
    void append(byte[] bytes, int from, int length) {
        for (int done = 0; done < length; ) {
            MemorySegment room = room();
            int part = (int) Math.min(length - done, room.byteSize());
            MemorySegment.copy(bytes, from + done, room, Layout.U8, 0, part);
            filled(part);
            done += part;
        }
    }

    /// Ends a body.
    ///
    /// @return its number: that of an earlier one if the content is the same
    int end() {
        byte[] digest = digests.end();
        long length = written + staged;
        long prefix = MemorySegment.ofArray(digest).get(Layout.U64, 0);
        int id = ids.first(prefix);
        while (id != BodyIds.NONE && !isBody(id, length, digest)) {
            id = ids.next(id, prefix);
        }
        if (id != BodyIds.NONE) {
            takeBack();
            return id;
        }
        if (written == 0) {
            out.align(length < Layout.PAGE_BYTES ? Layout.SMALL_BODY_ALIGN_BYTES : Layout.PAGE_BYTES);
            start = out.position();
        }
        out.append(stage.asSlice(0, staged));
        requireRoom();
        table.append64(start);
        table.append64(length);
        table.append(digest);
        bytesBefore = out.position();
        written = 0;
        staged = 0;
        return ids.add(prefix);
    }

    /// Forgets the body that was begun.
    void abandon() {
        byte[] ignored = digests.end();
        takeBack();
    }

    private void takeBack() {
        if (written > 0) {
            out.rewind(start);
        }
        written = 0;
        staged = 0;
    }

    private boolean isBody(int id, long length, byte[] digest) {
        table.read(known, (long) id * Layout.BODY_BYTES);
        return known.get(Layout.U64, Layout.BODY_LENGTH) == length
                && Arrays.equals(digest, known.asSlice(Layout.BODY_SHA256).toArray(ValueLayout.JAVA_BYTE));
    }

    private void requireRoom() {
        if (out.position() > Layout.FILE_BYTES_MAX - (1L << 36)) {
            throw new BuildException("the webroot gets larger than 2^40 bytes, the most that its format has"
                    + " room for: split the tree, and serve the parts as hosts of their own");
        }
    }

    int count() {
        return ids.size();
    }

    /// The file that the body with this number is in, and where.
    void locate(int id, MemorySegment entry) {
        table.read(entry, (long) id * Layout.BODY_BYTES);
    }

    /// After the end of the last body that was kept.
    long endOffset() {
        return Math.max(bytesBefore, Layout.HEADER_BYTES);
    }
}
