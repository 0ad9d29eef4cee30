package ringside.content.webroot;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Set;
import ringside.content.Coder;
import ringside.content.Encoding;
import ringside.content.MediaTypes;

/// Stores the compressed forms of bodies, where they are worth it: the media type says that it compresses,
/// the body is long enough, and the form is smaller. Once for each content. One thread.
final class VariantStore implements AutoCloseable {

    private static final int CHUNK_BYTES = 64 << 10;
    private static final byte UNSEEN = -1;

    private final Set<Encoding> wanted;
    private final long minBytes;
    private final WebrootWriter writer;
    private final BuildTally tally;
    private final Arena arena = Arena.ofConfined();
    private final AppendFile compressed;
    private final MemorySegment entry = arena.allocate(Layout.BODY_BYTES);
    private final MemorySegment chunk = arena.allocate(CHUNK_BYTES);
    private final byte[] array = new byte[CHUNK_BYTES];
    /// By body: the bits of its encodings, or unseen; and where they are.
    private byte[] bits = new byte[0];
    private int[] indexes = new int[0];

    VariantStore(Set<Encoding> wanted, long minBytes, WebrootWriter writer, BuildTally tally) {
        this.wanted = wanted;
        this.minBytes = minBytes;
        this.writer = writer;
        this.tally = tally;
        this.compressed = writer.spill(arena, "compressed");
    }

    /// Which encodings of a body are stored: looks for them when the body is seen first.
    int encodings(int body, String mediaType, long lengthBytes) {
        if (wanted.isEmpty() || lengthBytes < minBytes || !MediaTypes.isCompressible(mediaType)) {
            return 0;
        }
        if (body >= bits.length) {
            int before = bits.length;
            bits = Arrays.copyOf(bits, Math.max(2 * before, body + 1024));
            indexes = Arrays.copyOf(indexes, bits.length);
            Arrays.fill(bits, before, bits.length, UNSEEN);
        }
        if (bits[body] == UNSEEN) {
            compress(body, lengthBytes);
        }
        return bits[body];
    }

    /// Where they are, if there are any.
    int index(int body) {
        return indexes[body];
    }

    private void compress(int body, long lengthBytes) {
        int found = 0;
        int[] ids = new int[wanted.size()];
        int count = 0;
        for (Encoding encoding : Encoding.values()) {
            if (wanted.contains(encoding)) {
                long compressedBytes = compressInto(encoding, body, lengthBytes);
                if (compressedBytes < lengthBytes) {
                    ids[count++] = store(compressedBytes);
                    found |= encoding.bit();
                    tally.variants++;
                }
            }
        }
        bits[body] = (byte) found;
        if (count > 0) {
            indexes[body] = writer.variants(Arrays.copyOf(ids, count));
        }
    }

    /// @return the form's length
    private long compressInto(Encoding encoding, int body, long lengthBytes) {
        compressed.rewind(0);
        writer.bodies().locate(body, entry);
        long offset = entry.get(Layout.U64, Layout.BODY_OFFSET);
        try (OutputStream sink = Coder.open(encoding, new Sink(), Coder.Effort.STORED, lengthBytes)) {
            for (long at = 0; at < lengthBytes; at += CHUNK_BYTES) {
                int part = (int) Math.min(CHUNK_BYTES, lengthBytes - at);
                writer.readBody(chunk.asSlice(0, part), offset + at);
                MemorySegment.copy(chunk, Layout.U8, 0, array, 0, part);
                sink.write(array, 0, part);
                tally.progress();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("compressing into a file of our own", e);
        }
        return compressed.position();
    }

    private int store(long lengthBytes) {
        BodyStore bodies = writer.bodies();
        for (long at = 0; at < lengthBytes; at += CHUNK_BYTES) {
            int part = (int) Math.min(CHUNK_BYTES, lengthBytes - at);
            compressed.read(chunk.asSlice(0, part), at);
            MemorySegment.copy(chunk, Layout.U8, 0, array, 0, part);
            bodies.append(array, 0, part);
        }
        return bodies.end();
    }

    @Override
    public void close() {
        compressed.close();
        arena.close();
    }

    /// Appends to the spill file.
    private final class Sink extends OutputStream {
        @Override
        public void write(int octet) {
            compressed.append(new byte[] {(byte) octet});
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            compressed.append(bytes, from, length);
        }
    }
}
