package ringside.engines;

import io.netty.buffer.ByteBuf;
import ringside.content.OpenFile;

/// How a reader with a queue to the kernel gets at a file: through the page cache or past it. What differs is the
/// descriptor, where in the buffer the bytes land, and what a short result means.
///
/// All on the loop that the reader belongs to.
sealed interface FileAccess extends AutoCloseable permits BufferedAccess, DirectAccess {

    /// As [FileReader#readsAnywhere()].
    boolean readsAnywhere();

    /// The size of a buffer for [#add].
    ///
    /// @param headBytes space to leave in front, 0 unless [#readsAnywhere()]
    int bufferBytes(int headBytes, int lengthBytes);

    /// `RWF_…` that every read is to carry.
    int rwFlags();

    /// Puts a read in the queue.
    ///
    /// @param target of at least [#bufferBytes]
    /// @return 0, or the negated errno: then nothing was put in
    int add(ReadQueue queue, OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion);

    /// What a completion means.
    ///
    /// @param result bytes, or a negated errno
    /// @return the result, or −`EINTR` when the read must be made again
    int judge(PendingRead read, int result);

    /// No read is under way. Closing twice is allowed.
    @Override
    void close();
}
