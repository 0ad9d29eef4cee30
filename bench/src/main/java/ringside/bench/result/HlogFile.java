package ringside.bench.result;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;
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
        Histogram sum = new Histogram(SIGNIFICANT_DIGITS);
        intervals(file, tag).forEach(interval -> sum.add(interval.nanos()));
        if (sum.getTotalCount() == 0) {
            throw new IOException(file.getFileName() + " has no values tagged " + tag);
        }
        return sum;
    }

    /// The intervals of `tag` in their order; none when nothing has that tag.
    ///
    /// @throws IOException as [#read(Path, String)]
    public static List<Interval> intervals(Path file, String tag) throws IOException {
        requireHistogram(file);
        List<Interval> intervals = new ArrayList<>();
        long written = countIntervals(file);
        long read = 0;
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            while (reader.hasNext()) {
                EncodableHistogram interval = reader.nextIntervalHistogram();
                read += interval == null ? 0 : 1;
                if (interval instanceof Histogram histogram && tag.equals(histogram.getTag())) {
                    intervals.add(new Interval(histogram.getStartTimeStamp(), histogram.getEndTimeStamp(), histogram));
                }
            }
        } catch (IllegalArgumentException
                | IndexOutOfBoundsException
                | NoSuchElementException
                | BufferUnderflowException e) {
            throw new IOException(file.getFileName() + " is no whole histogram log: " + e.getMessage(), e);
        }
        // The reader passes over a line that it can't decode; a percentile without it would be another one.
        if (read != written) {
            throw new IOException("%s is no whole histogram log: %d of its %d intervals can be read"
                    .formatted(file.getFileName(), read, written));
        }
        return intervals;
    }

    /// As [#read], of a log that is to hold at least so many values: a file that was cut at the end of a line looks
    /// whole. (It may hold more: a request that timed out has a time and is no answer.)
    public static Histogram read(Path file, String tag, long valuesLeast) throws IOException {
        Histogram histogram = read(file, tag);
        if (histogram.getTotalCount() < valuesLeast) {
            throw new IOException("%s is no whole histogram log: it has %d of %d values tagged %s"
                    .formatted(file.getFileName(), histogram.getTotalCount(), valuesLeast, tag));
        }
        return histogram;
    }

    private static void requireHistogram(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            Optional<String> without = lines.limit(1)
                    .filter(line -> line.startsWith(WITHOUT_HISTOGRAM))
                    .findFirst();
            if (without.isPresent()) {
                throw new IOException(without.get().substring(WITHOUT_HISTOGRAM.length()));
            }
        } catch (NoSuchFileException e) {
            throw new IOException(file.getFileName() + " is missing", e);
        } catch (UncheckedIOException e) {
            throw new IOException(file.getFileName() + " can't be read: " + e.getCause(), e);
        }
    }

    private static long countIntervals(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("#") && !line.startsWith("\""))
                    .count();
        } catch (NoSuchFileException e) {
            throw new IOException(file.getFileName() + " is missing", e);
        } catch (UncheckedIOException e) {
            throw new IOException(file.getFileName() + " can't be read: " + e.getCause(), e);
        }
    }
}
