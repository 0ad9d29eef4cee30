package ringside.bench.result;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/// Reads one trial's histogram log: values in nanoseconds, intervals tagged.
public final class HlogFile {
    /// Tag of service times.
    public static final String SERVICE = "service";

    /// Tag of response times since the intended start; open loop only.
    public static final String RESPONSE = "response";

    /// What the first line of a log begins with whose generator gives no histogram; why is the rest of the line.
    public static final String WITHOUT_HISTOGRAM = "#[without histogram] ";

    /// Of all histograms of a run.
    public static final int SIGNIFICANT_DIGITS = 3;

    private HlogFile() {}

    /// Values that were recorded within a part of the window.
    ///
    /// @param fromMillis when it began, on the log's clock
    /// @param toMillis when it ended
    /// @param nanos may be empty
    public record Interval(long fromMillis, long toMillis, Histogram nanos) {}

    /// All intervals of `tag` added up.
    ///
    /// @throws IOException with the file and what is wrong with it: missing, broken, or without values under
    ///     this tag
    public static Histogram read(Path file, String tag) throws IOException {
        return sum(file, tag, intervals(file).getOrDefault(tag, List.of()), 0);
    }

    /// The intervals of each tag in their order.
    ///
    /// @throws IOException as [#read(Path, String)]
    public static Map<String, List<Interval>> intervals(Path file) throws IOException {
        byte[] log = bytes(file);
        requireHistogram(log);
        Map<String, List<Interval>> byTag = new HashMap<>();
        long read = 0;
        try (HistogramLogReader reader = new HistogramLogReader(new ByteArrayInputStream(log))) {
            while (reader.hasNext()) {
                EncodableHistogram interval = reader.nextIntervalHistogram();
                read += interval == null ? 0 : 1;
                if (interval instanceof Histogram histogram && histogram.getTag() != null) {
                    byTag.computeIfAbsent(histogram.getTag(), _ -> new ArrayList<>())
                            .add(new Interval(histogram.getStartTimeStamp(), histogram.getEndTimeStamp(), histogram));
                }
            }
        } catch (IllegalArgumentException
                | IndexOutOfBoundsException
                | NoSuchElementException
                | BufferUnderflowException e) {
            throw new IOException(file.getFileName() + " is no whole histogram log: " + e.getMessage(), e);
        }
        // The reader passes over a line that it can't decode; a percentile without it would be another one.
        long written = countIntervals(log);
        if (read != written) {
            throw new IOException("%s is no whole histogram log: %d of its %d intervals can be read"
                    .formatted(file.getFileName(), read, written));
        }
        return byTag;
    }

    /// As [#read], of a log that is to hold at least so many values: a file that was cut at the end of a line looks
    /// whole. (It may hold more: a request that timed out has a time and is no answer.)
    public static Histogram read(Path file, String tag, long valuesLeast) throws IOException {
        return sum(file, tag, intervals(file).getOrDefault(tag, List.of()), valuesLeast);
    }

    /// The intervals of one tag added up, of a log that is to hold at least so many values, and at least one.
    static Histogram sum(Path file, String tag, List<Interval> intervals, long valuesLeast) throws IOException {
        Histogram sum = new Histogram(SIGNIFICANT_DIGITS);
        intervals.forEach(interval -> sum.add(interval.nanos()));
        if (sum.getTotalCount() == 0) {
            throw new IOException(file.getFileName() + " has no values tagged " + tag);
        }
        if (sum.getTotalCount() < valuesLeast) {
            throw new IOException("%s is no whole histogram log: it has %d of %d values tagged %s"
                    .formatted(file.getFileName(), sum.getTotalCount(), valuesLeast, tag));
        }
        return sum;
    }

    private static byte[] bytes(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException(file.getFileName() + " is missing", e);
        } catch (IOException e) {
            throw new IOException(file.getFileName() + " can't be read: " + e, e);
        }
    }

    private static void requireHistogram(byte[] log) throws IOException {
        int end = 0;
        while (end < log.length && log[end] != '\n' && log[end] != '\r') {
            end++;
        }
        String first = new String(log, 0, end, StandardCharsets.ISO_8859_1);
        if (first.startsWith(WITHOUT_HISTOGRAM)) {
            throw new IOException(first.substring(WITHOUT_HISTOGRAM.length()));
        }
    }

    private static long countIntervals(byte[] log) {
        return new String(log, StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#") && !line.startsWith("\""))
                .count();
    }
}
