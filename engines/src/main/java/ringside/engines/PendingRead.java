package ringside.engines;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A read that is under way or waits for its turn. Reused; made and owned by a [ReadQueue].
///
/// ```
///   target   ┊··········┊ skip ┊       wanted        ┊ rest ┊
///                       ▲      ▲                            ▲
///                    landAt    what was asked for           landAt + lengthBytes
/// ```
///
/// `skip` and `rest` are what an aligned read brings along on both sides.
final class PendingRead {

    /// As for system calls that a signal interrupts.
    static final int RESTARTS_MAX = 1_000;

    private int fd;
    private long offset;
    private int lengthBytes;
    private int landAt;
    private int skipBytes;
    private int wantedBytes;
    private int restarts;
    private @Nullable ByteBuf target;
    private @Nullable ReadCompletion completion;

    void set(
            int fd,
            long offset,
            int lengthBytes,
            ByteBuf target,
            int landAt,
            int skipBytes,
            int wantedBytes,
            ReadCompletion completion) {
        this.fd = fd;
        this.offset = offset;
        this.lengthBytes = lengthBytes;
        this.target = target;
        this.landAt = landAt;
        this.skipBytes = skipBytes;
        this.wantedBytes = wantedBytes;
        this.completion = completion;
        this.restarts = 0;
    }

    int fd() {
        return fd;
    }

    /// Where the kernel starts to read.
    long offset() {
        return offset;
    }

    /// How much the kernel is asked for.
    int lengthBytes() {
        return lengthBytes;
    }

    /// Where the kernel writes to.
    long address() {
        return target().memoryAddress() + landAt;
    }

    ByteBuf target() {
        if (target == null) {
            throw new IllegalStateException("no read is under way here");
        }
        return target;
    }

    /// Counts one more start of a read that the kernel has given back unread.
    ///
    /// @return false when that is enough: a kernel that interrupts for ever ends in the error, not in a loop
    boolean restart() {
        return restarts++ < RESTARTS_MAX;
    }

    /// Whether the kernel has read something, but none of what was asked for: such a result tells nothing of the
    /// end of the file.
    boolean endsBeforeWanted(long result) {
        return result > 0 && result <= skipBytes;
    }

    /// Moves the target's indices to what has arrived.
    ///
    /// @param result of the kernel: bytes, or a negated errno
    /// @return what the caller of the read is told: bytes appended, 0 at the end of the file, or the negated errno
    int deliver(int result) {
        if (result < 0) {
            return result;
        }
        int useful = Math.max(0, Math.min(result - skipBytes, wantedBytes));
        if (useful > 0) {
            ByteBuf buffer = target();
            int from = landAt + skipBytes;
            if (buffer.isReadable()) {
                buffer.writerIndex(from + useful);
            } else {
                buffer.setIndex(from, from + useful);
            }
        }
        return useful;
    }

    /// Forgets what it holds.
    ///
    /// @return whom to tell
    ReadCompletion clear() {
        ReadCompletion told = completion;
        if (told == null) {
            throw new IllegalStateException("no read is under way here");
        }
        target = null;
        completion = null;
        return told;
    }
}
