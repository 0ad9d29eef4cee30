package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The uwsgi protocol, modifier 0 (WSGI, Rack, PSGI). A request's packet; its body follows without any framing:
///
/// ```
///   0         1        2         3
///   modifier1 length, little-endian   modifier2    (length, name, length, value) …
/// ```
///
/// The answer is an HTTP response up to the connection's end: there is no second request.
final class UwsgiCodec implements UpstreamCodec {

    private static final int HEADER_BYTES = 4;
    private static final int VARIABLES_BYTES_MAX = 65_535;

    @Override
    public int contentBytesMax() {
        return 64 << 10;
    }

    @Override
    public ByteBuf begin(ByteBufAllocator allocator, List<Variable> variables, boolean keep) {
        int bytes = 0;
        for (Variable variable : variables) {
            bytes += 4 + variable.name().length() + variable.value().length();
        }
        if (bytes > VARIABLES_BYTES_MAX) {
            throw new IllegalArgumentException(bytes + " bytes of variables");
        }
        ByteBuf out = allocator.directBuffer(HEADER_BYTES + bytes);
        out.writeByte(0).writeShortLE(bytes).writeByte(0);
        for (Variable variable : variables) {
            writeText(out, variable.name());
            writeText(out, variable.value());
        }
        return out;
    }

    private static void writeText(ByteBuf out, String text) {
        out.writeShortLE(text.length()).writeCharSequence(text, StandardCharsets.ISO_8859_1);
    }

    @Override
    public ByteBuf content(ByteBufAllocator allocator, byte[] octets, int from, int lengthBytes) {
        return allocator.directBuffer(lengthBytes).writeBytes(octets, from, lengthBytes);
    }

    @Override
    public ByteBuf end(ByteBufAllocator allocator) {
        return Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void read(ByteBuf in, Output to) {
        to.answer(in.readRetainedSlice(in.readableBytes()));
    }

    @Override
    public void closed(Output to) {
        to.answerEnded();
    }

    @Override
    public boolean reusable() {
        return false;
    }
}
