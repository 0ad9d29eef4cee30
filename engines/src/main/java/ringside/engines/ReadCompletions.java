package ringside.engines;

import io.netty.channel.IoEventLoop;
import java.util.concurrent.RejectedExecutionException;

/// Brings the results of reads from other threads back to the event loop, in batches: the first one of a batch
/// wakes the loop, those that end before it has come need not.
///
/// ```
///   threads ── add ──► gathered ──┐ swapped by the loop
///   loop   ◄── told ── batch    ◄─┘
/// ```
///
/// Room for one result per slot of a [ReadQueue], made once. Exactly one result per read: what is there for a slot
/// is told before the slot is used again.
final class ReadCompletions {

    private final IoEventLoop loop;
    private final ReadQueue queue;
    private final Runnable tell = this::tell;

    /// Guarded by this, as all that is gathered.
    private int[] gatheredSlots;
    private long[] gatheredResults;
    private int gathered;
    private boolean telling;

    // The loop's: the batch that is being told.
    private int[] slots;
    private long[] results;
    private int next;
    private int end;
    private long batches;

    ReadCompletions(IoEventLoop loop, ReadQueue queue) {
        this.loop = loop;
        this.queue = queue;
        this.gatheredSlots = new int[queue.depth()];
        this.gatheredResults = new long[queue.depth()];
        this.slots = new int[queue.depth()];
        this.results = new long[queue.depth()];
    }

    /// A read has ended. Any thread.
    ///
    /// @param result bytes, or a negated errno
    void add(int slot, long result) {
        boolean wake;
        synchronized (this) {
            gatheredSlots[gathered] = slot;
            gatheredResults[gathered] = result;
            gathered++;
            wake = !telling;
            telling = true;
        }
        if (wake) {
            tellLater();
        }
    }

    /// Tells those that had ended when this was called. On the loop; by itself after [#add]. One batch a turn, so
    /// that reads that never stop ending leave the loop its sockets.
    void tell() {
        if (next == end) {
            fetch();
        }
        try {
            while (next < end) {
                int at = next++;
                queue.completed(slots[at], (int) results[at]);
            }
        } finally {
            // Also when a completion throws: those behind it are told in another turn.
            if (isWaiting()) {
                tellLater();
            }
        }
    }

    /// Tells all that have ended, and what ends by being told, when no thread adds any more. On the loop.
    void tellAll() {
        while (isWaiting()) {
            tell();
        }
    }

    /// How often results were fetched, for tests: at most as often as there were reads.
    long batches() {
        return batches;
    }

    /// @return whether a turn is needed; if not, the next result wakes the loop
    private boolean isWaiting() {
        synchronized (this) {
            telling = next < end || gathered > 0;
            return telling;
        }
    }

    private void fetch() {
        synchronized (this) {
            next = 0;
            end = gathered;
            gathered = 0;
            int[] emptySlots = slots;
            slots = gatheredSlots;
            gatheredSlots = emptySlots;
            long[] emptyResults = results;
            results = gatheredResults;
            gatheredResults = emptyResults;
        }
        batches += end > 0 ? 1 : 0;
    }

    private void tellLater() {
        try {
            loop.execute(tell);
        } catch (RejectedExecutionException e) {
            return; // the loop has ended: nobody is left to tell
        }
    }
}
