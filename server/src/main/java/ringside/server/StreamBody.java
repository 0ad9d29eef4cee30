package ringside.server;

import io.netty.buffer.ByteBuf;
import ringside.content.FileStream;

/// A file that is read front to back: of a known length, or, as those of proc(5), of one that nobody knows before.
final class StreamBody implements WorkedBody {

    private static final int PIECE_BYTES = 32 << 10;

    private final FileStream file;
    private final boolean sized;
    private final byte[] room = new byte[PIECE_BYTES];
    private long remainingBytes;

    /// To its end.
    ///
    /// @param file owned by this from now on
    StreamBody(FileStream file) {
        this(file, false, Long.MAX_VALUE);
    }

    /// @param file owned by this from now on
    /// @param lengthBytes that it has to have, from where it stands
    StreamBody(FileStream file, long lengthBytes) {
        this(file, true, lengthBytes);
    }

    private StreamBody(FileStream file, boolean sized, long lengthBytes) {
        this.file = file;
        this.sized = sized;
        this.remainingBytes = lengthBytes;
    }

    @Override
    public boolean next(ByteBuf piece) {
        int read = file.read(room);
        int taken = (int) Math.min(read, remainingBytes);
        piece.writeBytes(room, 0, taken);
        remainingBytes -= taken;
        boolean ended = read < room.length;
        if (sized && ended && remainingBytes > 0) {
            throw new IllegalStateException(
                    "a file has become shorter by " + remainingBytes + " bytes while it was sent");
        }
        return !ended && remainingBytes > 0;
    }

    @Override
    public void close() {
        file.close();
    }
}
