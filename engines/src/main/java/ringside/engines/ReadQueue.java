package ringside.engines;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import ringside.linux.Errno;

/// The reads of one event loop: a fixed number of slots for those that the kernel has, or is about to get, and a
/// line for those that wait until a slot is free. First come, first served.
///
/// ```
///            slot free                        completed
///   add ───────────────► slot ─► start ────────────────────► caller is told
///    │                     ▲                    │
///    └──► line ────────────┘◄───────────────────┘ the slot goes to the first in the line
/// ```
///
/// All on the loop. Allocates while the number of reads grows, and not in the steady state.
final class ReadQueue {

    /// Gives a read to the kernel.
    @FunctionalInterface
    interface Start {
        /// @param slot what [#completed(int, int)] wants back; must not be called before this returns
        void start(int slot, PendingRead read);
    }

    private final Start start;
    private final @Nullable PendingRead[] slots;
    private final int[] freeSlots;
    private int freeCount;
    private final ArrayDeque<PendingRead> line = new ArrayDeque<>();
    private final ArrayDeque<PendingRead> spare = new ArrayDeque<>();

    /// @param depth number of slots
    ReadQueue(int depth, Start start) {
        this.start = start;
        this.slots = new PendingRead[depth];
        this.freeSlots = new int[depth];
        for (int i = 0; i < depth; i++) {
            freeSlots[i] = depth - 1 - i;
        }
        this.freeCount = depth;
    }

    int depth() {
        return slots.length;
    }

    /// Reads that have a slot.
    int started() {
        return slots.length - freeCount;
    }

    /// Reads that have none.
    int waiting() {
        return line.size();
    }

    /// @return the read in a slot, or null when the slot is free
    @Nullable
    PendingRead at(int slot) {
        return slots[slot];
    }

    /// A read of `lengthBytes` to the end of `target`.
    void add(int fd, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
        add(fd, offset, lengthBytes, target, target.writerIndex(), 0, lengthBytes, completion);
    }

    /// A read that brings more than is wanted: see [PendingRead].
    void add(
            int fd,
            long offset,
            int lengthBytes,
            ByteBuf target,
            int landAt,
            int skipBytes,
            int wantedBytes,
            ReadCompletion completion) {
        PendingRead read = spare.poll();
        if (read == null) {
            read = new PendingRead();
        }
        read.set(fd, offset, lengthBytes, target, landAt, skipBytes, wantedBytes, completion);
        if (freeCount == 0) {
            line.add(read);
        } else {
            occupy(freeSlots[--freeCount], read);
        }
    }

    /// The kernel is done with a read. One that was interrupted is started again, up to
    /// [PendingRead#RESTARTS_MAX] times; the others end here.
    ///
    /// @param result bytes, or a negated errno
    void completed(int slot, int result) {
        PendingRead read = slots[slot];
        if (read == null) {
            throw new IllegalStateException("a completion for slot " + slot + ", which is free");
        }
        if (result == -Errno.EINTR && read.restart()) {
            start.start(slot, read);
            return;
        }
        PendingRead next = line.poll();
        if (next == null) {
            slots[slot] = null;
            freeSlots[freeCount++] = slot;
        } else {
            occupy(slot, next);
        }
        end(read, result);
    }

    /// Ends all reads that have no slot: nothing will ever be started again.
    void refuseWaiting(int errno) {
        PendingRead read = line.poll();
        while (read != null) {
            end(read, -errno);
            read = line.poll();
        }
    }

    private void occupy(int slot, PendingRead read) {
        slots[slot] = read;
        start.start(slot, read);
    }

    private void end(PendingRead read, int result) {
        int told = read.deliver(result);
        ReadCompletion completion = read.clear();
        spare.push(read);
        completion.readCompleted(told);
    }
}
