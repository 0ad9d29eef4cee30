package ringside.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a tracefs `trace` file held: the events of all CPUs in the order of their times.
///
/// @param records in order
/// @param lostCount events that the buffer had no room for; those that are there are then the newest
public record TraceText(List<TraceRecord> records, long lostCount) {

    private static final Pattern ENTRIES = Pattern.compile("# entries-in-buffer/entries-written: (\\d+)/(\\d+).*");

    public TraceText {
        records = List.copyOf(records);
    }

    /// @throws IllegalArgumentException when there is a line that isn't understood
    public static TraceText parse(String text) {
        List<TraceRecord> records = new ArrayList<>();
        long lostCount = 0;
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("#")) {
                Matcher entries = ENTRIES.matcher(line);
                if (entries.matches()) {
                    lostCount = Long.parseLong(entries.group(2)) - Long.parseLong(entries.group(1));
                }
            } else if (!line.isBlank() && !line.startsWith("CPU:")) {
                // "CPU:1 [LOST 12 EVENTS]" is counted in the heading.
                records.add(TraceRecord.parse(line));
            }
        }
        return new TraceText(records, lostCount);
    }
}
