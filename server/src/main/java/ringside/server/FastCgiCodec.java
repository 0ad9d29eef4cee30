package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// FastCGI 1, the role of a responder, one request with the id 1 at a time. A record:
///
/// ```
///   0        1        2        3        4        5        6        7
///   version  type     request id        content length    padding  reserved    content … padding …
/// ```
///
/// The content of a record is passed on as it arrives: a record that comes in pieces needs no room.
final class FastCgiCodec implements UpstreamCodec {

    private static final int VERSION = 1;
    private static final int REQUEST_ID = 1;
    private static final int HEADER_BYTES = 8;
    private static final int CONTENT_BYTES_MAX = 65_535;
    /// Half of the longest, so that a body moves on in step with what is read.
    private static final int BODY_PART_BYTES_MAX = 32 << 10;

    private static final int BEGIN_REQUEST = 1;
    private static final int END_REQUEST = 3;
    private static final int PARAMS = 4;
    private static final int STDIN = 5;
    private static final int STDOUT = 6;
    private static final int STDERR = 7;

    private static final int ROLE_RESPONDER = 1;
    private static final int FLAG_KEEP_CONN = 1;

    private static final int REQUEST_COMPLETE = 0;
    private static final int OVERLOADED = 2;

    private final byte[] header = new byte[HEADER_BYTES];
    private int headerBytes;
    private int type;
    private int contentBytes;
    private int paddingBytes;
    private final byte[] endBody = new byte[HEADER_BYTES];
    private int endBodyBytes;
    private boolean kept;
    private boolean reusable;

    @Override
    public int contentBytesMax() {
        return BODY_PART_BYTES_MAX;
    }

    @Override
    public ByteBuf begin(ByteBufAllocator allocator, List<Variable> variables, boolean keep) {
        kept = keep;
        reusable = false;
        ByteBuf pairs = allocator.buffer();
        ByteBuf out = allocator.directBuffer();
        try {
            for (Variable variable : variables) {
                writeLength(pairs, variable.name().length());
                writeLength(pairs, variable.value().length());
                pairs.writeCharSequence(variable.name(), StandardCharsets.ISO_8859_1);
                pairs.writeCharSequence(variable.value(), StandardCharsets.ISO_8859_1);
            }
            writeHeader(out, BEGIN_REQUEST, 8);
            out.writeShort(ROLE_RESPONDER).writeByte(keep ? FLAG_KEEP_CONN : 0).writeZero(5);
            while (pairs.isReadable()) {
                int length = Math.min(CONTENT_BYTES_MAX, pairs.readableBytes());
                writeHeader(out, PARAMS, length);
                out.writeBytes(pairs, length);
            }
            writeHeader(out, PARAMS, 0);
        } finally {
            pairs.release();
        }
        return out;
    }

    /// One octet up to 127, else four with the highest bit set.
    private static void writeLength(ByteBuf out, int length) {
        if (length < 128) {
            out.writeByte(length);
        } else {
            out.writeInt(length | (1 << 31));
        }
    }

    private static void writeHeader(ByteBuf out, int type, int contentBytes) {
        out.writeByte(VERSION)
                .writeByte(type)
                .writeShort(REQUEST_ID)
                .writeShort(contentBytes)
                .writeShort(0);
    }

    @Override
    public ByteBuf content(ByteBufAllocator allocator, byte[] octets, int from, int lengthBytes) {
        ByteBuf out = allocator.directBuffer(HEADER_BYTES + lengthBytes);
        writeHeader(out, STDIN, lengthBytes);
        return out.writeBytes(octets, from, lengthBytes);
    }

    @Override
    public ByteBuf end(ByteBufAllocator allocator) {
        ByteBuf out = allocator.directBuffer(HEADER_BYTES);
        writeHeader(out, STDIN, 0);
        return out;
    }

    @Override
    public void read(ByteBuf in, Output to) {
        while (in.isReadable()) {
            if (headerBytes < HEADER_BYTES) {
                if (!readHeader(in, to)) {
                    return;
                }
            } else if (contentBytes > 0) {
                int length = Math.min(contentBytes, in.readableBytes());
                contentBytes -= length;
                readContent(in, length, to);
            } else {
                int length = Math.min(paddingBytes, in.readableBytes());
                in.skipBytes(length);
                paddingBytes -= length;
            }
            if (headerBytes == HEADER_BYTES && contentBytes == 0 && paddingBytes == 0) {
                headerBytes = 0;
                if (type == END_REQUEST) {
                    requestEnded(in, to);
                    return;
                }
            }
        }
    }

    /// @return false if the connection is of no use any more
    private boolean readHeader(ByteBuf in, Output to) {
        int length = Math.min(HEADER_BYTES - headerBytes, in.readableBytes());
        in.readBytes(header, headerBytes, length);
        headerBytes += length;
        if (headerBytes < HEADER_BYTES) {
            return true;
        }
        int id = number(header, 2);
        type = header[1] & 0xff;
        contentBytes = number(header, 4);
        paddingBytes = header[6] & 0xff;
        boolean ours = id == REQUEST_ID || id == 0;
        if (header[0] != VERSION || !ours || (type == END_REQUEST && contentBytes != HEADER_BYTES)) {
            in.skipBytes(in.readableBytes());
            to.answerBroken("it doesn't speak FastCGI 1: a record starts with version " + (header[0] & 0xff) + ", type "
                    + type + ", request " + id + ", length " + contentBytes);
            return false;
        }
        endBodyBytes = 0;
        return true;
    }

    /// Records of other types, such as those about the connection, mean nothing to a responder's client.
    private void readContent(ByteBuf in, int length, Output to) {
        switch (type) {
            case STDOUT -> to.answer(in.readRetainedSlice(length));
            case STDERR -> to.error(in.readRetainedSlice(length));
            case END_REQUEST -> {
                in.readBytes(endBody, endBodyBytes, length);
                endBodyBytes += length;
            }
            default -> in.skipBytes(length);
        }
    }

    private void requestEnded(ByteBuf in, Output to) {
        int status = endBody[4] & 0xff;
        if (status != REQUEST_COMPLETE) {
            in.skipBytes(in.readableBytes());
            to.answerBroken(
                    status == OVERLOADED
                            ? "it says that it is overloaded"
                            : "it refuses the request with FastCGI's protocol status " + status);
        } else if (in.isReadable()) {
            in.skipBytes(in.readableBytes());
            to.answerBroken("it goes on after the end of its answer");
        } else {
            reusable = kept;
            to.answerEnded();
        }
    }

    private static int number(byte[] octets, int at) {
        return ((octets[at] & 0xff) << 8) | (octets[at + 1] & 0xff);
    }

    @Override
    public void closed(Output to) {
        to.answerBroken("it closed the connection before the end of its answer");
    }

    @Override
    public boolean reusable() {
        return reusable;
    }
}
