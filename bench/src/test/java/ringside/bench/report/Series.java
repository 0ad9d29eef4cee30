package ringside.bench.report;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.HistogramLogWriter;
import ringside.bench.result.HlogFile;
import ringside.bench.result.Run;
import ringside.bench.result.Trial;

/// Cuts the histogram logs of a synthetic run into intervals, as the generator's are: the same values, spread over the
/// window.
final class Series {
    private static final int INTERVALS = 40;

    private Series() {}

    /// @param directory where the logs are
    /// @return the run
    static Run of(Run run, Path directory) {
        List<Path> logs = new ArrayList<>();
        for (Trial trial : run.trials()) {
            trial.measurements().ifPresent(measured -> {
                Path log = directory.resolve(measured.hlogFile());
                if (!logs.contains(log)) {
                    logs.add(log);
                }
            });
        }
        try {
            for (Path log : logs) {
                cut(log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return run;
    }

    private static void cut(Path log) throws IOException {
        Histogram whole = HlogFile.read(log, HlogFile.SERVICE);
        Histogram[] parts = new Histogram[INTERVALS];
        for (int i = 0; i < INTERVALS; i++) {
            parts[i] = new Histogram(HlogFile.SIGNIFICANT_DIGITS);
            parts[i].setTag(HlogFile.SERVICE);
        }
        Random random = new Random(whole.getTotalCount());
        for (HistogramIterationValue value : whole.recordedValues()) {
            for (long i = 0; i < value.getCountAddedInThisIterationStep(); i++) {
                parts[random.nextInt(INTERVALS)].recordValue(value.getValueIteratedTo());
            }
        }
        try (PrintStream out = new PrintStream(log.toFile(), StandardCharsets.US_ASCII)) {
            HistogramLogWriter writer = new HistogramLogWriter(out);
            writer.outputLogFormatVersion();
            writer.outputLegend();
            for (int i = 0; i < INTERVALS; i++) {
                writer.outputIntervalHistogram(i * 0.1, (i + 1) * 0.1, parts[i], 1e6);
            }
        }
    }
}
