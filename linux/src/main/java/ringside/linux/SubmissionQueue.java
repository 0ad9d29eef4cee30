package ringside.linux;

import static ringside.linux.IoUringAbi.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Our end of a ring's submission queue: entries are filled at the tail and published with it; the kernel moves the
/// head past what it has read.
///
/// ```
///      taken by the kernel │ published, not yet taken │ prepared │ free
///  ────────────────────────┴──────────────────────────┴──────────┴───────
///                         head                    published     tail
/// ```
final class SubmissionQueue {

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment ring;
    private final MemorySegment sqes;
    private final int entries;
    private final long headAt;
    private final long tailAt;
    private final long flagsAt;
    private final long droppedAt;
    private int tail;
    private int published;
    private long prepared;

    /// @param params as io_uring_setup(2) filled them in
    SubmissionQueue(IoUringMemory memory, MemorySegment params) {
        this.ring = memory.sqRing();
        this.sqes = memory.sqes();
        this.entries = params.get(ValueLayout.JAVA_INT, PARAMS_SQ_ENTRIES);
        this.headAt = params.get(ValueLayout.JAVA_INT, PARAMS_SQ_OFF + OFF_HEAD);
        this.tailAt = params.get(ValueLayout.JAVA_INT, PARAMS_SQ_OFF + OFF_TAIL);
        this.flagsAt = params.get(ValueLayout.JAVA_INT, PARAMS_SQ_OFF + SQ_OFF_FLAGS);
        this.droppedAt = params.get(ValueLayout.JAVA_INT, PARAMS_SQ_OFF + SQ_OFF_DROPPED);
        this.tail = ring.get(ValueLayout.JAVA_INT, tailAt);
        this.published = tail;
    }

    int entries() {
        return entries;
    }

    int spaceLeft() { // Acquire: the kernel has read an entry before it moves the head past it.
        return entries - (tail - (int) INT.getAcquire(ring, headAt));
    }

    /// Entries that the kernel hasn't taken, published or not.
    int waiting() {
        return entries - spaceLeft();
    }

    /// Entries that the kernel has taken since the ring was made.
    long taken() {
        return prepared - waiting();
    }

    /// Fills the entry at the tail: see [IoUring#prepare].
    ///
    /// @return false when the queue is full
    boolean prepare(
            int opcode,
            int fileFd,
            long off,
            long address,
            int length,
            int opFlags,
            int bufferIndex,
            int fileIndex,
            long userData) {
        if (spaceLeft() == 0) {
            return false;
        }
        long at = sqeAt(tail);
        sqes.set(ValueLayout.JAVA_BYTE, at + SQE_OPCODE, (byte) opcode);
        sqes.set(ValueLayout.JAVA_BYTE, at + SQE_FLAGS, (byte) 0);
        sqes.set(ValueLayout.JAVA_SHORT, at + SQE_IOPRIO, (short) 0);
        sqes.set(ValueLayout.JAVA_INT, at + SQE_FD, fileFd);
        sqes.set(ValueLayout.JAVA_LONG, at + SQE_OFF, off);
        sqes.set(ValueLayout.JAVA_LONG, at + SQE_ADDR, address);
        sqes.set(ValueLayout.JAVA_INT, at + SQE_LEN, length);
        sqes.set(ValueLayout.JAVA_INT, at + SQE_RW_FLAGS, opFlags);
        sqes.set(ValueLayout.JAVA_LONG, at + SQE_USER_DATA, userData);
        sqes.set(ValueLayout.JAVA_SHORT, at + SQE_BUF_INDEX, (short) bufferIndex);
        sqes.set(ValueLayout.JAVA_SHORT, at + SQE_PERSONALITY, (short) 0);
        sqes.set(ValueLayout.JAVA_INT, at + SQE_SPLICE_FD_IN, fileIndex);
        sqes.set(ValueLayout.JAVA_LONG, at + SQE_ADDR3, 0);
        sqes.set(ValueLayout.JAVA_LONG, at + SQE_ADDR3 + Long.BYTES, 0);
        tail++;
        prepared++;
        return true;
    }

    void setLastFlags(int flags) {
        sqes.set(ValueLayout.JAVA_BYTE, lastSqeAt() + SQE_FLAGS, (byte) flags);
    }

    void setLastIoprio(int ioprio) {
        sqes.set(ValueLayout.JAVA_SHORT, lastSqeAt() + SQE_IOPRIO, (short) ioprio);
    }

    void setLastRwFlags(int flags) {
        sqes.set(ValueLayout.JAVA_INT, lastSqeAt() + SQE_RW_FLAGS, flags);
    }

    /// Shows the kernel what is prepared.
    ///
    /// @return how many entries that were new
    int publish() {
        int fresh = tail - published;
        if (fresh != 0) {
            // Release: the entries are written before the tail is.
            INT.setRelease(ring, tailAt, tail);
            published = tail;
        }
        return fresh;
    }

    /// Takes back what the kernel hasn't taken: it never will.
    void withdraw() {
        int waiting = waiting();
        tail -= waiting;
        prepared -= waiting;
        published = tail;
        INT.setRelease(ring, tailAt, tail);
    }

    /// Whether one of these `IORING_SQ_…` is set.
    boolean has(int flags) {
        return ((int) INT.getAcquire(ring, flagsAt) & flags) != 0;
    }

    int dropped() {
        return (int) INT.getAcquire(ring, droppedAt);
    }

    private long sqeAt(int index) {
        return (long) (index & (entries - 1)) * SQE_BYTES;
    }

    private long lastSqeAt() {
        if (tail == published) {
            throw new IllegalStateException("nothing is prepared that isn't submitted");
        }
        return sqeAt(tail - 1);
    }
}
