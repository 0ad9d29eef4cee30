package ringside.engines;

import ringside.linux.Errno;
import ringside.linux.PositionedReads;

/// A read on a thread that may wait for it.
final class ReadOnThread {

    private static final System.Logger LOGGER = System.getLogger("ringside.engines");

    private ReadOnThread() {}

    /// Reads once. Every read has a result, whatever happens to the thread.
    ///
    /// @param reads of the calling thread
    /// @return bytes, or a negated errno
    static long result(PositionedReads reads, PendingRead read, FileReadOptions options, int rwfFlags) {
        try {
            long result = reads.read(read.fd(), read.address(), read.lengthBytes(), read.offset(), rwfFlags);
            if (result < 0) {
                options.explain(read.fd(), (int) result);
            }
            return result;
        } catch (OutOfMemoryError e) {
            return -Errno.ENOMEM;
        } catch (Throwable e) {
            LOGGER.log(System.Logger.Level.ERROR, "a read failed by a defect", e);
            return -Errno.EIO;
        }
    }
}
