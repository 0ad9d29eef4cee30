package ringside.server;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import ringside.content.DirectoryListing;
import ringside.content.ListedEntry;
import ringside.content.ListingMarkup;

/// The page of a directory, as its entries are now. Its memory doesn't grow with the directory.
final class DirectoryPage implements WorkedBody {

    /// Of each piece: about 60 KiB of HTML, and a few thousand system calls.
    private static final int NAMES_PER_PIECE = 256;

    private final DirectoryListing listing;
    private final boolean json;
    private final String above;
    private final String path;
    private boolean begun;
    private boolean entryWritten;

    /// @param listing owned by this from now on
    /// @param json instead of HTML
    /// @param above what stands before the path for those who look from outside; may be empty
    /// @param path of the directory, decoded, starts and ends with a slash
    DirectoryPage(DirectoryListing listing, boolean json, String above, String path) {
        this.listing = listing;
        this.json = json;
        this.above = above;
        this.path = path;
    }

    String mediaType() {
        return json ? ListingMarkup.JSON : ListingMarkup.HTML;
    }

    @Override
    public boolean next(ByteBuf piece) {
        if (!begun) {
            begun = true;
            write(piece, json ? ListingMarkup.jsonTop(above + path) : ListingMarkup.htmlTop(above, path));
        }
        List<ListedEntry> entries = listing.next(NAMES_PER_PIECE);
        for (ListedEntry entry : entries) {
            write(piece, row(entry));
            entryWritten = true;
        }
        if (entries.isEmpty()) {
            write(piece, json ? ListingMarkup.jsonBottom() : ListingMarkup.htmlBottom());
        }
        return !entries.isEmpty();
    }

    private String row(ListedEntry entry) {
        if (json) {
            return ListingMarkup.jsonEntry(entry, !entryWritten);
        }
        byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
        return entry.directory()
                ? ListingMarkup.htmlDirectory(name, entry.modifiedSeconds())
                : ListingMarkup.htmlFile(name, entry.lengthBytes(), entry.modifiedSeconds(), entry.mediaType());
    }

    private static void write(ByteBuf piece, String text) {
        piece.writeCharSequence(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        listing.close();
    }
}
