package ringside.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import ringside.content.Coder;
import ringside.content.Encoding;

/// Another body, compressed while it is sent. In bounded memory, and in bounded steps: what is long takes turns with
/// the others.
final class CompressedBody implements WorkedBody {

    /// What is compressed for one piece at most, however little comes out: a few milliseconds.
    private static final int PLAIN_PER_PIECE_BYTES = 256 << 10;
    private static final int PIECE_BYTES = 24 << 10;

    private final WorkedBody plain;
    private final Encoding encoding;
    private final ByteBuf room = Unpooled.buffer();
    /// The piece that is being made.
    private @Nullable ByteBuf target;

    private @Nullable OutputStream coder;

    /// @param plain owned by this from now on
    CompressedBody(WorkedBody plain, Encoding encoding) {
        this.plain = plain;
        this.encoding = encoding;
    }

    @Override
    public boolean next(ByteBuf piece) {
        target = piece;
        try {
            OutputStream into = coder;
            if (into == null) {
                into = Coder.open(encoding, new Sink(), Coder.Effort.SENT, 0);
                coder = into;
            }
            boolean more = true;
            for (int taken = 0;
                    more && taken < PLAIN_PER_PIECE_BYTES && piece.readableBytes() < PIECE_BYTES;
                    taken += room.readableBytes()) {
                more = plain.next(room.clear());
                into.write(room.array(), room.arrayOffset(), room.readableBytes());
            }
            if (!more) {
                coder = null;
                into.close();
            }
            return more;
        } catch (IOException e) {
            throw new UncheckedIOException("compressing to " + encoding.token(), e);
        } finally {
            target = null;
        }
    }

    @Override
    public void close() {
        OutputStream open = coder;
        coder = null;
        try (plain) {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a compressor to " + encoding.token() + " doesn't close", e);
        }
    }

    /// Where the coder writes: the piece that is being made, or nowhere when there is none.
    private final class Sink extends OutputStream {
        @Override
        public void write(int octet) {
            if (target != null) {
                target.writeByte(octet);
            }
        }

        @Override
        public void write(byte[] octets, int from, int length) {
            if (target != null) {
                target.writeBytes(octets, from, length);
            }
        }
    }
}
