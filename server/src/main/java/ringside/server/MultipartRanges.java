package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import ringside.content.OpenFile;
import ringside.content.ServedFile;

/// Several ranges of a file as one body, `multipart/byteranges` (RFC 9110 §14.6): a transfer for each, and the lines
/// between them as the heads of the transfers.
///
/// ```
///   head, --boundary, fields │ range │ --boundary, fields │ range │ … │ --boundary--
///   └── first transfer ─────────────┘ └── second ────────────────┘     └ written to the channel
/// ```
///
/// Holds the file until it is closed. Belongs to one event loop.
final class MultipartRanges implements AutoCloseable {

    private final OpenFile file;
    private final long offsetBytes;
    private final String boundary;
    private final byte[][] heads;
    private final long[] firsts;
    private final long[] lengths;
    private final byte[] end;
    private final long contentBytes;
    private int part;

    /// @param ranges at least one
    /// @param boundary letters and digits that nobody can know beforehand, since what is in the file might be made
    ///     to contain it
    MultipartRanges(ServedFile served, ByteRanges ranges, String boundary) {
        this.file = served.file();
        this.offsetBytes = served.offsetBytes();
        this.boundary = boundary;
        int count = ranges.count();
        this.heads = new byte[count][];
        this.firsts = new long[count];
        this.lengths = new long[count];
        this.end = Octets.ascii("\r\n--" + boundary + "--\r\n");
        long bytes = end.length;
        for (int i = 0; i < count; i++) {
            firsts[i] = ranges.first(i);
            lengths[i] = ranges.lengthBytes(i);
            heads[i] = Octets.ascii((i == 0 ? "--" : "\r\n--") + boundary + "\r\nContent-Type: " + served.mediaType()
                    + "\r\nContent-Range: bytes " + ranges.first(i) + "-" + ranges.last(i) + "/"
                    + served.lengthBytes() + "\r\n\r\n");
            bytes += heads[i].length + lengths[i];
        }
        this.contentBytes = bytes;
        file.retain();
    }

    /// The value of `Content-Type` for the whole.
    String mediaType() {
        return "multipart/byteranges; boundary=" + boundary;
    }

    /// Of the body, with what is between the ranges.
    long contentBytes() {
        return contentBytes;
    }

    OpenFile file() {
        return file;
    }

    /// Where the present part starts in the file.
    long offset() {
        return offsetBytes + firsts[part];
    }

    /// Of the present part's content.
    long lengthBytes() {
        return lengths[part];
    }

    /// What goes before the present part's content, in ASCII.
    byte[] head() {
        return heads[part];
    }

    /// Whether a part went before the present one.
    boolean begun() {
        return part > 0;
    }

    /// Goes on to the next part.
    ///
    /// @return whether there is one
    boolean next() {
        if (part + 1 == heads.length) {
            return false;
        }
        part++;
        return true;
    }

    /// What goes after the last part.
    ///
    /// @return the caller's
    ByteBuf end(ByteBufAllocator allocator) {
        return allocator.directBuffer(end.length).writeBytes(end);
    }

    /// Lets the file go.
    @Override
    public void close() {
        file.release();
    }
}
