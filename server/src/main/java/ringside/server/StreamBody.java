package ringside.server;

import io.netty.buffer.ByteBuf;
import ringside.content.FileStream;

/// A file of a length that nobody knows before it has been read, as those of proc(5).
final class StreamBody implements WorkedBody {

    private static final int PIECE_BYTES = 32 << 10;

    private final FileStream file;
    private final byte[] room = new byte[PIECE_BYTES];

    /// @param file owned by this from now on
    StreamBody(FileStream file) {
        this.file = file;
    }

    @Override
    public boolean next(ByteBuf piece) {
        int read = file.read(room);
        piece.writeBytes(room, 0, read);
        return read == room.length;
    }

    @Override
    public void close() {
        file.close();
    }
}
