package ringside.engines;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.PositionedReads;

/// preadv2(2) with `RWF_NOWAIT` on the loop: what the page cache has is copied at once, and only what it hasn't goes
/// to a reader that may wait.
///
/// ```
///   read ── RWF_NOWAIT ──┬─ bytes, also fewer than asked for ──► completion
///                        ├─ EAGAIN: a miss ────────────────────► the other reader
///                        └─ EOPNOTSUPP: file remembered ───────► the other reader, from now on at once
/// ```
///
/// A read of which the cache has only the beginning is short; the next one is a miss.
final class NoWaitReader implements FileReader {

    private static final System.Logger LOGGER = System.getLogger("ringside.engines");

    private final FileReader waiting;
    private final FileReadOptions options;
    private final int rwfFlags;
    private final Arena arena = Arena.ofConfined();
    private final PositionedReads reads;
    private long hits;
    private long misses;
    private long refusals;
    private boolean closed;

    /// @param waiting gets the misses; closed with this one
    NoWaitReader(LoopContext context, FileReadOptions options, FileReader waiting) {
        this.waiting = waiting;
        this.options = options;
        this.rwfFlags = options.rwfFlags() | PositionedReads.RWF_NOWAIT;
        this.reads = new PositionedReads(context.kernel(), arena);
    }

    @Override
    public ByteBuf allocate(int headBytes, int lengthBytes) {
        return waiting.allocate(headBytes, lengthBytes);
    }

    @Override
    public void read(OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
        if (closed || refusesNoWait(file)) {
            waiting.read(file, offset, lengthBytes, target, completion);
            return;
        }
        options.met(file);
        int writerIndex = target.writerIndex();
        int result =
                (int) reads.preadv2(file.fd(), target.memoryAddress() + writerIndex, lengthBytes, offset, rwfFlags);
        if (result == -Errno.EAGAIN) {
            misses++;
            waiting.read(file, offset, lengthBytes, target, completion);
        } else if (result == -Errno.EOPNOTSUPP) {
            refused(file);
            waiting.read(file, offset, lengthBytes, target, completion);
        } else {
            if (result > 0) {
                hits++;
                target.writerIndex(writerIndex + result);
            }
            completion.readCompleted(result);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            waiting.close();
        } finally {
            arena.close();
        }
    }

    @Override
    public Map<String, Long> counts() {
        Map<String, Long> counts = new HashMap<>(waiting.counts());
        counts.put("reads that didn't wait", hits);
        counts.put("reads that had to wait", misses);
        counts.put("files without RWF_NOWAIT", refusals);
        return counts;
    }

    /// Reads that the page cache answered, in whole or in part.
    long hits() {
        return hits;
    }

    /// Reads that it couldn't answer.
    long misses() {
        return misses;
    }

    /// Files whose file system can't tell.
    long refusals() {
        return refusals;
    }

    private static boolean refusesNoWait(OpenFile file) {
        MetFile met = file.attachment(MetFile.class);
        return met != null && met.refusesNoWait();
    }

    private void refused(OpenFile file) {
        MetFile.of(file).noWaitRefused();
        if (refusals++ == 0) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "the file system of " + file.path()
                            + " has no RWF_NOWAIT (tmpfs, for one): reads of its files all go through the pool.");
        }
    }
}
