package ringside.server;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Writes access lines on a thread of its own. Event loops never wait for it: a line that finds the queue full is
/// dropped and counted, and the number is reported on standard error.
final class AccessLog implements AutoCloseable {

    private static final int LINES_WAITING_MAX = 16 << 10;
    private static final long POLL_MILLIS = 200;
    private static final long CLOSE_MILLIS_MAX = 2_000;

    private final OutputStream out;
    private final ArrayBlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(LINES_WAITING_MAX);
    private final AtomicLong droppedLines = new AtomicLong();
    private final Thread writer;
    private volatile boolean closing;
    private long droppedLinesReported;

    /// @param out flushed whenever the queue is empty; not closed
    AccessLog(OutputStream out) {
        this.out = out;
        this.writer = Thread.ofPlatform().daemon().name("ringside-access-log").start(this::run);
    }

    /// Never waits. Any thread.
    ///
    /// @param line ends in a line feed; not changed after this
    void offer(byte[] line) {
        if (!waiting.offer(line)) {
            droppedLines.incrementAndGet();
        }
    }

    long droppedLines() {
        return droppedLines.get();
    }

    private void run() {
        List<byte[]> batch = new ArrayList<>();
        try {
            while (true) {
                byte[] first = waiting.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (first == null) {
                    report();
                    if (closing) {
                        return;
                    }
                    continue;
                }
                batch.add(first);
                waiting.drainTo(batch);
                write(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but who wants it gone.
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<byte[]> batch) {
        int written = 0;
        try {
            for (byte[] line : batch) {
                out.write(line);
                written++;
            }
            if (waiting.isEmpty()) {
                out.flush();
            }
        } catch (IOException e) {
            droppedLines.addAndGet(batch.size() - written);
        }
    }

    private void report() {
        long dropped = droppedLines.get();
        if (dropped > droppedLinesReported) {
            System.err.println("ringside: " + (dropped - droppedLinesReported)
                    + " access lines were dropped: standard output takes them too slowly, or not at all");
            droppedLinesReported = dropped;
        }
    }

    /// Writes what waits, for two seconds at most.
    @Override
    public void close() {
        closing = true;
        try {
            writer.join(CLOSE_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
