package ringside.engines;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.PositionedReads;

/// pread(2) on virtual threads: a new one for each read, a bounded number at a time.
///
/// A system call keeps the carrier thread that the virtual one is mounted on, and JDK 25 starts no other carrier in
/// its place: no more reads are in the kernel at once than the JVM's scheduler has carriers
/// (`-Djdk.virtualThreadScheduler.parallelism`, by default the processors). The JDK's own buffered file reads are
/// no better there: `FileChannelImpl` asks for another carrier (`Blocker.begin(direct)`) only for files opened with
/// O_DIRECT. So this engine reads through the same call as the others, and differs from them in its threads only.
final class VirtualReader implements FileReader {

    private final LoopContext context;
    private final FileReadOptions options;
    private final int rwfFlags;
    private final ReadQueue queue;
    private final ReadCompletions completions;
    private final Thread.Builder.OfVirtual threads;
    /// Where the threads of the slots find their `struct iovec`.
    private final Arena arena = Arena.ofShared();
    private final Slot[] slots;
    private final Object ended = new Object();
    /// Threads that may still touch a buffer. Guarded by ended.
    private int running;
    private boolean closed;

    /// @param depth threads at once; further reads wait on the loop
    VirtualReader(LoopContext context, FileReadOptions options, String name, int depth) {
        this.context = context;
        this.options = options;
        this.rwfFlags = options.rwfFlags();
        this.queue = new ReadQueue(depth, this::start);
        this.completions = new ReadCompletions(context.loop(), queue);
        this.threads =
                Thread.ofVirtual().name(name + " of " + Thread.currentThread().getName());
        this.slots = new Slot[depth];
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

    /// What waits on the loop is cancelled; what has a thread is waited for, since the kernel writes into its
    /// buffer.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        queue.refuseWaiting(Errno.ECANCELED);
        awaitThreads();
        completions.tellAll();
        arena.close();
    }

    /// Reads that wait for a slot.
    int waiting() {
        return queue.waiting();
    }

    private void start(int slot, PendingRead read) {
        if (closed) {
            completions.add(slot, -Errno.ECANCELED);
            return;
        }
        Slot free = slots[slot];
        if (free == null) {
            free = new Slot(slot);
            slots[slot] = free;
        }
        free.read = read;
        synchronized (ended) {
            running++;
        }
        boolean started = false;
        try {
            threads.start(free);
            started = true;
        } catch (OutOfMemoryError e) {
            completions.add(slot, -Errno.ENOMEM); // of the first carrier's stack, most likely
        } finally {
            if (!started) {
                threadEnded();
            }
        }
    }

    private void threadEnded() {
        synchronized (ended) {
            if (--running == 0) {
                ended.notifyAll();
            }
        }
    }

    private void awaitThreads() {
        boolean interrupted = false;
        synchronized (ended) {
            while (running > 0) {
                try {
                    ended.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// What one thread after the other runs. Filled on the loop before its thread starts.
    private final class Slot implements Runnable {

        private final int slot;
        private final PositionedReads reads = new PositionedReads(context.kernel(), arena);
        private @Nullable PendingRead read;

        Slot(int slot) {
            this.slot = slot;
        }

        @Override
        public void run() {
            PendingRead started = read;
            if (started == null) {
                throw new IllegalStateException("a thread without a read");
            }
            completions.add(slot, ReadOnThread.result(reads, started, options, rwfFlags));
            threadEnded();
        }
    }
}
