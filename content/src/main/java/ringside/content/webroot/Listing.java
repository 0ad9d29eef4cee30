package ringside.content.webroot;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import ringside.content.ListingMarkup;

/// The page of a directory that has no index: directories, then files, each in the order of their names'
/// bytes. Written row by row into a spill file, so that it may be of any length. One thread; one page at a
/// time.
final class Listing implements AutoCloseable {

    static final String MEDIA_TYPE = ListingMarkup.HTML;

    private static final int CHUNK_BYTES = 64 << 10;

    private final Arena arena = Arena.ofConfined();
    private final AppendFile page;
    private long newestSeconds;

    Listing(WebrootWriter writer) {
        this.page = writer.spill(arena, "listing");
    }

    /// @param path of the directory, ends in a slash
    void begin(PathBuffer path) {
        page.rewind(0);
        newestSeconds = 0;
        write(ListingMarkup.htmlTop("", path.toString()));
    }

    void directory(byte[] name) {
        write(ListingMarkup.htmlDirectory(name, ListingMarkup.UNTIMED));
    }

    void file(byte[] name, StoredFile file) {
        newestSeconds = Math.max(newestSeconds, file.mtimeSeconds());
        write(ListingMarkup.htmlFile(name, file.lengthBytes(), file.mtimeSeconds(), file.mediaType()));
    }

    /// The newest of the files' times.
    long newestSeconds() {
        return newestSeconds;
    }

    /// @return the page's length
    long end(BodyStore bodies) {
        write(ListingMarkup.htmlBottom());
        long length = page.position();
        try (Arena reading = Arena.ofConfined()) {
            MemorySegment chunk = reading.allocate(CHUNK_BYTES);
            byte[] array = new byte[CHUNK_BYTES];
            for (long at = 0; at < length; at += CHUNK_BYTES) {
                int part = (int) Math.min(CHUNK_BYTES, length - at);
                page.read(chunk.asSlice(0, part), at);
                MemorySegment.copy(chunk, Layout.U8, 0, array, 0, part);
                bodies.append(array, 0, part);
            }
        }
        return length;
    }

    private void write(String text) {
        page.append(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        page.close();
        arena.close();
    }
}
