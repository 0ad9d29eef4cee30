package ringside.content.webroot;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/// Reads all that lies between header and index: bodies against their digests, what is between them against
/// zero.
final class BodyCheck implements AutoCloseable {

    private static final int CHUNK_BYTES = 1 << 20;

    private final Arena arena = Arena.ofConfined();
    private final Webroot webroot;
    private final Findings findings;
    private final WebrootCheck.Observer observer;
    private final PositionedFile file;
    private final MemorySegment chunk;
    private final MemorySegment zeros = arena.allocate(2L * Layout.PAGE_BYTES);
    private final Digests digests = new Digests();
    private long verifiedBytes;

    BodyCheck(Webroot webroot, Findings findings, WebrootCheck.Observer observer) {
        this.webroot = webroot;
        this.findings = findings;
        this.observer = observer;
        long chunkBytes = Math.min(CHUNK_BYTES, Layout.align(webroot.fileBytes(), 2 * Layout.PAGE_BYTES));
        this.chunk = arena.allocate(chunkBytes, Layout.PAGE_BYTES);
        this.file = new PositionedFile(webroot.kernel(), arena, webroot.fd(), webroot.path());
    }

    void run() {
        Header header = webroot.header();
        long end = Layout.HEADER_BYTES;
        for (int id = 0; id < header.bodies(); id++) {
            Body body = webroot.index().body(id);
            gap(end, body.offset());
            if (!digest(body).equals(body.sha256())) {
                findings.add(
                        Damage.BODY,
                        "body " + id + ", " + body.lengthBytes() + " bytes at " + body.offset()
                                + ", differs from its digest");
            }
            end = body.offset() + body.lengthBytes();
        }
        gap(end, header.indexOffset());
    }

    private void gap(long from, long to) {
        if (to <= from) {
            return;
        }
        MemorySegment bytes = chunk.asSlice(0, Math.min(to - from, zeros.byteSize()));
        if (file.fill(bytes, from) < bytes.byteSize()) {
            findings.add(Damage.LENGTH, "it was cut off while it was read");
        } else if (bytes.mismatch(zeros.asSlice(0, bytes.byteSize())) >= 0) {
            findings.add(Damage.PADDING, "between " + from + " and " + to);
        }
    }

    private String digest(Body body) {
        long at = body.offset();
        long end = at + body.lengthBytes();
        while (at < end) {
            MemorySegment part = chunk.asSlice(0, Math.min(chunk.byteSize(), end - at));
            long read = file.fill(part, at);
            digests.update(part.asSlice(0, read));
            if (read < part.byteSize()) {
                break;
            }
            at += read;
            verifiedBytes += read;
            observer.verified(verifiedBytes, webroot.header().bodiesEnd());
        }
        return HexFormat.of().formatHex(digests.end());
    }

    long verifiedBytes() {
        return verifiedBytes;
    }

    @Override
    public void close() {
        arena.close();
    }
}
