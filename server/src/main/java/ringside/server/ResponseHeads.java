package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import ringside.content.Encoding;
import ringside.content.HttpDate;
import ringside.content.ServedFile;

/// The serialised heads of the answers with one file: each [Kind] made once for each [Persistence] that is asked
/// for, then only their dates are written over. Attached to the file, on its event loop.
final class ResponseHeads implements AutoCloseable {

    /// What every response of this server starts with after its status line; the date comes next.
    static final String UP_TO_DATE = "Server: ringside\r\nDate: ";

    /// What is said of the file.
    enum Kind {
        /// The whole of it.
        WHOLE(0, Status.OK),
        /// What RFC 9110 §15.4.5 asks for.
        NOT_MODIFIED(1, Status.NOT_MODIFIED),
        /// One range of it. Lacks the end: `Content-Range`, `Content-Length` and the empty line.
        RANGE(2, Status.PARTIAL_CONTENT),
        /// Several ranges. Lacks the end: `Content-Type`, `Content-Length` and the empty line.
        RANGES(3, Status.PARTIAL_CONTENT);

        /// How many there are.
        static final int COUNT = 4;

        private final int index;
        private final Status status;

        Kind(int index, Status status) {
            this.index = index;
            this.status = status;
        }
    }

    private static final String EXPIRES = "\r\nExpires: ";
    private static final byte[] CONTENT_RANGE = Octets.ascii("Content-Range: bytes ");
    private static final byte[] CONTENT_LENGTH = Octets.ascii("\r\nContent-Length: ");
    private static final byte[] END = Octets.ascii("\r\n\r\n");

    private final ByteBufAllocator allocator;
    private final ServedFile file;
    private final boolean varies;
    private final boolean compressible;
    private final CacheRule rule;
    private final @Nullable Tick[] ticks = new Tick[Kind.COUNT * Persistence.COUNT];
    private final @Nullable ByteBuf[] heads = new ByteBuf[Kind.COUNT * Persistence.COUNT];

    /// Of the file as it is coded while it is sent, by coding.
    private final @Nullable ResponseHeads[] coded = new ResponseHeads[Encoding.values().length];

    /// @param varies whether the file is stored in several forms, and which is sent depends on `Accept-Encoding`
    /// @param compressible whether it may be coded while it is sent
    /// @param rule what is said about its caching
    ResponseHeads(ByteBufAllocator allocator, ServedFile file, boolean varies, boolean compressible, CacheRule rule) {
        this.allocator = allocator;
        this.file = file;
        this.varies = varies || compressible;
        this.compressible = compressible;
        this.rule = rule;
    }

    /// The form that they are about.
    ServedFile file() {
        return file;
    }

    boolean isVarying() {
        return varies;
    }

    boolean isCompressible() {
        return compressible;
    }

    /// The heads of the answers with the file coded while it is sent. Closed with these.
    ResponseHeads codedAs(Encoding encoding) {
        int i = Integer.numberOfTrailingZeros(encoding.bit());
        ResponseHeads heads = coded[i];
        if (heads == null) {
            heads = new ResponseHeads(allocator, file.codedAs(encoding), true, false, rule);
            coded[i] = heads;
        }
        return heads;
    }

    /// What an answer that is made says of the file: whole lines.
    String fields(Tick tick) {
        return content() + "Accept-Ranges: none\r\n" + modified(tick) + validator()
                + (rule.expires() ? "Expires: " + new String(expires(tick), StandardCharsets.US_ASCII) + "\r\n" : "");
    }

    /// Tag and rules, which a 304 repeats.
    private String validator() {
        return (file.entityTag().isEmpty() ? "" : "ETag: " + file.entityTag() + "\r\n")
                + (varies ? "Vary: Accept-Encoding\r\n" : "")
                + (rule.isNone() ? "" : "Cache-Control: " + rule.value() + "\r\n");
    }

    /// @return stays this object's; its dates hold until the next call
    ByteBuf head(Kind kind, Persistence persistence, Tick tick) {
        int i = kind.index * Persistence.COUNT + persistence.index;
        ByteBuf head = heads[i];
        if (head == null) {
            head = serialise(kind, persistence, tick);
            heads[i] = head;
        } else if (!tick.equals(ticks[i])) {
            int date = dateIndex(kind);
            head.setBytes(date, tick.httpDate);
            if (rule.expires()) {
                head.setBytes(date + HttpDate.LENGTH_BYTES + EXPIRES.length(), expires(tick));
            }
        }
        ticks[i] = tick;
        return head;
    }

    /// Writes the head of an answer with the range from `first` to `last`.
    void writeRange(ByteBuf target, Persistence persistence, Tick tick, long first, long last) {
        ByteBuf head = head(Kind.RANGE, persistence, tick);
        target.writeBytes(head, head.readerIndex(), head.readableBytes());
        target.writeBytes(CONTENT_RANGE);
        Octets.writeDecimal(target, first);
        target.writeByte('-');
        Octets.writeDecimal(target, last);
        target.writeByte('/');
        Octets.writeDecimal(target, file.lengthBytes());
        target.writeBytes(CONTENT_LENGTH);
        Octets.writeDecimal(target, last - first + 1);
        target.writeBytes(END);
    }

    /// Writes the head of an answer with several ranges, and what goes before the first.
    void writeRanges(ByteBuf target, Persistence persistence, Tick tick, MultipartRanges ranges) {
        ByteBuf head = head(Kind.RANGES, persistence, tick);
        target.writeBytes(head, head.readerIndex(), head.readableBytes());
        target.writeBytes(Octets.ascii("Content-Type: " + ranges.mediaType()));
        target.writeBytes(CONTENT_LENGTH);
        Octets.writeDecimal(target, ranges.contentBytes());
        target.writeBytes(END);
        target.writeBytes(ranges.head());
    }

    private static int dateIndex(Kind kind) {
        return kind.status.line.length() + UP_TO_DATE.length();
    }

    private byte[] expires(Tick tick) {
        return HttpDate.format(tick.wallSeconds + rule.maxAgeSeconds());
    }

    private ByteBuf serialise(Kind kind, Persistence persistence, Tick tick) {
        String before = kind.status.line + UP_TO_DATE;
        StringBuilder fields = new StringBuilder("\r\n");
        switch (kind) {
            case WHOLE ->
                fields.append(content())
                        .append("Content-Length: ")
                        .append(file.lengthBytes())
                        .append("\r\nAccept-Ranges: bytes\r\n")
                        .append(modified(tick));
            case NOT_MODIFIED -> {}
            case RANGE -> fields.append(content()).append(modified(tick));
            case RANGES -> fields.append(modified(tick));
        }
        fields.append(validator()).append(persistence.field);
        if (kind == Kind.WHOLE || kind == Kind.NOT_MODIFIED) {
            fields.append("\r\n");
        }
        byte[] expires = rule.expires() ? expires(tick) : new byte[0];
        byte[] after = fields.toString().getBytes(StandardCharsets.US_ASCII);
        ByteBuf head = allocator.directBuffer(before.length()
                + HttpDate.LENGTH_BYTES
                + (rule.expires() ? EXPIRES.length() + expires.length : 0)
                + after.length);
        head.writeBytes(before.getBytes(StandardCharsets.US_ASCII)).writeBytes(tick.httpDate);
        if (rule.expires()) {
            head.writeBytes(EXPIRES.getBytes(StandardCharsets.US_ASCII)).writeBytes(expires);
        }
        return head.writeBytes(after);
    }

    private String content() {
        return "Content-Type: " + file.mediaType() + "\r\n"
                + file.encoding()
                        .map(encoding -> "Content-Encoding: " + encoding.token() + "\r\n")
                        .orElse("");
    }

    /// A file with an entity tag need not know its time.
    private String modified(Tick tick) {
        long seconds = Preconditions.modifiedSeconds(file, tick);
        return seconds == HttpDate.INVALID
                ? ""
                : "Last-Modified: " + new String(HttpDate.format(seconds), StandardCharsets.US_ASCII) + "\r\n";
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
        for (ResponseHeads heads : coded) {
            if (heads != null) {
                heads.close();
            }
        }
    }
}
