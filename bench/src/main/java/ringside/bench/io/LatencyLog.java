package ringside.bench.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import ringside.bench.result.HlogFile;

/// Adds intervals up, and writes them to an `.hlog` if one is wanted: values in nanoseconds, tagged `service`
/// (closed loop) or `response` (open loop: since the intended start), as those of trials. One thread.
final class LatencyLog implements AutoCloseable {

    private final Histogram sum = IntervalHistograms.histogram();
    private final Optional<HistogramLogWriter> writer;
    private final String tag;
    private long lastMillis;
    private boolean begun;

    /// @throws IOException a sentence, when the file can't be written
    LatencyLog(ReadJob job) throws IOException {
        tag = job.ratePerSecond().isPresent() ? HlogFile.RESPONSE : HlogFile.SERVICE;
        writer = job.histogramLog().isPresent()
                ? Optional.of(open(job.histogramLog().get()))
                : Optional.empty();
        writer.ifPresent(log -> {
            log.outputComment("[ringside io: " + job.engineText() + " on "
                    + job.transport().id() + ", " + job.area() + ", depth " + job.depth() + ", seed " + job.seed()
                    + "]");
            log.outputComment("[Values are nanoseconds]");
            log.outputLogFormatVersion();
        });
    }

    private static HistogramLogWriter open(Path file) throws IOException {
        try {
            return new HistogramLogWriter(file.toFile());
        } catch (FileNotFoundException e) {
            throw new IOException(
                    "--hlog " + file + " can't be written: " + e.getMessage() + ". Name a file in a directory that"
                            + " exists and that you may write to",
                    e);
        }
    }

    /// The window begins: what was added before it is forgotten.
    void begin() {
        begun = true;
        sum.reset();
        lastMillis = System.currentTimeMillis();
        writer.ifPresent(log -> {
            log.outputStartTime(lastMillis);
            log.setBaseTime(lastMillis);
            log.outputLegend();
        });
    }

    /// An interval that ends now.
    void add(Histogram interval) {
        long nowMillis = System.currentTimeMillis();
        sum.add(interval);
        if (begun && writer.isPresent()) {
            interval.setTag(tag);
            interval.setStartTimeStamp(lastMillis);
            interval.setEndTimeStamp(nowMillis);
            writer.get().outputIntervalHistogram(interval);
        }
        lastMillis = nowMillis;
    }

    Histogram sum() {
        return sum;
    }

    @Override
    public void close() {
        writer.ifPresent(HistogramLogWriter::close);
    }
}
