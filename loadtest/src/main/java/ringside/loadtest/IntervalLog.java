package ringside.loadtest;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/// The `.hlog` of a run: intervals of about a second, tagged `service` and, in an open loop, `response` and `sendlag`;
/// values in nanoseconds, so that the column of maxima, which HistogramLogWriter divides by a million, is in ms.
///
/// A value is in the interval in which it was recorded. Format 1.3 of HdrHistogram, read by HistogramLogReader.
final class IntervalLog implements AutoCloseable {

    private final HistogramLogWriter writer;
    private final boolean open;

    /// @throws LoadException if the file can't be written
    IntervalLog(Path file, LoadPlan plan, long startMillis) {
        try {
            writer = new HistogramLogWriter(file.toFile());
        } catch (FileNotFoundException e) {
            throw new LoadException(
                    "can't write the histogram log '" + file + "': " + e.getMessage()
                            + ". Name a file in a directory that exists and that you may write to",
                    e);
        }
        open = plan.mode().open();
        writer.outputComment("[ringside load: " + plan.mode() + ", " + plan.connections() + " connections, "
                + plan.threads() + " threads, " + plan.transport().id() + ", seed " + plan.seed() + ", "
                + plan.targets().size() + " targets, first "
                + plan.targets().getFirst().url() + "]");
        writer.outputComment("[Values are nanoseconds; tags: service, response, sendlag]");
        writer.outputLogFormatVersion();
        writer.outputStartTime(startMillis);
        writer.setBaseTime(startMillis);
        writer.outputLegend();
    }

    void write(Tally interval, long startMillis, long endMillis) {
        writeOne(interval.service, startMillis, endMillis);
        if (open) {
            writeOne(interval.response, startMillis, endMillis);
            writeOne(interval.sendLag, startMillis, endMillis);
        }
    }

    private void writeOne(Histogram histogram, long startMillis, long endMillis) {
        histogram.setStartTimeStamp(startMillis);
        histogram.setEndTimeStamp(endMillis);
        writer.outputIntervalHistogram(histogram);
    }

    @Override
    public void close() {
        writer.close();
    }
}
