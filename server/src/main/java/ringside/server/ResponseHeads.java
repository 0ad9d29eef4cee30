package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import ringside.content.HttpDate;
import ringside.content.ServedFile;

/// The serialised heads of the answers with one file: made once for each [Persistence] that is asked for, then
/// only their `Date` is written over. Attached to the file, on its event loop.
final class ResponseHeads implements AutoCloseable {

    /// What every response of this server starts with after its status line; the date comes next.
    static final String UP_TO_DATE = "Server: ringside\r\nDate: ";

    private static final String STATUS_LINE = "HTTP/1.1 200 OK\r\n";
    private static final int DATE_INDEX = STATUS_LINE.length() + UP_TO_DATE.length();

    private final ByteBufAllocator allocator;
    private final ServedFile file;
    private final @Nullable Tick[] ticks = new Tick[Persistence.COUNT];
    private final @Nullable ByteBuf[] heads = new ByteBuf[Persistence.COUNT];

    ResponseHeads(ByteBufAllocator allocator, ServedFile file) {
        this.allocator = allocator;
        this.file = file;
    }

    /// @return stays this object's; its date holds until the next call
    ByteBuf head(Persistence persistence, Tick tick) {
        int i = persistence.index;
        ByteBuf head = heads[i];
        if (head == null) {
            head = serialise(persistence, tick);
            heads[i] = head;
        } else if (!tick.equals(ticks[i])) {
            head.setBytes(DATE_INDEX, tick.httpDate);
        }
        ticks[i] = tick;
        return head;
    }

    private ByteBuf serialise(Persistence persistence, Tick tick) {
        String before = STATUS_LINE + UP_TO_DATE;
        String after = "\r\nContent-Type: " + file.mediaType()
                + "\r\nContent-Length: " + file.lengthBytes()
                + "\r\n" + validators() + persistence.field + "\r\n";
        return allocator
                .directBuffer(before.length() + HttpDate.LENGTH_BYTES + after.length())
                .writeBytes(before.getBytes(StandardCharsets.US_ASCII))
                .writeBytes(tick.httpDate)
                .writeBytes(after.getBytes(StandardCharsets.US_ASCII));
    }

    /// What a client may ask again by (RFC 9110 §8.8). A file with an entity tag need not know its time: it
    /// is 0 then.
    private String validators() {
        String tag = file.entityTag().isEmpty() ? "" : "ETag: " + file.entityTag() + "\r\n";
        long seconds = file.version().modifiedSeconds();
        return !tag.isEmpty() && seconds == 0
                ? tag
                : tag + "Last-Modified: " + new String(HttpDate.format(seconds), StandardCharsets.US_ASCII) + "\r\n";
    }

    @Override
    public void close() {
        for (int i = 0; i < heads.length; i++) {
            ByteBuf head = heads[i];
            heads[i] = null;
            if (head != null) {
                head.release();
            }
        }
    }
}
