package ringside.engines;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;

/// Reads files into buffers for one event loop: the part in which reading engines differ, and the only one.
///
/// All calls and completions are on the loop. Many reads can be under way at once.
public interface FileReader extends AutoCloseable {

    /// Whether a read may land anywhere in a buffer. If not (O_DIRECT), the head gets a buffer of its own.
    default boolean readsAnywhere() {
        return true;
    }

    /// A buffer that [#read] can fill. May throw an OutOfMemoryError (Netty's OutOfDirectMemoryError is one).
    ///
    /// @param headBytes space to leave in front, 0 unless [#readsAnywhere()]
    ByteBuf allocate(int headBytes, int lengthBytes);

    /// The bytes themselves, for a reader that has the file in memory: written as they are, without a buffer and a
    /// copy. Asked for before every chunk.
    ///
    /// @return a buffer with 1 to `lengthBytes` readable bytes that nobody will change, owned by the caller;
    ///     null to be asked to [#read]: always from a reader that reads, and from any for what it can't give
    ///     (an error, the end of the file, a chunk that is better copied behind the head)
    default @Nullable ByteBuf view(OpenFile file, long offset, int lengthBytes) {
        return null;
    }

    /// Reads up to `lengthBytes` from `offset` on and appends them to `target`, as pread(2) would: short reads are
    /// allowed. Interruptions are retried inside (1,000 in a row are an error), a full queue is waited for inside;
    /// neither is ever reported.
    ///
    /// Never throws: an error, even of a reader that is closed (−ECANCELED), is a completion. What the completion
    /// throws goes on to the caller, if it was called before this returns.
    ///
    /// @param target from [#allocate]; not touched by anybody else until the completion, not touched by the reader
    ///     after it. The reader moves the writer index (and, for alignment, the reader index of an empty buffer).
    /// @param completion called exactly once, possibly before this returns
    void read(OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion);

    /// As [LoopEngine#counts()].
    default Map<String, Long> counts() {
        return Map.of();
    }

    /// Gives everything back; no read is under way. Closing twice is allowed.
    @Override
    void close();
}
