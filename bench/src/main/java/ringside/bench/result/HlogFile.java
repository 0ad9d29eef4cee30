package ringside.bench.result;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
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

    private static final int SIGNIFICANT_DIGITS = 3;

    private HlogFile() {}

    /// All intervals of `tag` added up.
    ///
    /// @throws IOException with the file and what is wrong with it: missing, broken, or without values under
    ///     this tag
    public static Histogram read(Path file, String tag) throws IOException {
        Histogram sum = new Histogram(SIGNIFICANT_DIGITS);
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            while (reader.hasNext()) {
                EncodableHistogram interval = reader.nextIntervalHistogram();
                if (interval instanceof Histogram histogram && tag.equals(histogram.getTag())) {
                    sum.add(histogram);
                }
            }
        } catch (FileNotFoundException e) {
            throw new IOException(file.getFileName() + " is missing", e);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | NoSuchElementException e) {
            throw new IOException(file.getFileName() + " is no whole histogram log: " + e.getMessage(), e);
        }
        if (sum.getTotalCount() == 0) {
            throw new IOException(file.getFileName() + " has no values tagged " + tag);
        }
        return sum;
    }
}
