package ringside.server;

import io.netty.buffer.ByteBuf;

/// A body that is made piece by piece on worker threads: by one at a time, not always the same one.
interface WorkedBody extends AutoCloseable {

    /// Makes the next piece: some ten KiB, in a few milliseconds, so that others get their turn.
    ///
    /// @param piece empty; stays the caller's
    /// @return whether there is more
    /// @throws RuntimeException if the body can't be made to its end: the answer breaks off
    boolean next(ByteBuf piece);

    /// Gives back what it holds. Once, after the last piece or instead of it.
    @Override
    void close();
}
