package ringside.engines;

import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.linux.Errno;

/// The range of a file that a sending transfer is moving: what every start and every end have in common.
///
/// ```
///   offset ────────── position ──────────── end
///          handed on           still to go
/// ```
///
/// Holds the file from [#begin] to [#release()]. Belongs to one transfer, on its loop.
final class RangeUnderWay {

    /// In a row, of an operation that a signal interrupts or that has no reason for what it answers: as for system
    /// calls.
    private static final int RESTARTS_MAX = 1_000;
    /// `ERESTARTSYS` of `linux/errno.h` within the kernel: a splice that a signal to its worker thread interrupts
    /// completes with it, where a system call would be restarted.
    private static final int ERESTARTSYS = 512;

    private @Nullable OpenFile file;
    private long position;
    private long end;
    private int restarts;

    /// Retains the file.
    ///
    /// @throws IllegalArgumentException if no file can have such a range
    /// @throws IllegalStateException if a transfer is under way
    void begin(OpenFile file, long offset, long lengthBytes) {
        Transfer.requireRange(offset, lengthBytes);
        if (this.file != null) {
            throw new IllegalStateException("a transfer is under way");
        }
        file.retain();
        this.file = file;
        position = offset;
        end = offset + lengthBytes;
        restarts = 0;
    }

    boolean underWay() {
        return file != null;
    }

    /// @return null when nothing is under way
    @Nullable
    OpenFile file() {
        return file;
    }

    long position() {
        return position;
    }

    long end() {
        return end;
    }

    long remainingBytes() {
        return end - position;
    }

    boolean complete() {
        return position == end;
    }

    /// @param bytes negative for what was handed on, but never arrived
    void advance(long bytes) {
        position += bytes;
        restarts = 0;
    }

    /// Whether an operation that ended with `result` is worth another try. A kernel that interrupts for ever ends in
    /// the error, not in a loop.
    boolean mayRestart(int result) {
        boolean passing = result == -Errno.EINTR || result == -Errno.EAGAIN || result == -ERESTARTSYS;
        return passing && restarts++ < RESTARTS_MAX;
    }

    /// Gives the file back.
    void release() {
        OpenFile ended = file;
        file = null;
        if (ended != null) {
            ended.release();
        }
    }
}
