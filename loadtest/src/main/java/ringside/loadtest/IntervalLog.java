package ringside.loadtest;

import java.io.FileNotFoundException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/// The `.hlog` of a run: its intervals ([IntervalTallies#intervalNanos(long)]), tagged `service` and, in an open loop,
/// `response` and `sendlag`;
/// values in nanoseconds, so that the column of maxima, which HistogramLogWriter divides by a million, is in ms.
///
/// A value is in the interval in which it was recorded. Format 1.3 of HdrHistogram, read by HistogramLogReader. Made
/// before the warm-up: what is slow the first time (the file, the encoder's classes) is over when the window begins.
final class IntervalLog implements AutoCloseable {

    private final HistogramLogWriter writer;
    private final boolean open;
    private long originNanos;
    private long originMillis;
    private long lastMillis;

    /// @throws LoadException if the file can't be written
    IntervalLog(Path file, LoadPlan plan) {
        open = plan.mode().open();
        rehearse();
        try {
            writer = new HistogramLogWriter(file.toFile());
        } catch (FileNotFoundException e) {
            throw new LoadException(
                    "can't write the histogram log '" + file + "': " + e.getMessage()
                            + ". Name a file in a directory that exists and that you may write to",
                    e);
        }
        writer.outputComment("[ringside load: " + plan.mode() + ", " + plan.connections() + " connections, "
                + plan.threads() + " threads, " + plan.transport().id() + ", seed " + plan.seed() + ", "
                + plan.targets().size() + " targets, first "
                + plan.targets().getFirst().url() + "]");
        writer.outputComment("[Values are nanoseconds; tags: service, response, sendlag]");
        writer.outputLogFormatVersion();
    }

    private static void rehearse() {
        HistogramLogWriter nowhere = new HistogramLogWriter(OutputStream.nullOutputStream());
        nowhere.outputStartTime(0);
        nowhere.setBaseTime(0);
        nowhere.outputLegend();
        nowhere.outputIntervalHistogram(new Tally(false).service);
        nowhere.close();
    }

    /// The window has begun.
    void begin(long startNanos) {
        originNanos = System.nanoTime();
        originMillis = System.currentTimeMillis();
        lastMillis = millis(startNanos);
        writer.outputStartTime(lastMillis);
        writer.setBaseTime(lastMillis);
        writer.outputLegend();
    }

    /// Writes the interval that follows the one before and ended at `endNanos`, on the clock of [System#nanoTime()].
    /// Times in the log are milliseconds of the wall clock as it was when the window began, moved on by that clock:
    /// a wall clock that is set meanwhile doesn't show.
    void write(Tally interval, long endNanos) {
        long endMillis = millis(endNanos);
        writeOne(interval.service, endMillis);
        if (open) {
            writeOne(interval.response, endMillis);
            writeOne(interval.sendLag, endMillis);
        }
        lastMillis = endMillis;
    }

    private long millis(long nanos) {
        return originMillis + Math.floorDiv(nanos - originNanos, 1_000_000L);
    }

    private void writeOne(Histogram histogram, long endMillis) {
        histogram.setStartTimeStamp(lastMillis);
        histogram.setEndTimeStamp(endMillis);
        writer.outputIntervalHistogram(histogram);
    }

    @Override
    public void close() {
        writer.close();
    }
}
