package ringside.server;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Writes access lines on a thread of its own. Event loops never wait for it: a line that finds the queue full is
/// dropped and counted, and the number is reported on standard error, every five seconds at most.
final class AccessLog implements AutoCloseable {

    private static final int LINES_WAITING_MAX = 16 << 10;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final long POLL_MILLIS = 200;
    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long CLOSE_MILLIS_MAX = 2_000;

    private final OutputStream out;
    private final ArrayBlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(LINES_WAITING_MAX);
    private final AtomicLong droppedLines = new AtomicLong();
    private final Thread writer;
    /// Of the writer's: as many lines as fit leave in one write(2).
    private final byte[] buffer = new byte[BUFFER_BYTES];

    private int bufferedBytes;
    private int bufferedLines;
    private volatile boolean closing;
    private final Consumer<String> complaints;
    private long droppedLinesReported;
    private long reportedNanos;

    /// @param out gets whole batches, and is flushed whenever no line waits; not closed
    AccessLog(OutputStream out) {
        this(out, System.err::println);
    }

    /// @param complaints gets the reports, on the log's thread
    AccessLog(OutputStream out, Consumer<String> complaints) {
        this.out = out;
        this.complaints = complaints;
        this.reportedNanos = System.nanoTime() - REPORT_NANOS;
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
                    report(closing);
                    if (closing) {
                        return;
                    }
                    continue;
                }
                batch.add(first);
                waiting.drainTo(batch);
                write(batch);
                batch.clear();
                report(false);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but who wants it gone.
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<byte[]> batch) {
        for (byte[] line : batch) {
            if (bufferedBytes + line.length > buffer.length) {
                flush();
            }
            if (line.length > buffer.length) {
                droppedLines.incrementAndGet();
                continue;
            }
            System.arraycopy(line, 0, buffer, bufferedBytes, line.length);
            bufferedBytes += line.length;
            bufferedLines++;
        }
        if (waiting.isEmpty()) {
            flush();
        }
    }

    /// Lines that can't be written are dropped: kept, they would fail again in front of those that come after.
    private void flush() {
        if (bufferedBytes == 0) {
            return;
        }
        try {
            out.write(buffer, 0, bufferedBytes);
            out.flush();
        } catch (IOException e) {
            droppedLines.addAndGet(bufferedLines);
        }
        bufferedBytes = 0;
        bufferedLines = 0;
    }

    /// @param last whether there won't be another chance
    private void report(boolean last) {
        long dropped = droppedLines.get();
        long nanos = System.nanoTime();
        if (dropped > droppedLinesReported && (last || nanos - reportedNanos >= REPORT_NANOS)) {
            reportedNanos = nanos;
            complaints.accept("ringside: " + (dropped - droppedLinesReported)
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
