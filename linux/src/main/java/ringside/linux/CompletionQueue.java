package ringside.linux;

import static ringside.linux.IoUringAbi.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Our end of a ring's completion queue: the kernel fills entries at the tail, we move the head past what we have
/// read.
final class CompletionQueue {

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment ring;
    private final int entries;
    private final long headAt;
    private final long tailAt;
    private final long overflowAt;
    /// 0 where the kernel has none.
    private final long flagsAt;

    private final long cqesAt;
    private int head;
    private long completed;

    /// @param params as io_uring_setup(2) filled them in
    CompletionQueue(IoUringMemory memory, MemorySegment params) {
        this.ring = memory.cqRing();
        this.entries = params.get(ValueLayout.JAVA_INT, PARAMS_CQ_ENTRIES);
        this.headAt = params.get(ValueLayout.JAVA_INT, PARAMS_CQ_OFF + OFF_HEAD);
        this.tailAt = params.get(ValueLayout.JAVA_INT, PARAMS_CQ_OFF + OFF_TAIL);
        this.overflowAt = params.get(ValueLayout.JAVA_INT, PARAMS_CQ_OFF + CQ_OFF_OVERFLOW);
        this.flagsAt = params.get(ValueLayout.JAVA_INT, PARAMS_CQ_OFF + CQ_OFF_FLAGS);
        this.cqesAt = params.get(ValueLayout.JAVA_INT, PARAMS_CQ_OFF + CQ_OFF_CQES);
        this.head = ring.get(ValueLayout.JAVA_INT, headAt);
    }

    int entries() {
        return entries;
    }

    boolean isEmpty() {
        return (int) INT.getAcquire(ring, tailAt) == head;
    }

    /// Hands over what is there now. The head is moved before each handler call so that neither a handler that
    /// throws nor one that reaps itself sees a completion twice.
    ///
    /// @return how many
    int drain(IoUring.CompletionHandler handler) {
        // Acquire: the kernel has written an entry before it moves the tail past it.
        int tail = (int) INT.getAcquire(ring, tailAt);
        int handled = 0;
        while (tail - head > 0) {
            long at = cqesAt + (long) (head & (entries - 1)) * CQE_BYTES;
            long userData = ring.get(ValueLayout.JAVA_LONG, at + CQE_USER_DATA);
            int result = ring.get(ValueLayout.JAVA_INT, at + CQE_RES);
            int flags = ring.get(ValueLayout.JAVA_INT, at + CQE_FLAGS);
            head++;
            // Release: we have read the entry before the kernel may write it again.
            INT.setRelease(ring, headAt, head);
            handled++;
            completed++;
            handler.completed(userData, result, flags);
        }
        return handled;
    }

    /// See [IoUring#muteEventFd].
    void muteEventFd(boolean muted) {
        if (flagsAt != 0) {
            INT.setOpaque(ring, flagsAt, muted ? IORING_CQ_EVENTFD_DISABLED : 0);
            VarHandle.fullFence();
        }
    }

    /// Handed over since the ring was made.
    long completed() {
        return completed;
    }

    int lost() {
        return (int) INT.getAcquire(ring, overflowAt);
    }
}
