package ringside.engines;

import io.netty.buffer.ByteBuf;
import ringside.content.OpenFile;

/// The moving of a head and a range of a file to one connection, reused from response to response.
///
/// ```
///            start                     last byte handed to the channel, or failure
///   idle ───────────► under way ───────────────────────────────────────────────► idle
///                         │  cancel                nothing in flight any more     ▲
///                         └──────────► cancelling ────────────────────────────────┘
/// ```
///
/// Everything happens on the connection's event loop. Each start is answered by exactly one
/// [TransferListener#transferEnded], possibly before `start` returns; after it nothing of the transfer is
/// retained but what the channel's own outbound buffer holds.
public interface Transfer {

    /// All bytes were handed to the channel.
    int DONE = 0;
    /// The file ended before the range did: it has shrunk since it was opened.
    int SHRANK = 1;
    /// [#cancel()] was called.
    int CANCELLED = 2;

    /// Sends the readable bytes of `head`, then `lengthBytes` of the file from `offset` on.
    ///
    /// Chunks are flushed as they come, but what was written last before the end may not be: the listener flushes.
    /// On a channel that is closed already the transfer ends with −ECONNABORTED, and without memory for it with
    /// −ENOMEM. The two exceptions below leave everything as it was; if this throws anything else (a defect, of the
    /// listener for instance), the transfer may be under way: [#cancel()] ends it.
    ///
    /// @param head copied or sent before this returns: stays the caller's, its indices unchanged
    /// @param file retained until the end
    /// @throws IllegalArgumentException if no file can have such a range
    /// @throws IllegalStateException if a transfer is under way
    void start(ByteBuf head, OpenFile file, long offset, long lengthBytes);

    /// @throws IllegalArgumentException if no file can have such a range
    static void requireRange(long offset, long lengthBytes) {
        if (offset < 0 || lengthBytes < 0 || offset + lengthBytes < 0) {
            throw new IllegalArgumentException("no range of a file: " + lengthBytes + " bytes from " + offset);
        }
    }

    /// The channel's writability has changed.
    void writabilityChanged();

    /// How many bytes the kernel has taken from this object past the channel, over all its transfers: a number that
    /// changes shows progress that the channel's outbound buffer doesn't. 0 from what only writes to the channel.
    default long bytesMoved() {
        return 0;
    }

    /// Whether the transfer under way waits for the peer to take bytes, past the channel. If not, and the channel holds
    /// nothing, it is the device or the kernel that it waits for.
    default boolean awaitsPeer() {
        return false;
    }

    /// The peer has gone, or the answer isn't wanted any more. Has no effect when idle.
    void cancel();
}
