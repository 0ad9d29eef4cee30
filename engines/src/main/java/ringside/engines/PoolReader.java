package ringside.engines;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.PositionedReads;

/// pread(2) on a bounded pool of threads.
///
/// ```
///   loop ── read ──► slot ──► handed over ──► thread: pread(2) ──► gathered ── batch ──► loop: completion
///              └───► line, until a slot is free
/// ```
///
/// Each event loop has a pool of its own: loops share no lock, a loop that is closed takes its threads along, and a
/// loop that waits for its device doesn't take the threads of another one. The loop starts the threads, so they
/// inherit its CPU mask (pthread_create(3)): the pool of a pinned loop runs on the loop's CPU and is counted with it.
///
/// Slots are what threads have and what is handed over to them; what is beyond waits on the loop, in memory that
/// grows with the connections: one read each.
final class PoolReader implements FileReader {

    static final EngineOption POOL_THREADS = new EngineOption(
            "pool-threads",
            4,
            1,
            256,
            "Threads that read, for each event loop; a pinned loop's threads share its CPU.");

    static final EngineOption QUEUE_DEPTH = new EngineOption(
            "queue-depth",
            128,
            1,
            4096,
            "Reads that an event loop has handed to its threads at once; further ones wait on the loop.");

    private final LoopContext context;
    private final FileReadOptions options;
    private final int rwfFlags;
    private final ReadQueue queue;
    private final ReadCompletions completions;
    private final List<Thread> threads = new ArrayList<>();
    private final Object handOver = new Object();

    /// By slot. Written before the slot is handed over, read after it is taken.
    private final PendingRead[] started;

    // Guarded by handOver: a ring of slots whose reads no thread has taken yet.
    private final int[] handed;
    private int handedFirst;
    private int handedCount;
    private int idleThreads;
    /// Written by the loop alone, which may read it without the lock.
    private boolean closed;

    private PoolReader(LoopContext context, FileReadOptions options, int depth) {
        this.context = context;
        this.options = options;
        this.rwfFlags = options.rwfFlags();
        this.queue = new ReadQueue(depth, this::hand);
        this.completions = new ReadCompletions(context.loop(), queue);
        this.handed = new int[depth];
        this.started = new PendingRead[depth];
    }

    /// Called on the loop.
    ///
    /// @param name of the engine, for the threads' names
    /// @param depth slots
    /// @throws UnsupportedOperationException when the system has no thread left; nothing stays behind then
    static PoolReader open(LoopContext context, FileReadOptions options, String name, int threads, int depth) {
        PoolReader reader = new PoolReader(context, options, depth);
        boolean opened = false;
        try {
            for (int i = 0; i < threads; i++) {
                Thread thread = Thread.ofPlatform()
                        .daemon()
                        .name(name + " " + i + " of " + Thread.currentThread().getName())
                        .unstarted(reader::work);
                thread.start();
                reader.threads.add(thread);
            }
            opened = true;
            return reader;
        } catch (OutOfMemoryError e) {
            throw new UnsupportedOperationException(
                    "the system has no thread left for " + POOL_THREADS.name() + "=" + threads
                            + ": choose fewer, or allow more (ulimit -u, the pids limit of the container)",
                    e);
        } finally {
            if (!opened) {
                reader.close();
            }
        }
    }

    @Override
    public ByteBuf allocate(int headBytes, int lengthBytes) {
        return context.allocator().directBuffer(headBytes + lengthBytes);
    }

    @Override
    public void read(OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
        if (closed) {
            completion.readCompleted(-Errno.ECANCELED);
            return;
        }
        options.met(file);
        queue.add(file.fd(), offset, lengthBytes, target, completion);
    }

    /// What no thread has begun is cancelled; what one has begun is waited for, since the kernel writes into its
    /// buffer. Without reads under way it takes as long as the threads need to end.
    @Override
    public void close() {
        int[] cancelled;
        synchronized (handOver) {
            if (closed) {
                return;
            }
            closed = true;
            cancelled = new int[handedCount];
            for (int i = 0; i < cancelled.length; i++) {
                cancelled[i] = takeHanded();
            }
            handOver.notifyAll();
        }
        join();
        queue.refuseWaiting(Errno.ECANCELED);
        for (int slot : cancelled) {
            completions.add(slot, -Errno.ECANCELED);
        }
        completions.tellAll();
    }

    /// Reads that no thread has taken yet.
    int handed() {
        synchronized (handOver) {
            return handedCount;
        }
    }

    /// Reads that wait for a slot.
    int waiting() {
        return queue.waiting();
    }

    /// How often the loop has fetched results.
    long batches() {
        return completions.batches();
    }

    private void hand(int slot, PendingRead read) {
        if (closed) {
            completions.add(slot, -Errno.ECANCELED);
            return;
        }
        started[slot] = read;
        synchronized (handOver) {
            int at = handedFirst + handedCount;
            handed[at < handed.length ? at : at - handed.length] = slot;
            handedCount++;
            if (idleThreads > 0) {
                handOver.notify();
            }
        }
    }

    /// The body of a thread: one read after the other until the reader is closed.
    private void work() {
        try (Arena arena = Arena.ofConfined()) {
            PositionedReads reads = new PositionedReads(context.kernel(), arena);
            for (int slot = await(); slot >= 0; slot = await()) {
                completions.add(slot, ReadOnThread.result(reads, started[slot], options, rwfFlags));
            }
        }
    }

    /// @return a slot whose read is this thread's from now on, or −1 when the reader is closed
    private int await() {
        synchronized (handOver) {
            while (handedCount == 0 && !closed) {
                idleThreads++;
                try {
                    handOver.wait();
                } catch (InterruptedException e) {
                    // Nobody's business: threads end when the reader is closed.
                } finally {
                    idleThreads--;
                }
            }
            return handedCount == 0 ? -1 : takeHanded();
        }
    }

    /// Holding the lock, and not when there is none.
    private int takeHanded() {
        int slot = handed[handedFirst];
        handedFirst = handedFirst + 1 < handed.length ? handedFirst + 1 : 0;
        handedCount--;
        return slot;
    }

    private void join() {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
