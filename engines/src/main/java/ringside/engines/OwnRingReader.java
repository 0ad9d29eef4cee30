package ringside.engines;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.IoUring;
import ringside.linux.IoUringAbi;
import ringside.linux.KernelException;

/// Reads on a ring of our own, for event loops that are driven by something else, and for rings that no event loop has:
/// [SideRing], with room for every read that has a slot.
final class OwnRingReader implements FileReader {

    private final LoopContext context;
    private final FileAccess access;
    private final ReadQueue queue;
    private final SideRing ring;
    private final @Nullable RegisteredBuffers buffers;
    private long reads;
    private long fixedReads;
    private boolean closed;

    private OwnRingReader(LoopContext context, FileAccess access, OwnRing kind, @Nullable RegisteredBuffers buffers) {
        this.context = context;
        this.access = access;
        this.buffers = buffers;
        this.queue = new ReadQueue(kind.depth(), this::start);
        this.ring = SideRing.open(context, kind, this::completed, this::broken);
    }

    /// @param access closed with the reader; stays the caller's when this throws
    /// @param buffers to be registered, or null to read into ordinary ones
    /// @throws KernelException when the kernel refuses a ring or a descriptor
    /// @throws UnsupportedOperationException with a message for a person, when it hasn't got such a ring, or when
    ///     the buffers are over the limit on locked memory
    static OwnRingReader open(
            LoopContext context, FileAccess access, OwnRing kind, @Nullable RegisteredBuffers buffers) {
        OwnRingReader reader = new OwnRingReader(context, access, kind, buffers);
        if (buffers == null) {
            return reader;
        }
        boolean registered = false;
        try {
            buffers.register(context.kernel(), reader.ring().fd());
            registered = true;
            return reader;
        } catch (KernelException e) {
            throw buffers.explain(e);
        } finally {
            if (!registered) {
                reader.ring.close();
            }
        }
    }

    @Override
    public boolean readsAnywhere() {
        return access.readsAnywhere();
    }

    @Override
    public ByteBuf allocate(int headBytes, int lengthBytes) {
        int bytes = access.bufferBytes(headBytes, lengthBytes);
        ByteBuf registered = buffers == null ? null : buffers.take(bytes);
        return registered == null ? context.allocator().directBuffer(bytes) : registered;
    }

    @Override
    public void read(OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
        int refusal = ring.refusal();
        int added = refusal == 0 ? access.add(queue, file, offset, lengthBytes, target, completion) : -refusal;
        if (added < 0) {
            completion.readCompleted(added);
        }
    }

    @Override
    public Map<String, Long> counts() {
        return Map.of("ring reads", reads, "fixed reads", fixedReads);
    }

    /// How many reads went into registered buffers.
    long fixedReads() {
        return fixedReads;
    }

    /// For tests.
    IoUring ring() {
        return ring.ring();
    }

    /// For tests: what the ring signals.
    CompletionWakeup wakeup() {
        return ring.wakeup();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            ring.close();
        } finally {
            access.close();
        }
    }

    private void start(int slot, PendingRead read) {
        int index = buffers == null ? -1 : buffers.indexOf(read.target());
        reads++;
        if (index >= 0) {
            fixedReads++;
        }
        ring.prepare(
                index < 0 ? IoUringAbi.IORING_OP_READ : IoUringAbi.IORING_OP_READ_FIXED,
                read.fd(),
                read.offset(),
                read.address(),
                read.lengthBytes(),
                access.rwFlags(),
                Math.max(index, 0),
                0,
                slot);
    }

    private void completed(long slot, int result, int flags) {
        PendingRead read = queue.at((int) slot);
        int judged = read == null ? result : access.judge(read, result);
        int refusal = ring.refusal();
        // Nothing can be started again.
        queue.completed((int) slot, refusal != 0 && judged == -Errno.EINTR ? -refusal : judged);
    }

    private void broken() {
        queue.refuseWaiting(ring.refusal());
    }
}
